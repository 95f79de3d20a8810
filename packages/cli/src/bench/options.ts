/**
 * What `rtap bench` takes and tells.
 *
 * @module
 */

import type { TerminalStream } from '../frame/colors.ts';

/** What the command takes. */
export interface BenchOptions {
  /** Seconds of each workload. */
  readonly seconds: number;
  /** An object a line instead of text. */
  readonly json: boolean;
  /** Where lines go. */
  readonly output: TerminalStream;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** What was measured of a workload; a line of `rtap bench --json`. */
export interface BenchResult {
  readonly event: 'result';
  /** Frames of the kernel's taken, frames given to it, both with another device between, or a ping answered. */
  readonly workload: 'receive' | 'send' | 'forward' | 'ping';
  /** Bytes of a frame, Ethernet header included. */
  readonly size: number;
  /** How many rounds, or pings, there were: figures are medians of them. */
  readonly rounds: number;
  /** Nanoseconds that a frame takes, or a ping until it is answered: the median, and what 1 of 100 is above. */
  readonly nanoseconds: number;
  readonly nanosecondsP99: number;
  /** Of all but pings: frames a second, by that median. */
  readonly framesPerSecond?: number;
}

/** The first line: where it is measured. */
export interface BenchMachine {
  readonly event: 'machine';
  readonly node: string;
  readonly kernel: string;
  readonly arch: string;
  readonly cpu: string;
  readonly cpus: number;
}
