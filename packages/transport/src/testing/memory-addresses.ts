/**
 * What the in-memory rtnetlink knows of addresses: the kernel's rules, as far as tests look.
 *
 * @module
 */

import { AF_INET6, NLM_F_EXCL, RTM_DELADDR } from '@rtap/netlink';
import type { NetlinkMessage } from '@rtap/netlink';
import { decodeAddress } from '@rtap/netlink/address';
import type { AddressMessage } from '@rtap/netlink/address';
import type { MemoryLink } from './memory-link.ts';
import { refusal } from './memory-refusal.ts';
import type { Refusal } from './memory-refusal.ts';

/** Least MTU of an interface with IPv6 (IPV6_MIN_MTU). */
export const IPV6_MIN_MTU = 1280;

/** The addresses of a namespace. */
export class MemoryAddresses {
  #addresses: readonly AddressMessage[] = [];

  /** All of them, oldest first. */
  get all(): readonly AddressMessage[] {
    return this.#addresses;
  }

  /** Adds or deletes one; returns it, or why not. */
  perform(message: NetlinkMessage, link: MemoryLink | undefined): AddressMessage | Refusal {
    const address = decodeAddress({ ...message, body: message.body.slice() });
    if (link === undefined) return refusal('ENODEV');
    return message.type === RTM_DELADDR
      ? this.#delete(address)
      : this.#add(address, link, message.flags);
  }

  /** Takes away, and returns, those of an interface: all, or those of one family. */
  takeAway(ifindex: number, family?: number): readonly AddressMessage[] {
    const gone = this.#addresses.filter(
      (address) => address.index === ifindex && (family === undefined || address.family === family),
    );
    this.#addresses = this.#addresses.filter((address) => !gone.includes(address));
    return gone;
  }

  #add(address: AddressMessage, link: MemoryLink, flags: number): AddressMessage | Refusal {
    const six = address.family === AF_INET6;
    const why = six ? refusalOfIpv6(address, link) : undefined;
    if (why !== undefined) return why;
    const known = this.#addresses.find((other) => isTaken(other, address));
    if (known !== undefined && (flags & NLM_F_EXCL) !== 0) {
      return refusal(
        'EEXIST',
        six ? 'ipv6: address already assigned' : 'ipv4: Address already assigned',
      );
    }
    this.#addresses = [...this.#addresses.filter((other) => other !== known), address];
    return address;
  }

  #delete(address: AddressMessage): AddressMessage | Refusal {
    const known = this.#addresses.find(
      (other) =>
        other.index === address.index &&
        other.family === address.family &&
        other.prefixLength === address.prefixLength &&
        String(ownOf(other)) === String(ownOf(address)) &&
        isOfNetwork(networkOf(other), networkOf(address), address.prefixLength),
    );
    if (known === undefined) {
      const family = address.family === AF_INET6 ? 'ipv6: address' : 'ipv4: Address';
      return refusal('EADDRNOTAVAIL', `${family} not found`);
    }
    this.#addresses = this.#addresses.filter((other) => other !== known);
    return known;
  }
}

/** Whether an address is in a network. */
export function isOfNetwork(address: Uint8Array, network: Uint8Array, length: number): boolean {
  if (address.length !== network.length) return false;
  const bytes = length >> 3;
  const mask = 0xff00 >> (length & 7);
  return address.every(
    (byte, index) =>
      index > bytes ||
      ((byte ^ (network[index] ?? 0)) & (index < bytes ? 0xff : mask & 0xff)) === 0,
  );
}

/** What is the interface's own in an address. */
export function ownOf({ local, address }: AddressMessage): Uint8Array {
  return local ?? address ?? new Uint8Array();
}

/** What the prefix of an address is of: the other end, where there is one. */
export function networkOf({ local, address }: AddressMessage): Uint8Array {
  return address ?? local ?? new Uint8Array();
}

/** As `__inet_insert_ifa` and `ipv6_add_addr` of the kernel: of IPv6 the prefix doesn't matter. */
function isTaken(other: AddressMessage, address: AddressMessage): boolean {
  return (
    other.index === address.index &&
    other.family === address.family &&
    String(ownOf(other)) === String(ownOf(address)) &&
    (address.family === AF_INET6 ||
      (other.prefixLength === address.prefixLength &&
        isOfNetwork(networkOf(other), networkOf(address), address.prefixLength)))
  );
}

function refusalOfIpv6(address: AddressMessage, { mtu, name }: MemoryLink): Refusal | undefined {
  const own = ownOf(address);
  if (mtu < IPV6_MIN_MTU) return refusal('EINVAL');
  if (own.every((byte) => byte === 0)) return refusal('EADDRNOTAVAIL', 'ipv6: Invalid address');
  if (own[0] === 0xff) {
    const what = 'Cannot assign multicast address without "IFA_F_MCAUTOJOIN" flag';
    return refusal('EADDRNOTAVAIL', `ipv6: ${what}`);
  }
  if (name !== 'lo' && own.every((byte, index) => byte === (index === 15 ? 1 : 0))) {
    return refusal('EADDRNOTAVAIL', 'ipv6: Cannot assign loopback address on this device');
  }
  return undefined;
}
