/**
 * Words and notations of iproute2.
 *
 * @module
 */

import { formatIpAddress } from '@rtap/frames';

/** The name of an interface by its index. */
export type NameOf = (index: number | undefined) => string | undefined;

/** Bytes in hexadecimal with colons: a link-layer address. */
export function mac(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** An IP address. */
export function ip(bytes: Uint8Array | undefined): string | undefined {
  return bytes && formatIpAddress(bytes);
}

/** An address with its prefix; a host's without, unless `always`. */
export function prefix(bytes: Uint8Array, length: number): string {
  return length === 8 * bytes.length
    ? formatIpAddress(bytes)
    : `${formatIpAddress(bytes)}/${length}`;
}

/** In hexadecimal as `%#x` prints it: 0 has no prefix. */
export function hex(value: number | undefined): string | undefined {
  return value === undefined ? undefined : value === 0 ? '0' : `0x${value.toString(16)}`;
}

/** A number of 64 bits as one of JSON. */
export function number(value: bigint | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

/** The names of flags that are set; what has no name in hexadecimal. */
export function flagNames(flags: number, names: Readonly<Record<string, number>>): string[] {
  const found = Object.entries(names).filter(([, flag]) => (flags & flag) !== 0);
  const known = found.reduce((sum, [, flag]) => sum | flag, 0);
  const rest = flags & ~known;
  return [...found.map(([name]) => name), ...(rest === 0 ? [] : [(rest >>> 0).toString(16)])];
}
