/**
 * What a device tells.
 *
 * @module
 */

import type { LinkState, ResyncReason } from '@rtap/transport';

/** What a device tells, and with which arguments. */
export interface TapDeviceEvents {
  /** The status of the link changed, up or down: one event a change. */
  readonly link: [link: LinkState, previous: LinkState];
  /** The interface has another name. */
  readonly renamed: [name: string, previous: string];
  /** The interface has another MTU, in bytes. */
  readonly mtu: [mtu: number, previous: number];
  /** The interface has another MAC address, as `02:00:00:00:00:01`. */
  readonly macAddress: [macAddress: string, previous: string];
  /** The interface went to another network namespace. */
  readonly moved: [move: LinkMove];
  /** The interface is gone: exactly once, after a last `link` down if it was up. */
  readonly removed: [];
  /** Link events may have been lost; `tap.link` is true again, and what changed has been told. */
  readonly resync: [reason: ResyncReason];
}

/** Where an interface went. */
export interface LinkMove {
  /** Its ifindex there, when the kernel told. */
  readonly ifindex: number | undefined;
  /** Whether the device goes on there. */
  readonly followed: boolean;
  /** Why not. */
  readonly reason: string;
}
