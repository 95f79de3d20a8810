/**
 * Entries of forwarding databases as `bridge -j -d -s fdb show` prints them, made of what we have decoded.
 *
 * @module
 */

import {
  NTF_EXT_LEARNED,
  NTF_MASTER,
  NTF_OFFLOADED,
  NTF_ROUTER,
  NTF_SELF,
  NTF_STICKY,
} from '@rtap/netlink';
import type { NeighbourMessage } from '@rtap/netlink';
import { flagNames, ip, mac } from './text.ts';
import type { NameOf } from './text.ts';
import { refuseUnknown } from './unknown.ts';

const FLAGS = {
  self: NTF_SELF,
  router: NTF_ROUTER,
  extern_learn: NTF_EXT_LEARNED,
  offload: NTF_OFFLOADED,
  master: NTF_MASTER,
  sticky: NTF_STICKY,
};

/** By the first of NUD_PERMANENT, NUD_NOARP and NUD_STALE (linux/neighbour.h) that is set. */
function stateName(state: number): string {
  if ((state & 0x80) !== 0) return 'permanent';
  if ((state & 0x40) !== 0) return 'static';
  return (state & 0x04) === 0 ? '' : 'stale';
}

/** One entry. */
export function printedForwarding(message: NeighbourMessage, nameOf: NameOf): object {
  refuseUnknown(message);
  const { cacheInfo } = message;
  const seconds = (ticks: number | undefined): number | undefined =>
    ticks === undefined ? undefined : Math.trunc(ticks / 100);
  return {
    mac: mac(message.linkLayerAddress),
    ifname: nameOf(message.index),
    dst: ip(message.destination),
    vlan: message.vlan,
    port: message.port,
    vni: message.vni,
    src_vni: message.sourceVni,
    viaIf: nameOf(message.outputIndex),
    linkNetNsId: message.linkNetnsId,
    nhid: message.nexthopId,
    used: seconds(cacheInfo?.used),
    updated: seconds(cacheInfo?.updated),
    flags: flagNames(message.flags, FLAGS),
    master: nameOf(message.master),
    state: stateName(message.state),
  };
}
