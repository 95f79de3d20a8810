/**
 * The options of a TCP header (RFC 9293 section 3.2, RFC 7323, RFC 2018).
 *
 * @module
 */

import { checkBytes, checkInteger, checkList, outOfRange } from './argument.ts';
import { readU16, readU32, readU8, writeU16, writeU32 } from './bytes.ts';

/** Number of the option that ends the list; internal, as are those below. */
export const TCPOPT_EOL = 0;
const TCPOPT_NOP = 1;
export const TCPOPT_MSS = 2;
export const TCPOPT_WINDOW = 3;
export const TCPOPT_SACK_PERM = 4;
const TCPOPT_SACK = 5;
export const TCPOPT_TIMESTAMP = 8;

/** Data that arrived out of order: sequence numbers, `left` included, `right` not (RFC 2018). */
export interface SackBlock {
  /** The first sequence number of the block. */
  readonly left: number;
  /** The sequence number behind its last. */
  readonly right: number;
}

/** An option of a TCP header. The end of the list is none: it is the padding. */
export type TcpOption =
  | { readonly kind: 'no-operation' }
  /** The longest segment that the sender takes, 0 to 65535 bytes. */
  | { readonly kind: 'maximum-segment-size'; readonly value: number }
  /** Bits that the sender's windows are to be shifted left by; above 14 it counts as 14. */
  | { readonly kind: 'window-scale'; readonly shift: number }
  | { readonly kind: 'sack-permitted' }
  /** One to four blocks. */
  | { readonly kind: 'sack'; readonly blocks: readonly SackBlock[] }
  /** Ticks of the sender's clock, and the last one seen of the other's: 32 bits each. */
  | { readonly kind: 'timestamps'; readonly value: number; readonly echoReply: number }
  /** One that is not known here, or whose length is not that of its kind. */
  | { readonly kind: 'unknown'; readonly number: number; readonly data: Uint8Array };

/** The whole option in bytes, its kind and length included, 0 when its length cannot be; internal. */
export function tcpOptionSize(bytes: Uint8Array, offset: number, end: number): number {
  const kind = readU8(bytes, offset);
  if (kind === TCPOPT_EOL || kind === TCPOPT_NOP) return 1;
  const size = offset + 1 < end ? readU8(bytes, offset + 1) : 0;
  return size >= 2 && size <= end - offset ? size : 0;
}

/**
 * Reads the options of a TCP header into a list. The getters of `TcpHeader` give the usual ones
 * without a list.
 *
 * @param bytes - the options alone: `header.options`.
 * @returns those up to the end of the list, or to one that is malformed, as the kernel does.
 */
export function readTcpOptions(bytes: Uint8Array): readonly TcpOption[] {
  const options: TcpOption[] = [];
  let offset = 0;
  while (offset < bytes.length && readU8(bytes, offset) !== TCPOPT_EOL) {
    const size = tcpOptionSize(bytes, offset, bytes.length);
    if (size === 0) break;
    options.push(readOption(bytes, offset, size));
    offset += size;
  }
  return options;
}

function readOption(bytes: Uint8Array, offset: number, size: number): TcpOption {
  const number = readU8(bytes, offset);
  if (number === TCPOPT_NOP) return { kind: 'no-operation' };
  if (number === TCPOPT_MSS && size === 4) {
    return { kind: 'maximum-segment-size', value: readU16(bytes, offset + 2) };
  }
  if (number === TCPOPT_WINDOW && size === 3) {
    return { kind: 'window-scale', shift: readU8(bytes, offset + 2) };
  }
  if (number === TCPOPT_SACK_PERM && size === 2) return { kind: 'sack-permitted' };
  if (number === TCPOPT_SACK && size >= 10 && size % 8 === 2) {
    const blocks: SackBlock[] = [];
    for (let at = offset + 2; at < offset + size; at += 8) {
      blocks.push({ left: readU32(bytes, at), right: readU32(bytes, at + 4) });
    }
    return { kind: 'sack', blocks };
  }
  if (number === TCPOPT_TIMESTAMP && size === 10) {
    const value = readU32(bytes, offset + 2);
    return { kind: 'timestamps', value, echoReply: readU32(bytes, offset + 6) };
  }
  return { kind: 'unknown', number, data: bytes.subarray(offset + 2, offset + size) };
}

/**
 * Puts options into bytes, in the order given, padded with zeros (the end of the list) to a multiple
 * of four.
 *
 * @returns 0 to 40 bytes.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`; RangeError `ERR_OUT_OF_RANGE`, also when they do not fit
 *   into a header; internal.
 */
export function buildTcpOptions(options: readonly TcpOption[] = []): Uint8Array<ArrayBuffer> {
  checkList('options', options);
  const room = new Uint8Array(40);
  let length = 0;
  for (const option of options) {
    const size = optionSize(option);
    if (length + size > room.length) throw outOfRange('options', 'at most 40 bytes', length + size);
    writeOption(room.subarray(length, length + size), option);
    length += size;
  }
  return room.slice(0, (length + 3) & ~3);
}

function optionSize(option: TcpOption): number {
  switch (option.kind) {
    case 'no-operation':
      return 1;
    case 'maximum-segment-size':
      return 4;
    case 'window-scale':
      return 3;
    case 'sack-permitted':
      return 2;
    case 'sack':
      checkList('blocks', option.blocks);
      if (option.blocks.length === 0) throw outOfRange('blocks', '1 to 4 blocks', 'none');
      return 2 + 8 * option.blocks.length;
    case 'timestamps':
      return 10;
    case 'unknown':
      checkBytes('data', option.data, 0, 38);
      return 2 + option.data.length;
    default:
      throw outOfRange('kind', 'a kind of TCP option', (option as { kind: unknown }).kind);
  }
}

function writeOption(bytes: Uint8Array, option: TcpOption): void {
  bytes[1] = bytes.length; // there is none in the one that is a byte long
  switch (option.kind) {
    case 'no-operation':
      bytes[0] = TCPOPT_NOP;
      break;
    case 'maximum-segment-size':
      checkInteger('value', option.value, 0, 0xffff);
      bytes[0] = TCPOPT_MSS;
      writeU16(bytes, 2, option.value);
      break;
    case 'window-scale':
      checkInteger('shift', option.shift, 0, 0xff);
      bytes[0] = TCPOPT_WINDOW;
      bytes[2] = option.shift;
      break;
    case 'sack-permitted':
      bytes[0] = TCPOPT_SACK_PERM;
      break;
    case 'sack':
      bytes[0] = TCPOPT_SACK;
      for (const [i, { left, right }] of option.blocks.entries()) {
        checkInteger('left', left, 0, 0xffffffff);
        checkInteger('right', right, 0, 0xffffffff);
        writeU32(bytes, 2 + 8 * i, left);
        writeU32(bytes, 6 + 8 * i, right);
      }
      break;
    case 'timestamps':
      checkInteger('value', option.value, 0, 0xffffffff);
      checkInteger('echoReply', option.echoReply, 0, 0xffffffff);
      bytes[0] = TCPOPT_TIMESTAMP;
      writeU32(bytes, 2, option.value);
      writeU32(bytes, 6, option.echoReply);
      break;
    case 'unknown':
      checkInteger('number', option.number, 2, 0xff);
      bytes[0] = option.number;
      bytes.set(option.data, 2);
      break;
  }
}
