/**
 * What a generated frame carries so that its receiver can count: which stream, and which number in it.
 *
 * @module
 */

/** Bytes of a mark: a magic number, the stream (32 bits), the sequence number (64 bits), in network order. */
export const MARK_BYTES = 16;

/** "rtap" */
const MAGIC = 0x72_74_61_70;

const WORD = 2 ** 32;

/** Writes a mark. */
export function writeMark(view: DataView, offset: number, stream: number, sequence: number): void {
  view.setUint32(offset, MAGIC);
  view.setUint32(offset + 4, stream);
  writeSequence(view, offset, sequence);
}

/** Writes the number of a mark that is there already. */
export function writeSequence(view: DataView, offset: number, sequence: number): void {
  view.setUint32(offset + 8, Math.floor(sequence / WORD));
  view.setUint32(offset + 12, sequence % WORD);
}

/** Reads the sequence number of a mark; -1 when there is none of this stream. */
export function readMark(view: DataView, offset: number, stream: number): number {
  if (view.getUint32(offset) !== MAGIC || view.getUint32(offset + 4) !== stream) return -1;
  return view.getUint32(offset + 8) * WORD + view.getUint32(offset + 12);
}
