/**
 * The table of addresses.
 *
 * @module
 */

import {
  RTM_DELADDR,
  RTM_GETADDR,
  RTM_NEWADDR,
  RTNLGRP_IPV4_IFADDR,
  RTNLGRP_IPV6_IFADDR,
} from '@rtap/netlink';
import type { NetlinkMessage, RequestHeader } from '@rtap/netlink';
import { decodeAddress, encodeAddress } from '@rtap/netlink/address';
import type { AddressMessage } from '@rtap/netlink/address';
import type { TableFamily } from './table-family.ts';

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
