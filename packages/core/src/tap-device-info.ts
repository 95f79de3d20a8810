/**
 * What a device says of itself.
 *
 * @module
 */

import type { HandoverPeer, KernelEngine, KernelTapFeature } from '@rtap/native';
import type { DeviceState } from './device-state.ts';
import type { Offload } from './offloads.ts';

/** What is known of who has handed queues over. */
export interface AttachedTo {
  /** Who shared the device; undefined when its files came from elsewhere. */
  readonly peer: HandoverPeer | undefined;
  /** Which queues they are there. */
  readonly queues: readonly number[] | undefined;
}

/** What a device says of itself. */
export interface TapDeviceInfo {
  /** The interface's name, as last known. */
  readonly name: string;
  /** Its index in that namespace. */
  readonly ifindex: number;
  /** The network namespace it is in, as last known: the inode number of its file. */
  readonly namespaceInode: bigint;
  /** Where the device is in its life. */
  readonly state: DeviceState;
  /**
   * Whose the device is, if not this one's (see `attachTap`): who shared it, and which of their queues these are, as far as
   * that is known. The process may have ended since.
   */
  readonly attached: AttachedTo | undefined;
  /** Queue pairs it has. */
  readonly queues: number;
  /**
   * Most queue pairs it can have: 1 for an adopted interface without IFF_MULTI_QUEUE, and as many as it has for an attached
   * one.
   */
  readonly maxQueues: number;
  /** What else has a limit. */
  readonly limits: {
    /** Least and greatest MTU, in bytes. */
    readonly mtu: readonly [least: number, greatest: number];
    /** Most frames of a burst. */
    readonly burst: number;
    /** Bytes of the longest frame that is received whole, whatever the MTU. */
    readonly frame: number;
  };
  /** What the kernel's driver can do, found by asking it. */
  readonly features: readonly KernelTapFeature[];
  /** What the kernel may leave undone in frames to us: see `offloads` of `openTap`. */
  readonly offloads: {
    /** What it was granted. */
    readonly granted: readonly Offload[];
    /** Why that is less than `'auto'` stands for; undefined: it isn't. */
    readonly reason: string | undefined;
  };
  /** How bursts are carried out, and why not as it was wanted: see `engine` of `openTap`. */
  readonly engine: KernelEngine;
  /** LSC: whether it is wanted, and whether the kernel filters other interfaces' events away (when it is in force). */
  readonly linkStateChange: {
    readonly enabled: boolean;
    readonly filtered: boolean | undefined;
  };
}
