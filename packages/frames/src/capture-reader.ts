/**
 * Reading of captures as they come: pcapng and classic pcap.
 *
 * @module
 */

import { checkBytes, checkInteger } from './argument.ts';
import { ByteQueue } from './byte-queue.ts';
import { readU32 } from './bytes.ts';
import { CaptureError } from './capture-error.ts';
import type { ByteOrder, CaptureInterface, CaptureRecord } from './capture-record.ts';
import {
  PCAP_HEADER_LENGTH,
  PCAP_RECORD_LENGTH,
  pcapFlavour,
  readPcapHeader,
  readPcapRecord,
  type PcapFlavour,
} from './pcap.ts';
import { BYTE_ORDER_MAGIC, isKnownBlock, readBlock, SECTION_HEADER } from './pcapng.ts';

/** Memory that an interface takes besides its block, about. */
const INTERFACE_COST = 512;

/** Settings of a {@link CaptureReader}. */
export interface CaptureReaderOptions {
  /**
   * Bytes of the longest block or packet that is read, 64 to 2^30, and of all that is kept of a
   * section's interfaces. Blocks that are skipped may be longer: they are not kept.
   *
   * @default 1048576
   */
  readonly maximumBlockLength?: number | undefined;
}

/**
 * Reads a capture, pcapng or pcap, from chunks of any size: packets, and the sections, interfaces and
 * statistics around them. Blocks of other types are skipped.
 *
 * Bytes and options are views of the chunks, or of copies where one came in parts: a chunk may be
 * used again when {@link next} has returned undefined and what it gave is no longer needed.
 *
 * @example
 * ```ts
 * import { CaptureReader, PcapngWriter } from '@rtap/frames';
 *
 * const writer = new PcapngWriter();
 * writer.addInterface({ name: 'rtap0' });
 * writer.writePacket(Uint8Array.of(1, 2, 3), { timestamp: 1_700_000_000_123_456_789n });
 *
 * const reader = new CaptureReader();
 * for (const chunk of [writer.take()]) {
 *   reader.push(chunk);
 *   for (const record of reader) {
 *     if (record.kind !== 'packet') continue;
 *     console.log(record.interface.name, record.timestamp, record.data.length); // rtap0 1700000000123456789n 3
 *   }
 * }
 * reader.end();
 * ```
 */
export class CaptureReader {
  readonly #maximum: number;
  readonly #queue = new ByteQueue();
  /** Bytes taken from the queue since the start. */
  #offset = 0;
  #format: PcapFlavour | 'pcapng' | undefined;
  #byteOrder: ByteOrder = 'little';
  #interfaces: CaptureInterface[] = [];
  #interfaceBytes = 0;
  /** Length and start of a block that is being skipped, and what is left of it. */
  #skipped = { length: 0, left: 0, offset: 0 };
  /** The interface of a pcap file, to be given behind its section. */
  #described: CaptureInterface | undefined;
  #error: CaptureError | undefined;

  /** @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`. */
  constructor(options: CaptureReaderOptions = {}) {
    const { maximumBlockLength = 0x100000 } = options;
    checkInteger('maximumBlockLength', maximumBlockLength, 64, 2 ** 30);
    this.#maximum = maximumBlockLength;
  }

  /**
   * Adds bytes; {@link next} gives what they hold.
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE`.
   */
  push(chunk: Uint8Array): void {
    checkBytes('chunk', chunk, 0, Infinity);
    this.#queue.push(chunk);
  }

  /**
   * Gives the next record, or undefined when more bytes are needed for one.
   *
   * @throws CaptureError when the bytes are no capture; then again at every call.
   */
  next(): CaptureRecord | undefined {
    if (this.#error !== undefined) throw this.#error;
    try {
      const record = this.#next();
      if (record === undefined) this.#queue.settle();
      return record;
    } catch (error) {
      if (error instanceof CaptureError) this.#error = error;
      throw error;
    }
  }

  /**
   * Gives the records that are there by now, as {@link next} does.
   *
   * @yields the records, one by one.
   * @throws CaptureError when the bytes are no capture.
   */
  *[Symbol.iterator](): Generator<CaptureRecord, void> {
    for (let record = this.next(); record !== undefined; record = this.next()) yield record;
  }

  /**
   * Says that nothing more comes.
   *
   * @throws CaptureError `ERR_CAPTURE_TRUNCATED` when the capture ends in the middle of a block, or
   *   is empty; the error that {@link next} threw, if it did.
   */
  end(): void {
    if (this.#error !== undefined) throw this.#error;
    const { left, offset } = this.#skipped;
    if (left === 0 && this.#queue.length === 0 && this.#format !== undefined) return;
    const at = left === 0 ? this.#offset : offset;
    this.#error = new CaptureError('ERR_CAPTURE_TRUNCATED', 'the capture ends in the middle', at);
    throw this.#error;
  }

  #next(): CaptureRecord | undefined {
    if (this.#format === undefined && !this.#recognise()) return undefined;
    return this.#format === 'pcapng' ? this.#nextBlock() : this.#nextPcap();
  }

  #recognise(): boolean {
    if (this.#queue.length < 4) return false;
    const magic = readU32(this.#queue.peek(4), 0);
    this.#format = magic === SECTION_HEADER ? 'pcapng' : pcapFlavour(magic);
    if (this.#format !== undefined) return true;
    throw new CaptureError('ERR_CAPTURE_UNSUPPORTED', 'neither pcapng nor pcap', 0);
  }

  #take(length: number): DataView {
    const bytes = this.#queue.take(length);
    this.#offset += length;
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  }

  #nextBlock(): CaptureRecord | undefined {
    for (;;) {
      if (!this.#skip() || this.#queue.length < 12) return undefined;
      const head = this.#queue.peek(12);
      const view = new DataView(head.buffer, head.byteOffset, 12);
      const type = view.getUint32(0, this.#byteOrder === 'little');
      if (type === SECTION_HEADER) this.#byteOrder = this.#orderOf(view.getUint32(8, true));
      const length = view.getUint32(4, this.#byteOrder === 'little');
      if (length < 12 || length % 4 !== 0) throw this.#malformed(`a block of ${length} bytes`);
      if (!isKnownBlock(type)) {
        this.#skipped = { length, left: length, offset: this.#offset };
        continue;
      }
      this.#checkLength(length);
      if (this.#queue.length < length) return undefined;
      return this.#readBlock(type, length);
    }
  }

  #readBlock(type: number, length: number): CaptureRecord {
    const offset = this.#offset;
    const little = this.#byteOrder === 'little';
    const whole = this.#queue.peek(length);
    const view = new DataView(whole.buffer, whole.byteOffset, length);
    if (view.getUint32(length - 4, little) !== length) {
      throw this.#malformed('a block whose two lengths differ');
    }
    const interfaces = this.#interfaces;
    const record = readBlock({ type, view, offset, byteOrder: this.#byteOrder, interfaces });
    this.#take(length);
    if (record.kind === 'section') {
      this.#interfaces = [];
      this.#interfaceBytes = 0;
    } else if (record.kind === 'interface') {
      this.#interfaceBytes += length + (record.id === 0 ? 0 : INTERFACE_COST);
      if (this.#interfaceBytes > this.#maximum) throw this.#tooLarge('interfaces', offset);
      this.#interfaces.push(record);
    }
    return record;
  }

  #orderOf(magic: number): ByteOrder {
    if (magic === BYTE_ORDER_MAGIC) return 'little';
    if (magic === 0x4d3c2b1a) return 'big';
    throw this.#malformed('a section without its byte-order magic');
  }

  /** Skips what is there of a block; false when more is to come. */
  #skip(): boolean {
    const skipped = this.#skipped;
    if (skipped.left > 4) {
      const count = Math.min(skipped.left - 4, this.#queue.length);
      this.#take(count);
      skipped.left -= count;
    }
    if (skipped.left === 0) return true;
    if (skipped.left > 4 || this.#queue.length < 4) return false;
    const length = this.#take(4).getUint32(0, this.#byteOrder === 'little');
    skipped.left = 0;
    if (length === skipped.length) return true;
    const { offset } = skipped;
    throw new CaptureError('ERR_CAPTURE_MALFORMED', 'a block whose two lengths differ', offset);
  }

  #nextPcap(): CaptureRecord | undefined {
    const flavour = this.#format;
    if (flavour === undefined || flavour === 'pcapng') return undefined;
    const [captured] = this.#interfaces;
    if (this.#offset === 0) {
      if (this.#queue.length < PCAP_HEADER_LENGTH) return undefined;
      const [section, described] = readPcapHeader(this.#take(PCAP_HEADER_LENGTH), flavour);
      this.#described = described;
      return section;
    }
    if (captured === undefined) {
      const described = this.#described;
      if (described !== undefined) this.#interfaces.push(described);
      return described;
    }
    if (this.#queue.length < PCAP_RECORD_LENGTH) return undefined;
    const head = this.#queue.peek(PCAP_RECORD_LENGTH);
    const view = new DataView(head.buffer, head.byteOffset, PCAP_RECORD_LENGTH);
    const record = readPcapRecord(view, flavour.littleEndian, captured);
    this.#checkLength(record.length);
    if (this.#queue.length < PCAP_RECORD_LENGTH + record.length) return undefined;
    this.#take(PCAP_RECORD_LENGTH);
    const data = this.#queue.take(record.length);
    this.#offset += record.length;
    const { timestamp, originalLength } = record;
    const rest = { direction: undefined, comments: [], options: [] };
    return { kind: 'packet', interface: captured, timestamp, data, originalLength, ...rest };
  }

  #checkLength(length: number): void {
    if (length > this.#maximum) throw this.#tooLarge(`${length} bytes in one piece`, this.#offset);
  }

  #tooLarge(what: string, offset: number): CaptureError {
    return new CaptureError('ERR_CAPTURE_TOO_LARGE', `${what}, above the bound,`, offset);
  }

  #malformed(what: string): CaptureError {
    return new CaptureError('ERR_CAPTURE_MALFORMED', what, this.#offset);
  }
}
