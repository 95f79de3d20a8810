/**
 * Translation of addresses and ports (RFC 3022): frames are rewritten in place, checksums updated and not made anew.
 *
 * @module
 */

import { ETH_P_IP, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, checksum } from '@rtap/frames';
import { EthernetHeader, Ipv4Header } from '@rtap/frames';
import { Flows } from './flows.ts';
import { isWhole, portsOf } from './ports.ts';
import { decreaseTimeToLive, readU16, rewriteAddress, rewritePort, writeU16 } from './rewrite.ts';

const ECHO_REPLY = 0;
const ECHO_REQUEST = 8;
/** Types of ICMP that quote the packet that they are about: unreachable, time exceeded, parameter problem. */
const ERRORS: readonly number[] = [3, 11, 12];

/** Where a frame has its IPv4 header, and that its addresses. */
const IP = 14;
const SOURCE = 12;
const DESTINATION = 16;

/** The gateway on one of its sides. */
export interface Station {
  readonly mac: Uint8Array;
  readonly ipv4: Uint8Array;
}

/** All that one outer address stands for. */
export class Nat {
  readonly #inside: Station;
  readonly #outside: Station;
  readonly #flows = new Map(
    [IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP].map((protocol) => [protocol, new Flows(protocol)]),
  );
  readonly #ethernet = new EthernetHeader();
  readonly #ip = new Ipv4Header();
  readonly #quoted = new Ipv4Header();
  /** Packets that have gone through. */
  translated = 0;

  constructor(inside: Station, outside: Station) {
    this.#inside = inside;
    this.#outside = outside;
  }

  /** Flows that there are. */
  get flows(): number {
    return [...this.#flows.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Lets go of flows that nothing was heard of for long. */
  sweep(): void {
    for (const flows of this.#flows.values()) flows.sweep();
  }

  /** Rewrites a frame from the inside; false when it is not to go on, and nothing is changed. */
  outward(frame: Uint8Array): boolean {
    const ip = this.#read(frame, this.#inside.mac);
    if (ip === undefined || !isInside(ip.source) || !this.#isOutside(ip.destination)) return false;
    if (isError(frame, ip)) return this.#error(frame, ip, 'outward');
    const flows = this.#flows.get(ip.protocol);
    const ports = isWhole(frame, ip) ? portsOf(frame, ip, ECHO_REQUEST) : undefined;
    if (flows === undefined || ports === undefined) return false;
    if (!decreaseTimeToLive(frame, IP)) return false;
    const flow = flows.from(ip.source, readU16(frame, ports.source));
    flows.sent(flow, flagsOf(frame, ip));
    rewriteAddress(frame, IP, SOURCE, this.#outside.ipv4, ports.checksum, ports.pseudo);
    rewritePort(frame, ports.source, flow.outerPort, ports.checksum);
    this.translated += 1;
    return true;
  }

  /** Rewrites a frame from the outside; false when nobody inside has asked for it, and nothing is changed. */
  inward(frame: Uint8Array): boolean {
    const ip = this.#read(frame, this.#outside.mac);
    if (ip === undefined || !isSame(ip.destination, this.#outside.ipv4)) return false;
    if (!this.#isOutside(ip.source)) return false;
    if (isError(frame, ip)) return this.#error(frame, ip, 'inward');
    const flows = this.#flows.get(ip.protocol);
    const ports = isWhole(frame, ip) ? portsOf(frame, ip, ECHO_REPLY) : undefined;
    const flow = ports && flows?.to(readU16(frame, ports.destination));
    if (flows === undefined || ports === undefined || flow === undefined) return false;
    if (!decreaseTimeToLive(frame, IP)) return false;
    flows.received(flow, flagsOf(frame, ip));
    rewriteAddress(frame, IP, DESTINATION, flow.address, ports.checksum, ports.pseudo);
    rewritePort(frame, ports.destination, flow.port, ports.checksum);
    this.translated += 1;
    return true;
  }

  /** Somebody tells of a packet that has gone the other way, which is quoted as it was seen there (RFC 5508 section 4). */
  #error(frame: Uint8Array, ip: Ipv4Header, way: 'inward' | 'outward'): boolean {
    const message = ip.payloadOffset;
    const start = message + 8;
    const quoted = this.#quoted;
    if (checksum(frame, message, ip.payloadLength) !== 0) return false;
    if (!quoted.readStart(frame, start, ip.payloadLength - 8)) return false;
    if (checksum(frame, start, quoted.headerLength) !== 0) return false;
    if (quoted.payloadLength < 8 || quoted.fragmentOffset !== 0) return false;
    const inward = way === 'inward';
    const ports = portsOf(frame, quoted, inward ? ECHO_REQUEST : ECHO_REPLY);
    if (ports === undefined) return false;
    // Ours was its source, if it went out, and its destination, if it came in.
    const own = inward ? quoted.source : quoted.destination;
    const place = inward ? ports.source : ports.destination;
    const port = readU16(frame, place);
    const flows = this.#flows.get(quoted.protocol);
    if (inward && !isSame(own, this.#outside.ipv4)) return false;
    const flow = inward ? flows?.to(port) : flows?.of(own, port);
    if (flow === undefined || !decreaseTimeToLive(frame, IP)) return false;

    const address = inward ? flow.address : this.#outside.ipv4;
    rewriteAddress(frame, IP, inward ? DESTINATION : SOURCE, address, 0, false);
    // The checksum of what is quoted may be behind its end: it is left alone then, as nobody looks at it.
    const whole = ports.checksum + 2 <= message + ip.payloadLength ? ports.checksum : 0;
    rewriteAddress(frame, start, inward ? SOURCE : DESTINATION, address, whole, ports.pseudo);
    rewritePort(frame, place, inward ? flow.port : flow.outerPort, whole);
    writeU16(frame, message + 2, 0);
    writeU16(frame, message + 2, checksum(frame, message, ip.payloadLength));
    this.translated += 1;
    return true;
  }

  /** The packet in a frame for the gateway. Fragments are dropped: only the first one has ports. */
  #read(frame: Uint8Array, mac: Uint8Array): Ipv4Header | undefined {
    const ethernet = this.#ethernet;
    if (!ethernet.read(frame) || ethernet.etherType !== ETH_P_IP) return undefined;
    const isTagged = ethernet.payloadOffset !== IP;
    if (isTagged || !isSame(ethernet.destination, mac)) return undefined;
    const ip = this.#ip;
    if (!ip.read(frame, IP, ethernet.payloadLength) || ip.isFragment) return undefined;
    // Options may hold addresses, which would have to be translated too.
    if (ip.headerLength !== 20 || checksum(frame, IP, ip.headerLength) !== 0) return undefined;
    return ip;
  }

  /** Whether an address is that of a host outside, by what can be told of it. */
  #isOutside(address: Uint8Array): boolean {
    const [first = 0] = address;
    const isHost = first !== 0 && first !== 127 && first < 224;
    return isHost && !isInside(address) && !isSame(address, this.#outside.ipv4);
  }
}

/** Whether an address is private: 10.0.0.0/8. */
function isInside(address: Uint8Array): boolean {
  return address[0] === 10;
}

function isSame(address: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(address, other) === 0;
}

function isError(
  frame: Uint8Array,
  { protocol, payloadOffset, payloadLength }: Ipv4Header,
): boolean {
  return (
    protocol === IPPROTO_ICMP && payloadLength > 0 && ERRORS.includes(frame[payloadOffset] ?? -1)
  );
}

function flagsOf(frame: Uint8Array, { protocol, payloadOffset }: Ipv4Header): number {
  return protocol === IPPROTO_TCP ? (frame[payloadOffset + 13] ?? 0) : 0;
}
