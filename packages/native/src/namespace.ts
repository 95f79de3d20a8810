/**
 * Network namespaces: made, opened, used, never entered.
 *
 * @module
 */

import { inspect } from 'node:util';
import type { InspectOptionsStylized } from 'node:util';
import {
  checkBoolean,
  checkInteger,
  checkOptions,
  checkText,
  invalidArgumentType,
  outOfRange,
} from './argument.ts';
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
  /** Whether it belongs to a user namespace below the process's own. */
  readonly rootless: boolean;
  /** Lets go of it, any number of times. */
  close(): Promise<void>;
}

/** A network namespace that isn't open: by its path, its process, its name (`ip netns`), or an open file of it. */
export type NetworkNamespaceLocation =
  string | { readonly pid: number } | { readonly name: string } | { readonly fd: number };

/** Which network namespace: an open one, or where one is. */
export type NetworkNamespaceOption = NetworkNamespaceHandle | NetworkNamespaceLocation;

/** What {@link NetworkNamespace.create} takes. */
export interface NetworkNamespaceCreateOptions {
  /**
   * Makes it in a user namespace of its own, in which root is this process's user: that needs no privilege where the
   * system allows user namespaces, and /dev/net/tun has to be open to all for devices in it.
   * @default false: it takes CAP_SYS_ADMIN
   */
  readonly rootless?: boolean;
  /**
   * Its name, 1 to 255 bytes without a slash, which `ip netns` knows it by. It outlives this process then, until
   * {@link NetworkNamespace.delete} or `ip netns del`. Takes CAP_SYS_ADMIN.
   * @default none: it ends with whoever uses it
   */
  readonly name?: string;
  /** Aborted, nothing is made, or left. */
  readonly signal?: AbortSignal;
}

/** The largest process id (PID_MAX_LIMIT, linux/threads.h). */
const PID_MAX = 4_194_304;
/** The largest number of an open file. */
const FD_MAX = 0x7f_ff_ff_ff;
/** The longest name of a file, in bytes (NAME_MAX, linux/limits.h). */
const NAME_BYTES = 255;
/** Where names are, as in iproute2. */
const NAMES = '/run/netns';

const encoder = new TextEncoder();

// What this module alone may do with the class.
let nativeOf: (namespace: NetworkNamespace) => Namespace;
let wrap: (native: Namespace) => NetworkNamespace;
let isNamespace: (value: unknown) => value is NetworkNamespace;

/** What only this module can give the constructor. */
const OURS: unique symbol = Symbol('rtap');

/**
 * A network namespace, kept alive by a file descriptor until it is closed.
 *
 * No thread of the process enters it for good: a short-lived one does, or a helper process where it is rootless,
 * makes what is wanted there (a device, a socket, a process), and ends. What was made there works from any thread,
 * and keeps the namespace alive.
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
 *
 * @example
 * ```ts
 * import { kernel, NetworkNamespace } from '@rtap/native';
 *
 * // Needs no root where user namespaces are allowed and /dev/net/tun is open to all.
 * const mine = await NetworkNamespace.create({ rootless: true });
 * const tap = await kernel.openTap({ name: 'tap%d', queues: 1, netns: mine });
 * const up = await mine.exec('ip', ['link', 'set', tap.name, 'up'], { stdio: 'inherit' });
 * console.log(mine.rootless, (await up.exited).code); // true 0
 * await tap.close();
 * await mine.close();
 * ```
 */
export class NetworkNamespace implements NetworkNamespaceHandle {
  static {
    Object.defineProperty(NetworkNamespace.prototype, inspect.custom, {
      configurable: true,
      writable: true,
      value(this: NetworkNamespace, _depth: number, options: InspectOptionsStylized): string {
        const where = this.closed ? 'closed' : this.path;
        const name = options.stylize('NetworkNamespace', 'special');
        return `${name} {${options.stylize(String(this.inode), 'number')}, ${where}}`;
      },
    });
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
  /**
   * Whether it belongs to a user namespace below this process's own, as one made with `rootless` does: who owns that
   * one has all rights over it.
   */
  readonly rootless: boolean;
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
    this.rootless = native.rootless;
    this.path = `/proc/${process.pid}/fd/${native.fd}`;
  }

  /**
   * Makes a new namespace; only its loopback interface is in it, and that is down. Without a name it ends when it is
   * closed and nothing is left in it.
   *
   * @throws NativeError, whose `hint` says what is missing: EPERM without CAP_SYS_ADMIN; with `rootless` EPERM, EACCES,
   * ENOSPC, EINVAL where the system doesn't allow it; with `name` EEXIST when it is taken. The reason of `signal`.
   * TypeError, RangeError for wrong options.
   */
  static async create(options: NetworkNamespaceCreateOptions = {}): Promise<NetworkNamespace> {
    checkOptions('options', options);
    const { rootless = false, name, signal } = options;
    checkBoolean('options.rootless', rootless);
    if (name !== undefined) checkName('options.name', name);
    if (signal !== undefined && !(signal instanceof AbortSignal)) {
      throw invalidArgumentType('options.signal', 'an instance of AbortSignal', signal);
    }
    signal?.throwIfAborted();
    const made = await opened(() => binding().createNamespace(rootless, name));
    if (signal?.aborted === true) {
      await made.close();
      if (name !== undefined) await NetworkNamespace.delete(name);
      throw signal.reason;
    }
    return made;
  }

  /**
   * Takes a name away, as `ip netns del` does. The namespace ends when nothing else keeps it.
   *
   * @throws NativeError: ENOENT when there is no such name; EPERM without CAP_SYS_ADMIN. TypeError, RangeError.
   */
  static async delete(name: string): Promise<void> {
    checkName('name', name);
    try {
      await binding().deleteNamespace(name);
    } catch (error) {
      throw nativeError(error);
    }
  }

  /**
   * Opens the namespace of a path, a process, a name, or an open file, which stays the caller's.
   *
   * @throws NativeError: ENOENT, EACCES; EINVAL when the file isn't one of a network namespace, EBADF when `fd` isn't open.
   */
  static async open(where: NetworkNamespaceLocation): Promise<NetworkNamespace> {
    const path = networkNamespacePath(where);
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
   * `/sys` too, are those of this process. In a rootless namespace it is root, with all rights over that and none
   * over what isn't in it.
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
  const [native, path] = isNamespace(option)
    ? [nativeOf(option)]
    : [undefined, networkNamespacePath(option)];
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
  return [undefined, networkNamespacePath(option)];
}

/**
 * The path that a location means, which is not opened.
 *
 * @throws TypeError or RangeError when it is no path, `{ pid }`, `{ name }` or `{ fd }`.
 */
export function networkNamespacePath(where: unknown): string {
  if (typeof where === 'string') return checkText('netns', where);
  if (typeof where === 'object' && where !== null) {
    if (['pid', 'name', 'fd'].filter((part) => part in where).length > 1) {
      throw outOfRange('netns', 'one of { pid }, { name } and { fd }', where);
    }
    if ('pid' in where) return `/proc/${checkInteger('netns.pid', where.pid, 1, PID_MAX)}/ns/net`;
    if ('name' in where) return `${NAMES}/${checkName('netns.name', where.name)}`;
    if ('fd' in where) return `/proc/self/fd/${checkInteger('netns.fd', where.fd, 0, FD_MAX)}`;
  }
  throw invalidArgumentType(
    'netns',
    'a NetworkNamespace, a path, { pid }, { name } or { fd }',
    where,
  );
}

/** Checks the name of a namespace, which is that of a file. */
function checkName(name: string, value: unknown): string {
  const text = checkText(name, value);
  const fits = text !== '.' && text !== '..' && !text.includes('/');
  if (!fits || encoder.encode(text).length > NAME_BYTES) {
    throw outOfRange(name, `a name of 1 to ${NAME_BYTES} bytes without a slash`, value);
  }
  return text;
}
