/**
 * `rtap addr show`.
 *
 * @module
 */

import { AF_INET, AF_INET6, AF_UNSPEC, IFA_F_PERMANENT, IFA_F_SECONDARY } from '@rtap/netlink';
import type { AddressMessage } from '@rtap/netlink/address';
import type { NetlinkClient } from '@rtap/transport';
import type { CommonOptions } from '../frame/options.ts';
import { scopes } from '../ip/named-numbers.ts';
import { Words } from '../ip/words.ts';
import { filteredLinks, takeLinkWord } from '../link/show.ts';
import type { LinkFilter } from '../link/show.ts';
import { shownLink } from '../link/shown-link.ts';
import type { ShownLink } from '../link/shown-link.ts';
import { ADDRESS_FLAGS, shownAddress } from './shown-address.ts';
import type { ShownAddress } from './shown-address.ts';

/** A link with its addresses, as `ip -j addr show` prints it: `linkmode`, `inet6_addr_gen_mode` and, without details, `ifalias` are not told. */
export interface ShownLinkAddresses extends Partial<ShownLink> {
  /** Its addresses. */
  readonly addr_info: readonly ShownAddress[];
}

/** Which addresses to show. */
export interface AddressFilter {
  /** Those of these links. */
  readonly links: LinkFilter;
  /** Each has to hold. */
  readonly wanted: readonly ((address: AddressMessage) => boolean)[];
}

/** Reads `[ dev ] DEVICE up scope SCOPE label LABEL permanent dynamic primary secondary tentative deprecated ...`. */
export function parseAddressFilter(args: readonly string[]): AddressFilter {
  const words = new Words(args);
  let links: LinkFilter = {};
  const wanted: ((address: AddressMessage) => boolean)[] = [];
  const flag = (bits: number, set: boolean): void => {
    wanted.push(({ flags }) => ((flags & bits) !== 0) === set);
  };
  for (let word = words.next(); word !== undefined; word = words.next()) {
    const bits = ADDRESS_FLAGS[word.replace(/^-/, '')];
    if (word === 'scope') {
      const scope = scopes.parse(words.value(word));
      wanted.push((address) => address.scope === scope);
    } else if (word === 'label') {
      const label = words.value(word);
      wanted.push((address) => address.label === label);
    } else if (word === 'permanent' || word === 'dynamic') {
      flag(IFA_F_PERMANENT, word === 'permanent');
    } else if (word === 'primary' || word === 'secondary' || word === 'temporary') {
      flag(IFA_F_SECONDARY, word !== 'primary');
    } else if (bits !== undefined) flag(bits, !word.startsWith('-'));
    else links = takeLinkWord(links, word, words);
  }
  return { links, wanted };
}

/** What `rtap addr show` shows. */
export async function shownAddresses(
  client: NetlinkClient,
  { links, wanted }: AddressFilter,
  { details = false, ipv4 = false, ipv6 = false }: CommonOptions,
): Promise<readonly ShownLinkAddresses[]> {
  const family = ipv4 === ipv6 ? AF_UNSPEC : ipv4 ? AF_INET : AF_INET6;
  const { items, context } = await filteredLinks(client, links, details);
  const [only] = items;
  const index = links.device === undefined ? undefined : only?.index;
  const ofLinks = new Map<number, AddressMessage[]>();
  const others = new Set<number>();
  const asked = { family, ...(index !== undefined && { index }) };
  for await (const address of client.addresses(asked)) {
    const shown = ofLinks.get(address.index);
    if (!wanted.every((holds) => holds(address))) others.add(address.index);
    else if (shown === undefined) ofLinks.set(address.index, [address]);
    else shown.push(address);
  }
  return (
    items
      // As ip has it: a link without any address is shown, one that has others is not.
      .filter(({ index: at }) => ofLinks.has(at) || (family === AF_UNSPEC && !others.has(at)))
      .map((link) => ({
        ...withoutLinkFields(shownLink(link, context), details, family),
        addr_info: (ofLinks.get(link.index) ?? []).map(shownAddress),
      }))
  );
}

/** What is told of a link beside its addresses; of one family nothing of the link layer. */
function withoutLinkFields(link: ShownLink, details: boolean, family: number): Partial<ShownLink> {
  const { linkmode: _, inet6_addr_gen_mode: __, ...all } = link;
  const { ifalias, link_type: type, address, broadcast, permaddr, altnames, ...head } = all;
  return {
    ...head,
    ...((family === AF_UNSPEC || details) && { link_type: type, address, broadcast, permaddr }),
    ...(details && { ifalias }),
    altnames,
  };
}
