/**
 * Translation of addresses and ports (RFC 3022): frames are rewritten in place, checksums updated and not made anew.
 *
 * @module
 */

import { ETH_P_IP, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, checksum } from '@rtap/frames';
import { EthernetHeader, Ipv4Header } from '@rtap/frames';
import { Flows } from './flows.ts';
import type { Flow } from './flows.ts';
import { decreaseTimeToLive, readU16, rewriteAddress, rewritePort, writeU16 } from './rewrite.ts';

const ECHO_REPLY = 0;
const ECHO_REQUEST = 8;
/** Types of ICMP that quote the packet that they are about: unreachable, time exceeded, parameter problem. */
const ERRORS: readonly number[] = [3, 11, 12];

/** Where an IPv4 header has its addresses. */
const SOURCE = 12;
const DESTINATION = 16;

/** All that one outer address stands for. */
export class Nat {
  readonly #outer: Uint8Array;
  readonly #flows = new Flows();
  readonly #ethernet = new EthernetHeader();
  readonly #ip = new Ipv4Header();
  readonly #quoted = new Ipv4Header();
  /** Packets that have gone through. */
  translated = 0;

  constructor(outer: Uint8Array) {
    this.#outer = outer;
  }

  /** Flows that there are. */
  get flows(): number {
    return this.#flows.size;
  }

  /** Lets go of flows that nothing was heard of for long. */
  sweep(): void {
    this.#flows.sweep();
  }

  /** Rewrites a frame from the inside; false when it is not to go on. */
  outward(frame: Uint8Array): boolean {
    const ip = this.#read(frame);
    if (ip === undefined || ip.destination[0] === 10) return false;
    if (Buffer.compare(ip.destination, this.#outer) === 0) return false;
    const ports = portsOf(frame, ip.protocol, ip.payloadOffset, ECHO_REQUEST);
    if (ports === undefined) return false;
    const port = readU16(frame, ports.source);
    const flow = this.#flows.from(ip.protocol, ip.source, port);
    if (flow === undefined || !decreaseTimeToLive(frame, this.#start)) return false;
    this.#note(flow, frame, ip);
    rewriteAddress(frame, this.#start, SOURCE, this.#outer, ports.checksum, ports.pseudo);
    rewritePort(frame, ports.source, flow.outerPort, ports.checksum);
    this.translated += 1;
    return true;
  }

  /** Rewrites a frame from the outside; false when nobody inside has asked for it. */
  inward(frame: Uint8Array): boolean {
    const ip = this.#read(frame);
    if (ip === undefined || Buffer.compare(ip.destination, this.#outer) !== 0) return false;
    if (ip.protocol === IPPROTO_ICMP && ERRORS.includes(frame[ip.payloadOffset] ?? -1)) {
      return this.#error(frame, ip);
    }
    const ports = portsOf(frame, ip.protocol, ip.payloadOffset, ECHO_REPLY);
    if (ports === undefined) return false;
    const flow = this.#flows.to(ip.protocol, readU16(frame, ports.destination));
    if (flow === undefined || !decreaseTimeToLive(frame, this.#start)) return false;
    this.#note(flow, frame, ip);
    rewriteAddress(frame, this.#start, DESTINATION, flow.address, ports.checksum, ports.pseudo);
    rewritePort(frame, ports.destination, flow.port, ports.checksum);
    this.translated += 1;
    return true;
  }

  /** A router outside tells of a packet of ours, which it quotes as it saw it (RFC 5508 section 4). */
  #error(frame: Uint8Array, ip: Ipv4Header): boolean {
    const message = ip.payloadOffset;
    const quoted = this.#quoted;
    const start = message + 8;
    if (!quoted.readStart(frame, start, ip.payloadLength - 8)) return false;
    if (checksum(frame, message, ip.payloadLength) !== 0 || quoted.payloadLength < 8) return false;
    const { protocol, payloadOffset } = quoted;
    const ports = portsOf(frame, protocol, payloadOffset, ECHO_REQUEST);
    const flow = ports && this.#flows.to(protocol, readU16(frame, ports.source));
    if (ports === undefined || flow === undefined) return false;
    if (!decreaseTimeToLive(frame, this.#start)) return false;
    rewriteAddress(frame, this.#start, DESTINATION, flow.address, 0, false);
    // The checksum of what is quoted may be behind its end: it is left alone then, as nobody looks at it.
    const whole = ports.checksum + 2 <= message + ip.payloadLength ? ports.checksum : 0;
    rewriteAddress(frame, start, SOURCE, flow.address, whole, ports.pseudo);
    rewritePort(frame, ports.source, flow.port, whole);
    writeU16(frame, message + 2, 0);
    writeU16(frame, message + 2, checksum(frame, message, ip.payloadLength));
    this.translated += 1;
    return true;
  }

  get #start(): number {
    return this.#ethernet.payloadOffset;
  }

  /** Fragments are dropped: only the first one has ports. */
  #read(frame: Uint8Array): Ipv4Header | undefined {
    const ethernet = this.#ethernet;
    if (!ethernet.read(frame) || ethernet.etherType !== ETH_P_IP) return undefined;
    const { payloadOffset, payloadLength } = ethernet;
    if (!this.#ip.read(frame, payloadOffset, payloadLength) || this.#ip.isFragment)
      return undefined;
    return checksum(frame, payloadOffset, this.#ip.headerLength) === 0 ? this.#ip : undefined;
  }

  #note(flow: Flow, frame: Uint8Array, { protocol, payloadOffset }: Ipv4Header): void {
    const flags = protocol === IPPROTO_TCP ? (frame[payloadOffset + 13] ?? 0) : 0;
    this.#flows.heard(flow, flags);
  }
}

/** Where a packet's ports are, or the identifier that ICMP has for them. */
interface Ports {
  readonly source: number;
  readonly destination: number;
  /** Where the checksum is. */
  readonly checksum: number;
  /** Whether it covers the addresses. */
  readonly pseudo: boolean;
}

function portsOf(
  frame: Uint8Array,
  protocol: number,
  offset: number,
  echo: number,
): Ports | undefined {
  const [source, destination] = [offset, offset + 2];
  switch (protocol) {
    case IPPROTO_TCP:
      return { source, destination, checksum: offset + 16, pseudo: true };
    case IPPROTO_UDP: {
      // None was made: there is none to be kept true.
      const made = readU16(frame, offset + 6) !== 0;
      return { source, destination, checksum: made ? offset + 6 : 0, pseudo: true };
    }
    case IPPROTO_ICMP:
      if (frame[offset] !== echo) return undefined;
      return {
        ...{ source: offset + 4, destination: offset + 4 },
        ...{ checksum: offset + 2, pseudo: false },
      };
    default:
      return undefined;
  }
}
