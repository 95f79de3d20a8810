/**
 * `rtap route add` and the like, from their words to the kernel.
 *
 * @module
 */

import type { CommonOptions } from '../frame/options.ts';
import { withClient } from '../ip/with-client.ts';
import { changeRoute, parseRouteChange } from './change.ts';
import type { RouteVerb } from './change.ts';

/** Changes routes. */
export async function runRouteChange(
  verb: RouteVerb,
  words: readonly string[],
  options: CommonOptions,
): Promise<void> {
  const change = parseRouteChange(words, options);
  await withClient(options.netns, (client) => changeRoute(client, verb, change));
}
