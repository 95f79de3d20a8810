/**
 * One request with the kernel, from the moment it is sent: what {@link Conversation} hands answers to.
 *
 * @module
 */

import type { Acknowledgement, NetlinkMessage } from '@rtap/netlink';
import { checkInteger, checkObject, invalidArgumentType } from './argument.ts';

/** What every request takes. */
export interface RequestOptions {
  /** Gives up waiting for the answer; what the kernel was asked to do may be done all the same. */
  readonly signal?: AbortSignal;
  /** Milliseconds to wait for the answer, 30,000 when left out, Infinity for ever; the kernel's lock can be held for long. */
  readonly timeout?: number;
  /** The interface that the request is about, for the error's `interface`. */
  readonly interface?: string;
  /** Told what the kernel said although it did what was asked; the client's own listener when left out. */
  readonly onWarning?: (warning: NetlinkWarning) => void;
}

/** What the kernel said of a request that it carried out: the message of an acknowledgement of success. */
export interface NetlinkWarning {
  /** The request, such as `RTM_NEWLINK`. */
  readonly syscall: string;
  /** The kernel's words. */
  readonly message: string;
  /** The attribute it is about, as a path such as `linkinfo.kind`. */
  readonly attribute?: string;
}

const DEFAULT_TIMEOUT = 30_000;
/** The longest that a timer of Node's waits. */
const LONGEST_TIMEOUT = 0x7fff_ffff;

/** Checks the options, and fills in how long an answer may take. */
export function checkRequestOptions(options: RequestOptions): {
  readonly signal: AbortSignal | undefined;
  readonly timeout: number;
} {
  checkObject('options', options);
  const { timeout = DEFAULT_TIMEOUT, signal } = options;
  if (timeout !== Infinity) checkInteger('options.timeout', timeout, 1, LONGEST_TIMEOUT);
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw invalidArgumentType('options.signal', 'an instance of AbortSignal', signal);
  }
  return { signal, timeout };
}

/** Why what came for a dump isn't all of it, or doesn't fit together. */
export type Disturbance = 'interrupted' | 'overrun' | 'truncated';

/** A request that waits for its answer. */
export interface Exchange {
  /** What errors call it. */
  readonly name: string;
  /** By which its answer is told. */
  readonly sequence: number;
  /** The bytes, for the attribute that the kernel points at. */
  readonly request: Uint8Array;
  /** Whether to receive for it now. */
  readonly wanting: boolean;
  /** The datagram that has been read holds these messages for it; true when they end it. */
  take(messages: readonly NetlinkMessage[]): boolean;
  /** The kernel has acknowledged it, or refused it: the end. */
  end(acknowledgement: Acknowledgement): void;
  /** Something for it may have been lost; true when that ends it. */
  disturb(disturbance: Disturbance, cause: unknown): boolean;
  /** Nothing more comes: the end. */
  fail(error: unknown): void;
}
