/**
 * `rtap route show`, from its words to its output.
 *
 * @module
 */

import type { TerminalStream } from '../frame/colors.ts';
import type { CommonOptions } from '../frame/options.ts';
import { writeShown } from '../frame/write-shown.ts';
import { withClient } from '../ip/with-client.ts';
import { routeText } from './route-text.ts';
import { parseRouteFilter, shownRoutes } from './show.ts';

/** Shows routes. */
export async function runRouteShow(
  words: readonly string[],
  options: CommonOptions,
  output: TerminalStream,
): Promise<void> {
  const filter = parseRouteFilter(words);
  const shown = await withClient(options.netns, (client) => shownRoutes(client, filter, options));
  writeShown(output, options.json ?? false, shown, routeText);
}
