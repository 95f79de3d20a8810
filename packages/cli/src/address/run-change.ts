/**
 * `rtap addr add` and the like, from their words to the kernel.
 *
 * @module
 */

import type { CommonOptions } from '../frame/options.ts';
import { withClient } from '../ip/with-client.ts';
import { changeAddress, parseAddressChange } from './change.ts';
import type { AddressVerb } from './change.ts';

/** Changes the addresses of an interface. */
export async function runAddressChange(
  verb: AddressVerb,
  words: readonly string[],
  options: CommonOptions,
): Promise<void> {
  const change = parseAddressChange(words);
  await withClient(options.netns, (client) => changeAddress(client, verb, change));
}
