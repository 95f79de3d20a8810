/**
 * `rtap neigh show`.
 *
 * @module
 */

import { formatIpAddress } from '@rtap/frames';
import {
  AF_INET,
  AF_INET6,
  AF_UNSPEC,
  NTF_EXT_LEARNED,
  NTF_EXT_LOCKED,
  NTF_EXT_MANAGED,
  NTF_OFFLOADED,
  NTF_PROXY,
  NTF_ROUTER,
  NUD_NOARP,
} from '@rtap/netlink';
import type { NeighbourMessage } from '@rtap/netlink/neighbour';
import type { NetlinkClient } from '@rtap/transport';
import type { CommonOptions } from '../frame/options.ts';
import { usageError } from '../frame/cli-error.ts';
import { flagNames } from '../ip/flag-names.ts';
import { linksAt, nameAt } from '../ip/known-links.ts';
import type { KnownLinks } from '../ip/known-links.ts';
import { linkAddressText } from '../ip/link-types.ts';
import { protocols } from '../ip/named-numbers.ts';
import { findLink } from '../ip/with-client.ts';
import { Words } from '../ip/words.ts';
import { STATE_NAMES, parseState } from './states.ts';

/** What `ip -j neigh show` prints of a neighbour. */
export interface ShownNeighbour {
  /** Its address. */
  readonly dst: string | undefined;
  /** The interface that it is behind; not told when only those of one are asked for. */
  readonly dev?: string;
  /** Its link-layer address. */
  readonly lladdr: string | undefined;
  /** It is a router. Null when it is so. */
  readonly router?: null;
  /** It is answered for. Null when it is so. */
  readonly proxy?: null;
  /** It was learned by someone else than the kernel. Null when it is so. */
  readonly extern_learn?: null;
  /** The hardware has it. Null when it is so. */
  readonly offload?: null;
  /** The kernel keeps it known. Null when it is so. */
  readonly managed?: null;
  /** It can’t be taken over; of a bridge. Null when it is so. */
  readonly locked?: null;
  /** NUD_*. */
  readonly state: readonly string[] | undefined;
  /** Who made it. */
  readonly protocol: string | undefined;
}

/** Which neighbours to show. */
export interface NeighbourFilter {
  /** Those behind this interface. */
  readonly device?: string;
  /** Those in one of these states (NUD_*); those of `nud none` have none. */
  readonly states?: number;
  /** Those without a state, too. */
  readonly stateless?: boolean;
  /** What is answered for, instead. */
  readonly proxy?: boolean;
  /** The one with this address. */
  readonly destination?: string;
}

/** All that are shown without `nud`: without those that need no ARP, as ip does. */
const ALL_STATES = 0xff;

/** Reads `[ to ] ADDRESS dev DEVICE nud STATE proxy`. */
export function parseNeighbourFilter(args: readonly string[]): NeighbourFilter {
  const words = new Words(args);
  let filter: NeighbourFilter = {};
  for (let word = words.next(); word !== undefined; word = words.next()) {
    if (word === 'dev') filter = { ...filter, device: words.value(word) };
    else if (word === 'proxy') filter = { ...filter, proxy: true };
    else if (word === 'nud') {
      const name = words.again(word);
      const state = name === 'all' ? ALL_STATES : parseState(name);
      filter = {
        ...filter,
        states: (filter.states ?? 0) | state,
        stateless: filter.stateless === true || name === 'all' || name === 'none',
      };
    } else {
      const address = word === 'to' ? words.value(word) : word;
      if (filter.destination !== undefined) throw usageError(`"${address}" is one too many`);
      const { address: bytes } = new Words([address]).prefix('to');
      filter = { ...filter, destination: formatIpAddress(bytes) };
    }
  }
  return filter;
}

/** What `rtap neigh show` shows. */
export async function shownNeighbours(
  client: NetlinkClient,
  filter: NeighbourFilter,
  { ipv4 = false, ipv6 = false }: CommonOptions,
): Promise<readonly ShownNeighbour[]> {
  const { device, proxy = false, destination, stateless = false } = filter;
  const states = filter.states ?? ALL_STATES & ~NUD_NOARP;
  const index = device === undefined ? undefined : (await findLink(client, device)).index;
  const family = ipv4 === ipv6 ? AF_UNSPEC : ipv4 ? AF_INET : AF_INET6;
  const asked = { family, proxy, ...(index !== undefined && { index }) };
  const all = await client.neighbours(asked).toArray();
  const items = all.filter((one) => {
    const { state, flags } = one;
    const shown =
      (state & states) !== 0 ||
      (flags & (NTF_PROXY | NTF_EXT_LEARNED)) !== 0 ||
      (state === 0 && stateless);
    return shown && (destination === undefined || textOf(one.destination) === destination);
  });
  const links = await linksAt(
    client,
    items.map((one) => one.index),
  );
  return items.map((item) => shownNeighbour(item, links, device === undefined));
}

function shownNeighbour(
  message: NeighbourMessage,
  links: KnownLinks,
  withDevice: boolean,
): ShownNeighbour {
  const { index, destination, linkLayerAddress, flags, extendedFlags = 0, state } = message;
  const type = links.get(index)?.deviceType;
  const flag = (name: string, set: number): object => (set === 0 ? {} : { [name]: null });
  return {
    dst: textOf(destination),
    ...(withDevice && { dev: nameAt(links, index) }),
    lladdr: linkLayerAddress && linkAddressText(linkLayerAddress, type),
    ...flag('router', flags & NTF_ROUTER),
    ...flag('proxy', flags & NTF_PROXY),
    ...flag('extern_learn', flags & NTF_EXT_LEARNED),
    ...flag('offload', flags & NTF_OFFLOADED),
    ...flag('managed', extendedFlags & NTF_EXT_MANAGED),
    ...flag('locked', extendedFlags & NTF_EXT_LOCKED),
    state: state === 0 ? undefined : flagNames(state, STATE_NAMES),
    protocol: message.protocol ? protocols.nameOf(message.protocol) : undefined,
  };
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && formatIpAddress(bytes);
}
