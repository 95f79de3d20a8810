/**
 * Neighbours as `ip -N -j -d -s neighbour show` prints them, made of what we have decoded.
 *
 * @module
 */

import {
  NTF_EXT_MANAGED,
  NTF_EXT_LEARNED,
  NTF_OFFLOADED,
  NTF_PROXY,
  NTF_ROUTER,
} from '@rtap/netlink';
import type { NeighbourMessage } from '@rtap/netlink';
import { flagNames, ip, mac } from './text.ts';
import type { NameOf } from './text.ts';
import { refuseUnknown } from './unknown.ts';

/** NUD_* of linux/neighbour.h. */
const STATES = {
  INCOMPLETE: 1,
  REACHABLE: 2,
  STALE: 4,
  DELAY: 8,
  PROBE: 0x10,
  FAILED: 0x20,
  NOARP: 0x40,
  PERMANENT: 0x80,
};

/** One neighbour, or one that is answered for. */
export function printedNeighbour(message: NeighbourMessage, nameOf: NameOf): object {
  refuseUnknown(message);
  const { cacheInfo } = message;
  const flag = (bits: number): null | undefined =>
    (message.flags & bits) === 0 ? undefined : null;
  const extended = (bits: number): null | undefined =>
    ((message.extendedFlags ?? 0) & bits) === 0 ? undefined : null;
  const seconds = (ticks: number | undefined): number | undefined =>
    ticks === undefined ? undefined : Math.trunc(ticks / 100);
  return {
    dst: ip(message.destination),
    dev: nameOf(message.index),
    lladdr: mac(message.linkLayerAddress),
    router: flag(NTF_ROUTER),
    proxy: flag(NTF_PROXY),
    extern_learn: flag(NTF_EXT_LEARNED),
    offload: flag(NTF_OFFLOADED),
    managed: extended(NTF_EXT_MANAGED),
    locked: extended(2), // NTF_EXT_LOCKED
    refcnt: cacheInfo?.references || undefined,
    used: seconds(cacheInfo?.used),
    confirmed: seconds(cacheInfo?.confirmed),
    updated: seconds(cacheInfo?.updated),
    probes: message.probes,
    state: message.state === 0 ? undefined : flagNames(message.state, STATES),
    protocol: message.protocol ? String(message.protocol) : undefined,
  };
}
