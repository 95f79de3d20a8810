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
  /** The interface went to another network namespace, after a last `link` down if it was up. */
  readonly moved: [move: LinkMove];
  /** The interface is gone: exactly once, after a last `link` down if it was up. */
  readonly removed: [];
  /** Link events may have been lost; `tap.link` is true again, and what changed has been told. */
  readonly resync: [reason: ResyncReason];
}

/** Where an interface went, and whether the device goes on there. */
export type LinkMove =
  | {
      /** The device goes on there; its link is set up again if it was started. */
      readonly followed: true;
      /** The interface's index there. */
      readonly ifindex: number;
      /** Its name there. */
      readonly name: string;
      /** That network namespace: the inode number of its file. */
      readonly namespaceInode: bigint;
    }
  | {
      /** Frames pass as before, and a removal is told; operations that ask the kernel try to follow again. */
      readonly followed: false;
      /** The interface's index there, when the kernel told. */
      readonly ifindex: number | undefined;
      /** Why not. */
      readonly reason: string;
    };
