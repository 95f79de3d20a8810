/**
 * Attaching to a device that another process has opened.
 *
 * @module
 */

import type {
  EngineName,
  HandoverAddress,
  Kernel,
  KernelTap,
  NetworkNamespaceOption,
} from '@rtap/native';
import { errorCode } from '@rtap/transport';
import {
  checkBoolean,
  checkInteger,
  checkOptions,
  checkSignal,
  invalidArgumentType,
  outOfRange,
} from './argument.ts';
import { checkEngine } from './engine.ts';
import { RtapError, asRtapError } from './errors.ts';
import { FD_MAX, checkHandoverAddress } from './handover-address.ts';
import { inheritedFiles } from './inherited-files.ts';
import { checkKernel } from './kernel.ts';
import { checkOffloads } from './offloads.ts';
import type { OffloadsOption } from './offloads.ts';
import { receiveHandover } from './receive-handover.ts';
import { MAX_QUEUES, TapDevice } from './tap-device.ts';
import type { TapDeviceParts } from './tap-device.ts';

/**
 * What {@link attachTap} takes: one of `path`, `abstract`, `socket` and `fd`. Without any it is the files that the process
 * was started with.
 */
export interface AttachTapOptions {
  /** The path that a device is shared by: `tap.share({ path })`. */
  readonly path?: string;
  /** The abstract name that it is shared by. */
  readonly abstract?: string;
  /** A connected Unix socket of type SOCK_SEQPACKET, by its number, whose other side shares a device. */
  readonly socket?: number;
  /** An open file of a queue, by its number, or those of several queues of one device. */
  readonly fd?: number | readonly number[];
  /** How many queues of a shared device to take, 1 to 128; all that are free when left out. */
  readonly queues?: number;
  /** With `fd`: the network namespace of the interface, for who may not ask its file: else it is found. */
  readonly netns?: NetworkNamespaceOption;
  /**
   * What the kernel may leave undone in frames to the device, whoever has its queues, as for `openTap`; left out, it stays
   * as it is. Frames are for the wire in any case.
   */
  readonly offloads?: OffloadsOption;
  /** How bursts are carried out, as for `openTap`. @default 'syscall' */
  readonly engine?: EngineName;
  /** Whether link-state changes are told while the device is started. @default true */
  readonly linkStateChange?: boolean;
  /** Whether to start the device; if not it is left configured. @default true */
  readonly start?: boolean;
  /** Whether frames are received into SharedArrayBuffers. @default false */
  readonly sharedBuffers?: boolean;
  /** The kernel that it is on: the real one when left out, or a fake one. */
  readonly kernel?: Kernel;
  /** Undoes the attaching when aborted. */
  readonly signal?: AbortSignal;
}

/**
 * Attaches to a device that another process has opened: takes queues that it shares by `tap.share`, or files of queues that
 * were given to this process, and starts.
 *
 * It is a device as any other, with its own link-state changes, but the interface belongs to somebody else: `start` and
 * `stop` leave the link as it is, its queues are those that were given (`configure` changes neither their number nor can
 * it), what waits in them is kept, and `close` ends the interface only when nobody else has it open. What is set of the
 * interface needs the same rights as for anybody.
 *
 * Without `path`, `abstract`, `socket` and `fd` the files are those of the environment: `RTAP_FD`, or `LISTEN_FDS` with
 * `LISTEN_PID` and `LISTEN_FDNAMES` (of the latter those called `rtap`), which are taken out of `process.env` then.
 *
 * A file is checked before anything is changed: TUNGETIFF and rtnetlink say what it is. One that is refused is left open,
 * and as it is; one that is taken belongs to the device. IFF_VNET_HDR may be lacking, and its header have any length: the
 * device is left so.
 *
 * @throws TypeError or RangeError for a wrong option, before anything is done; RtapError: `EBADF` when a file isn't
 * open, `EBUSY` when it is a device's of this process already, `ENOTTY` when it is none of /dev/net/tun, `EBADFD` when
 * no interface is attached to it (any more), `EINVAL` when it is a TUN, lacks IFF_NO_PI, is detached, or not of the
 * same device as the others, `ENODEV` when its interface is in a namespace that this process may not ask. Of a share:
 * `ENOENT`, `ECONNREFUSED` when nobody shares a device there, `EACCES` when this process may not have it, `EBUSY` when
 * not so many queues are free, `ERR_RTAP_IDENTITY` when the interface is another one than was said, `ERR_RTAP_PROTOCOL`
 * when the other side isn't what it has to be. Whatever came is closed again.
 *
 * @example
 * ```ts
 * import { attachTap } from '@rtap/core';
 *
 * try {
 *   const tap = await attachTap(); // RTAP_FD=3 node program.js 3<>...
 *   for await (const batch of tap.batches()) tap.queue(0).txBurst(batch);
 * } catch (error) {
 *   console.log(error.code); // ENOENT
 * }
 * ```
 */
export async function attachTap(options?: AttachTapOptions): Promise<TapDevice> {
  const checked = check(options);
  const { kernel, signal, start } = checked;
  signal?.throwIfAborted();
  const undo: (() => Promise<void>)[] = [];
  try {
    const { tap, attached, taken } = await attach(checked);
    undo.push(async () => {
      await tap.close();
      attached.release();
    });
    taken();
    signal?.throwIfAborted();
    // What the option means was looked up, and is another one than the process's own.
    const elsewhere = tap.namespaceInode !== (await kernel.namespaceInode());
    const netns = elsewhere ? (await tap.follow()).netns : undefined;
    if (netns !== undefined) undo.push(() => netns.close());
    const { linkStateChange, sharedBuffers, offloads } = checked;
    const about = { linkStateChange, sharedBuffers, offloads, attached };
    const device = new TapDevice({ kernel, tap, netns, ...about });
    undo.push(() => device.close());
    // What the interface had missed before is not this device's.
    await Promise.all([device.resetStats(), device.resetXstats()]);
    signal?.throwIfAborted();
    if (start) await device.start(signal === undefined ? {} : { signal });
    signal?.throwIfAborted();
    return device;
  } catch (error) {
    for (const step of undo.toReversed()) await step().catch(() => undefined);
    throw explain(error);
  }
}

/** Where the queues come from. */
type Source =
  | { readonly address: HandoverAddress; readonly queues: number | undefined }
  | { readonly fds: readonly number[]; readonly netns: NetworkNamespaceOption | undefined }
  | undefined;

interface Checked {
  readonly source: Source;
  readonly offloads: ReturnType<typeof checkOffloads> | undefined;
  readonly engine: EngineName;
  readonly linkStateChange: boolean;
  readonly start: boolean;
  readonly sharedBuffers: boolean;
  readonly kernel: Kernel;
  readonly signal: AbortSignal | undefined;
}

function check(options: AttachTapOptions | undefined): Checked {
  const given = checkOptions('options', options);
  const { linkStateChange = true, start = true, sharedBuffers = false, offloads } = given;
  return {
    source: checkSource(given),
    offloads: offloads === undefined ? undefined : checkOffloads('options.offloads', offloads),
    engine: checkEngine('options.engine', given.engine ?? 'syscall'),
    linkStateChange: checkBoolean('options.linkStateChange', linkStateChange),
    start: checkBoolean('options.start', start),
    sharedBuffers: checkBoolean('options.sharedBuffers', sharedBuffers),
    kernel: checkKernel(given.kernel),
    signal: checkSignal('options.signal', given.signal),
  };
}

function checkSource(given: Partial<AttachTapOptions>): Source {
  const address = checkHandoverAddress('options', given);
  const { fd, queues, netns } = given;
  if (queues !== undefined) checkInteger('options.queues', queues, 1, MAX_QUEUES);
  if (address !== undefined) {
    if (fd !== undefined) throw outOfRange('options.fd', 'left out with another source', fd);
    if (netns !== undefined) throw outOfRange('options.netns', 'left out but with fd', netns);
    return { address, queues };
  }
  if (queues !== undefined) throw outOfRange('options.queues', 'left out without a share', queues);
  if (fd === undefined) {
    if (netns !== undefined) throw outOfRange('options.netns', 'left out but with fd', netns);
    return undefined;
  }
  return { fds: checkFiles(fd), netns };
}

function checkFiles(fd: number | readonly number[]): readonly number[] {
  if (typeof fd === 'number') return [checkInteger('options.fd', fd, 0, FD_MAX)];
  if (!Array.isArray(fd)) throw invalidArgumentType('options.fd', 'a number, or an Array', fd);
  const fds = Array.from(fd, (one: unknown, index) =>
    checkInteger(`options.fd[${index}]`, one, 0, FD_MAX),
  );
  if (fds.length === 0 || fds.length > MAX_QUEUES || new Set(fds).size !== fds.length) {
    throw outOfRange('options.fd', `1 to ${MAX_QUEUES} files, each once`, fd);
  }
  return fds;
}

interface Attachment {
  readonly tap: KernelTap;
  readonly attached: NonNullable<TapDeviceParts['attached']>;
  /** The files are the device's now. */
  readonly taken: () => void;
}

async function attach({ source, kernel, engine, offloads, signal }: Checked): Promise<Attachment> {
  const wanted = { engine, ...(offloads === undefined ? {} : { offloads: offloads.sets }) };
  if (source !== undefined && 'address' in source) {
    const { address, queues } = source;
    const { connection, offer, files } = await receiveHandover(kernel, { address, queues, signal });
    try {
      const { index: ifindex, namespace } = offer.interface;
      const tap = await kernel.attachTap({
        ...wanted,
        received: {
          ...{ files, ifindex, queues: offer.queues.length, offloads: offer.offloads },
          namespaceInode: BigInt(namespace),
        },
      });
      const { peer } = connection;
      const attached = { peer, queues: offer.queues, release: () => connection.close() };
      return { tap, attached, taken: () => undefined };
    } catch (error) {
      files.close();
      connection.close();
      throw error;
    }
  }
  const inherited = source === undefined ? inheritedFiles(process.env, process.pid) : undefined;
  const fds = source?.fds ?? inherited?.fds ?? [];
  const where = source?.netns === undefined ? {} : { netns: source.netns };
  const tap = await kernel.attachTap({ ...wanted, fds, ...where });
  const attached = { peer: undefined, queues: undefined, release: () => undefined };
  return { tap, attached, taken: () => inherited?.forget() };
}

/** Errors of the kernel's that mean more here. */
const CODES: Readonly<Record<string, string>> = {
  ESTALE: 'ERR_RTAP_IDENTITY',
  EPROTO: 'ERR_RTAP_PROTOCOL',
  ENOTSOCK: 'ERR_RTAP_PROTOCOL',
  EPROTOTYPE: 'ERR_RTAP_PROTOCOL',
};

function explain(error: unknown): unknown {
  if (error instanceof RtapError || !(error instanceof Error)) return error;
  const code = CODES[errorCode(error) ?? ''];
  if (code === undefined) return asRtapError(error, 'attachTap', 'a device');
  return new RtapError(code, `attachTap(): ${error.message}`, { cause: error });
}
