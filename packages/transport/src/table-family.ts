/**
 * What is to be known of a family of rtnetlink objects to dump and watch it as a table.
 *
 * @module
 */

import type { NetlinkMessage, RequestHeader } from '@rtap/netlink';

/**
 * What is to be known of a family to keep a table of it.
 *
 * {@link linkFamily} and {@link addressFamily} are two; one of your own needs these fields and nothing else.
 */
export interface TableFamily<T> {
  /** The multicast groups (`RTNLGRP_*`) that tell of changes; numbers above 32 too. */
  readonly groups: readonly number[];
  /** The name of the dump's request, such as `RTM_GETLINK`. */
  readonly name: string;
  /** The type of the messages that tell what is there, such as RTM_NEWLINK. */
  readonly added: number;
  /** The type of the messages that tell what is gone, such as RTM_DELLINK. */
  readonly removed: number;
  /** Makes the dump's request; `targetNetnsId` when another namespace is to be dumped. */
  readonly encode: (header: RequestHeader, targetNetnsId?: number) => Uint8Array;
  /** Reads a message of either type. */
  readonly decode: (message: NetlinkMessage) => T;
  /** What an element is told by. */
  readonly key: (element: T) => number | string;
  /** Whether an event tells the whole state of an element; one that doesn't is passed over. */
  readonly whole?: (element: T) => boolean;
}
