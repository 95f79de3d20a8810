/**
 * Changes of interfaces by which the kernel changes other objects, or other interfaces, without a word.
 *
 * @module
 */

import {
  AF_UNSPEC,
  IFF_LOWER_UP,
  IFF_RUNNING,
  IFF_UP,
  RTM_DELLINK,
  RTM_NEWLINK,
} from '@rtap/netlink';
import type { NetlinkMessage } from '@rtap/netlink';
import { decodeLink } from '@rtap/netlink/link';

/** What of an interface's flags makes routes usable or not. */
const CARRYING = IFF_UP | IFF_RUNNING | IFF_LOWER_UP;

/**
 * Makes a listener that tells when an interface has gone, or has another state, MTU, master or name; also at
 * the first message of each, as what it was before isn't known.
 */
export function linkCauses(): (message: NetlinkMessage) => boolean {
  const known = new Map<number, string>();
  return (message) => {
    if (message.type !== RTM_NEWLINK && message.type !== RTM_DELLINK) return false;
    const { family, index, event, flags, mtu, master, name } = decodeLink(message);
    // About a port of a bridge, or of wireless extensions: nothing of it matters here.
    if (family !== AF_UNSPEC) return false;
    if (event === 'delete') {
      known.delete(index);
      return true;
    }
    if (name === undefined) return false;
    const state = [flags & CARRYING, mtu, master, name].join(' ');
    const same = known.get(index) === state;
    known.set(index, state);
    return !same;
  };
}

/** Kinds of interfaces that come in pairs. */
const PAIRED = new Set(['veth', 'netkit', 'vxcan']);

/** Makes a listener that tells when one of a pair comes, goes, or has another peer: its peer may have changed, too. */
export function pairCauses(): (message: NetlinkMessage) => boolean {
  const known = new Map<number, string>();
  return (message) => {
    if (message.type !== RTM_NEWLINK && message.type !== RTM_DELLINK) return false;
    const { family, index, event, info, link, linkNetnsId } = decodeLink(message);
    if (family !== AF_UNSPEC || info?.kind === undefined || !PAIRED.has(info.kind)) return false;
    if (event === 'delete') {
      known.delete(index);
      return true;
    }
    const peer = `${link} ${linkNetnsId}`;
    const same = known.get(index) === peer;
    known.set(index, peer);
    return !same;
  };
}
