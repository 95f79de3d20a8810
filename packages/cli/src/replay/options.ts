/**
 * What `rtap replay` is asked for.
 *
 * @module
 */

import type { Readable } from 'node:stream';
import type { NetworkNamespaceOption } from '@rtap/native';

/** What the command takes. */
export interface ReplayOptions {
  /** Opens the capture, from its beginning. */
  readonly open: () => Readable;
  /** An interface that is there, to send out of; a new TAP device whose kernel receives the frames when left out. */
  readonly iface?: string;
  /** Name of that device. */
  readonly tap: string;
  /** Where it is. */
  readonly netns?: NetworkNamespaceOption;
  /** How many times as fast as it was captured; Infinity is without waiting. */
  readonly speed: number;
  /** How often. */
  readonly times: number;
  /** Seconds before the first frame. */
  readonly delay: number;
  /** Called before the first frame. */
  readonly onReady: (of: { readonly name: string; readonly ifindex: number }) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** What came of it. */
export interface ReplaySummary {
  /** Frames that were sent. */
  readonly packets: number;
  readonly bytes: number;
  /** Frames of those that the capture does not have whole. */
  readonly truncated: number;
  /** Packets that are no Ethernet frames. */
  readonly skipped: number;
  /** Frames that the interface did not take: longer than its MTU, or its link was down. */
  readonly refused: number;
  /** From the first frame to the last. */
  readonly seconds: number;
  /** Why it ended. */
  readonly reason: 'done' | 'signal';
}
