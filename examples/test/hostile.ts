/**
 * Frames that nobody should send, and everybody may.
 *
 * @module
 */

import {
  IPPROTO_ICMP,
  IPPROTO_TCP,
  IPPROTO_UDP,
  checksum,
  pseudoHeaderSum,
  readIpv4,
} from '@rtap/frames';
import fc from 'fast-check';

/** The same frames at each run. */
export const RUNS = { seed: 8, numRuns: 2000 } as const;

const value = fc.oneof(fc.constantFrom(0, 1, 4, 0x3f, 0x7f, 0x80, 0xc0, 0xff), fc.nat(0xff));
const edits = fc.array(fc.tuple(fc.oneof(fc.nat(60), fc.nat(400)), value), { maxLength: 4 });
const noise = fc.uint8Array({ maxLength: 40 });

/** How a valid frame is changed. */
const damage = fc.record({
  edits,
  cut: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(400)),
  tail: fc.oneof({ weight: 3, arbitrary: fc.constant(new Uint8Array(0)) }, noise),
  tag: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
  // Who means harm makes the checksums right again.
  repair: fc.boolean(),
});

/** Valid frames with bytes changed, cut off, extended, tagged, with checksums wrong or right; and frames of any bytes. */
export function hostileFrames(valid: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const damaged = fc.tuple(fc.constantFrom(...valid), damage).map(([frame, how]) => {
    const changed = frame.slice();
    for (const [at, byte] of how.edits) if (at < changed.length) changed[at] = byte;
    const whole = [...changed.subarray(0, Math.max(0, changed.length - how.cut)), ...how.tail];
    const bytes = Uint8Array.from(whole);
    if (how.repair) repair(bytes);
    return how.tag ? tagged(bytes) : bytes;
  });
  const any = fc.uint8Array({ maxLength: 200 });
  // With the addresses and the type of a valid one.
  const anyPayload = fc.tuple(fc.constantFrom(...valid), any).map(([frame, bytes]) => {
    return Uint8Array.from([...frame.subarray(0, 14), ...bytes]);
  });
  return fc.oneof({ weight: 8, arbitrary: damaged }, any, anyPayload);
}

/** A frame behind a VLAN tag. */
export function tagged(frame: Uint8Array): Uint8Array {
  return Uint8Array.from([...frame.subarray(0, 12), 0x81, 0, 0, 7, ...frame.subarray(12)]);
}

/** A copy with other bytes at some place. */
export function edited(bytes: Uint8Array, at: number, ...values: readonly number[]): Uint8Array {
  const changed = bytes.slice();
  changed.set(values, at);
  return changed;
}

/** The same of a frame, whose checksums are made right again. */
export function patched(frame: Uint8Array, at: number, ...values: readonly number[]): Uint8Array {
  const changed = edited(frame, at, ...values);
  repair(changed);
  return changed;
}

/** Where in a payload its checksum is. */
const CHECKSUMS: Readonly<Record<number, number>> = {
  [IPPROTO_TCP]: 16,
  [IPPROTO_UDP]: 6,
  [IPPROTO_ICMP]: 2,
};

/** What an IPv4 packet carries: where it is, by its own length if it has one, and where its checksum is. */
function payloadOf(frame: Uint8Array) {
  const ip = readIpv4(frame, 14);
  const place = CHECKSUMS[ip?.protocol ?? 0];
  if (ip === undefined || place === undefined || ip.payloadLength < place + 2) return undefined;
  const { source, destination, protocol, payloadOffset: start } = ip;
  const told = protocol === IPPROTO_UDP ? readU16(frame, start + 4) : ip.payloadLength;
  const length = Math.min(told, ip.payloadLength);
  const hasAddresses = protocol !== IPPROTO_ICMP;
  const initial = hasAddresses ? pseudoHeaderSum(source, destination, protocol, told) : 0;
  return { protocol, start, length, initial, checksumAt: start + place };
}

/** Makes the checksums of an IPv4 packet right, where there are some. */
function repair(frame: Uint8Array): void {
  const ip = readIpv4(frame, 14);
  if (ip === undefined) return;
  frame.set([0, 0], 24);
  writeU16(frame, 24, checksum(frame, 14, ip.headerLength));
  const payload = payloadOf(frame);
  if (payload === undefined) return;
  frame.set([0, 0], payload.checksumAt);
  writeU16(
    frame,
    payload.checksumAt,
    checksum(frame, payload.start, payload.length, payload.initial),
  );
}

/** Whether the checksums of an IPv4 packet and of what it carries are right. */
export function isSound(frame: Uint8Array): boolean {
  const ip = readIpv4(frame, 14);
  const payload = payloadOf(frame);
  if (ip === undefined || payload === undefined) return false;
  const { protocol, start, length, initial, checksumAt } = payload;
  const isLeftOut = protocol === IPPROTO_UDP && readU16(frame, checksumAt) === 0;
  const isRight = isLeftOut || checksum(frame, start, length, initial) === 0;
  return isRight && checksum(frame, 14, ip.headerLength) === 0;
}

function readU16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function writeU16(bytes: Uint8Array, at: number, word: number): void {
  bytes.set([word >> 8, word], at);
}
