/**
 * What is to be known of a family of rtnetlink objects to dump and watch it as a table.
 *
 * @module
 */

import type { NetlinkMessage, RequestHeader } from '@rtap/netlink';

/** A message about an object of a table. */
export interface TableMessage<T> {
  /** The object, as the message tells it. */
  readonly item: T;
  /** Whether it is gone. */
  readonly removed: boolean;
  /** The message's flags, such as NLM_F_REPLACE. */
  readonly flags: number;
}

/** What a message does to a table, when it isn't just to set or delete the object of its key. */
export interface TableEffect<T> {
  /** Objects that go, others than those that `set` has the keys of. */
  readonly gone: readonly T[];
  /** Objects that come, or change. */
  readonly set: readonly T[];
  /** Whether that is all that the kernel did; if not, the table is dumped anew. */
  readonly certain: boolean;
}

/** Objects whose messages can concern each other, such as routes to the same destination. */
export interface TableGroups<T> {
  /** What the objects of a group have in common. */
  readonly of: (item: T) => string;
  /**
   * What a message does to its group.
   *
   * @param replayed - the message may be older than what is known of the group, which a dump told.
   */
  readonly effect: (
    message: TableMessage<T>,
    group: readonly T[],
    replayed: boolean,
  ) => TableEffect<T>;
}

/** Changes that the kernel makes without a word: it tells what causes them, and not what they are. */
export interface SilentChanges<T> {
  /** The groups that tell of the causes. */
  readonly groups: readonly number[];
  /** Makes a listener for one namespace: it says of each message whether it can be such a cause. */
  readonly listen: () => (message: NetlinkMessage) => boolean;
  /** All that can change of an object, as a string, but for what changes all the time, such as counters. */
  readonly state: (item: T) => string;
}

/**
 * What is to be known of a family to keep a table of it.
 *
 * {@link linkFamily} and {@link routeFamily} are two; one of your own needs the fields that aren't optional,
 * and the others only where the kernel does what they are about.
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
  /** Whether a message tells the whole state of an element; one that doesn't is passed over. */
  readonly whole?: (element: T) => boolean;
  /** Whether an element belongs in the table as it is; one that no longer does is gone. */
  readonly member?: (element: T) => boolean;
  /**
   * Whether other namespaces can be dumped by their id. If not, their events are told as they come, and their
   * tables aren't known. True when left out.
   */
  readonly dumpsOthers?: boolean;
  /** Whether a dump goes on by position, so that what is deleted meanwhile can make it miss something. */
  readonly dumpsByPosition?: boolean;
  /** Where a message can do more than to set or delete the object of its key. */
  readonly related?: TableGroups<T>;
  /** Where the kernel makes changes without a word. */
  readonly silent?: SilentChanges<T>;
}
