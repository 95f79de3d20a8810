/**
 * What `rtap capture` is asked for.
 *
 * @module
 */

import type { NetworkNamespaceOption } from '@rtap/native';

/** An interface that packets are of. */
export interface CapturedInterface {
  readonly name: string;
  readonly ifindex: number;
  /** ARPHRD_* of linux/if_arp.h. */
  readonly deviceType: number;
  /** LINKTYPE_*: what its packets begin with. */
  readonly linkType: number;
}

/** What the command takes. */
export interface CaptureCommandOptions {
  /** The interface. */
  readonly interface: CapturedInterface;
  /** Where it is. */
  readonly netns?: NetworkNamespaceOption;
  /** Bytes of a packet that are kept at most; all when left out. */
  readonly snapLength?: number;
  /** Packets after which it ends. */
  readonly count?: number;
  /** Seconds after which it ends. */
  readonly duration?: number;
  /** Whether the interface takes frames for others meanwhile. */
  readonly promiscuous: boolean;
  /** Takes the bytes of the file, in order. */
  readonly write: (bytes: Uint8Array) => void;
  /** Bytes that were given to `write` and are still in this process. */
  readonly waiting: () => number;
  /** Called when no packet is missed any more. */
  readonly onReady: (of: { readonly name: string; readonly ifindex: number }) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** What came of it. */
export interface CaptureSummary {
  /** Packets in the file. */
  readonly packets: number;
  /** Bytes that they had on the wire. */
  readonly bytes: number;
  /** Packets that there was no room for: in the kernel, or behind a pipe whose reader is slow. */
  readonly drops: number;
  /** Why it ended. */
  readonly reason: 'signal' | 'count' | 'duration' | 'removed';
}
