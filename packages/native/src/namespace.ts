/**
 * Network namespaces: made, opened, used, never entered.
 *
 * @module
 */

import { checkInteger, checkText, invalidArgumentType } from './argument.ts';
import type { Namespace } from './binding.d.ts';
import { closedError, nativeError } from './errors.ts';
import { binding } from './load.ts';
import { spawnIn } from './process.ts';
import type { NamespaceExecOptions, NamespaceProcess } from './process.ts';

/**
 * A network namespace that a kernel has opened: of the real kernel a {@link NetworkNamespace}, of a fake one its own.
 *
 * Each kernel takes its own only.
 */
export interface NetworkNamespaceHandle extends AsyncDisposable {
  /** The number that tells it from others while it exists. */
  readonly inode: bigint;
  /** A path that it can be opened by while it is open. */
  readonly path: string;
  /** Lets go of it, any number of times. */
  close(): Promise<void>;
}

/** Which network namespace: an open one, the path of one (`/run/netns/NAME`), or a process's. */
export type NetworkNamespaceOption = NetworkNamespaceHandle | string | { readonly pid: number };

/** The largest process id (PID_MAX_LIMIT, linux/threads.h). */
const PID_MAX = 4_194_304;

// What this module alone may do with the class.
let nativeOf: (namespace: NetworkNamespace) => Namespace;
let wrap: (native: Namespace) => NetworkNamespace;
let isNamespace: (value: unknown) => value is NetworkNamespace;

/** What only this module can give the constructor. */
const OURS: unique symbol = Symbol('rtap');

/**
 * A network namespace, kept alive by a file descriptor until it is closed.
 *
 * No thread of the process enters it for good: a short-lived one does, makes what is wanted there (a
 * device, a socket, a process), and ends. What was made there works from any thread, and keeps the
 * namespace alive.
 *
 * @example
 * ```ts
 * import { NetworkNamespace } from '@rtap/native';
 *
 * const namespace = await NetworkNamespace.create();
 * const ip = await namespace.exec('ip', ['link', 'set', 'lo', 'up'], { stdio: 'inherit' });
 * console.log(await ip.exited); // { code: 0, signal: null }
 * await namespace.close();
 * ```
 */
export class NetworkNamespace implements NetworkNamespaceHandle {
  static {
    nativeOf = (namespace) => {
      if (namespace.#closing !== undefined) throw closedError('the network namespace');
      return namespace.#native;
    };
    wrap = (native) => new NetworkNamespace(OURS, native);
    isNamespace = (value): value is NetworkNamespace =>
      typeof value === 'object' && value !== null && #native in value;
  }

  /** The number that tells it from others while it exists (`ls -Li /proc/self/ns/net`). */
  readonly inode: bigint;
  /**
   * A path that other programs can open it by while this process has it open, such as
   * `nsenter --net=PATH`.
   */
  readonly path: string;
  readonly #native: Namespace;
  #closing: Promise<void> | undefined;

  private constructor(key: typeof OURS, native: Namespace) {
    if (key !== OURS) {
      throw Object.assign(new TypeError('Illegal constructor'), {
        code: 'ERR_ILLEGAL_CONSTRUCTOR',
      });
    }
    this.#native = native;
    this.inode = native.inode;
    this.path = `/proc/${process.pid}/fd/${native.fd}`;
  }

  /**
   * Makes a new namespace without a name; only its loopback interface is in it, and that is down. It
   * ends when it is closed and nothing is left in it.
   *
   * @throws NativeError (EPERM) without CAP_SYS_ADMIN.
   */
  static async create(): Promise<NetworkNamespace> {
    return opened(() => binding().createNamespace());
  }

  /**
   * Opens the namespace of a path, or of a process.
   *
   * @throws NativeError: ENOENT, EACCES; EINVAL when the file isn't one of a network namespace.
   */
  static async open(where: string | { readonly pid: number }): Promise<NetworkNamespace> {
    const path = pathOf(where);
    return opened(() => binding().openNamespace(undefined, path));
  }

  /** Opens the namespace that this process is in. */
  static async current(): Promise<NetworkNamespace> {
    return opened(() => binding().openNamespace());
  }

  /** Whether `close` was called. */
  get closed(): boolean {
    return this.#closing !== undefined;
  }

  /**
   * Starts a program in the namespace; resolves when it runs.
   *
   * It is killed when this process ends, in whatever way. Only the network is another one: files,
   * `/sys` too, are those of this process.
   *
   * @throws NativeError: ENOENT when there is no such program (or directory), EACCES, EPERM. The
   * reason of `signal` when that is aborted already.
   */
  async exec(
    file: string,
    args: readonly string[] = [],
    options: NamespaceExecOptions = {},
  ): Promise<NamespaceProcess> {
    return spawnIn(nativeOf(this), file, args, options);
  }

  /** Lets go of it, any number of times. Devices, sockets and processes in it go on. */
  close(): Promise<void> {
    this.#closing ??= this.#native.close();
    return this.#closing;
  }

  /** Closes it. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Opens the namespace that is meant, by a handle of its own. */
export async function openNamespace(option: NetworkNamespaceOption): Promise<NetworkNamespace> {
  const [native, path] = isNamespace(option) ? [nativeOf(option)] : [undefined, pathOf(option)];
  return opened(() => binding().openNamespace(native, path));
}

/** Makes a namespace of what the addon has opened. */
export function wrapNamespace(native: Namespace): NetworkNamespace {
  return wrap(native);
}

async function opened(open: () => Promise<Namespace>): Promise<NetworkNamespace> {
  try {
    return wrap(await open());
  } catch (error) {
    throw nativeError(error);
  }
}

/** The two arguments by which the addon's functions take a namespace; none: the process's own. */
export type NamespaceArguments = readonly [namespace: Namespace | undefined, path?: string];

/**
 * Checks which namespace is meant.
 *
 * @throws TypeError, RangeError; NativeError when it is closed.
 */
export function namespaceArguments(option: NetworkNamespaceOption | undefined): NamespaceArguments {
  if (option === undefined) return [undefined];
  if (isNamespace(option)) return [nativeOf(option)];
  return [undefined, pathOf(option)];
}

function pathOf(where: unknown): string {
  if (typeof where === 'string') return checkText('netns', where);
  if (typeof where !== 'object' || where === null || !('pid' in where)) {
    throw invalidArgumentType('netns', 'a NetworkNamespace, a path or { pid }', where);
  }
  return `/proc/${checkInteger('netns.pid', where.pid, 1, PID_MAX)}/ns/net`;
}
