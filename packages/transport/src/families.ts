/**
 * The families of rtnetlink objects that can be dumped and watched as tables: a description each.
 *
 * @module
 */

import {
  AF_UNSPEC,
  RTEXT_FILTER_VF,
  RTM_DELADDR,
  RTM_DELLINK,
  RTM_GETADDR,
  RTM_GETLINK,
  RTM_NEWADDR,
  RTM_NEWLINK,
  RTNLGRP_IPV4_IFADDR,
  RTNLGRP_IPV6_IFADDR,
  RTNLGRP_LINK,
} from '@rtap/netlink';
import type { NetlinkMessage, RequestHeader } from '@rtap/netlink';
import { decodeAddress, encodeAddress } from '@rtap/netlink/address';
import type { AddressMessage } from '@rtap/netlink/address';
import { decodeLink, encodeLink } from '@rtap/netlink/link';
import type { LinkMessage } from '@rtap/netlink/link';

/**
 * What is to be known of a family to keep a table of it.
 *
 * {@link linkFamily} and {@link addressFamily} are two; one of your own needs these fields and nothing else.
 */
export interface TableFamily<T> {
  /** The multicast groups (`RTNLGRP_*`) that tell of changes; numbers above 32 too. */
  readonly groups: readonly number[];
  /** The name of the dump's request, such as `RTM_GETLINK`. */
  readonly name: string;
  /** The type of the messages that tell what is there, such as RTM_NEWLINK. */
  readonly added: number;
  /** The type of the messages that tell what is gone, such as RTM_DELLINK. */
  readonly removed: number;
  /** Makes the dump's request; `targetNetnsId` when another namespace is to be dumped. */
  readonly encode: (header: RequestHeader, targetNetnsId?: number) => Uint8Array;
  /** Reads a message of either type. */
  readonly decode: (message: NetlinkMessage) => T;
  /** What an element is told by. */
  readonly key: (element: T) => number | string;
  /** Whether an event tells the whole state of an element; one that doesn't is passed over. */
  readonly whole?: (element: T) => boolean;
}

/** Interfaces, told by their index. */
export const linkFamily: TableFamily<LinkMessage> = Object.freeze({
  groups: [RTNLGRP_LINK],
  name: 'RTM_GETLINK',
  added: RTM_NEWLINK,
  removed: RTM_DELLINK,
  encode: (header: RequestHeader, targetNetnsId?: number) =>
    encodeLink(RTM_GETLINK, { extensionMask: RTEXT_FILTER_VF, targetNetnsId }, header),
  decode: (message: NetlinkMessage) => decodeLink(message),
  key: (link: LinkMessage) => link.index,
  // A message of the bridge is about a port, and one of wireless extensions says nothing of the rest.
  whole: (link: LinkMessage) =>
    link.family === AF_UNSPEC && (link.event === 'delete' || link.name !== undefined),
});

/** Addresses, told by interface, address and prefix as the kernel tells them. */
export const addressFamily: TableFamily<AddressMessage> = Object.freeze({
  groups: [RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR],
  name: 'RTM_GETADDR',
  added: RTM_NEWADDR,
  removed: RTM_DELADDR,
  encode: (header: RequestHeader, targetNetnsId?: number) =>
    encodeAddress(RTM_GETADDR, { targetNetnsId }, header),
  decode: (message: NetlinkMessage) => decodeAddress(message),
  // IPv4: the local address, the peer's prefix and its length (inet_insert_ifa); IPv6: the address.
  key: (address: AddressMessage) =>
    [
      address.index,
      address.family,
      address.prefixLength,
      address.local?.join('.') ?? '',
      address.address?.join('.') ?? '',
    ].join(' '),
});
