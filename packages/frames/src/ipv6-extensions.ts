/**
 * The extension headers of an IPv6 packet (RFC 8200 section 4), walked to what the packet carries.
 *
 * @module
 */

import { NO_BYTES, readU16, readU32, readU8 } from './bytes.ts';
import { protocolSum, sumWords } from './checksum.ts';
import {
  IPPROTO_AH,
  IPPROTO_DSTOPTS,
  IPPROTO_FRAGMENT,
  IPPROTO_HOPOPTS,
  IPPROTO_ROUTING,
} from './constants.ts';
import { IPV6_HEADER_LENGTH, isIpv6, isIpv6Start } from './ipv6.ts';

/**
 * What an IPv6 packet carries behind its extension headers, as {@link readIpv6UpperLayer} gives it.
 * Made once, `read` serves for any number of packets without allocating.
 *
 * Hop-by-hop options, routing, fragment, destination options and authentication headers are walked,
 * in any order and number. Everything else is what the packet carries: `IPPROTO_ESP` and
 * `IPPROTO_NONE` too, and numbers that are not known here.
 */
export class Ipv6UpperLayer {
  /** What the payload is: an `IPPROTO_*` number that is none of the headers walked. */
  protocol = 0;
  /** Where the payload starts, counted from the start of the bytes. */
  payloadOffset = 0;
  /** Bytes of the payload. */
  payloadLength = 0;
  /**
   * Whether it is one of several fragments. One that stands alone, with offset 0 and none to follow
   * (RFC 6946), is not.
   */
  isFragment = false;
  /**
   * Where the payload stands in the whole packet's fragmentable part, in bytes: a multiple of 8. If
   * it is not 0, the payload is a part of what `protocol` says, and not its start.
   */
  fragmentOffset = 0;
  /** Whether fragments with higher offsets follow. */
  moreFragments = false;
  /** Which packet this is a fragment of: 32 bits; 0 without a fragment header. */
  identification = 0;
  #bytes = NO_BYTES;
  #offset = 0;
  #destination = 0;

  /**
   * Reads the packet at `offset`, from its fixed header on.
   *
   * @param length - bytes there are, padding included.
   * @returns false when it is not IPv6 or not all there, or an extension header goes beyond it; the
   *   fields then keep what they had.
   */
  read(bytes: Uint8Array, offset = 0, length: number = bytes.length - offset): boolean {
    if (!isIpv6(bytes, offset, length)) return false;
    return this.#walk(bytes, offset, offset + IPV6_HEADER_LENGTH + readU16(bytes, offset + 4));
  }

  /**
   * Reads a packet of which perhaps only the beginning is here, as ICMPv6 errors quote one and
   * captures cut it off. `payloadLength` counts what is here.
   *
   * @returns false when it is not IPv6, or cut off within the headers.
   */
  readStart(bytes: Uint8Array, offset = 0, length: number = bytes.length - offset): boolean {
    if (!isIpv6Start(bytes, offset, length)) return false;
    const payloadLength = Math.min(readU16(bytes, offset + 4), length - IPV6_HEADER_LENGTH);
    return this.#walk(bytes, offset, offset + IPV6_HEADER_LENGTH + payloadLength);
  }

  /** Ends: every header takes 8 bytes at least, and the packet is at most 64 KiB. */
  #walk(bytes: Uint8Array, offset: number, end: number): boolean {
    let protocol = readU8(bytes, offset + 6);
    let header = offset + IPV6_HEADER_LENGTH;
    let destination = offset + 24;
    let fragment = 0;
    let identification = 0;
    while (isExtension(protocol)) {
      if (end - header < 8) return false;
      const size = extensionSize(bytes, header, protocol);
      if (size > end - header) return false;
      if (protocol === IPPROTO_ROUTING) destination = finalDestination(bytes, header, destination);
      const fragmented = protocol === IPPROTO_FRAGMENT;
      protocol = readU8(bytes, header);
      if (fragmented) {
        fragment = readU16(bytes, header + 2);
        identification = readU32(bytes, header + 4);
      }
      header += size;
      // What comes behind in a later fragment is no header any more.
      if (fragment >= 8) break;
    }
    this.protocol = protocol;
    this.payloadOffset = header;
    this.payloadLength = end - header;
    this.fragmentOffset = fragment & 0xfff8;
    this.moreFragments = (fragment & 1) !== 0;
    this.isFragment = (fragment & 0xfff9) !== 0;
    this.identification = identification;
    this.#bytes = bytes;
    this.#offset = offset;
    this.#destination = destination;
    return true;
  }

  /**
   * Sum of the pseudo-header for the payload, to be the `initial` of `checksum`. Its destination is
   * the final one when a routing header names it (RFC 8200 section 8.1). Of a fragment it means
   * nothing.
   */
  get pseudoHeaderSum(): number {
    const tail = protocolSum(this.protocol, this.payloadLength);
    const source = sumWords(this.#bytes, this.#offset + 8, 16, tail);
    return sumWords(this.#bytes, this.#destination, 16, source);
  }
}

function isExtension(protocol: number): boolean {
  return (
    protocol === IPPROTO_HOPOPTS ||
    protocol === IPPROTO_ROUTING ||
    protocol === IPPROTO_FRAGMENT ||
    protocol === IPPROTO_DSTOPTS ||
    protocol === IPPROTO_AH
  );
}

function extensionSize(bytes: Uint8Array, header: number, protocol: number): number {
  if (protocol === IPPROTO_FRAGMENT) return 8;
  const units = readU8(bytes, header + 1);
  // The one that counts in units of four bytes, less two (RFC 4302 section 2.2).
  if (protocol === IPPROTO_AH) return Math.max(8, (units + 2) * 4);
  return (units + 1) * 8;
}

/** Where the address stands that the packet goes to in the end, by the routing header there. */
function finalDestination(bytes: Uint8Array, header: number, destination: number): number {
  const units = readU8(bytes, header + 1);
  const type = readU8(bytes, header + 2);
  if (readU8(bytes, header + 3) === 0 || units < 2) return destination;
  if (type === 4) return header + 8; // segment routing: backwards (RFC 8754)
  // The source route of old (RFC 2460), the home address (RFC 6275): the last address.
  return type === 0 || type === 2 ? header + 8 + ((units >>> 1) - 1) * 16 : destination;
}

/**
 * Reads what an IPv6 packet carries behind its extension headers.
 *
 * @param offset - where the packet starts: the `payloadOffset` of the Ethernet header.
 * @param length - bytes there are, padding included; without it all from `offset` on.
 * @returns undefined when it is not IPv6, shorter than its header says, or an extension header goes
 *   beyond it.
 * @example
 * ```ts
 * import * as frames from '@rtap/frames';
 *
 * const source = frames.parseIpAddress('2001:db8::1');
 * const destination = frames.parseIpAddress('2001:db8::2');
 * const datagram = frames.buildUdp({ source, destination, sourcePort: 1, destinationPort: 2 });
 * const options = frames.buildIpv6Options({ nextHeader: frames.IPPROTO_UDP, payload: datagram });
 * const nextHeader = frames.IPPROTO_DSTOPTS;
 * const packet = frames.buildIpv6({ source, destination, nextHeader, payload: options });
 *
 * const upper = frames.readIpv6UpperLayer(packet);
 * console.log(upper?.protocol, upper?.payloadOffset, upper?.isFragment); // 17 48 false
 * ```
 */
export function readIpv6UpperLayer(
  bytes: Uint8Array,
  offset = 0,
  length: number = bytes.length - offset,
): Readonly<Ipv6UpperLayer> | undefined {
  const upper = new Ipv6UpperLayer();
  return upper.read(bytes, offset, length) ? upper : undefined;
}
