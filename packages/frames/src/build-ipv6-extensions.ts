/**
 * Building of IPv6 extension headers (RFC 8200 section 4): each with what comes behind it, so that
 * they nest as packets do.
 *
 * @module
 */

import {
  checkBytes,
  checkFields,
  checkFlags,
  checkInteger,
  checkList,
  outOfRange,
} from './argument.ts';
import { NO_BYTES, writeU16, writeU32 } from './bytes.ts';

/** An option of a hop-by-hop or destination options header. */
export interface Ipv6Option {
  /**
   * Which option: its two upper bits say what to do where it is not known, and the next one whether
   * it may change on the way. 0 and 1 are padding.
   */
  readonly type: number;
  /** What it holds: 0 to 255 bytes. */
  readonly data: Uint8Array;
}

/** What {@link buildIpv6Options} puts into a header. */
export interface Ipv6OptionsFields {
  /** What the payload is: an `IPPROTO_*` number. */
  readonly nextHeader: number;
  /**
   * The options, in this order; padding is added at the end.
   *
   * @default none
   */
  readonly options?: readonly Ipv6Option[] | undefined;
  /**
   * What comes behind the header.
   *
   * @default nothing
   */
  readonly payload?: Uint8Array | undefined;
}

/**
 * Builds a hop-by-hop or a destination options header: the payload of a packet with
 * `IPPROTO_HOPOPTS` or `IPPROTO_DSTOPTS`.
 *
 * @returns bytes of its own; the payload is copied.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`.
 */
export function buildIpv6Options(fields: Ipv6OptionsFields): Uint8Array<ArrayBuffer> {
  checkFields(fields);
  const { nextHeader, options = [], payload = NO_BYTES } = fields;
  checkInteger('nextHeader', nextHeader, 0, 0xff);
  checkList('options', options);
  let length = 2;
  for (const { type, data } of options) {
    checkInteger('type', type, 2, 0xff);
    checkBytes('data', data, 0, 0xff);
    length += 2 + data.length;
  }
  const headerLength = (length + 7) & ~7;
  if (headerLength > 2048) throw outOfRange('options', 'at most 2046 bytes', length - 2);
  checkBytes('payload', payload, 0, 0xffff - headerLength);
  const header = new Uint8Array(headerLength + payload.length);
  header[0] = nextHeader;
  header[1] = headerLength / 8 - 1;
  let at = 2;
  for (const { type, data } of options) {
    header[at] = type;
    header[at + 1] = data.length;
    header.set(data, at + 2);
    at += 2 + data.length;
  }
  // PadN; a single byte is a Pad1, which is a zero.
  if (headerLength - at >= 2) {
    header[at] = 1;
    header[at + 1] = headerLength - at - 2;
  }
  header.set(payload, headerLength);
  return header;
}

/** What {@link buildIpv6Fragment} puts into a fragment. */
export interface Ipv6FragmentFields {
  /** What the whole packet's fragmentable part is: an `IPPROTO_*` number. */
  readonly nextHeader: number;
  /** Which packet this is a fragment of: 32 bits. */
  readonly identification: number;
  /**
   * Where the payload stands in the fragmentable part, in bytes: a multiple of 8 up to 65528.
   *
   * @default 0
   */
  readonly fragmentOffset?: number | undefined;
  /**
   * Whether fragments with higher offsets follow; the payload is then to be a multiple of 8 bytes.
   *
   * @default false
   */
  readonly moreFragments?: boolean | undefined;
  /**
   * The part of the packet.
   *
   * @default nothing
   */
  readonly payload?: Uint8Array | undefined;
}

/**
 * Builds a fragment header: the payload of a packet with `IPPROTO_FRAGMENT`.
 *
 * @returns bytes of its own; the payload is copied.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`.
 */
export function buildIpv6Fragment(fields: Ipv6FragmentFields): Uint8Array<ArrayBuffer> {
  checkFields(fields);
  const { nextHeader, identification, fragmentOffset = 0, payload = NO_BYTES } = fields;
  checkInteger('nextHeader', nextHeader, 0, 0xff);
  checkInteger('identification', identification, 0, 0xffffffff);
  checkFlags(fields, ['moreFragments']);
  checkInteger('fragmentOffset', fragmentOffset, 0, 0xfff8);
  if (fragmentOffset % 8 !== 0) {
    throw outOfRange('fragmentOffset', 'a multiple of 8', fragmentOffset);
  }
  checkBytes('payload', payload, 0, 0xffff - 8);
  const header = new Uint8Array(8 + payload.length);
  header[0] = nextHeader;
  writeU16(header, 2, fragmentOffset | (fields.moreFragments ? 1 : 0));
  writeU32(header, 4, identification);
  header.set(payload, 8);
  return header;
}

/** What {@link buildIpv6Routing} puts into a header. */
export interface Ipv6RoutingFields {
  /** What the payload is: an `IPPROTO_*` number. */
  readonly nextHeader: number;
  /** Which kind of routing, 0 to 255: 4 is segment routing (RFC 8754). */
  readonly type: number;
  /** Stations still to be visited, 0 to 255. */
  readonly segmentsLeft: number;
  /** What stands behind the segments left, by the type: 4 bytes and then a multiple of 8. */
  readonly data: Uint8Array;
  /**
   * What comes behind the header.
   *
   * @default nothing
   */
  readonly payload?: Uint8Array | undefined;
}

/**
 * Builds a routing header: the payload of a packet with `IPPROTO_ROUTING`.
 *
 * @returns bytes of its own; the payload is copied.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`.
 */
export function buildIpv6Routing(fields: Ipv6RoutingFields): Uint8Array<ArrayBuffer> {
  checkFields(fields);
  const { nextHeader, type, segmentsLeft, data, payload = NO_BYTES } = fields;
  checkInteger('nextHeader', nextHeader, 0, 0xff);
  checkInteger('type', type, 0, 0xff);
  checkInteger('segmentsLeft', segmentsLeft, 0, 0xff);
  checkBytes('data', data, 4, 2044);
  if (data.length % 8 !== 4) throw outOfRange('data', '4 bytes and a multiple of 8', data.length);
  const headerLength = 4 + data.length;
  checkBytes('payload', payload, 0, 0xffff - headerLength);
  const header = new Uint8Array(headerLength + payload.length);
  header[0] = nextHeader;
  header[1] = headerLength / 8 - 1;
  header[2] = type;
  header[3] = segmentsLeft;
  header.set(data, 4);
  header.set(payload, headerLength);
  return header;
}
