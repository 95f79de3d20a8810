/**
 * The blocks of pcapng (draft-ietf-opsawg-pcapng) that hold packets and what is to be known for them;
 * internal.
 *
 * @module
 */

import { CaptureError } from './capture-error.ts';
import { numberOption, OPT_COMMENT, readCaptureOptions, textOptions } from './capture-options.ts';
import {
  nanosecondsOf,
  type ByteOrder,
  type CaptureInterface,
  type CaptureOption,
  type CaptureRecord,
} from './capture-record.ts';

/** Type of a section header, the same in either byte order. */
export const SECTION_HEADER = 0x0a0d0d0a;
export const INTERFACE_DESCRIPTION = 1;
const OBSOLETE_PACKET = 2;
const SIMPLE_PACKET = 3;
export const INTERFACE_STATISTICS = 5;
export const ENHANCED_PACKET = 6;
/** What stands behind a section header's length, in the order of the section. */
export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

/** Bytes of a block that stand before its options, type and both lengths included. */
const LEAST_LENGTHS: ReadonlyMap<number, number> = new Map([
  [SECTION_HEADER, 28],
  [INTERFACE_DESCRIPTION, 20],
  [OBSOLETE_PACKET, 32],
  [SIMPLE_PACKET, 16],
  [INTERFACE_STATISTICS, 24],
  [ENHANCED_PACKET, 32],
]);

/** Tells whether a block of that type is read, and not skipped. */
export function isKnownBlock(type: number): boolean {
  return LEAST_LENGTHS.has(type);
}

/** A whole block, and where and in what section it stands. */
export interface Block {
  readonly type: number;
  readonly view: DataView;
  /** Where it starts in the capture. */
  readonly offset: number;
  readonly byteOrder: ByteOrder;
  readonly interfaces: readonly CaptureInterface[];
}

/** Reads a block of a known type. */
export function readBlock(block: Block): CaptureRecord {
  const { type, view } = block;
  if (view.byteLength < (LEAST_LENGTHS.get(type) ?? 0)) throw malformed(block, 'a block too short');
  const little = block.byteOrder === 'little';
  switch (type) {
    case SECTION_HEADER: {
      const major = view.getUint16(12, little);
      const version = `${major}.${view.getUint16(14, little)}`;
      if (major !== 1) {
        throw new CaptureError('ERR_CAPTURE_UNSUPPORTED', `pcapng ${version}`, block.offset);
      }
      const options = optionsOf(block, 24);
      return { kind: 'section', format: 'pcapng', byteOrder: block.byteOrder, version, options };
    }
    case INTERFACE_DESCRIPTION:
      return readInterface(block, little);
    case OBSOLETE_PACKET:
      return readPacket(block, little, view.getUint16(8, little));
    case ENHANCED_PACKET:
      return readPacket(block, little, view.getUint32(8, little));
    case SIMPLE_PACKET: {
      const captured = interfaceOf(block, 0);
      const originalLength = view.getUint32(8, little);
      const bound = captured.snapshotLength === 0 ? originalLength : captured.snapshotLength;
      const length = Math.min(originalLength, bound);
      const data = dataOf(block, 12, length);
      const rest = { direction: undefined, comments: [], options: [] };
      const timestamp = undefined;
      return { kind: 'packet', interface: captured, timestamp, data, originalLength, ...rest };
    }
    default:
      return readStatistics(block, little);
  }
}

function readInterface(block: Block, little: boolean): CaptureInterface {
  const options = optionsOf(block, 16);
  const resolution = numberOption(options, 9, 1)?.getUint8(0) ?? 6;
  const exponent = BigInt(resolution & 0x7f);
  return {
    kind: 'interface',
    id: block.interfaces.length,
    linkType: block.view.getUint16(8, little),
    snapshotLength: block.view.getUint32(12, little),
    name: textOptions(options, 2)[0],
    ticksPerSecond: (resolution & 0x80) === 0 ? 10n ** exponent : 2n ** exponent,
    timestampOffset: numberOption(options, 14, 8)?.getBigInt64(0, little) ?? 0n,
    options,
  };
}

/** An enhanced packet, or one of its forerunner: only the interface's number differs. */
function readPacket(block: Block, little: boolean, id: number): CaptureRecord {
  const { view } = block;
  const captured = interfaceOf(block, id);
  const length = view.getUint32(20, little);
  const data = dataOf(block, 28, length);
  const options = optionsOf(block, 28 + ((length + 3) & ~3));
  const flags = (numberOption(options, 2, 4)?.getUint32(0, little) ?? 0) & 3;
  return {
    kind: 'packet',
    interface: captured,
    timestamp: timestampOf(view, 12, little, captured),
    data,
    originalLength: view.getUint32(24, little),
    direction: flags === 1 ? 'inbound' : flags === 2 ? 'outbound' : undefined,
    comments: options.length === 0 ? [] : textOptions(options, OPT_COMMENT),
    options,
  };
}

function readStatistics(block: Block, little: boolean): CaptureRecord {
  const { view } = block;
  const captured = interfaceOf(block, view.getUint32(8, little));
  const options = optionsOf(block, 20);
  return {
    kind: 'statistics',
    interface: captured,
    timestamp: timestampOf(view, 12, little, captured),
    received: numberOption(options, 4, 8)?.getBigUint64(0, little),
    dropped: numberOption(options, 5, 8)?.getBigUint64(0, little),
    options,
  };
}

/** Two halves, the upper one first in either byte order. */
function timestampOf(
  view: DataView,
  offset: number,
  little: boolean,
  captured: CaptureInterface,
): bigint {
  const high = BigInt(view.getUint32(offset, little));
  const low = BigInt(view.getUint32(offset + 4, little));
  return nanosecondsOf((high << 32n) | low, captured);
}

function interfaceOf(block: Block, id: number): CaptureInterface {
  const captured = block.interfaces[id];
  if (captured === undefined) throw malformed(block, `a block of interface ${id}, which is none`);
  return captured;
}

function dataOf(block: Block, offset: number, length: number): Uint8Array {
  const { view } = block;
  if (length > view.byteLength - 4 - offset) throw malformed(block, 'a packet beyond its block');
  return new Uint8Array(view.buffer, view.byteOffset + offset, length);
}

function optionsOf(block: Block, offset: number): readonly CaptureOption[] {
  const end = block.view.byteLength - 4;
  const options = readCaptureOptions(block.view, offset, end, block.byteOrder === 'little');
  if (options === undefined) throw malformed(block, 'an option beyond its block');
  return options;
}

function malformed(block: Block, what: string): CaptureError {
  return new CaptureError('ERR_CAPTURE_MALFORMED', what, block.offset);
}
