/**
 * An address as `ip -j addr show` prints it.
 *
 * @module
 */

import { formatIpAddress } from '@rtap/frames';
import {
  AF_INET6,
  IFA_F_DADFAILED,
  IFA_F_DEPRECATED,
  IFA_F_HOMEADDRESS,
  IFA_F_MANAGETEMPADDR,
  IFA_F_MCAUTOJOIN,
  IFA_F_NODAD,
  IFA_F_NOPREFIXROUTE,
  IFA_F_OPTIMISTIC,
  IFA_F_PERMANENT,
  IFA_F_SECONDARY,
  IFA_F_STABLE_PRIVACY,
  IFA_F_TENTATIVE,
} from '@rtap/netlink';
import type { AddressMessage } from '@rtap/netlink/address';
import { scopes } from '../ip/named-numbers.ts';

/** What `ip -j addr show` prints of an address. */
export interface ShownAddress {
  /** `inet` or `inet6`. */
  readonly family: 'inet' | 'inet6';
  /** The address. */
  readonly local: string | undefined;
  /** The peer's, of a point-to-point link. */
  readonly address: string | undefined;
  /** Length of the prefix in bits. */
  readonly prefixlen: number;
  /** Metric of the prefix route. */
  readonly metric: number | undefined;
  /** Broadcast address. */
  readonly broadcast: string | undefined;
  /** Anycast address. */
  readonly anycast: string | undefined;
  /** Scope. */
  readonly scope: string;
  /** Another address of the same network was there first; IPv4. */
  readonly secondary?: true;
  /** It is a temporary one (RFC 8981); IPv6. */
  readonly temporary?: true;
  /** Nobody is asked whether the address is taken. */
  readonly nodad?: true;
  /** It is used before that is known (RFC 4429). */
  readonly optimistic?: true;
  /** It was taken. */
  readonly dadfailed?: true;
  /** Home address (RFC 6275). */
  readonly home?: true;
  /** Its preferred lifetime is over. */
  readonly deprecated?: true;
  /** It is not known yet whether it is taken. */
  readonly tentative?: true;
  /** It ends, or was learned. */
  readonly dynamic?: true;
  /** Temporary addresses are made of it. */
  readonly mngtmpaddr?: true;
  /** It brings no route to its network. */
  readonly noprefixroute?: true;
  /** Its multicast groups are joined. */
  readonly autojoin?: true;
  /** It was made by RFC 7217. */
  readonly 'stable-privacy'?: true;
  /** Label; IPv4 only. */
  readonly label: string | undefined;
  /** Seconds that it is valid; 4294967295: for ever. */
  readonly valid_life_time: number | undefined;
  /** Seconds that it is preferred; 4294967295: for ever. */
  readonly preferred_life_time: number | undefined;
}

/** In ip's order. */
export const ADDRESS_FLAGS: Readonly<Record<string, number>> = {
  nodad: IFA_F_NODAD,
  optimistic: IFA_F_OPTIMISTIC,
  dadfailed: IFA_F_DADFAILED,
  home: IFA_F_HOMEADDRESS,
  deprecated: IFA_F_DEPRECATED,
  tentative: IFA_F_TENTATIVE,
  dynamic: IFA_F_PERMANENT,
  mngtmpaddr: IFA_F_MANAGETEMPADDR,
  noprefixroute: IFA_F_NOPREFIXROUTE,
  autojoin: IFA_F_MCAUTOJOIN,
  'stable-privacy': IFA_F_STABLE_PRIVACY,
};

/** Makes what is printed of an address, in ip's order. */
export function shownAddress(message: AddressMessage): ShownAddress {
  const local = text(message.local ?? message.address);
  const peer = text(message.address);
  return {
    family: message.family === AF_INET6 ? 'inet6' : 'inet',
    local,
    address: peer === local ? undefined : peer,
    prefixlen: message.prefixLength,
    metric: message.routePriority,
    broadcast: text(message.broadcast),
    anycast: text(message.anycast),
    scope: scopes.nameOf(message.scope),
    ...shownFlags(message),
    label: message.label,
    valid_life_time: message.cacheInfo?.valid,
    preferred_life_time: message.cacheInfo?.preferred,
  };
}

/** The names of the flags that an address has. */
function addressFlagNames({ family, flags }: AddressMessage): string[] {
  const second = family === AF_INET6 ? 'temporary' : 'secondary';
  return [
    ...((flags & IFA_F_SECONDARY) === 0 ? [] : [second]),
    // It is the one that isn't permanent that is told.
    ...Object.entries(ADDRESS_FLAGS)
      .filter(([, flag]) => ((flags ^ IFA_F_PERMANENT) & flag) !== 0)
      .map(([name]) => name),
  ];
}

function shownFlags(message: AddressMessage): Readonly<Record<string, true>> {
  return Object.fromEntries(addressFlagNames(message).map((name) => [name, true]));
}

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes && formatIpAddress(bytes);
}
