/**
 * The options of an IPv4 header (RFC 791 section 3.1, RFC 2113).
 *
 * @module
 */

import { checkBytes, checkInteger, checkList, outOfRange } from './argument.ts';
import { readU16, readU8, writeU16 } from './bytes.ts';

/** Options that list addresses, by their numbers. */
const ROUTES = {
  7: 'record-route',
  131: 'loose-source-route',
  137: 'strict-source-route',
} as const;
const END = 0;
const NO_OPERATION = 1;
const ROUTER_ALERT = 148;

/** An option of an IPv4 header. The end of the list is none: it is the padding. */
export type Ipv4Option =
  | { readonly kind: 'no-operation' }
  /**
   * A list of addresses, visited or to be. `pointer` says which is next: 4 is the first, 8 the
   * second.
   */
  | {
      readonly kind: 'record-route' | 'loose-source-route' | 'strict-source-route';
      readonly pointer: number;
      readonly addresses: readonly Uint8Array[];
    }
  /** Routers are to look at the packet (RFC 2113); `value` is 0. */
  | { readonly kind: 'router-alert'; readonly value: number }
  /** One that is not known here, or whose length is not that of its kind. */
  | { readonly kind: 'unknown'; readonly number: number; readonly data: Uint8Array };

/**
 * Reads the options of an IPv4 header.
 *
 * @param bytes - the options alone: `header.options`.
 * @returns those up to the end of the list, or to one that is malformed.
 */
export function readIpv4Options(bytes: Uint8Array): readonly Ipv4Option[] {
  const options: Ipv4Option[] = [];
  let offset = 0;
  while (offset < bytes.length && readU8(bytes, offset) !== END) {
    if (readU8(bytes, offset) === NO_OPERATION) {
      options.push({ kind: 'no-operation' });
      offset += 1;
      continue;
    }
    const size = offset + 1 < bytes.length ? readU8(bytes, offset + 1) : 0;
    if (size < 2 || size > bytes.length - offset) break;
    options.push(readOption(bytes, offset, size));
    offset += size;
  }
  return options;
}

function readOption(bytes: Uint8Array, offset: number, size: number): Ipv4Option {
  const number = readU8(bytes, offset);
  const end = offset + size;
  if ((number === 7 || number === 131 || number === 137) && size >= 3 && size % 4 === 3) {
    const addresses: Uint8Array[] = [];
    for (let at = offset + 3; at < end; at += 4) addresses.push(bytes.subarray(at, at + 4));
    return { kind: ROUTES[number], pointer: readU8(bytes, offset + 2), addresses };
  }
  if (number === ROUTER_ALERT && size === 4) {
    return { kind: 'router-alert', value: readU16(bytes, offset + 2) };
  }
  return { kind: 'unknown', number, data: bytes.subarray(offset + 2, end) };
}

/**
 * Puts options of an IPv4 header into bytes, in the order given, padded with zeros (the end of the
 * list) to a multiple of four: the `options` of `buildIpv4`.
 *
 * @returns 0 to 40 bytes of its own.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`; RangeError `ERR_OUT_OF_RANGE`, also when they do not fit
 *   into a header.
 * @example
 * ```ts
 * import { buildIpv4Options, readIpv4Options } from '@rtap/frames';
 *
 * const options = buildIpv4Options([{ kind: 'router-alert', value: 0 }, { kind: 'no-operation' }]);
 * console.log(options.join()); // 148,4,0,0,1,0,0,0
 * console.log(readIpv4Options(options).map(({ kind }) => kind).join()); // router-alert,no-operation
 * ```
 */
export function buildIpv4Options(options: readonly Ipv4Option[]): Uint8Array<ArrayBuffer> {
  checkList('options', options);
  const room = new Uint8Array(40);
  let length = 0;
  for (const option of options) {
    const bytes = optionBytes(option);
    if (length + bytes.length > room.length) {
      throw outOfRange('options', 'at most 40 bytes long', `${length + bytes.length} bytes`);
    }
    room.set(bytes, length);
    length += bytes.length;
  }
  return room.slice(0, (length + 3) & ~3);
}

function optionBytes(option: Ipv4Option): Uint8Array {
  switch (option.kind) {
    case 'no-operation':
      return Uint8Array.of(NO_OPERATION);
    case 'record-route':
    case 'loose-source-route':
    case 'strict-source-route':
      return routeBytes(option.kind, option.pointer, option.addresses);
    case 'router-alert': {
      checkInteger('value', option.value, 0, 0xffff);
      const bytes = Uint8Array.of(ROUTER_ALERT, 4, 0, 0);
      writeU16(bytes, 2, option.value);
      return bytes;
    }
    case 'unknown':
      checkInteger('number', option.number, 2, 0xff);
      checkBytes('data', option.data, 0, 38);
      return Uint8Array.of(option.number, 2 + option.data.length, ...option.data);
    default:
      throw outOfRange('kind', 'a kind of IPv4 option', (option as { kind: unknown }).kind);
  }
}

function routeBytes(
  kind: (typeof ROUTES)[keyof typeof ROUTES],
  pointer: number,
  addresses: readonly Uint8Array[],
): Uint8Array {
  checkInteger('pointer', pointer, 0, 0xff);
  checkList('addresses', addresses);
  if (addresses.length > 9) throw outOfRange('addresses', 'at most 9', addresses.length);
  const bytes = new Uint8Array(3 + 4 * addresses.length);
  bytes[0] = kind === 'record-route' ? 7 : kind === 'loose-source-route' ? 131 : 137;
  bytes[1] = bytes.length;
  bytes[2] = pointer;
  for (const [i, address] of addresses.entries()) {
    checkBytes('address', address, 4, 4);
    bytes.set(address, 3 + 4 * i);
  }
  return bytes;
}
