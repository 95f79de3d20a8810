/**
 * Opening a device.
 *
 * @module
 */

import type { EngineName, Kernel, NetworkNamespaceOption } from '@rtap/native';
import { IFF_UP } from '@rtap/netlink';
import {
  checkBoolean,
  checkInteger,
  checkInterfaceName,
  checkOptions,
  checkSignal,
  invalidArgumentType,
  outOfRange,
} from './argument.ts';
import { openings } from './channels.ts';
import { checkOwner, parseRoute } from './control-arguments.ts';
import type { TapAddress, TapOwner, TapRoute } from './control-arguments.ts';
import { checkEngine } from './engine.ts';
import { asRtapError } from './errors.ts';
import { checkSettings } from './interface-settings.ts';
import { checkKernel } from './kernel.ts';
import { checkOffloads } from './offloads.ts';
import type { OffloadsOption } from './offloads.ts';
import { MAX_QUEUES, TapDevice } from './tap-device.ts';

/** What {@link openTap} takes; everything can be left out. */
export interface OpenTapOptions {
  /**
   * Name of the interface, 1 to 15 bytes; the kernel fills a number in for `%d`.
   *
   * @default 'rtap%d'
   */
  readonly name?: string;
  /**
   * Queue pairs, 1 to 128.
   *
   * @default 1
   */
  readonly queues?: number;
  /**
   * What the kernel may leave undone in frames to us: checksums, and the segmentation of TCP and UDP. With `'auto'`
   * it is all that this kernel grants. `batches()`, streams and `send` deal in frames as the wire has them all the same;
   * `rxBurst` hands out what the kernel gave.
   *
   * @default 'auto'
   */
  readonly offloads?: OffloadsOption;
  /**
   * How bursts are carried out: `'syscall'`, a read or write for each frame, or `'io_uring'`, one call of the kernel for
   * up to 64. Frames, counters and errors are the same; the second is hardly faster, and slower for few frames at a time.
   * Where it is forbidden (a seccomp filter, the sysctl kernel.io_uring_disabled) or lacking the device works with the
   * first, and `info().engine` says why.
   *
   * @default 'syscall'
   */
  readonly engine?: EngineName;
  /**
   * Whether link-state changes are told while the device is started.
   *
   * @default true
   */
  readonly linkStateChange?: boolean;
  /** MTU in bytes, 68 to 65,521; the kernel's 1,500 when left out. */
  readonly mtu?: number;
  /** MAC address of the interface, as `02:00:00:00:00:01` or six bytes; the kernel's choice when left out. */
  readonly mac?: string | Uint8Array;
  /** Addresses of the interface, as `10.0.0.1/24`; with `adopt` in addition to those that it has. */
  readonly addresses?: readonly (string | TapAddress)[];
  /** Routes out of the interface, as `10.0.0.0/8` or `default`: added when it is up, so not with `start: false`. */
  readonly routes?: readonly (string | TapRoute)[];
  /** Master, such as a bridge: its name or index. */
  readonly master?: string | number;
  /** Who else may open the device. */
  readonly owner?: TapOwner;
  /**
   * The network namespace to open it in: a `NetworkNamespace`, a path, `{ pid }`, `{ name }` (of `ip netns`) or `{ fd }`. The
   * process's own when left out.
   */
  readonly netns?: NetworkNamespaceOption;
  /**
   * Whether to take an interface that exists already instead of making one; one without IFF_MULTI_QUEUE
   * (`ip tuntap add` makes such) has one queue, and is refused with `EBUSY` while somebody has it open. One with
   * IFF_MULTI_QUEUE is joined then: the kernel spreads frames over the queues of all who have it open.
   *
   * @default false
   */
  readonly adopt?: boolean;
  /**
   * Whether the interface outlives the process.
   *
   * @default false
   */
  readonly persist?: boolean;
  /**
   * Whether to start the device; if not it is left configured.
   *
   * @default true
   */
  readonly start?: boolean;
  /**
   * Whether frames are received into SharedArrayBuffers.
   *
   * @default false
   */
  readonly sharedBuffers?: boolean;
  /** The kernel to open it on: the real one when left out, or a fake one. */
  readonly kernel?: Kernel;
  /** Undoes the opening when aborted. */
  readonly signal?: AbortSignal;
}

/**
 * Opens a TAP device, configures and starts it.
 *
 * An interface of that name must not exist (unless `adopt` is set): a device of somebody else is never joined
 * by accident. What fails on the way undoes what was done: an adopted interface is as it was before, but for an owner
 * that it was given, which nobody can take back.
 *
 * @throws TypeError or RangeError for a wrong option, before anything is done; RtapError with the kernel's code:
 * `EBUSY` when the name is taken, `EPERM` without CAP_NET_ADMIN, `ENOENT` without /dev/net/tun.
 *
 * @example
 * ```ts
 * import { openTap } from '@rtap/core';
 *
 * const tap = await openTap({ queues: 2 });
 * tap.on('link', (link) => console.log(tap.name, 'is', link.status));
 * console.log(tap.link.status); // up
 * await tap.close();
 * ```
 */
export function openTap(options?: OpenTapOptions): Promise<TapDevice> {
  return openings.tracePromise(() => open(options), { options: options ?? {} });
}

async function open(options: OpenTapOptions | undefined): Promise<TapDevice> {
  const checked = checkOptions('options', options);
  const {
    name = 'rtap%d',
    queues = 1,
    linkStateChange = true,
    adopt = false,
    persist = false,
    start = true,
    sharedBuffers = false,
    offloads = 'auto',
    engine = 'syscall',
  } = checked;
  checkInterfaceName('options.name', name);
  checkInteger('options.queues', queues, 1, MAX_QUEUES);
  checkBoolean('options.linkStateChange', linkStateChange);
  checkBoolean('options.adopt', adopt);
  checkBoolean('options.persist', persist);
  checkBoolean('options.start', start);
  checkBoolean('options.sharedBuffers', sharedBuffers);
  const wantedOffloads = checkOffloads('options.offloads', offloads);
  const wantedEngine = checkEngine('options.engine', engine);
  const settings = checkSettings(checked);
  const { owner } = checked;
  if (owner !== undefined) checkOwner('options.owner', owner);
  const routes = checkRoutes(checked.routes, start);
  const signal = checkSignal('options.signal', checked.signal);
  const kernel = checkKernel(checked.kernel);
  signal?.throwIfAborted();

  const undo: (() => Promise<void>)[] = [];
  try {
    // The device's own handle: what the option means is looked up once, and lasts as long as the device.
    const netns =
      checked.netns === undefined ? undefined : await kernel.openNamespace(checked.netns);
    if (netns !== undefined) undo.push(() => netns.close());
    const where = netns === undefined ? {} : { netns };
    const tap = await kernel.openTap({
      name,
      queues,
      adopt,
      offloads: wantedOffloads.sets,
      engine: wantedEngine,
      ...where,
    });
    undo.push(() => tap.close());
    signal?.throwIfAborted();
    const device = new TapDevice({
      kernel,
      tap,
      netns,
      linkStateChange,
      sharedBuffers,
      offloads: wantedOffloads,
    });
    undo.push(() => device.close());
    // What an adopted interface had missed before is not this device's.
    if (adopt) await Promise.all([device.resetStats(), device.resetXstats()]);
    // What is set of an interface that was there before is put back when a later step fails.
    const adopted = adopt ? await device.adopt() : undefined;
    if (adopted !== undefined) undo.push(adopted.restoreAddresses);
    const before = adopted?.link;
    for (const set of settings) {
      await set({ device, before, undo: (step) => undo.push(step) });
      signal?.throwIfAborted();
    }
    if (start) {
      await device.start(signal === undefined ? {} : { signal });
      if (before !== undefined && (before.flags & IFF_UP) === 0) undo.push(() => device.stop());
    }
    for (const route of routes) {
      await device.addRoute(route);
      if (before !== undefined) undo.push(() => device.deleteRoute(route));
      signal?.throwIfAborted();
    }
    signal?.throwIfAborted();
    // The last steps: an owner can't be taken back, and persistence then needn't be.
    if (owner !== undefined) await device.setOwner(owner);
    if (persist) await device.setPersist(true);
    return device;
  } catch (error) {
    for (const step of undo.toReversed()) {
      // What can't be put back keeps nothing else from it, and what went wrong first is what is told.
      await step().catch(() => undefined);
    }
    throw asRtapError(error, 'openTap', name);
  }
}

function checkRoutes(routes: unknown, start: boolean): readonly (string | TapRoute)[] {
  if (routes === undefined) return [];
  if (!Array.isArray(routes)) {
    throw invalidArgumentType('options.routes', 'an instance of Array', routes);
  }
  for (const [index, route] of routes.entries()) parseRoute(`options.routes[${index}]`, route);
  if (!start) throw outOfRange('options.routes', 'left out with start: false', routes);
  return routes;
}
