/**
 * MAC addresses: text to bytes and back, and the group addresses that IP multicast maps to.
 *
 * @module
 */

import { checkBytes, checkString, outOfRange } from './argument.ts';

const TEXT = /^[0-9a-f]{2}(?:(?::[0-9a-f]{2}){5}|(?:-[0-9a-f]{2}){5})$/i;

/**
 * Parses a MAC address such as `02:00:00:00:00:01` or `02-00-00-00-00-01`.
 *
 * @param text - six groups of two hexadecimal digits, in either case.
 * @returns six bytes of its own.
 * @throws TypeError `ERR_INVALID_ARG_TYPE` unless it is a string; RangeError `ERR_OUT_OF_RANGE`
 *   when it is no MAC address.
 * @example
 * ```ts
 * import { formatMacAddress, parseMacAddress } from '@rtap/frames';
 *
 * const mac = parseMacAddress('02-00-5E-00-53-01');
 * console.log(formatMacAddress(mac)); // 02:00:5e:00:53:01
 * ```
 */
export function parseMacAddress(text: string): Uint8Array<ArrayBuffer> {
  checkString('text', text);
  if (!TEXT.test(text)) throw outOfRange('text', 'a MAC address as 02:00:00:00:00:01', text);
  const mac = new Uint8Array(6);
  for (let i = 0; i < 6; i++) mac[i] = Number.parseInt(text.slice(3 * i, 3 * i + 2), 16);
  return mac;
}

/**
 * Formats a MAC address as `ip link` shows it: lower case, with colons.
 *
 * @param mac - six bytes.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`.
 */
export function formatMacAddress(mac: Uint8Array): string {
  checkBytes('mac', mac, 6, 6);
  return Array.from(mac, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/**
 * Makes the MAC address that frames for an IP multicast group go to: `01:00:5e` and 23 bits for IPv4
 * (RFC 1112 section 6.4), `33:33` and 32 bits for IPv6 (RFC 2464 section 7).
 *
 * @param group - 4 or 16 bytes, a multicast address.
 * @returns six bytes of its own.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`; RangeError `ERR_OUT_OF_RANGE` when it is no group.
 */
export function multicastMacAddress(group: Uint8Array): Uint8Array<ArrayBuffer> {
  checkBytes('group', group, 4, 16);
  const [a = 0, b = 0, c = 0, d = 0] = group.subarray(-4);
  if (group.length === 4 && (a & 0xf0) === 0xe0) {
    return Uint8Array.of(0x01, 0x00, 0x5e, b & 0x7f, c, d);
  }
  if (group.length === 16 && group[0] === 0xff) return Uint8Array.of(0x33, 0x33, a, b, c, d);
  throw outOfRange('group', 'an IPv4 or IPv6 multicast address', Array.from(group).join());
}
