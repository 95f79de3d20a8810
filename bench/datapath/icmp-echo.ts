/**
 * Answers to pings, as `c/contender.c` makes them.
 *
 * @module
 */

const TYPE = 12;
const IP = 14;
const ICMP = IP + 20;
const ECHO = 8;

/** Makes an answer of an ICMP echo request (IPv4, no options) in place; false when it is something else. */
export function answerEcho(bytes: Uint8Array, frame: number, length: number): boolean {
  const icmp = frame + ICMP;
  if (
    length < ICMP + 8 ||
    bytes[frame + TYPE] !== 8 ||
    bytes[frame + TYPE + 1] !== 0 ||
    bytes[frame + IP] !== 0x45 ||
    bytes[frame + IP + 9] !== 1 ||
    bytes[icmp] !== ECHO
  ) {
    return false;
  }
  swap(bytes, frame, 6);
  swap(bytes, frame + IP + 12, 4);
  bytes[icmp] = 0;
  // The type was the high byte of a word: what it loses the checksum gains (RFC 1624).
  const sum = (((bytes[icmp + 2] ?? 0) << 8) | (bytes[icmp + 3] ?? 0)) + (ECHO << 8);
  const folded = (sum & 0xff_ff) + (sum >> 16);
  bytes[icmp + 2] = folded >> 8;
  bytes[icmp + 3] = folded;
  return true;
}

/** Swaps two addresses that stand one behind the other. */
function swap(bytes: Uint8Array, at: number, length: number): void {
  for (let index = at; index < at + length; index += 1) {
    const kept = bytes[index] ?? 0;
    bytes[index] = bytes[index + length] ?? 0;
    bytes[index + length] = kept;
  }
}
