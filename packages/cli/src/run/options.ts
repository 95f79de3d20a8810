/**
 * What `rtap run` is asked for.
 *
 * @module
 */

import type { NetworkNamespaceOption } from '@rtap/native';
import type { TerminalStream } from '../frame/colors.ts';

/** What is done with frames. */
export type RunMode = 'rxonly' | 'txonly' | 'io' | 'macswap' | 'icmpecho';

/** All of them. */
export const RUN_MODES: readonly RunMode[] = ['rxonly', 'txonly', 'io', 'macswap', 'icmpecho'];

/** An interface that is asked for. */
export interface RunDevice {
  /** Its name; `%d` is a number that the kernel picks. */
  readonly name: string;
  /** Its addresses, such as 10.0.0.1/24. */
  readonly addresses: readonly string[];
}

/** What the command takes. */
export interface RunOptions {
  /** What is done with frames. */
  readonly mode: RunMode;
  /** The interfaces, one at least. */
  readonly devices: readonly RunDevice[];
  /** Takes interfaces that are there instead of making them. */
  readonly adopt: boolean;
  /** Where they are. */
  readonly netns?: NetworkNamespaceOption;
  /** Queue pairs of each. */
  readonly queues: number;
  /** What the kernel may leave undone in frames to us. */
  readonly offloads: 'none' | 'auto';
  /** MTU in bytes. */
  readonly mtu?: number;
  /** MAC address, of one interface. */
  readonly mac?: string;
  /** Lets native threads carry frames from one to the other; mode `io` with two interfaces. */
  readonly splice: boolean;
  /** Frames of `txonly` in a burst, and bytes of each. */
  readonly burst: number;
  readonly size: number;
  /** Frames a second of `txonly`, on each interface; as many as go when left out. */
  readonly rate?: number;
  /** Seconds after which it ends. */
  readonly duration?: number;
  /** An object a line instead of text. */
  readonly json: boolean;
  /** Where lines go. */
  readonly output: TerminalStream;
  /** Where what isn't an event goes. */
  readonly log: TerminalStream;
  /** Ends it. */
  readonly signal: AbortSignal;
}
