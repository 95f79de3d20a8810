/**
 * Ethernet II frames, with or without a VLAN tag (IEEE 802.3, 802.1Q).
 *
 * @module
 */

import { checkBytes, checkFields, checkFlags, checkInteger } from './argument.ts';
import { isRange, NO_BYTES, readU16, writeU16 } from './bytes.ts';
import { ETH_P_8021AD, ETH_P_8021Q } from './constants.ts';

/** A VLAN tag (IEEE 802.1Q). */
export interface VlanTag {
  /** VLAN identifier, 0 to 4095; 0 means that the tag only carries a priority. */
  readonly identifier: number;
  /**
   * Priority code point, 0 to 7.
   *
   * @default 0
   */
  readonly priority?: number;
  /**
   * Drop eligible indicator.
   *
   * @default false
   */
  readonly dropEligible?: boolean;
  /**
   * The EtherType that says it is a tag: `ETH_P_8021Q` or `ETH_P_8021AD`.
   *
   * @default ETH_P_8021Q
   */
  readonly protocol?: number;
}

/**
 * The header of an Ethernet frame, as {@link readEthernet} gives it.
 *
 * Made once, `read` serves for any number of frames without allocating; the addresses are views made
 * when they are asked for.
 */
export class EthernetHeader {
  /**
   * What the payload is: an `ETH_P_*` number, behind the tag if there is one. Below 0x600 it is the
   * payload's length (IEEE 802.3). Of a frame with two tags it is the second tag's.
   */
  etherType = 0;
  /** Where the payload starts, counted from the start of the bytes and not of the frame. */
  payloadOffset = 0;
  /** Bytes from there to the end of the frame, padding included. */
  payloadLength = 0;
  #bytes = NO_BYTES;
  #offset = 0;

  /**
   * Reads the header of the frame at `offset`.
   *
   * @param length - bytes of the frame.
   * @returns false when it is too short; the fields then keep what they had.
   */
  read(bytes: Uint8Array, offset = 0, length: number = bytes.length - offset): boolean {
    if (!isRange(bytes, offset, length, 14)) return false;
    const tagged = isTag(readU16(bytes, offset + 12));
    if (tagged && length < 18) return false;
    const headerLength = tagged ? 18 : 14;
    this.etherType = readU16(bytes, offset + headerLength - 2);
    this.payloadOffset = offset + headerLength;
    this.payloadLength = length - headerLength;
    this.#bytes = bytes;
    this.#offset = offset;
    return true;
  }

  /** Destination MAC address: a view of six bytes of the frame. */
  get destination(): Uint8Array {
    return this.#bytes.subarray(this.#offset, this.#offset + 6);
  }

  /** Source MAC address: a view of six bytes of the frame. */
  get source(): Uint8Array {
    return this.#bytes.subarray(this.#offset + 6, this.#offset + 12);
  }

  /** The VLAN tag (the outer one of two), or undefined when there is none. */
  get vlan(): Required<VlanTag> | undefined {
    if (this.payloadOffset !== this.#offset + 18) return undefined;
    const control = readU16(this.#bytes, this.#offset + 14);
    return {
      identifier: control & 0x0fff,
      priority: control >>> 13,
      dropEligible: (control & 0x1000) !== 0,
      protocol: readU16(this.#bytes, this.#offset + 12),
    };
  }
}

function isTag(etherType: number): boolean {
  return etherType === ETH_P_8021Q || etherType === ETH_P_8021AD;
}

/**
 * Reads the header of an Ethernet frame.
 *
 * @param length - bytes of the frame; without it all from `offset` on.
 * @returns undefined when it is too short for a header. Its addresses are views of `bytes`.
 * @example
 * ```ts
 * import { buildEthernet, formatMacAddress, parseMacAddress, readEthernet } from '@rtap/frames';
 *
 * const frame = buildEthernet({
 *   destination: parseMacAddress('02:00:00:00:00:02'),
 *   source: parseMacAddress('02:00:00:00:00:01'),
 *   vlan: { identifier: 7 },
 *   etherType: 0x88b5,
 *   payload: Uint8Array.of(1, 2, 3),
 * });
 * const header = readEthernet(frame);
 * if (header === undefined) throw new Error('not a frame');
 * console.log(formatMacAddress(header.source), header.vlan?.identifier); // 02:00:00:00:00:01 7
 * console.log(frame.subarray(header.payloadOffset)); // Uint8Array(3) [ 1, 2, 3 ]
 * ```
 */
export function readEthernet(
  bytes: Uint8Array,
  offset = 0,
  length: number = bytes.length - offset,
): Readonly<EthernetHeader> | undefined {
  const header = new EthernetHeader();
  return header.read(bytes, offset, length) ? header : undefined;
}

/** What {@link buildEthernet} puts into a frame. */
export interface EthernetFields {
  /** Destination MAC address: six bytes. */
  readonly destination: Uint8Array;
  /** Source MAC address: six bytes. */
  readonly source: Uint8Array;
  /** What the payload is: an `ETH_P_*` number. */
  readonly etherType: number;
  /** A VLAN tag to put before the EtherType. */
  readonly vlan?: VlanTag | undefined;
  /**
   * What the frame carries.
   *
   * @default nothing
   */
  readonly payload?: Uint8Array | undefined;
  /**
   * Bytes that the frame has at least, by zeros at its end: 60 as on a wire. A TAP needs none.
   *
   * @default 0
   */
  readonly minimumLength?: number | undefined;
}

/**
 * Builds an Ethernet frame, without the frame check sequence.
 *
 * @returns bytes of its own; the payload is copied.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`.
 */
export function buildEthernet(fields: EthernetFields): Uint8Array<ArrayBuffer> {
  checkFields(fields);
  const { destination, source, etherType, vlan, payload = NO_BYTES, minimumLength = 0 } = fields;
  checkBytes('destination', destination, 6, 6);
  checkBytes('source', source, 6, 6);
  checkInteger('etherType', etherType, 0, 0xffff);
  checkBytes('payload', payload, 0, Infinity);
  checkInteger('minimumLength', minimumLength, 0, 0xffff);
  const headerLength = vlan === undefined ? 14 : 18;
  const frame = new Uint8Array(Math.max(headerLength + payload.length, minimumLength));
  frame.set(destination, 0);
  frame.set(source, 6);
  if (vlan !== undefined) writeTag(frame, vlan);
  writeU16(frame, headerLength - 2, etherType);
  frame.set(payload, headerLength);
  return frame;
}

function writeTag(frame: Uint8Array, tag: VlanTag): void {
  checkFields(tag, 'vlan');
  checkFlags(tag, ['dropEligible']);
  const { identifier, priority = 0, dropEligible = false, protocol = ETH_P_8021Q } = tag;
  checkInteger('vlan.identifier', identifier, 0, 0xfff);
  checkInteger('vlan.priority', priority, 0, 7);
  checkInteger('vlan.protocol', protocol, 0, 0xffff);
  writeU16(frame, 12, protocol);
  writeU16(frame, 14, (priority << 13) | (dropEligible ? 0x1000 : 0) | identifier);
}
