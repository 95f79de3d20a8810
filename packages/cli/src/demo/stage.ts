/**
 * What the demo plays on: the real kernel, in a namespace of its own, or a fake one.
 *
 * @module
 */

import type { OpenTapOptions, TapDevice } from '@rtap/core';
import type { NetlinkClient } from '@rtap/transport';

/** Addresses of the kernel's side of the cable. */
export const KERNEL_ADDRESSES = ['10.77.0.1/24', 'fd77::1/64'] as const;

/** What came of pinging. */
export interface PingOutcome {
  /** Who judged. */
  readonly judge: string;
  /** Requests that were to be answered. */
  readonly wanted: number;
  /** Round-trip times of the replies, in milliseconds. */
  readonly times: readonly number[];
}

/** A kernel for the demo. */
export interface Stage {
  /** Where devices are opened. */
  readonly where: Pick<OpenTapOptions, 'netns' | 'kernel'>;
  /** What that is, for people. */
  readonly place: string;
  /** A netlink client of its own: what changes the interface from outside, as `ip link` would. */
  readonly outside: NetlinkClient;
  /** Gives the interface {@link KERNEL_ADDRESSES}. */
  giveAddresses(tap: TapDevice): Promise<void>;
  /** Has the kernel's side ping an address of this process. */
  ping(tap: TapDevice, address: string, signal: AbortSignal): Promise<PingOutcome>;
  /** Commands for a look from another terminal. */
  lookIn(tap: TapDevice): readonly string[];
  /** Takes it all down. */
  close(): Promise<void>;
}
