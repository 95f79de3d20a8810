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
import { namespaceNames } from './namespace-names.ts';
import { parseLinkFilter, shownLinks } from './show.ts';

/** Shows links. */
export async function runLinkShow(
  words: readonly string[],
  { json = false, details = false, netns }: CommonOptions,
  output: TerminalStream,
): Promise<void> {
  const filter = parseLinkFilter(words);
  await withClient(netns, async (client) => {
    const links = await shownLinks(client, filter, details);
    const names = json ? undefined : await namespaceNames(client, links);
    writeShown(output, json, links, (link, colors) => linkText(link, colors, names));
  });
}
