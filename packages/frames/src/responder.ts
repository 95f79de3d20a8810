/**
 * Answers of a host on an Ethernet: ARP requests, neighbour solicitations, ICMP and ICMPv6 echo
 * requests, each rewritten in place into its answer without allocating anything.
 *
 * Everything is checked before the first byte is written: a frame that is not answered stays as it
 * was.
 *
 * @module
 */

import { checkBytes, checkInteger } from './argument.ts';
import { isArp } from './arp.ts';
import { filledWith, holdsAt, readU16, readU8, writeU16 } from './bytes.ts';
import { checksum, fold, protocolSum, sumWords } from './checksum.ts';
import { ETH_P_8021Q, ETH_P_ARP, ETH_P_IP, ETH_P_IPV6 } from './constants.ts';
import { IPPROTO_ICMP, IPPROTO_ICMPV6 } from './constants.ts';
import { ECHO_HEADER_LENGTH } from './echo.ts';
import { ICMP_ECHO, ICMP_ECHOREPLY } from './icmp.ts';
import { ICMPV6_ECHO_REPLY, ICMPV6_ECHO_REQUEST } from './icmpv6.ts';
import { ipv4HeaderLength } from './ipv4.ts';
import { isIpv6 } from './ipv6.ts';
import {
  findOption,
  NDISC_NEIGHBOUR_ADVERTISEMENT,
  NDISC_NEIGHBOUR_SOLICITATION,
  NEIGHBOUR_HEADER_LENGTH,
  OPTION_ABSENT,
  OPTIONS_MALFORMED,
  SOURCE_LINK_LAYER_ADDRESS,
  TARGET_LINK_LAYER_ADDRESS,
} from './neighbour-discovery.ts';

/** Hops that an answer may take; neighbour discovery has 255 of its own. */
const HOP_LIMIT = 64;
const NEIGHBOUR_HOP_LIMIT = 255;

/** The host that {@link respond} answers for. */
export interface ResponderHost {
  /** Its MAC address: six bytes, not a group address. */
  readonly mac: Uint8Array;
  /** Its IPv4 address: four bytes. Without it neither ARP nor ICMP is answered. */
  readonly ipv4?: Uint8Array | undefined;
  /** Its IPv6 address: 16 bytes. Without it nothing of IPv6 is answered. */
  readonly ipv6?: Uint8Array | undefined;
}

/**
 * Rewrites an ARP request, a neighbour solicitation, or an ICMP or ICMPv6 echo request for the host
 * into its answer, in place.
 *
 * Not answered: frames for others, echo requests to broadcast or multicast, fragments, packets with
 * a wrong checksum or shorter than they say, source routes, IPv6 with extension headers, neighbour
 * solicitations that RFC 4861 section 7.1.1 calls invalid, frames with two VLAN tags or an 802.1ad
 * tag. A frame with one 802.1Q tag is answered with that tag. Bytes behind the packet (padding) are
 * not part of the answer, nor are IPv4 options.
 *
 * A host with more addresses calls it once for each: an unanswered frame is unchanged.
 *
 * @param frame - bytes that hold the frame.
 * @param offset - where in them the frame starts.
 * @param length - bytes of the frame; without it all from `offset` on.
 * @param room - bytes from `offset` on that may be written. Only the answer to a solicitation without
 *   options is longer than the frame, by 8 bytes; with no room for them it leaves out the host's MAC
 *   address when duplicates are looked for or the request was unicast, else there is no answer.
 * @returns bytes of the answer, 42 at least; 0 when there is nothing to answer.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`.
 * @example
 * ```ts
 * import * as frames from '@rtap/frames';
 *
 * const host = {
 *   mac: frames.parseMacAddress('02:00:00:00:00:02'),
 *   ipv4: frames.parseIpAddress('192.0.2.2'),
 * };
 * const asker = frames.parseMacAddress('02:00:00:00:00:01');
 * const frame = frames.buildEthernet({
 *   destination: frames.parseMacAddress('ff:ff:ff:ff:ff:ff'),
 *   source: asker,
 *   etherType: frames.ETH_P_ARP,
 *   payload: frames.buildArp({
 *     operation: 'request',
 *     senderMac: asker,
 *     senderIp: frames.parseIpAddress('192.0.2.1'),
 *     targetIp: host.ipv4,
 *   }),
 * });
 * const answer = frame.subarray(0, frames.respond(frame, host));
 * console.log(frames.readArp(answer, 14)?.operation); // reply
 * ```
 */
export function respond(
  frame: Uint8Array,
  host: ResponderHost,
  offset = 0,
  length: number = frame.length - offset,
  room: number = length,
): number {
  checkHost(host);
  checkInteger('offset', offset, 0, frame.length);
  checkInteger('length', length, 0, frame.length - offset);
  checkInteger('room', room, length, frame.length - offset);
  if (length < 14) return 0;
  // A group address sends nothing, and what came from here itself asks nothing.
  if ((readU8(frame, offset + 6) & 1) !== 0 || holdsAt(frame, offset + 6, host.mac)) return 0;
  const end = offset + length;
  let payload = offset + 14;
  if (readU16(frame, offset + 12) === ETH_P_8021Q) payload += 4;
  if (payload > end) return 0;
  let answerEnd = 0;
  switch (readU16(frame, payload - 2)) {
    case ETH_P_ARP:
      answerEnd = answerArp(frame, host, offset, payload, end);
      break;
    case ETH_P_IP:
      answerEnd = answerIpv4(frame, host, offset, payload, end);
      break;
    case ETH_P_IPV6:
      answerEnd = answerIpv6(frame, host, offset, payload, end, offset + room);
      break;
  }
  return answerEnd === 0 ? 0 : answerEnd - offset;
}

function checkHost(host: ResponderHost): void {
  checkBytes('host.mac', host.mac, 6, 6);
  if (host.ipv4 !== undefined) checkBytes('host.ipv4', host.ipv4, 4, 4);
  if (host.ipv6 !== undefined) checkBytes('host.ipv6', host.ipv6, 16, 16);
}

// Each of these takes where the frame, its payload and its end stand, and returns where the answer
// ends, or 0.

/** RFC 826, "Packet Reception". */
function answerArp(
  frame: Uint8Array,
  host: ResponderHost,
  start: number,
  arp: number,
  end: number,
): number {
  const { mac, ipv4 } = host;
  if (ipv4 === undefined || !isArp(frame, arp, end - arp)) return 0;
  if (readU16(frame, arp + 6) !== 1 || !holdsAt(frame, arp + 24, ipv4)) return 0;
  if (!holdsAt(frame, start, mac) && !filledWith(frame, start, 6, 0xff)) return 0;
  // The answer goes to the sender by its own word, which must then name one station.
  if ((readU8(frame, arp + 8) & 1) !== 0) return 0;
  frame.copyWithin(start, arp + 8, arp + 14);
  frame.set(mac, start + 6);
  writeU16(frame, arp + 6, 2);
  frame.copyWithin(arp + 18, arp + 8, arp + 18);
  frame.set(mac, arp + 8);
  frame.set(ipv4, arp + 14);
  return arp + 28;
}

function answerIpv4(
  frame: Uint8Array,
  host: ResponderHost,
  start: number,
  ip: number,
  end: number,
): number {
  const { mac, ipv4 } = host;
  const headerLength = ipv4HeaderLength(frame, ip, end - ip);
  if (ipv4 === undefined || headerLength === 0 || !holdsAt(frame, start, mac)) return 0;
  if (readU8(frame, ip + 9) !== IPPROTO_ICMP || !holdsAt(frame, ip + 16, ipv4)) return 0;
  // More fragments, or a fragment offset: only a part of the message is here.
  if ((readU16(frame, ip + 6) & 0x3fff) !== 0) return 0;
  if (!isIpv4Station(frame, ip + 12) || checksum(frame, ip, headerLength) !== 0) return 0;
  if (hasSourceRoute(frame, ip + 20, ip + headerLength)) return 0;
  const message = ip + headerLength;
  const length = readU16(frame, ip + 2) - headerLength;
  const sum = echoSum(frame, message, length, ICMP_ECHO, 0);
  if (sum < 0) return 0;

  answerEcho(frame, message, ICMP_ECHOREPLY, sum);
  frame.copyWithin(ip + 20, message, message + length); // over the options
  answerEthernet(frame, start, mac);
  frame[ip] = 0x45;
  writeU16(frame, ip + 2, 20 + length);
  writeU16(frame, ip + 6, readU16(frame, ip + 6) & 0x4000);
  frame[ip + 8] = HOP_LIMIT;
  frame.copyWithin(ip + 16, ip + 12, ip + 16);
  frame.set(ipv4, ip + 12);
  writeU16(frame, ip + 10, 0);
  writeU16(frame, ip + 10, checksum(frame, ip, 20));
  return ip + 20 + length;
}

/** Tells whether an answer can go there: not 0/8, 127/8, multicast, reserved, broadcast. */
function isIpv4Station(bytes: Uint8Array, offset: number): boolean {
  const first = readU8(bytes, offset);
  return first !== 0 && first !== 127 && first < 224;
}

/**
 * Tells whether options hold a source route, which an answer would have to take back (RFC 1122
 * section 3.2.2.6), or are malformed.
 */
function hasSourceRoute(bytes: Uint8Array, offset: number, end: number): boolean {
  let option = offset;
  while (option < end) {
    const type = readU8(bytes, option);
    if (type === 0) return false;
    if (type === 131 || type === 137) return true;
    if (type === 1) {
      option += 1;
      continue;
    }
    const size = option + 1 < end ? readU8(bytes, option + 1) : 0;
    if (size < 2 || size > end - option) return true;
    option += size;
  }
  return false;
}

function answerIpv6(
  frame: Uint8Array,
  host: ResponderHost,
  start: number,
  ip: number,
  end: number,
  roomEnd: number,
): number {
  const { mac, ipv6 } = host;
  if (ipv6 === undefined || !isIpv6(frame, ip, end - ip)) return 0;
  if (readU8(frame, ip + 6) !== IPPROTO_ICMPV6) return 0;
  const message = ip + 40;
  const length = readU16(frame, ip + 4);
  if (length > 0 && readU8(frame, message) === NDISC_NEIGHBOUR_SOLICITATION) {
    return answerSolicitation(frame, host, ipv6, start, ip, roomEnd);
  }
  if (!holdsAt(frame, start, mac) || !holdsAt(frame, ip + 24, ipv6)) return 0;
  if (!isIpv6Station(frame, ip + 8)) return 0;
  const sum = echoSum(frame, message, length, ICMPV6_ECHO_REQUEST, ipv6Sum(frame, ip, length));
  if (sum < 0) return 0;

  // The two addresses change places, which leaves the pseudo-header's sum as it is.
  answerEcho(frame, message, ICMPV6_ECHO_REPLY, sum);
  answerEthernet(frame, start, mac);
  frame[ip + 7] = HOP_LIMIT;
  frame.copyWithin(ip + 24, ip + 8, ip + 24);
  frame.set(ipv6, ip + 8);
  return message + length;
}

/** Tells whether an answer can go there: not multicast, `::` or `::1`. */
function isIpv6Station(bytes: Uint8Array, offset: number): boolean {
  if (readU8(bytes, offset) === 0xff) return false;
  return !filledWith(bytes, offset, 15, 0) || readU8(bytes, offset + 15) > 1;
}

function ipv6Sum(bytes: Uint8Array, ip: number, length: number): number {
  return sumWords(bytes, ip + 8, 32, protocolSum(IPPROTO_ICMPV6, length));
}

/** RFC 4861 sections 7.1.1 (what is valid), 7.2.4 (the answer). */
function answerSolicitation(
  frame: Uint8Array,
  host: ResponderHost,
  ipv6: Uint8Array,
  start: number,
  ip: number,
  roomEnd: number,
): number {
  const { mac } = host;
  const message = ip + 40;
  const length = readU16(frame, ip + 4);
  if (length < NEIGHBOUR_HEADER_LENGTH || readU8(frame, message + 1) !== 0) return 0;
  if (readU8(frame, ip + 7) !== NEIGHBOUR_HOP_LIMIT || !holdsAt(frame, message + 8, ipv6)) return 0;
  const unicast = holdsAt(frame, ip + 24, ipv6);
  if (!unicast && !isSolicitedNodeGroup(frame, ip + 24, ipv6)) return 0;
  if (!holdsAt(frame, start, mac) && (unicast || !isSolicitedNodeMac(frame, start, ipv6))) return 0;
  const unspecified = filledWith(frame, ip + 8, 16, 0);
  if (!unspecified && !isIpv6Station(frame, ip + 8)) return 0;
  const option = findOption(frame, message, length, SOURCE_LINK_LAYER_ADDRESS);
  if (option === OPTIONS_MALFORMED) return 0;
  if (unspecified && (unicast || option !== OPTION_ABSENT)) return 0;
  if (option !== OPTION_ABSENT && (readU8(frame, option + 2) & 1) !== 0) return 0;
  if (fold(sumWords(frame, message, length, ipv6Sum(frame, ip, length))) !== 0xffff) return 0;
  const answerLength = NEIGHBOUR_HEADER_LENGTH + (message + 32 <= roomEnd ? 8 : 0);
  const complete = answerLength > NEIGHBOUR_HEADER_LENGTH;
  // Who does not know the MAC address yet could do nothing with an answer that leaves it out.
  if (!complete && !unicast && !unspecified) return 0;

  if (unspecified) {
    // To all nodes, ff02::1: whoever asks has no address yet.
    writeMulticast(frame, start, ip);
  } else {
    const asker = option === OPTION_ABSENT ? start + 6 : option + 2;
    frame.copyWithin(start, asker, asker + 6);
    frame.copyWithin(ip + 24, ip + 8, ip + 24);
  }
  frame.set(mac, start + 6);
  frame[ip] = 0x60;
  frame.fill(0, ip + 1, ip + 4);
  writeU16(frame, ip + 4, answerLength);
  frame.set(ipv6, ip + 8);
  frame[message] = NDISC_NEIGHBOUR_ADVERTISEMENT;
  frame.fill(0, message + 2, message + 8);
  frame[message + 4] = unspecified ? 0x20 : 0x60; // override, and solicited when it is for one
  if (complete) {
    frame[message + 24] = TARGET_LINK_LAYER_ADDRESS;
    frame[message + 25] = 1;
    frame.set(mac, message + 26);
  }
  const sum = checksum(frame, message, answerLength, ipv6Sum(frame, ip, answerLength));
  writeU16(frame, message + 2, sum);
  return message + answerLength;
}

/** Tells whether `ff02::1:ff` and the last 24 bits of `ipv6` stand there. */
function isSolicitedNodeGroup(bytes: Uint8Array, offset: number, ipv6: Uint8Array): boolean {
  return (
    readU16(bytes, offset) === 0xff02 &&
    filledWith(bytes, offset + 2, 9, 0) &&
    readU8(bytes, offset + 11) === 1 &&
    readU8(bytes, offset + 12) === 0xff &&
    holdsTail(bytes, offset + 13, ipv6)
  );
}

/** Tells whether `33:33:ff` and the last 24 bits of `ipv6` stand there. */
function isSolicitedNodeMac(bytes: Uint8Array, offset: number, ipv6: Uint8Array): boolean {
  return (
    readU16(bytes, offset) === 0x3333 &&
    readU8(bytes, offset + 2) === 0xff &&
    holdsTail(bytes, offset + 3, ipv6)
  );
}

function holdsTail(bytes: Uint8Array, offset: number, ipv6: Uint8Array): boolean {
  return (
    bytes[offset] === ipv6[13] && bytes[offset + 1] === ipv6[14] && bytes[offset + 2] === ipv6[15]
  );
}

/** Writes ff02::1 and its MAC address as the destinations. */
function writeMulticast(frame: Uint8Array, start: number, ip: number): void {
  writeU16(frame, start, 0x3333);
  frame.fill(0, start + 2, start + 5);
  frame[start + 5] = 1;
  writeU16(frame, ip + 24, 0xff02);
  frame.fill(0, ip + 26, ip + 39);
  frame[ip + 39] = 1;
}

/** Sends a frame back to where it came from. */
function answerEthernet(frame: Uint8Array, start: number, mac: Uint8Array): void {
  frame.copyWithin(start, start + 6, start + 12);
  frame.set(mac, start + 6);
}

/**
 * Sums an echo request without its type and its checksum, for {@link answerEcho} to go on with: the
 * message is gone through once.
 *
 * @returns the sum, not folded; -1 when it is another message or its checksum is wrong.
 */
function echoSum(
  bytes: Uint8Array,
  offset: number,
  length: number,
  type: number,
  initial: number,
): number {
  if (length < ECHO_HEADER_LENGTH || readU16(bytes, offset) !== type << 8) return -1;
  const sum = sumWords(bytes, offset, length, initial);
  return fold(sum) === 0xffff ? sum - (type << 8) - readU16(bytes, offset + 2) : -1;
}

function answerEcho(bytes: Uint8Array, offset: number, type: number, sum: number): void {
  bytes[offset] = type;
  writeU16(bytes, offset + 2, ~fold(sum + (type << 8)) & 0xffff);
}
