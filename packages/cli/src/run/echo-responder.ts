/**
 * Answers for every address that is asked for, fragments of echo requests included.
 *
 * @module
 */

import {
  ETH_P_8021Q,
  ETH_P_ARP,
  ETH_P_IP,
  ETH_P_IPV6,
  respond,
  updateChecksum,
} from '@rtap/frames';
import { IPPROTO_FRAGMENT, IPPROTO_ICMP, IPPROTO_ICMPV6 } from '@rtap/frames';

/** Types of messages (RFC 792, RFC 4443, RFC 4861). */
const ECHO_REQUEST = 8;
const ECHO_REPLY = 0;
const ECHO_REQUEST_V6 = 128;
const ECHO_REPLY_V6 = 129;
const NEIGHBOUR_SOLICITATION = 135;
/** Flag and offset of a fragment in IPv4's word: more follow, and how far in (RFC 791). */
const IPV4_FRAGMENT = 0x3fff;
const IPV4_OFFSET = 0x1fff;
/** Offset of a fragment in IPv6's word (RFC 8200, 4.5). */
const IPV6_OFFSET = 0xfff8;
/** Packets in parts that are known at a time; the oldest is forgotten for a new one. */
const PACKETS_IN_PARTS = 256;

/** What answers; it has one MAC address and all IP addresses. */
export class EchoResponder {
  readonly #mac: Uint8Array;
  readonly #ipv4: { readonly mac: Uint8Array; readonly ipv4: Uint8Array };
  readonly #ipv6: { readonly mac: Uint8Array; readonly ipv6: Uint8Array };
  /** Echo requests whose first fragment was answered. */
  readonly #parts = new Set<string>();

  constructor(mac: Uint8Array) {
    this.#mac = mac;
    this.#ipv4 = { mac, ipv4: new Uint8Array(4) };
    this.#ipv6 = { mac, ipv6: new Uint8Array(16) };
  }

  /**
   * Rewrites a frame into its answer, in place: see `respond` of @rtap/frames for what is answered, with any
   * address. Not answered is who looks for duplicates of an address before taking it: the address is to be his.
   *
   * A fragment of an echo request becomes that of the answer, where its first fragment came before it.
   *
   * @returns bytes of the answer; 0 when there is none.
   */
  answer(bytes: Uint8Array, offset: number, length: number): number {
    if (length < 18) return 0;
    const tagged = u16(bytes, offset + 12) === ETH_P_8021Q;
    const at = offset + (tagged ? 18 : 14);
    const room = offset + length - at;
    switch (u16(bytes, at - 2)) {
      case ETH_P_ARP:
        return room < 28 ? 0 : this.#arp(bytes, offset, length, at);
      case ETH_P_IP:
        return room < 28 ? 0 : this.#overIpv4(bytes, offset, length, at);
      case ETH_P_IPV6:
        return room < 48 ? 0 : this.#overIpv6(bytes, offset, length, at);
      default:
        return 0;
    }
  }

  #arp(bytes: Uint8Array, offset: number, length: number, arp: number): number {
    const [sender, target] = [arp + 14, arp + 24];
    // A probe, or somebody who tells everyone of his own address (RFC 5227).
    if (filled(bytes, sender, 4) || same(bytes, sender, target, 4)) return 0;
    this.#ipv4.ipv4.set(bytes.subarray(target, target + 4));
    return respond(bytes, this.#ipv4, offset, length);
  }

  #overIpv4(bytes: Uint8Array, offset: number, length: number, ip: number): number {
    if (group(bytes[ip + 16] ?? 0)) return 0;
    if ((u16(bytes, ip + 6) & IPV4_FRAGMENT) !== 0) {
      return this.#fragmentIpv4(bytes, offset, length, ip);
    }
    this.#ipv4.ipv4.set(bytes.subarray(ip + 16, ip + 20));
    return respond(bytes, this.#ipv4, offset, length);
  }

  #overIpv6(bytes: Uint8Array, offset: number, length: number, ip: number): number {
    const next = bytes[ip + 6];
    if (next === IPPROTO_FRAGMENT) return this.#fragmentIpv6(bytes, offset, length, ip);
    if (next !== IPPROTO_ICMPV6) return 0;
    const solicited = bytes[ip + 40] === NEIGHBOUR_SOLICITATION;
    if (solicited && (filled(bytes, ip + 8, 16) || length < ip - offset + 64)) return 0;
    const address = solicited ? ip + 48 : ip + 24;
    if (bytes[address] === 0xff) return 0;
    this.#ipv6.ipv6.set(bytes.subarray(address, address + 16));
    return respond(bytes, this.#ipv6, offset, length);
  }

  #fragmentIpv4(bytes: Uint8Array, offset: number, length: number, ip: number): number {
    // Options would have to be looked at; nobody sends fragments with them.
    if (bytes[ip] !== 0x45 || bytes[ip + 9] !== IPPROTO_ICMP || !this.#isForUs(bytes, offset)) {
      return 0;
    }
    if (group(bytes[ip + 12] ?? 0) || filled(bytes, ip + 12, 4)) return 0;
    const total = u16(bytes, ip + 2);
    if (total < 28 || total > offset + length - ip) return 0;
    const key = keyOf(bytes, ip + 12, 8, ip + 4, 2);
    if ((u16(bytes, ip + 6) & IPV4_OFFSET) === 0) {
      if (!turnEcho(bytes, ip + 20, ECHO_REQUEST, ECHO_REPLY)) return 0;
      this.#remember(key);
    } else if (!this.#parts.has(key)) return 0;
    // The header's sum is the same: the addresses change places.
    exchange(bytes, ip + 12, 4);
    return this.#back(bytes, offset, ip + total);
  }

  #fragmentIpv6(bytes: Uint8Array, offset: number, length: number, ip: number): number {
    if (bytes[ip + 40] !== IPPROTO_ICMPV6 || !this.#isForUs(bytes, offset)) return 0;
    if (bytes[ip + 8] === 0xff || bytes[ip + 24] === 0xff || filled(bytes, ip + 8, 16)) return 0;
    const payload = u16(bytes, ip + 4);
    if (payload < 16 || payload > offset + length - ip - 40) return 0;
    const key = keyOf(bytes, ip + 8, 32, ip + 44, 4);
    if ((u16(bytes, ip + 42) & IPV6_OFFSET) === 0) {
      if (!turnEcho(bytes, ip + 48, ECHO_REQUEST_V6, ECHO_REPLY_V6)) return 0;
      this.#remember(key);
    } else if (!this.#parts.has(key)) return 0;
    exchange(bytes, ip + 8, 16);
    return this.#back(bytes, offset, ip + 40 + payload);
  }

  #isForUs(bytes: Uint8Array, offset: number): boolean {
    if (((bytes[offset + 6] ?? 0) & 1) !== 0) return false;
    return this.#mac.every((byte, index) => bytes[offset + index] === byte);
  }

  #remember(key: string): void {
    this.#parts.add(key);
    if (this.#parts.size <= PACKETS_IN_PARTS) return;
    const [oldest] = this.#parts;
    if (oldest !== undefined) this.#parts.delete(oldest);
  }

  #back(bytes: Uint8Array, offset: number, end: number): number {
    bytes.copyWithin(offset, offset + 6, offset + 12);
    bytes.set(this.#mac, offset + 6);
    return end - offset;
  }
}

/** Makes a reply of a request; its checksum, which covers fragments that are not here, is changed by the difference. */
function turnEcho(bytes: Uint8Array, message: number, from: number, to: number): boolean {
  if (u16(bytes, message) !== from << 8) return false;
  const sum = updateChecksum(u16(bytes, message + 2), from << 8, to << 8);
  bytes[message] = to;
  bytes[message + 2] = sum >> 8;
  bytes[message + 3] = sum & 0xff;
  return true;
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** Tells whether an IPv4 address that starts so is of a group, or of everyone. */
function group(first: number): boolean {
  return first >= 224;
}

function filled(bytes: Uint8Array, at: number, length: number): boolean {
  return bytes.subarray(at, at + length).every((byte) => byte === 0);
}

function same(bytes: Uint8Array, one: number, other: number, length: number): boolean {
  return bytes.subarray(one, one + length).every((byte, index) => byte === bytes[other + index]);
}

/** Lets two neighbours of that length change places. */
function exchange(bytes: Uint8Array, at: number, length: number): void {
  const first = bytes.slice(at, at + length);
  bytes.copyWithin(at, at + length, at + 2 * length);
  bytes.set(first, at + length);
}

/** What tells packets in parts apart: both addresses and the identification. */
function keyOf(
  bytes: Uint8Array,
  at: number,
  length: number,
  id: number,
  idLength: number,
): string {
  return `${bytes.subarray(at, at + length).join()};${bytes.subarray(id, id + idLength).join()}`;
}
