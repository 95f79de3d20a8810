/**
 * What the kernel may leave undone in frames to us.
 *
 * @module
 */

import { tunOffload } from '@rtap/native';
import { checkBoolean, checkOptions, invalidArgumentType, outOfRange } from './argument.ts';

/** Offloads by kind, when it is more than `'auto'` or `'none'`. */
export interface TapOffloads {
  /**
   * Checksums of TCP and UDP.
   *
   * @default what `tcp` or `udp` need: true when one of them is
   */
  readonly checksum?: boolean;
  /**
   * Segmentation of TCP: super-frames of up to 64 KB (TSO, which to a receiver is LRO).
   *
   * @default false
   */
  readonly tcp?: boolean;
  /**
   * Segmentation of UDP (USO).
   *
   * @default false
   */
  readonly udp?: boolean;
}

/**
 * What the kernel may leave undone in frames to us (TUNSETOFFLOAD): `'auto'` is all that this kernel grants, `'none'`
 * nothing. Offloads that are named are taken all, or the opening fails with `EINVAL`.
 */
export type OffloadsOption = 'auto' | 'none' | TapOffloads;

/** One offload, by the kernel's name: TUN_F_CSUM, TUN_F_TSO4 and so on of linux/if_tun.h. */
export type Offload = keyof typeof tunOffload;

const { checksum, tso4, tso6, tsoEcn, uso4, uso6 } = tunOffload;
const TCP = checksum | tso4 | tso6 | tsoEcn;
const UDP = checksum | uso4 | uso6;
/** Sets of flags for TUNSETOFFLOAD, the best first. */
const AUTO: readonly number[] = [TCP | UDP, TCP, checksum, 0];
const OFFLOADS: readonly Offload[] = ['checksum', 'tso4', 'tso6', 'tsoEcn', 'uso4', 'uso6'];

/** What a device was asked for, in sets of flags of which the kernel grants one. */
export interface WantedOffloads {
  /** Whether less is taken when the kernel refuses. */
  readonly auto: boolean;
  /** The sets, the best first. */
  readonly sets: readonly number[];
}

/** Checks which offloads are wanted. */
export function checkOffloads(name: string, value: unknown): WantedOffloads {
  if (value === 'auto') return { auto: true, sets: AUTO };
  if (value === 'none') return { auto: false, sets: [0] };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidArgumentType(name, "'auto', 'none' or an object", value);
  }
  const named: Partial<TapOffloads> = checkOptions(name, value);
  const tcp = checkBoolean(`${name}.tcp`, named.tcp ?? false);
  const udp = checkBoolean(`${name}.udp`, named.udp ?? false);
  const sums = checkBoolean(`${name}.checksum`, named.checksum ?? (tcp || udp));
  if (!sums && (tcp || udp)) {
    throw outOfRange(`${name}.checksum`, 'true with tcp or udp, which need it', sums);
  }
  return { auto: false, sets: [(sums ? checksum : 0) | (tcp ? TCP : 0) | (udp ? UDP : 0)] };
}

/** The offloads of a set of flags. */
export function offloadsOf(flags: number): readonly Offload[] {
  return OFFLOADS.filter((name) => (flags & tunOffload[name]) !== 0);
}

/** What is left to be asked for when frames come that the granted flags should not have let through. */
export function lesserOffloads(granted: number): readonly number[] {
  return granted === checksum ? [0] : [checksum, 0];
}
