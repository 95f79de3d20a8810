/**
 * TAP devices that other processes have opened.
 *
 * @module
 */

import { checkInteger, checkOptions, invalidArgumentType, outOfRange } from './argument.ts';
import { checkEngine } from './engine.ts';
import type { EngineName } from './engine.ts';
import { nativeError } from './errors.ts';
import { nativeFiles } from './handover.ts';
import type { HandoverFiles } from './handover.ts';
import { binding } from './load.ts';
import { namespaceArguments } from './namespace.ts';
import type { NetworkNamespaceOption } from './namespace.ts';
import { checkOffloads, tapOf } from './tap.ts';
import type { KernelTap } from './tap.ts';

/** The largest number of a file. */
const FD_MAX = 0x7f_ff_ff_ff;
/** The largest number of an interface. */
const INDEX_MAX = 0x7f_ff_ff_ff;
/** How many queue pairs a device has at most. */
const QUEUES_MAX = 128;

/** What another process says of queues that it hands over. */
export interface KernelReceivedQueues {
  /**
   * What came with it: the queues, then the interface's network namespace, a netlink socket to ask with there, and one to
   * subscribe with. They are this call's: closed with the device, or when it fails.
   */
  readonly files: HandoverFiles;
  /** How many of them are queues. */
  readonly queues: number;
  /** The interface's number. */
  readonly ifindex: number;
  /** The inode of its network namespace. */
  readonly namespaceInode: bigint;
  /** What the kernel may leave undone in frames to the device, as `tunOffload` flags. */
  readonly offloads: number;
}

/** How to attach to a device: by `fds` or by `received`. */
export interface KernelAttachOptions {
  /**
   * Open files of the device's queues, by their numbers. They belong to the device when this resolves, and are untouched
   * when it rejects.
   */
  readonly fds?: readonly number[];
  /** With `fds`: where the interface is. @default where the file says, if this process may know, or its own namespace */
  readonly netns?: NetworkNamespaceOption;
  /** Queues that were received. */
  readonly received?: KernelReceivedQueues;
  /** What the kernel may leave undone from now on, as for `openTap`. @default what it was */
  readonly offloads?: readonly number[];
  /** How bursts are to be carried out. @default 'syscall' */
  readonly engine?: EngineName;
}

/** Attaches to a TAP device of the real kernel. */
export async function attachTap(options: KernelAttachOptions): Promise<KernelTap> {
  checkOptions('options', options);
  const { fds, received } = options;
  if ((fds === undefined) === (received === undefined)) {
    throw outOfRange('options', 'with either fds or received', options);
  }
  const { offloads } = options;
  const sets = offloads === undefined ? undefined : checkOffloads('options.offloads', offloads);
  const ioUring = checkEngine('options.engine', options.engine ?? 'syscall') === 'io_uring';
  try {
    if (fds !== undefined) {
      const numbers = checkFiles(fds);
      const namespace = namespaceArguments(options.netns);
      return tapOf(await binding().attachTap(numbers, sets, ioUring, ...namespace));
    }
    const { files, ...about } = checkReceived(received);
    const wanted = { ioUring, ...(sets === undefined ? {} : { offloads: sets }) };
    return tapOf(await binding().attachReceivedTap(files, { ...about, ...wanted }));
  } catch (error) {
    throw nativeError(error);
  }
}

function checkFiles(fds: readonly number[]): number[] {
  if (!Array.isArray(fds)) throw invalidArgumentType('options.fds', 'an instance of Array', fds);
  if (fds.length === 0 || fds.length > QUEUES_MAX) {
    throw outOfRange('options.fds', `1 to ${QUEUES_MAX} files`, fds);
  }
  const numbers = Array.from(fds, (fd, index) =>
    checkInteger(`options.fds[${index}]`, fd, 0, FD_MAX),
  );
  if (new Set(numbers).size !== numbers.length) {
    throw outOfRange('options.fds', 'a list of different files', fds);
  }
  return numbers;
}

function checkReceived(received: KernelReceivedQueues | undefined) {
  checkOptions('options.received', received);
  if (received === undefined)
    throw invalidArgumentType('options.received', 'of type object', received);
  const { namespaceInode } = received;
  const files = nativeFiles(received.files);
  if (files === undefined) {
    throw invalidArgumentType('options.received.files', 'files of the real kernel', received.files);
  }
  if (typeof namespaceInode !== 'bigint') {
    throw invalidArgumentType('options.received.namespaceInode', 'of type bigint', namespaceInode);
  }
  const name = 'options.received';
  return {
    files,
    queues: checkInteger(`${name}.queues`, received.queues, 1, QUEUES_MAX),
    ifindex: checkInteger(`${name}.ifindex`, received.ifindex, 1, INDEX_MAX),
    namespaceInode,
    granted: checkInteger(`${name}.offloads`, received.offloads, 0, 0xffff_ffff),
  };
}
