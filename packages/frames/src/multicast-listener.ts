/**
 * Reports of multicast listeners: MLDv2 (RFC 3810 section 5.2) and MLDv1 (RFC 2710).
 *
 * @module
 */

import { checkBytes, checkFields, checkList, outOfRange } from './argument.ts';
import { isRange, readU16, readU8, writeU16 } from './bytes.ts';
import { withIcmpv6Checksum } from './icmpv6.ts';

/** Kinds of records by their numbers less one (RFC 3810 section 5.2.12). */
const RECORDS = [
  'mode-is-include',
  'mode-is-exclude',
  'change-to-include',
  'change-to-exclude',
  'allow-new-sources',
  'block-old-sources',
] as const;

const V1_REPORT = 131;
const V1_DONE = 132;
const V2_REPORT = 143;

/** What a listener says of one group. */
export interface MulticastRecord {
  /** What is said: `change-to-exclude` without sources joins a group, `change-to-include` leaves it. */
  readonly kind: (typeof RECORDS)[number];
  /** The group: 16 bytes. */
  readonly group: Uint8Array;
  /** Addresses that the kind is about: 16 bytes each. */
  readonly sources: readonly Uint8Array[];
}

/** A report of a multicast listener, as {@link readMulticastListenerReport} gives it. */
export interface MulticastListenerReport {
  /** Version of the protocol. */
  readonly version: 1 | 2;
  /** The checksum, as it stands there. */
  readonly checksum: number;
  /**
   * What is said, group by group. A report of version 1 is one `mode-is-exclude`, a done one
   * `change-to-include`: that is what they mean in version 2 (RFC 3810 section 8.3.2).
   */
  readonly records: readonly MulticastRecord[];
}

/**
 * Reads a report of a multicast listener (MLDv1 report or done, MLDv2 report).
 *
 * @param offset - where it starts: the `payloadOffset` of `Ipv6UpperLayer`, as it stands behind
 *   hop-by-hop options.
 * @param length - bytes of the message: the `payloadLength` there.
 * @returns undefined when it is another message or shorter than it says; records of kinds that are
 *   not known are left out. Its addresses are views of `bytes`. The checksum is not verified.
 */
export function readMulticastListenerReport(
  bytes: Uint8Array,
  offset = 0,
  length: number = bytes.length - offset,
): MulticastListenerReport | undefined {
  if (!isRange(bytes, offset, length, 8)) return undefined;
  const type = readU8(bytes, offset);
  const checksum = readU16(bytes, offset + 2);
  if (type === V1_REPORT || type === V1_DONE) {
    if (length < 24) return undefined;
    const kind = type === V1_REPORT ? 'mode-is-exclude' : 'change-to-include';
    const group = bytes.subarray(offset + 8, offset + 24);
    return { version: 1, checksum, records: [{ kind, group, sources: [] }] };
  }
  if (type !== V2_REPORT) return undefined;
  const records: MulticastRecord[] = [];
  const end = offset + length;
  let at = offset + 8;
  for (let left = readU16(bytes, offset + 6); left > 0; left--) {
    if (end - at < 20) return undefined;
    const count = readU16(bytes, at + 2);
    const size = 20 + 16 * count + 4 * readU8(bytes, at + 1);
    if (size > end - at) return undefined;
    const kind = RECORDS[readU8(bytes, at) - 1];
    if (kind !== undefined) {
      const group = bytes.subarray(at + 4, at + 20);
      const sources: Uint8Array[] = [];
      for (let i = 0; i < count; i++) {
        sources.push(bytes.subarray(at + 20 + 16 * i, at + 36 + 16 * i));
      }
      records.push({ kind, group, sources });
    }
    at += size;
  }
  return { version: 2, checksum, records };
}

/** What {@link buildMulticastListenerReport} puts into a message. */
export interface MulticastListenerReportFields {
  /** Source address of the packet: 16 bytes, link-local or all zero. */
  readonly source: Uint8Array;
  /** Destination address of the packet: 16 bytes; `ff02::16` is all MLDv2 routers. */
  readonly destination: Uint8Array;
  /** What is said, group by group. */
  readonly records: readonly MulticastRecord[];
}

/**
 * Builds a report of a multicast listener (MLDv2) with its checksum. It is to go with hop limit 1,
 * behind hop-by-hop options with a router alert.
 *
 * @returns bytes of its own.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`.
 * @example
 * ```ts
 * import * as frames from '@rtap/frames';
 *
 * const source = frames.parseIpAddress('fe80::1');
 * const destination = frames.parseIpAddress('ff02::16');
 * const group = frames.parseIpAddress('ff02::1:ff00:1');
 * const records = [{ kind: 'change-to-exclude', group, sources: [] }];
 * const report = frames.buildMulticastListenerReport({ source, destination, records });
 * const payload = frames.buildIpv6Options({
 *   nextHeader: frames.IPPROTO_ICMPV6,
 *   options: [{ type: 5, data: Uint8Array.of(0, 0) }], // router alert (RFC 2711)
 *   payload: report,
 * });
 * const nextHeader = frames.IPPROTO_HOPOPTS;
 * const packet = frames.buildIpv6({ source, destination, nextHeader, hopLimit: 1, payload });
 * console.log(packet.length); // 76
 * ```
 */
export function buildMulticastListenerReport(
  fields: MulticastListenerReportFields,
): Uint8Array<ArrayBuffer> {
  checkFields(fields);
  const { source, destination, records } = fields;
  checkList('records', records);
  for (const { sources } of records) checkList('sources', sources);
  const size = records.reduce((sum, { sources }) => sum + 20 + 16 * sources.length, 8);
  if (size > 0xffff) throw outOfRange('records', 'at most 65535 bytes', size);
  const message = new Uint8Array(size);
  message[0] = V2_REPORT;
  writeU16(message, 6, records.length);
  let at = 8;
  for (const { kind, group, sources } of records) {
    const number = RECORDS.indexOf(kind) + 1;
    if (number === 0) throw outOfRange('kind', 'a kind of record', kind);
    checkBytes('group', group, 16, 16);
    message[at] = number;
    writeU16(message, at + 2, sources.length);
    message.set(group, at + 4);
    at += 20;
    for (const address of sources) {
      checkBytes('source of a record', address, 16, 16);
      message.set(address, at);
      at += 16;
    }
  }
  return withIcmpv6Checksum(message, source, destination);
}
