/**
 * `rtap link show`, from its words to its output.
 *
 * @module
 */

import type { TerminalStream } from '../frame/colors.ts';
import type { CommonOptions } from '../frame/options.ts';
import { writeShown } from '../frame/write-shown.ts';
import { withClient } from '../ip/with-client.ts';
import { linkText } from './link-text.ts';
import { parseLinkFilter, shownLinks } from './show.ts';

/** Shows links. */
export async function runLinkShow(
  words: readonly string[],
  { json = false, details = false, netns }: CommonOptions,
  output: TerminalStream,
): Promise<void> {
  const filter = parseLinkFilter(words);
  const links = await withClient(netns, (client) => shownLinks(client, filter, details));
  writeShown(output, json, links, linkText);
}
