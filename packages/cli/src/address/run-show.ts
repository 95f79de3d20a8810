/**
 * `rtap addr show`, from its words to its output.
 *
 * @module
 */

import type { TerminalStream } from '../frame/colors.ts';
import type { CommonOptions } from '../frame/options.ts';
import { writeShown } from '../frame/write-shown.ts';
import { withClient } from '../ip/with-client.ts';
import { namespaceNames } from '../link/namespace-names.ts';
import { addressesText } from './address-text.ts';
import { parseAddressFilter, shownAddresses } from './show.ts';

/** Shows addresses. */
export async function runAddressShow(
  words: readonly string[],
  options: CommonOptions,
  output: TerminalStream,
): Promise<void> {
  const filter = parseAddressFilter(words);
  const { json = false, netns } = options;
  await withClient(netns, async (client) => {
    const shown = await shownAddresses(client, filter, options);
    const names = json ? undefined : await namespaceNames(client, shown);
    writeShown(output, json, shown, (link, colors) => addressesText(link, colors, names));
  });
}
