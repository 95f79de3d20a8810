/**
 * The classic pcap format (draft-ietf-opsawg-pcap), in either byte order, with microseconds or
 * nanoseconds; internal.
 *
 * @module
 */

import { CaptureError } from './capture-error.ts';
import { NO_OPTIONS } from './capture-options.ts';
import { nanosecondsOf, type CaptureInterface, type CaptureSection } from './capture-record.ts';

/** Bytes of the header of a file. */
export const PCAP_HEADER_LENGTH = 24;
/** Bytes before each packet. */
export const PCAP_RECORD_LENGTH = 16;

/** A file by its magic number. */
export interface PcapFlavour {
  readonly littleEndian: boolean;
  readonly ticksPerSecond: bigint;
}

/** Tells the flavour by the first four bytes, read in network order; undefined for other formats. */
export function pcapFlavour(magic: number): PcapFlavour | undefined {
  switch (magic) {
    case 0xa1b2c3d4:
      return { littleEndian: false, ticksPerSecond: 1_000_000n };
    case 0xd4c3b2a1:
      return { littleEndian: true, ticksPerSecond: 1_000_000n };
    case 0xa1b23c4d:
      return { littleEndian: false, ticksPerSecond: 1_000_000_000n };
    case 0x4d3cb2a1:
      return { littleEndian: true, ticksPerSecond: 1_000_000_000n };
    default:
      return undefined;
  }
}

/** Reads the header of a file: a section, and its one interface. */
export function readPcapHeader(
  view: DataView,
  { littleEndian, ticksPerSecond }: PcapFlavour,
): readonly [CaptureSection, CaptureInterface] {
  const major = view.getUint16(4, littleEndian);
  const version = `${major}.${view.getUint16(6, littleEndian)}`;
  if (major !== 2) throw new CaptureError('ERR_CAPTURE_UNSUPPORTED', `pcap ${version}`, 0);
  const byteOrder = littleEndian ? 'little' : 'big';
  const options = NO_OPTIONS;
  return [
    { kind: 'section', format: 'pcap', byteOrder, version, options },
    {
      kind: 'interface',
      id: 0,
      // The upper bits tell of frame check sequences.
      linkType: view.getUint32(20, littleEndian) & 0xffff,
      snapshotLength: view.getUint32(16, littleEndian),
      name: undefined,
      ticksPerSecond,
      timestampOffset: 0n,
      options,
    },
  ];
}

/** Reads what stands before a packet. */
export function readPcapRecord(
  view: DataView,
  littleEndian: boolean,
  captured: CaptureInterface,
): { readonly timestamp: bigint; readonly length: number; readonly originalLength: number } {
  const seconds = BigInt(view.getUint32(0, littleEndian));
  const fraction = BigInt(view.getUint32(4, littleEndian));
  return {
    timestamp: nanosecondsOf(seconds * captured.ticksPerSecond + fraction, captured),
    length: view.getUint32(8, littleEndian),
    originalLength: view.getUint32(12, littleEndian),
  };
}
