/**
 * `rtap addr show`, from its words to its output.
 *
 * @module
 */

import type { TerminalStream } from '../frame/colors.ts';
import type { CommonOptions } from '../frame/options.ts';
import { writeShown } from '../frame/write-shown.ts';
import { withClient } from '../ip/with-client.ts';
import { addressesText } from './address-text.ts';
import { parseAddressFilter, shownAddresses } from './show.ts';

/** Shows addresses. */
export async function runAddressShow(
  words: readonly string[],
  options: CommonOptions,
  output: TerminalStream,
): Promise<void> {
  const filter = parseAddressFilter(words);
  const shown = await withClient(options.netns, (client) =>
    shownAddresses(client, filter, options),
  );
  writeShown(output, options.json ?? false, shown, addressesText);
}
