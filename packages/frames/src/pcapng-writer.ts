/**
 * Writing of pcapng (draft-ietf-opsawg-pcapng) in memory, to be taken piece by piece.
 *
 * @module
 */

import { checkBigInt, checkBytes, checkInteger, checkString, outOfRange } from './argument.ts';
import { OPT_COMMENT } from './capture-options.ts';
import { LINKTYPE_ETHERNET, type ByteOrder, type CaptureOption } from './capture-record.ts';
import {
  BYTE_ORDER_MAGIC,
  ENHANCED_PACKET,
  INTERFACE_DESCRIPTION,
  INTERFACE_STATISTICS,
  SECTION_HEADER,
} from './pcapng.ts';

/** Settings of a {@link PcapngWriter}. */
export interface PcapngWriterOptions {
  /**
   * Order of the bytes of numbers.
   *
   * @default 'little'
   */
  readonly byteOrder?: ByteOrder | undefined;
  /** Name of the program that writes (shb_userappl). */
  readonly application?: string | undefined;
  /** More options of the section header, as a reader gives them. */
  readonly options?: readonly CaptureOption[] | undefined;
}

/** An interface to be added to a {@link PcapngWriter}. */
export interface PcapngInterfaceFields {
  /** Its name, such as `rtap0` (if_name). */
  readonly name?: string | undefined;
  /**
   * What its packets start with: a `LINKTYPE_*` number, 0 to 65535.
   *
   * @default LINKTYPE_ETHERNET
   */
  readonly linkType?: number | undefined;
  /**
   * Bytes of a packet that are written at most: 32 bits; 0 is no bound.
   *
   * @default 0
   */
  readonly snapshotLength?: number | undefined;
  /** More options, as a reader gives them; not if_tsresol (9) and if_tsoffset (14). */
  readonly options?: readonly CaptureOption[] | undefined;
}

/** What is known of a packet beside its bytes. */
export interface PcapngPacketFields {
  /** When: nanoseconds since 1970, 0 to 2^64 - 1. */
  readonly timestamp: bigint;
  /**
   * Where: what `addInterface` returned.
   *
   * @default 0
   */
  readonly interface?: number | undefined;
  /**
   * Bytes that it had, when those given are not all: 32 bits.
   *
   * @default as many as are given
   */
  readonly originalLength?: number | undefined;
  /** Which way it went (epb_flags). */
  readonly direction?: 'inbound' | 'outbound' | undefined;
  /** A comment. */
  readonly comment?: string | undefined;
  /** More options, as a reader gives them. */
  readonly options?: readonly CaptureOption[] | undefined;
}

/** What an interface counted, for {@link PcapngWriter}. */
export interface PcapngStatisticsFields {
  /** When: nanoseconds since 1970, 0 to 2^64 - 1. */
  readonly timestamp: bigint;
  /**
   * Whose: what `addInterface` returned.
   *
   * @default 0
   */
  readonly interface?: number | undefined;
  /** Packets that the interface received: 64 bits (isb_ifrecv). */
  readonly received?: bigint | undefined;
  /** Packets that the interface dropped for want of room: 64 bits (isb_ifdrop). */
  readonly dropped?: bigint | undefined;
  /** More options, as a reader gives them. */
  readonly options?: readonly CaptureOption[] | undefined;
}

const LARGEST = 2n ** 64n - 1n;

/**
 * Writes a pcapng section with nanosecond timestamps into memory: {@link take} gives the bytes
 * written since it was called last, for a file or a socket. The section header is among the first.
 *
 * A call that throws has written nothing.
 *
 * @example
 * ```ts
 * import { PcapngWriter } from '@rtap/frames';
 *
 * const writer = new PcapngWriter({ application: 'example' });
 * const rtap0 = writer.addInterface({ name: 'rtap0' });
 * const timestamp = BigInt(Date.now()) * 1_000_000n;
 * writer.writePacket(new Uint8Array(60), { interface: rtap0, timestamp, direction: 'inbound' });
 * console.log(writer.take().length, writer.pendingLength); // 192 0
 * ```
 */
export class PcapngWriter {
  readonly #little: boolean;
  readonly #snapshotLengths: number[] = [];
  #bytes = new Uint8Array(0);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`. */
  constructor({ byteOrder = 'little', application, options }: PcapngWriterOptions = {}) {
    if (byteOrder !== 'little' && byteOrder !== 'big') {
      throw outOfRange('byteOrder', "'little' or 'big'", byteOrder);
    }
    this.#little = byteOrder === 'little';
    const all = [...textOption(4, 'application', application), ...checked(options)];
    const start = this.#begin(SECTION_HEADER, 16, all);
    this.#view.setUint32(start, BYTE_ORDER_MAGIC, this.#little);
    this.#view.setUint16(start + 4, 1, this.#little);
    this.#view.setBigInt64(start + 8, -1n, this.#little); // its length is not known
    this.#finish(start + 16, all);
  }

  /** Bytes that {@link take} would give. */
  get pendingLength(): number {
    return this.#length;
  }

  /** Gives what was written since the last call, in one piece: the caller's own from then on. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#bytes = new Uint8Array(0);
    this.#view = new DataView(this.#bytes.buffer);
    this.#length = 0;
    return taken;
  }

  /**
   * Adds an interface, which packets can then be of.
   *
   * @returns its number in the section, from 0.
   * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`.
   */
  addInterface(fields: PcapngInterfaceFields = {}): number {
    const { name, linkType = LINKTYPE_ETHERNET, snapshotLength = 0, options = [] } = fields;
    checkInteger('linkType', linkType, 0, 0xffff);
    checkInteger('snapshotLength', snapshotLength, 0, 0xffffffff);
    const clock = options.find(({ code }) => code === 9 || code === 14);
    if (clock !== undefined) throw outOfRange('options', 'without a clock of its own', clock.code);
    const nanoseconds = { code: 9, value: Uint8Array.of(9) };
    const all = [...textOption(2, 'name', name), nanoseconds, ...checked(options)];
    const start = this.#begin(INTERFACE_DESCRIPTION, 8, all);
    this.#view.setUint16(start, linkType, this.#little);
    this.#view.setUint32(start + 4, snapshotLength, this.#little);
    this.#finish(start + 8, all);
    return this.#snapshotLengths.push(snapshotLength) - 1;
  }

  /**
   * Writes a packet; what is longer than its interface's snapshot length is left out.
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE`; RangeError `ERR_OUT_OF_RANGE`, also when there is no
   *   such interface.
   */
  writePacket(data: Uint8Array, fields: PcapngPacketFields): void {
    const { timestamp, direction, comment, options } = fields;
    checkBytes('data', data, 0, 0x7fffffff);
    checkBigInt('timestamp', timestamp, 0n, LARGEST);
    const { interface: id = 0, originalLength = data.length } = fields;
    const snapshotLength = this.#snapshotLengthOf(id);
    checkInteger('originalLength', originalLength, data.length, 0xffffffff);
    const length = snapshotLength === 0 ? data.length : Math.min(data.length, snapshotLength);
    const all = [...this.#direction(direction), ...textOption(OPT_COMMENT, 'comment', comment)];
    all.push(...checked(options));
    const padded = (length + 3) & ~3;
    const start = this.#begin(ENHANCED_PACKET, 20 + padded, all);
    this.#view.setUint32(start, id, this.#little);
    this.#timestamp(start + 4, timestamp);
    this.#view.setUint32(start + 12, length, this.#little);
    this.#view.setUint32(start + 16, originalLength, this.#little);
    this.#bytes.set(length === data.length ? data : data.subarray(0, length), start + 20);
    this.#finish(start + 20 + padded, all);
  }

  /**
   * Writes what an interface counted.
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE`; RangeError `ERR_OUT_OF_RANGE`, also when there is no
   *   such interface.
   */
  writeStatistics(fields: PcapngStatisticsFields): void {
    const { timestamp, interface: id = 0, received, dropped, options } = fields;
    checkBigInt('timestamp', timestamp, 0n, LARGEST);
    this.#snapshotLengthOf(id);
    const all = [...this.#counter(4, 'received', received)];
    all.push(...this.#counter(5, 'dropped', dropped), ...checked(options));
    const start = this.#begin(INTERFACE_STATISTICS, 12, all);
    this.#view.setUint32(start, id, this.#little);
    this.#timestamp(start + 4, timestamp);
    this.#finish(start + 12, all);
  }

  #snapshotLengthOf(id: number): number {
    const snapshotLength = this.#snapshotLengths[id];
    if (snapshotLength === undefined) throw outOfRange('interface', 'one that was added', id);
    return snapshotLength;
  }

  #direction(direction: PcapngPacketFields['direction']): CaptureOption[] {
    if (direction === undefined) return [];
    const flags = direction === 'inbound' ? 1 : direction === 'outbound' ? 2 : 0;
    if (flags === 0) throw outOfRange('direction', "'inbound' or 'outbound'", direction);
    const value = new Uint8Array(4);
    new DataView(value.buffer).setUint32(0, flags, this.#little);
    return [{ code: 2, value }];
  }

  #counter(code: number, name: string, count: bigint | undefined): CaptureOption[] {
    if (count === undefined) return [];
    checkBigInt(name, count, 0n, LARGEST);
    const value = new Uint8Array(8);
    new DataView(value.buffer).setBigUint64(0, count, this.#little);
    return [{ code, value }];
  }

  #timestamp(offset: number, timestamp: bigint): void {
    this.#view.setUint32(offset, Number(timestamp >> 32n), this.#little);
    this.#view.setUint32(offset + 4, Number(timestamp & 0xffffffffn), this.#little);
  }

  /** Makes room for a block, writes its type and both lengths, and tells where its body starts. */
  #begin(type: number, bodyLength: number, options: readonly CaptureOption[]): number {
    const blockLength = 12 + bodyLength + optionsLength(options);
    const start = this.#length;
    const end = start + blockLength;
    if (end > this.#bytes.length) {
      const bytes = new Uint8Array(Math.max(2 * end, 4096));
      bytes.set(this.#bytes.subarray(0, start));
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer);
    }
    this.#view.setUint32(start, type, this.#little);
    this.#view.setUint32(start + 4, blockLength, this.#little);
    this.#view.setUint32(end - 4, blockLength, this.#little);
    this.#length = end;
    return start + 8;
  }

  #finish(offset: number, options: readonly CaptureOption[]): void {
    let at = offset;
    for (const { code, value } of options) {
      this.#view.setUint16(at, code, this.#little);
      this.#view.setUint16(at + 2, value.length, this.#little);
      this.#bytes.set(value, at + 4);
      at += 4 + ((value.length + 3) & ~3);
    }
  }
}

/** Bytes of all options and of the one that ends the list. */
function optionsLength(options: readonly CaptureOption[]): number {
  if (options.length === 0) return 0;
  return options.reduce((sum, { value }) => sum + 4 + ((value.length + 3) & ~3), 4);
}

function checked(options: readonly CaptureOption[] = []): readonly CaptureOption[] {
  for (const { code, value } of options) {
    checkInteger('code', code, 1, 0xffff);
    checkBytes('value', value, 0, 0xffff);
  }
  return options;
}

function textOption(code: number, name: string, text: string | undefined): CaptureOption[] {
  if (text === undefined) return [];
  checkString(name, text);
  const value = new TextEncoder().encode(text);
  checkBytes(name, value, 0, 0xffff);
  return [{ code, value }];
}
