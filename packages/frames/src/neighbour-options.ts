/**
 * The options of neighbour and router discovery (RFC 4861 section 4.6).
 *
 * @module
 */

import { checkBytes, checkFlags, checkInteger, checkList, outOfRange } from './argument.ts';
import { readU32, readU8, writeU32 } from './bytes.ts';

/** An option of neighbour or router discovery. */
export type NeighbourOption =
  /** MAC address of the sender, or of the target: six bytes. */
  | { readonly kind: 'source-mac' | 'target-mac'; readonly mac: Uint8Array }
  | PrefixInformation
  /** The beginning of the packet that a redirect is about. */
  | { readonly kind: 'redirected-packet'; readonly packet: Uint8Array }
  /** The MTU of the link: 32 bits. */
  | { readonly kind: 'mtu'; readonly mtu: number }
  /** One that is not known here: what stands behind its length, 6 bytes and a multiple of 8. */
  | { readonly kind: 'unknown'; readonly number: number; readonly data: Uint8Array };

/** A prefix of the link, in a router advertisement (RFC 4861 section 4.6.2). */
export interface PrefixInformation {
  /** Which option it is. */
  readonly kind: 'prefix';
  /** The prefix: 16 bytes, those behind its length not used. */
  readonly prefix: Uint8Array;
  /** Bits of the prefix, 0 to 128. */
  readonly length: number;
  /** Whether addresses of the prefix are on the link. */
  readonly onLink: boolean;
  /** Whether hosts make addresses of it by themselves. */
  readonly autonomous: boolean;
  /** Seconds it is valid, 32 bits; 0xffffffff is for ever. */
  readonly validLifetime: number;
  /** Seconds that addresses made of it are preferred, 32 bits; 0xffffffff is for ever. */
  readonly preferredLifetime: number;
}

/**
 * Reads the options between `offset` and `end`; internal.
 *
 * @returns undefined when one has length zero or goes beyond the end, or a known one has another
 *   length than its kind: the message is then to be thrown away.
 */
export function readNeighbourOptions(
  bytes: Uint8Array,
  offset: number,
  end: number,
): readonly NeighbourOption[] | undefined {
  const options: NeighbourOption[] = [];
  for (let at = offset; at < end;) {
    const size = neighbourOptionSize(bytes, at, end);
    if (size === 0) return undefined;
    options.push(readOption(bytes, at, size));
    at += size;
  }
  return options;
}

/** Tells whether all options between `offset` and `end` are well formed; internal. */
export function hasGoodOptions(bytes: Uint8Array, offset: number, end: number): boolean {
  for (let at = offset; at < end;) {
    const size = neighbourOptionSize(bytes, at, end);
    if (size === 0) return false;
    at += size;
  }
  return true;
}

/** The whole option in bytes, 0 when its length cannot be. */
function neighbourOptionSize(bytes: Uint8Array, offset: number, end: number): number {
  if (end - offset < 8) return 0;
  const size = readU8(bytes, offset + 1) * 8;
  if (size > end - offset) return 0;
  switch (readU8(bytes, offset)) {
    case 1:
    case 2:
    case 5:
      return size === 8 ? size : 0;
    case 3:
      return size === 32 ? size : 0;
    default:
      return size;
  }
}

function readOption(bytes: Uint8Array, offset: number, size: number): NeighbourOption {
  const end = offset + size;
  const number = readU8(bytes, offset);
  switch (number) {
    case 1:
      return { kind: 'source-mac', mac: bytes.subarray(offset + 2, end) };
    case 2:
      return { kind: 'target-mac', mac: bytes.subarray(offset + 2, end) };
    case 3: {
      const flags = readU8(bytes, offset + 3);
      return {
        kind: 'prefix',
        prefix: bytes.subarray(offset + 16, end),
        length: readU8(bytes, offset + 2),
        onLink: (flags & 0x80) !== 0,
        autonomous: (flags & 0x40) !== 0,
        validLifetime: readU32(bytes, offset + 4),
        preferredLifetime: readU32(bytes, offset + 8),
      };
    }
    case 4:
      return { kind: 'redirected-packet', packet: bytes.subarray(offset + 8, end) };
    case 5:
      return { kind: 'mtu', mtu: readU32(bytes, offset + 4) };
    default:
      return { kind: 'unknown', number, data: bytes.subarray(offset + 2, end) };
  }
}

/**
 * Puts options into bytes, in the order given; internal. A redirected packet is cut to a multiple of
 * 8 bytes.
 */
export function buildNeighbourOptions(
  options: readonly NeighbourOption[] = [],
): Uint8Array<ArrayBuffer> {
  checkList('options', options);
  const parts = options.map(optionBytes);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function optionBytes(option: NeighbourOption): Uint8Array {
  switch (option.kind) {
    case 'source-mac':
    case 'target-mac':
      checkBytes('mac', option.mac, 6, 6);
      return Uint8Array.of(option.kind === 'source-mac' ? 1 : 2, 1, ...option.mac);
    case 'prefix':
      return prefixBytes(option);
    case 'redirected-packet': {
      checkBytes('packet', option.packet, 0, Infinity);
      const packet = option.packet.subarray(0, Math.min(option.packet.length, 2032) & ~7);
      const bytes = new Uint8Array(8 + packet.length);
      bytes[0] = 4;
      bytes[1] = bytes.length / 8;
      bytes.set(packet, 8);
      return bytes;
    }
    case 'mtu': {
      checkInteger('mtu', option.mtu, 0, 0xffffffff);
      const bytes = Uint8Array.of(5, 1, 0, 0, 0, 0, 0, 0);
      writeU32(bytes, 4, option.mtu);
      return bytes;
    }
    case 'unknown': {
      checkInteger('number', option.number, 0, 0xff);
      checkBytes('data', option.data, 6, 2038);
      const size = 2 + option.data.length;
      if (size % 8 !== 0) throw outOfRange('data', '6 bytes and a multiple of 8', size - 2);
      return Uint8Array.of(option.number, size / 8, ...option.data);
    }
    default:
      throw outOfRange('kind', 'a kind of option', (option as { kind: unknown }).kind);
  }
}

function prefixBytes(option: PrefixInformation): Uint8Array {
  checkBytes('prefix', option.prefix, 16, 16);
  checkInteger('length', option.length, 0, 128);
  checkFlags(option, ['onLink', 'autonomous']);
  checkInteger('validLifetime', option.validLifetime, 0, 0xffffffff);
  checkInteger('preferredLifetime', option.preferredLifetime, 0, 0xffffffff);
  const bytes = new Uint8Array(32);
  bytes[0] = 3;
  bytes[1] = 4;
  bytes[2] = option.length;
  bytes[3] = (option.onLink ? 0x80 : 0) | (option.autonomous ? 0x40 : 0);
  writeU32(bytes, 4, option.validLifetime);
  writeU32(bytes, 8, option.preferredLifetime);
  bytes.set(option.prefix, 16);
  return bytes;
}
