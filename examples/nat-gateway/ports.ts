/**
 * Where a packet has its ports, or the identifier that ICMP has for them.
 *
 * @module
 */

import {
  IPPROTO_ICMP,
  IPPROTO_TCP,
  IPPROTO_UDP,
  IcmpEcho,
  TcpHeader,
  UdpHeader,
} from '@rtap/frames';
import { readU16 } from './rewrite.ts';

/** The part of a packet behind its IP header. */
export interface Payload {
  readonly protocol: number;
  readonly payloadOffset: number;
  readonly payloadLength: number;
}

/** Offsets in the frame. */
export interface Ports {
  readonly source: number;
  readonly destination: number;
  /** Where the checksum is; 0: none was made. */
  readonly checksum: number;
  /** Whether it covers the addresses. */
  readonly pseudo: boolean;
}

// Made once, for all frames.
const tcp = new TcpHeader();
const udp = new UdpHeader();
const icmp = new IcmpEcho();

/** Whether a payload is as long as its own header says, and of ICMP an echo. */
export function isWhole(frame: Uint8Array, payload: Payload): boolean {
  const { protocol, payloadOffset, payloadLength } = payload;
  if (protocol === IPPROTO_TCP) return tcp.read(frame, payloadOffset, payloadLength);
  if (protocol === IPPROTO_UDP) return udp.read(frame, payloadOffset, payloadLength);
  return protocol === IPPROTO_ICMP && icmp.read(frame, payloadOffset, payloadLength);
}

/** Finds the ports in a payload of which 8 bytes are there at least. */
export function portsOf(frame: Uint8Array, payload: Payload, echo: number): Ports | undefined {
  const offset = payload.payloadOffset;
  const [source, destination] = [offset, offset + 2];
  switch (payload.protocol) {
    case IPPROTO_TCP:
      return { source, destination, checksum: offset + 16, pseudo: true };
    case IPPROTO_UDP: {
      const made = readU16(frame, offset + 6) !== 0;
      return { source, destination, checksum: made ? offset + 6 : 0, pseudo: true };
    }
    case IPPROTO_ICMP: {
      if (frame[offset] !== echo) return undefined;
      const identifier = offset + 4;
      const both = { source: identifier, destination: identifier };
      return { ...both, checksum: offset + 2, pseudo: false };
    }
    default:
      return undefined;
  }
}
