/**
 * What `rtap run --json` prints beside lines of links.
 *
 * @module
 */

import type { LinkStatus } from '@rtap/transport';
import type { RunMode } from './options.ts';

/** The first line: the devices are up. */
export interface RunReadyLine {
  readonly event: 'ready';
  /** What is done with frames. */
  readonly mode: RunMode;
  /** The interfaces, in the order in which they were asked for. */
  readonly interfaces: readonly { readonly name: string; readonly ifindex: number }[];
  /** When, in ISO 8601 with milliseconds, UTC. */
  readonly time: string;
}

/** What has passed since the devices were opened. Received is what the kernel sends out of the interface. */
export interface RunCounts {
  readonly rxPackets: number;
  readonly rxBytes: number;
  /** Reads that failed, and frames whose header was not true of them. */
  readonly rxErrors: number;
  readonly txPackets: number;
  readonly txBytes: number;
  /** Frames that the kernel refused as bad. */
  readonly txErrors: number;
  /** Frames that could not be sent: the link was down, or the interface gone. */
  readonly txDropped: number;
}

/** A second. */
export interface RunRates {
  readonly rxPackets: number;
  readonly rxBytes: number;
  readonly txPackets: number;
  readonly txBytes: number;
}

/** A queue pair in a line of statistics. */
export interface RunQueue extends RunCounts {
  /** Its number, from 0. */
  readonly queue: number;
  /** Since the last line; of a summary since the beginning. */
  readonly rates: RunRates;
}

/** An interface in a line of statistics. */
export interface RunInterface extends RunCounts {
  /** Its name and index by now. */
  readonly name: string;
  readonly ifindex: number;
  /** Whether it is there; nothing is counted any more when it isn't. */
  readonly present: boolean;
  readonly status: LinkStatus;
  /** Frames that the kernel had for the device and dropped, as a queue was full. */
  readonly imissed: number;
  /** Since the last line; of a summary since the beginning. */
  readonly rates: RunRates;
  /** Each queue pair. */
  readonly queues: readonly RunQueue[];
}

/** A line a second, and the last one. */
export interface RunStatsLine {
  readonly event: 'stats' | 'summary';
  /** Of the summary: why it ended. */
  readonly reason?: 'signal' | 'duration' | 'removed';
  /** Since the devices were up. */
  readonly seconds: number;
  readonly interfaces: readonly RunInterface[];
  /** When, in ISO 8601 with milliseconds, UTC. */
  readonly time: string;
}
