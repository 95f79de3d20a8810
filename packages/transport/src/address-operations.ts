/**
 * Addresses as `ip address` takes them, made into what it sends.
 *
 * @module
 */

import {
  AF_INET,
  AF_INET6,
  RTM_DELADDR,
  RTM_NEWADDR,
  RT_SCOPE_HOST,
  RT_SCOPE_UNIVERSE,
} from '@rtap/netlink';
import { encodeAddress } from '@rtap/netlink/address';
import type { AddressCacheInfo, AddressRequest } from '@rtap/netlink/address';
import { checkIndex, checkIpAddress, checkObject } from './argument.ts';
import type { Conversation } from './conversation.ts';
import type { RequestOptions } from './exchange.ts';
import { change } from './requests.ts';

/** An address of an interface: see {@link NetlinkClient.addAddress}. */
export interface InterfaceAddress {
  /** The interface. */
  readonly index: number;
  /** The address: 4 or 16 bytes. */
  readonly local: Uint8Array;
  /** Length of its prefix in bits; that of the peer's when there is one. Left out: all of it. */
  readonly prefixLength?: number;
  /** The other end of a point-to-point link. IFA_ADDRESS; the address itself when left out. */
  readonly peer?: Uint8Array;
  /** Broadcast address; IPv4 only. IFA_BROADCAST */
  readonly broadcast?: Uint8Array;
  /** Label; IPv4 only. IFA_LABEL */
  readonly label?: string;
  /** Metric of the prefix route. IFA_RT_PRIORITY */
  readonly metric?: number;
  /** IFA_F_*: in the header when they fit into eight bits, else in IFA_FLAGS. */
  readonly flags?: number;
  /** RT_SCOPE_*. Left out: RT_SCOPE_HOST of an address in 127.0.0.0/8, else RT_SCOPE_UNIVERSE. */
  readonly scope?: number;
  /** Seconds that the address is preferred and valid. IFA_CACHEINFO */
  readonly lifetime?: Pick<AddressCacheInfo, 'preferred' | 'valid'>;
  /** Who set it. IFA_PROTO */
  readonly protocol?: number;
}

/**
 * Makes the request, with its attributes in iproute2's order, and what iproute2 adds: the family, IFA_ADDRESS,
 * the scope (not to delete), the length of the prefix.
 *
 * @throws RangeError (`ERR_OUT_OF_RANGE`) when an address is of another length than 4 or 16 bytes.
 */
function addressRequest(address: InterfaceAddress, remove: boolean): AddressRequest {
  const { index, local, peer, broadcast, label, metric, flags = 0, lifetime, protocol } = address;
  for (const [name, bytes] of Object.entries({ local, peer, broadcast })) {
    if (bytes === undefined && name !== 'local') continue;
    checkIpAddress(`address.${name}`, bytes);
  }
  const host = local.length === 4 && local[0] === 127;
  return {
    family: local.length === 4 ? AF_INET : AF_INET6,
    prefixLength: address.prefixLength ?? local.length * 8,
    scope: address.scope ?? (host && !remove ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE),
    index,
    local,
    ...(peer !== undefined && { address: peer }),
    ...(broadcast !== undefined && { broadcast }),
    ...(label !== undefined && { label }),
    ...(metric !== undefined && { routePriority: metric }),
    ...(protocol !== undefined && { protocol }),
    flags,
    ...(peer === undefined && { address: local }),
    ...(lifetime !== undefined && { cacheInfo: { ...lifetime, created: 0, updated: 0 } }),
  };
}

/** Gives an interface an address, or takes it away. */
export async function changeAddress(
  conversation: Conversation,
  name: 'RTM_NEWADDR' | 'RTM_DELADDR',
  flags: number,
  address: InterfaceAddress,
  options: RequestOptions,
): Promise<void> {
  checkObject('address', address);
  checkIndex('address.index', address.index);
  const type = name === 'RTM_DELADDR' ? RTM_DELADDR : RTM_NEWADDR;
  const request = addressRequest(address, type === RTM_DELADDR);
  await change(
    conversation,
    name,
    flags,
    (header) => encodeAddress(type, request, header),
    options,
  );
}
