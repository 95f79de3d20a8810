/**
 * Addresses as `ip -N -j -d address show` prints them, made of what we have decoded.
 *
 * @module
 */

import {
  AF_INET6,
  IFA_F_MCAUTOJOIN,
  IFA_F_DADFAILED,
  IFA_F_DEPRECATED,
  IFA_F_HOMEADDRESS,
  IFA_F_MANAGETEMPADDR,
  IFA_F_NODAD,
  IFA_F_NOPREFIXROUTE,
  IFA_F_OPTIMISTIC,
  IFA_F_PERMANENT,
  IFA_F_SECONDARY,
  IFA_F_STABLE_PRIVACY,
  IFA_F_TENTATIVE,
} from '@rtap/netlink';
import type { AddressMessage } from '@rtap/netlink/address';
import { ip } from './text.ts';
import { refuseUnknown } from './unknown.ts';

/** One address, as an element of `addr_info`. */
export function printedAddress(message: AddressMessage): object {
  refuseUnknown(message);
  const six = message.family === AF_INET6;
  const local = ip(message.local ?? message.address);
  const peer = ip(message.address);
  const flag = (bits: number): true | undefined => (message.flags & bits) !== 0 || undefined;
  return {
    family: six ? 'inet6' : 'inet',
    local,
    address: peer === local ? undefined : peer,
    prefixlen: message.prefixLength,
    metric: message.routePriority,
    broadcast: ip(message.broadcast),
    anycast: ip(message.anycast),
    scope: String(message.scope),
    [six ? 'temporary' : 'secondary']: flag(IFA_F_SECONDARY),
    nodad: flag(IFA_F_NODAD),
    optimistic: flag(IFA_F_OPTIMISTIC),
    dadfailed: flag(IFA_F_DADFAILED),
    home: flag(IFA_F_HOMEADDRESS),
    deprecated: flag(IFA_F_DEPRECATED),
    tentative: flag(IFA_F_TENTATIVE),
    dynamic: flag(IFA_F_PERMANENT) ? undefined : true,
    mngtmpaddr: flag(IFA_F_MANAGETEMPADDR),
    noprefixroute: flag(IFA_F_NOPREFIXROUTE),
    autojoin: flag(IFA_F_MCAUTOJOIN),
    'stable-privacy': flag(IFA_F_STABLE_PRIVACY),
    label: message.label,
    valid_life_time: message.cacheInfo?.valid,
    preferred_life_time: message.cacheInfo?.preferred,
  };
}
