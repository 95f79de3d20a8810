/**
 * What a device is shared by.
 *
 * @module
 */

import type { HandoverAddress, HandoverPeer } from '@rtap/native';
import {
  checkInteger,
  checkOptions,
  checkSignal,
  invalidArgumentType,
  outOfRange,
} from './argument.ts';
import { checkHandoverAddress } from './handover-address.ts';

/** The largest number of a user or group; the next one means none. */
const LARGEST_ID = 0xffff_fffe;
/** The largest process id (PID_MAX_LIMIT, linux/threads.h). */
const PID_MAX = 4_194_304;
/** All bits of a file's mode that are permissions. */
const MODE_MAX = 0o777;

/** Who may attach to a shared device: whoever is all that is said. */
export interface ShareAllowance {
  /** Users, by their numbers; root needs no naming. @default the process's own, when there is no `gid` either */
  readonly uid?: number | readonly number[];
  /** Groups, by their numbers; root needs no naming. */
  readonly gid?: number | readonly number[];
  /** Processes, by their numbers: nobody else, root neither. */
  readonly pid?: number | readonly number[];
}

/** What {@link TapDevice.share} takes: one of `path`, `abstract` and `socket`, and the queues. */
export interface ShareOptions {
  /**
   * Path of a Unix socket to make, 1 to 107 bytes. It goes with the share; one that a process has left behind is
   * replaced.
   */
  readonly path?: string;
  /** A name for a Unix socket that is in no file system (unix(7)): 1 to 107 bytes, for one network namespace. */
  readonly abstract?: string;
  /** An open Unix socket of type SOCK_SEQPACKET that listens, by its number: it belongs to the share from then on. */
  readonly socket?: number;
  /**
   * Permissions of the path's file: who may connect at all.
   *
   * @default 0o600
   */
  readonly mode?: number;
  /** Which queues, by their indexes. */
  readonly queues: readonly number[];
  /** Who may attach, as the kernel vouches for them (SO_PEERCRED). */
  readonly allow?: ShareAllowance;
  /** Closes the share when aborted. */
  readonly signal?: AbortSignal;
}

/** Those options, checked. */
export interface CheckedShareOptions {
  readonly address: HandoverAddress;
  readonly mode: number;
  readonly queues: readonly number[];
  readonly allows: (peer: HandoverPeer) => boolean;
  readonly signal: AbortSignal | undefined;
}

/** Checks what is to be shared, of a device with so many queues. */
export function checkShareOptions(
  options: Partial<ShareOptions>,
  queueCount: number,
): CheckedShareOptions {
  const address = checkHandoverAddress('options', options);
  if (address === undefined) {
    throw outOfRange('options', 'with one of path, abstract and socket', undefined);
  }
  return {
    address,
    mode: checkInteger('options.mode', options.mode ?? 0o600, 0, MODE_MAX),
    queues: checkQueues(options.queues, queueCount),
    allows: checkAllowance(options.allow),
    signal: checkSignal('options.signal', options.signal),
  };
}

function checkQueues(queues: unknown, count: number): readonly number[] {
  const name = 'options.queues';
  if (!Array.isArray(queues)) throw invalidArgumentType(name, 'an instance of Array', queues);
  const checked = Array.from(queues, (queue: unknown, index) =>
    checkInteger(`${name}[${index}]`, queue, 0, count - 1),
  );
  if (checked.length === 0 || new Set(checked).size !== checked.length) {
    throw outOfRange(name, 'at least one, and each once', queues);
  }
  return checked;
}

function checkAllowance(allow: ShareAllowance | undefined): (peer: HandoverPeer) => boolean {
  const given = checkOptions('options.allow', allow);
  const uid = checkNumbers('options.allow.uid', given.uid, 0, LARGEST_ID);
  const gid = checkNumbers('options.allow.gid', given.gid, 0, LARGEST_ID);
  const pid = checkNumbers('options.allow.pid', given.pid, 1, PID_MAX);
  const own = uid === undefined && gid === undefined ? [process.geteuid?.() ?? 0] : undefined;
  const holds = (numbers: readonly number[] | undefined, number: number, root: boolean): boolean =>
    numbers === undefined || root || numbers.includes(number);
  return (peer) =>
    holds(uid ?? own, peer.uid, peer.uid === 0) &&
    holds(gid, peer.gid, peer.uid === 0) &&
    holds(pid, peer.pid, false);
}

function checkNumbers(
  name: string,
  value: number | readonly number[] | undefined,
  least: number,
  greatest: number,
): readonly number[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) return [checkInteger(name, value, least, greatest)];
  return Array.from(value, (one: unknown, index) =>
    checkInteger(`${name}[${index}]`, one, least, greatest),
  );
}
