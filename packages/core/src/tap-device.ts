/**
 * The device.
 *
 * @module
 */

import type { ReadableStream, WritableStream } from 'node:stream/web';
import type { EngineName, Kernel, KernelTap, NetworkNamespaceHandle } from '@rtap/native';
import { errorCode, throwLater } from '@rtap/transport';
import type { LinkState, LinkStatus, NetlinkClient } from '@rtap/transport';
import type { AdoptedInterface } from './adopted-interface.ts';
import {
  checkBoolean,
  checkInteger,
  checkOptions,
  checkSignal,
  invalidArgumentType,
  outOfRange,
} from './argument.ts';
import { BatchReader } from './batch-reader.ts';
import { closings, operations, tellChannel } from './channels.ts';
import { MAX_MTU, MIN_MTU } from './control-arguments.ts';
import { addToCounter } from './counters.ts';
import type { Counters } from './counters.ts';
import { DeviceControl } from './device-control.ts';
import type { ControlContext, OperationOptions } from './device-control.ts';
import { closedError, elsewhereError, removedError } from './device-errors.ts';
import { DeviceLink } from './device-link.ts';
import { DeviceOffloads } from './device-offloads.ts';
import { DevicePlace } from './device-place.ts';
import { DeviceQueue } from './device-queue.ts';
import { DeviceShares } from './device-shares.ts';
import { legalStates, requireLegal, stateError } from './device-state.ts';
import type { DeviceOperation, DeviceState } from './device-state.ts';
import { checkEngine } from './engine.ts';
import { RtapError, asRtapError } from './errors.ts';
import {
  BATCH_FRAMES,
  RX_ROOM,
  VIRTIO_NET_HEADER_LENGTH,
  createFrameBatch,
} from './frame-batch.ts';
import type { FrameBatch } from './frame-batch.ts';
import { FrameStreams } from './frame-streams.ts';
import { inspectDevice, showAs } from './inspect.ts';
import { metricsOf } from './metrics.ts';
import type { DeviceSample } from './metrics.ts';
import { checkOffloads } from './offloads.ts';
import type { OffloadsOption, WantedOffloads } from './offloads.ts';
import { operationHint } from './operation-hints.ts';
import { OperationQueue } from './operation-queue.ts';
import type { QueueShare } from './queue-share.ts';
import { checkShareOptions } from './share-options.ts';
import type { ShareOptions } from './share-options.ts';
import { Statistics, missedFrames } from './statistics.ts';
import type { TapDeviceStats } from './statistics.ts';
import type { TapDeviceEvents } from './tap-device-events.ts';
import type { AttachedTo, TapDeviceInfo } from './tap-device-info.ts';
import { checkBatchOptions } from './tap-queue.ts';
import type { BatchOptions, WaitOptions } from './tap-queue.ts';
import type { Xstats } from './xstats.ts';

/** Most queue pairs of a device, as in the reference driver. */
export const MAX_QUEUES = 128;

/** How often an operation is done anew because the interface moved in the middle of it. */
const MOVES_OF_ONE_OPERATION = 8;

/** What is done on the device's own file, or on nothing: it doesn't matter where the interface is. */
const DONE_ANYWHERE: ReadonlySet<DeviceOperation> = new Set([
  'setCarrier',
  'setPersist',
  'setOwner',
  'setLinkStateChange',
]);

/** What `send` fills: one for all devices of this thread, because it is empty again when that returns. */
let sendBatch: FrameBatch | undefined;

/** What {@link TapDevice.configure} takes. */
export interface ConfigureOptions {
  /** Queue pairs, 1 to 128; as many as before when left out. */
  readonly queues?: number;
  /** What the kernel may leave undone in frames to us; as before when left out. */
  readonly offloads?: OffloadsOption;
  /** How bursts are carried out; as before when left out. */
  readonly engine?: EngineName;
  /** Undoes the configuration when aborted. */
  readonly signal?: AbortSignal;
}

/** What a device is made of; `openTap` makes it. */
export interface TapDeviceParts {
  /** The kernel it lives on. */
  readonly kernel: Kernel;
  /** The opened interface. */
  readonly tap: KernelTap;
  /** The device's own handle on that namespace, when it isn't the process's own; `close` closes it. */
  readonly netns: NetworkNamespaceHandle | undefined;
  /** Whether LSC is wanted. */
  readonly linkStateChange: boolean;
  /** Whether slabs are shared. */
  readonly sharedBuffers: boolean;
  /** What it was opened with; undefined: what it has. */
  readonly offloads: WantedOffloads | undefined;
  /** Of an attached device: who has handed it over, and what lets them know that it is given back. */
  readonly attached?: AttachedTo & { readonly release: () => void };
}

/** What a splice needs of its device. */
export interface SplicedDevice {
  /** The kernel it lives on. */
  readonly kernel: Kernel;
  /** Its queues. */
  readonly queues: readonly DeviceQueue[];
  /** A thread found that the interface is gone. */
  readonly gone: () => void;
}

/**
 * A TAP device: a network card that this process owns, with a driver's life cycle.
 *
 * Operations run in the order of the calls; each says in which states it is legal, and fails with
 * `ERR_RTAP_STATE` anywhere else. Events are told synchronously; any operation may be called from a listener.
 */
export class TapDevice extends DeviceControl {
  static {
    showAs(TapDevice.prototype, (device, depth, options) => {
      const about = {
        flags: device.#link.flags,
        offloads: device.#offloads.granted,
        engine: device.#tap.engine.name,
      };
      return inspectDevice(device, about, depth, options);
    });
  }

  readonly #tap: KernelTap;
  readonly #place: DevicePlace;
  readonly #kernel: Kernel;
  readonly #sharedBuffers: boolean;
  readonly #offloads: DeviceOffloads;
  readonly #operations = new OperationQueue();
  readonly #link: DeviceLink;
  readonly #statistics: Statistics;
  #state: DeviceState = 'configured';
  #queues: readonly DeviceQueue[] = [];
  /** As many as were last configured: there are none after a failure that could not be undone. */
  #queuesWanted: number;
  readonly #streams: FrameStreams;
  readonly #shares: DeviceShares;
  readonly #attached: TapDeviceParts['attached'];
  #takingLess = false;
  /** Changes of the link that were told. */
  #linkEvents = 0;
  #closing: Promise<void> | undefined;

  /**
   * Made by `openTap`.
   *
   * @internal
   */
  constructor(parts: TapDeviceParts) {
    super();
    this.#tap = parts.tap;
    this.#place = new DevicePlace(parts);
    this.#kernel = parts.kernel;
    this.#sharedBuffers = parts.sharedBuffers;
    this.#attached = parts.attached;
    this.#offloads = new DeviceOffloads(parts.tap, parts.offloads, {
      changed: () => {
        for (const queue of this.#queues) queue.offloadsChanged();
      },
    });
    this.#shares = new DeviceShares({ ...parts, place: this.#place, name: () => this.name });
    this.#streams = new FrameStreams({
      batches: () => this.batches(),
      send: (frame) => this.send(frame),
      dropped: () => addToCounter(this.#queueHere('writable').counterWords, 'tx_errors', 1),
    });
    const device = { state: (): DeviceState => this.#state };
    this.#link = new DeviceLink(
      { ...parts, place: this.#place, name: parts.tap.name, attached: parts.tap.attached },
      {
        get state(): DeviceState {
          return device.state();
        },
        tell: (name, ...args) => this.#tell(name, ...args),
        deleted: () => this.#removed(),
        left: () => this.#followInTurn(),
        doubted: () => this.#followInTurn(),
      },
    );
    this.#statistics = new Statistics({
      queues: () => this.#queues.map((queue) => queue.counterWords),
      missed: async () => missedFrames(this.#place.client, this),
    });
    this.#adoptQueues();
    this.#queuesWanted = this.#queues.length;
    parts.tap.onRemoved(() => this.#gone());
  }

  /** The interface's name, as last known. */
  get name(): string {
    return this.#link.name;
  }

  /** The interface's index, its identity, in the network namespace where it is, as last known: a move may change it. */
  get ifindex(): number {
    return this.#place.ifindex;
  }

  /** Where the device is in its life. */
  get state(): DeviceState {
    return this.#state;
  }

  /**
   * The link, as last known: the kernel's word while LSC is enabled and the device started; otherwise what was
   * last asked for or found. Down before `start` and after `stop`, until {@link TapDevice.linkUpdate} finds something else.
   */
  get link(): LinkState {
    return this.#link.state;
  }

  /** The MTU in bytes, as last known: kept true by LSC, else as last asked for. */
  get mtu(): number | undefined {
    return this.#link.mtu;
  }

  /** The interface's MAC address, as `02:00:00:00:00:01` and as last known: kept true by LSC, else as last asked for. */
  get macAddress(): string | undefined {
    return this.#link.macAddress;
  }

  /**
   * What has passed all queues since they were made, or since {@link TapDevice.resetStats}: the part of
   * {@link TapDevice.stats} that needs no kernel. Legal in every state.
   */
  get counters(): Counters {
    return this.#statistics.counters;
  }

  /** How many queue pairs there are. */
  get queueCount(): number {
    return this.#queues.length;
  }

  /**
   * A queue pair.
   *
   * @throws RangeError when there is no such queue.
   */
  queue(index: number): DeviceQueue {
    const queue = this.#queues[checkInteger('index', index, 0, this.#queues.length - 1)];
    if (queue === undefined) throw outOfRange('index', 'of a queue', index);
    return queue;
  }

  /**
   * Gives the device other queues, other offloads or another engine; legal when configured. A step that fails, or an
   * abort, undoes the others.
   *
   * An attached device has the queues that it has. Queues that are shared are no longer this device's after a change of
   * their number: the shares end, and who has one keeps it for good.
   *
   * @throws RtapError `EINVAL` when the kernel doesn't do the offloads that are named.
   */
  configure(options?: ConfigureOptions): Promise<void> {
    return this.#operation('configure', options, ({ queues, offloads, engine }) => {
      const least = this.#tap.multiQueue ? 1 : this.#maxQueues;
      const asked =
        queues === undefined
          ? undefined
          : checkInteger('options.queues', queues, least, this.#maxQueues);
      const wanted =
        offloads === undefined ? undefined : checkOffloads('options.offloads', offloads);
      const wantedEngine = engine === undefined ? undefined : checkEngine('options.engine', engine);
      return async (signal) => {
        const undo: (() => Promise<unknown>)[] = [];
        try {
          if (wanted !== undefined) undo.push(await this.#offloads.set(wanted));
          if (wantedEngine !== undefined) undo.push(await this.#setEngine(wantedEngine));
          await this.#configureQueues(asked, signal);
        } catch (error) {
          for (const step of undo.toReversed()) await step().catch(() => undefined);
          throw error;
        }
      };
    });
  }

  /**
   * Sets the link up, with LSC enabled before it when that is wanted; legal when configured. That of an attached device is
   * left as it is, and so is what waits in its queues.
   *
   * When it resolves, {@link TapDevice.link} is the truth, and the first event is the first change after that.
   * A step that fails, or an abort, undoes the steps before it.
   */
  start(options?: OperationOptions): Promise<void> {
    return this.#operation('start', options, () => async (signal) => {
      // There are none after a configure() that could not be undone.
      if (this.#queues.length === 0) await this.#setQueues(this.#queuesWanted);
      if (this.#attached === undefined) for (const queue of this.#queues) queue.discard();
      await this.#link.start(signal, () => {
        if (this.#state !== 'configured') throw removedError('start', this.name);
        this.#state = 'started';
        for (const queue of this.#queues) queue.resume();
      });
    });
  }

  /**
   * Disables LSC, then sets the link down, unless the device is an attached one; iterators and splices end. Legal when
   * started.
   *
   * When it resolves no event but `removed` is told any more, and {@link TapDevice.link} is down. When it fails the
   * device is started as before, and what happened to the link meanwhile is told.
   */
  stop(): Promise<void> {
    return this.#operation('stop', undefined, () => async () => {
      await this.#link.stop(() => {
        if (this.#state !== 'started') throw removedError('stop', this.name);
        this.#state = 'configured';
      });
      const read = this.#endReaders(stateError('waitReadable', 'configured', this.name));
      this.#link.endUntils(() => stateError('until', 'configured', this.name));
      await read;
    });
  }

  /** Sets the interface up; legal when started. {@link TapDevice.link} is the truth when it resolves. */
  linkUp(options?: OperationOptions): Promise<void> {
    return this.#operation('linkUp', options, () => async () => {
      await this.#link.setUp(true);
    });
  }

  /** Sets the interface down, the device stays started; legal when started. {@link TapDevice.link} is the truth when it resolves. */
  linkDown(options?: OperationOptions): Promise<void> {
    return this.#operation('linkDown', options, () => async () => {
      await this.#link.setUp(false);
    });
  }

  /** Asks the kernel for the link, stores and returns it; legal when configured or started. */
  linkUpdate(options?: OperationOptions): Promise<LinkState> {
    return this.#operation('linkUpdate', options, () => async () => {
      await this.#link.update();
      return this.link;
    });
  }

  /**
   * Enables or disables LSC; legal when configured (it takes effect with `start`) or started.
   *
   * Enabled at run time, {@link TapDevice.link} is the truth when it resolves, and what changes after that is told.
   */
  setLinkStateChange(enabled: boolean, options?: OperationOptions): Promise<void> {
    return this.#operation('setLinkStateChange', options, () => {
      const wanted = checkBoolean('enabled', enabled);
      return () => this.#link.setLinkStateChange(wanted);
    });
  }

  /**
   * Resolves when the link has that status, at once if it has it already.
   *
   * @throws RtapError `ERR_RTAP_STATE` when LSC is off, or the device isn't started or is stopped meanwhile;
   * `ERR_RTAP_REMOVED` and `ERR_RTAP_CLOSED` when it goes; the signal's reason when it is aborted.
   */
  async until(status: LinkStatus, options?: WaitOptions): Promise<void> {
    const signal = checkSignal('options.signal', checkOptions('options', options).signal);
    if (status !== 'up' && status !== 'down') {
      throw invalidArgumentType('status', "'up' or 'down'", status);
    }
    signal?.throwIfAborted();
    this.#require('until');
    await this.#link.until(status, signal);
  }

  /**
   * The frames of all queues, burst by burst, each queue in turn, but for those that are with another thread; legal when
   * started.
   *
   * Each batch is valid until the next is asked for. Ends when the device is stopped, closed or removed.
   *
   * @throws RtapError `ERR_RTAP_STATE`, from the first `next`, when a queue has a reader already; at once when all are
   * with other threads.
   */
  batches(options?: BatchOptions): AsyncIterableIterator<FrameBatch> {
    const checked = checkBatchOptions(options);
    this.#require('batches');
    return new BatchReader(this.#queuesToRead('batches'), checked);
  }

  /**
   * The frames of all queues as a web stream, a copy of each a chunk, as the wire has them; legal when started.
   *
   * The same stream until it ends: when it is cancelled, or the device is stopped, closed or removed. It is the queues'
   * reader from the first chunk on.
   */
  get readable(): ReadableStream<Uint8Array<ArrayBuffer>> {
    this.#require('readable');
    return this.#streams.readable;
  }

  /**
   * A web stream that sends each chunk as a frame, as {@link TapDevice.send} does; legal when started.
   *
   * The same stream until it ends: when it is closed or aborted, or fails, or the device is stopped, closed or removed. While
   * the link is down frames are dropped, and count in `txErrors`.
   */
  get writable(): WritableStream<Uint8Array> {
    this.#require('writable');
    return this.#streams.writable;
  }

  /** Makes an empty batch to fill with `push` and hand to any queue's `txBurst`. */
  createBatch(): FrameBatch {
    return createFrameBatch();
  }

  /**
   * Sends one frame, from its Ethernet header on, through the first queue that isn't with another thread; legal when
   * started.
   *
   * @returns false when the link is down.
   * @throws RangeError for fewer than 14 bytes or more than fit in a batch; RtapError with the kernel's code.
   */
  send(frame: Uint8Array): boolean {
    this.#require('send');
    const batch = (sendBatch ??= createFrameBatch(RX_ROOM, 1));
    batch.clear();
    if (!batch.push(frame)) {
      throw new RtapError('EMSGSIZE', `send: ${frame.length} bytes are more than a frame has`, {
        interface: this.name,
      });
    }
    try {
      return this.#queueHere('send').txBurst(batch) === 1;
    } catch (error) {
      if (error instanceof RtapError && error.code === 'EIO') return false;
      throw error;
    }
  }

  /**
   * Offers queues to other processes, which take them by `attachTap`; legal when configured or started.
   *
   * Nothing can be received or sent by these queues here from now on (`tap.queue(i).transferred`), until the share is
   * closed and who has them has ended or given them back. What other processes receive and send counts with them; the link
   * is everybody's. Who has a queue keeps it when this device is closed, or its process ends in whatever way, and the
   * interface lives as long as somebody has one.
   *
   * @throws TypeError or RangeError for a wrong option, such as a queue that the device doesn't have; RtapError
   * `ERR_RTAP_STATE` when somebody reads a queue, or it is with another thread or shared already; `EADDRINUSE` when
   * somebody listens there, or the path is no socket; `EACCES`, `ENOENT`.
   *
   * @example
   * ```ts
   * import { attachTap, openTap } from '@rtap/core';
   * import { FakeKernel } from '@rtap/testkit';
   *
   * const kernel = new FakeKernel(); // leave it out for the real one, and another process
   * const tap = await openTap({ kernel, queues: 2 });
   * const share = await tap.share({ path: '/run/example.rtap', queues: [1] });
   * share.on('taken', ({ pid, queues }) => console.log(pid === process.pid, queues)); // true [ 1 ]
   *
   * const other = await attachTap({ kernel, path: '/run/example.rtap' });
   * console.log(other.name === tap.name, other.link.status); // true up
   * await tap.close();
   * console.log(other.send(new Uint8Array(60))); // true
   * await other.close(); // and the interface goes
   * ```
   */
  share(options: ShareOptions): Promise<QueueShare> {
    return this.#operation('share', options, (given) => {
      const checked = checkShareOptions(given, this.#queues.length);
      return async (signal) => {
        // From here to the share, which listens to it, nothing waits.
        signal?.throwIfAborted();
        return this.#shares.open(
          checked.queues.map((index) => this.queue(index)),
          checked,
        );
      };
    });
  }

  /**
   * What has passed the device, and what the kernel had for it and dropped; legal when configured or started.
   *
   * Counters go on over stop and start. With {@link TapDevice.configure} to another number of queues those of the
   * queues begin anew; `rxMissed` is the interface's, and goes on. That of an adopted interface counts from its opening.
   */
  stats(options?: OperationOptions): Promise<TapDeviceStats> {
    return this.#operation('stats', options, () => () => this.#statistics.stats());
  }

  /**
   * Lets {@link TapDevice.stats} and `counters` count from 0; legal when configured or started.
   *
   * The words of the queues, and {@link TapDevice.xstats}, are as they were.
   */
  resetStats(options?: OperationOptions): Promise<void> {
    return this.#operation('resetStats', options, () => () => this.#statistics.resetStats());
  }

  /**
   * What has passed each queue, by size, destination and offload; legal when configured or started.
   *
   * How long they count is as for {@link TapDevice.stats}, but for their own reset.
   */
  xstats(options?: OperationOptions): Promise<Xstats> {
    return this.#operation('xstats', options, () => () => this.#statistics.xstats());
  }

  /** Lets {@link TapDevice.xstats} count from 0, and nothing else; legal when configured or started. */
  resetXstats(options?: OperationOptions): Promise<void> {
    return this.#operation('resetXstats', options, () => () => this.#statistics.resetXstats());
  }

  /**
   * The statistics of the device in the text format of Prometheus: {@link metricsOf} this device alone. Legal when
   * configured or started.
   */
  metrics(options?: OperationOptions): Promise<string> {
    return metricsOf([this], options);
  }

  /** What the device is and can do now; legal in every state but `closed`. */
  info(): TapDeviceInfo {
    this.#require('info');
    for (const queue of this.#queues) queue.lookForRefused();
    return {
      name: this.name,
      ifindex: this.ifindex,
      namespaceInode: this.#place.namespaceInode,
      state: this.#state,
      attached: this.#attached && { peer: this.#attached.peer, queues: this.#attached.queues },
      queues: this.#queues.length,
      maxQueues: this.#maxQueues,
      limits: {
        mtu: [MIN_MTU, MAX_MTU],
        burst: BATCH_FRAMES,
        frame: RX_ROOM - VIRTIO_NET_HEADER_LENGTH,
      },
      features: this.#tap.features,
      offloads: { granted: this.#offloads.granted, reason: this.#offloads.reason },
      engine: this.#tap.engine,
      linkStateChange: { enabled: this.#link.wanted, filtered: this.#link.filtered },
    };
  }

  /**
   * Takes the interface over as it is, which was there before the device: one that is up stays up when starting fails.
   *
   * @internal
   */
  adopt(): Promise<AdoptedInterface> {
    return this.#link.adopt();
  }

  /**
   * What a splice needs of its device; legal when started.
   *
   * @internal
   */
  forSplice(): SplicedDevice {
    this.#require('splice');
    return { kernel: this.#kernel, queues: this.#queues, gone: () => this.#gone() };
  }

  /**
   * What metrics are made of; legal as they are.
   *
   * @internal
   */
  forMetrics(options: OperationOptions | undefined): Promise<DeviceSample> {
    return this.#operation('metrics', options, () => async () => {
      const stats = await this.#statistics.stats();
      const { link, mtu, macAddress } = this;
      return { info: this.info(), stats, link, mtu, macAddress, linkEvents: this.#linkEvents };
    });
  }

  /** Makes the open device keep the event loop alive, as it does from the beginning. */
  ref(): this {
    this.#tap.ref();
    return this;
  }

  /** Lets the event loop end in spite of the open device. */
  unref(): this {
    this.#tap.unref();
    return this;
  }

  /**
   * Closes the device, from any state, any number of times; the interface goes with it, unless another process has it open:
   * its shares end, and who has a queue keeps it. An attached device leaves the interface to whom it belongs.
   *
   * It overtakes: operations that still wait reject with `ERR_RTAP_CLOSED`, one that runs comes to its end
   * first. Nothing is told any more once it is called.
   */
  close(): Promise<void> {
    this.#closing ??= closings.tracePromise(() => this.#close(), { device: this });
    return this.#closing;
  }

  /** The same as {@link TapDevice.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const closed = (): RtapError => closedError(this.name);
    const ended = this.#operations.close(closed);
    this.#link.endUntils(closed);
    const read = this.#endReaders(closed());
    await ended;
    await read;
    this.#link.close();
    this.#state = 'closed';
    this.#shares.end();
    for (const queue of this.#queues) queue.retire(closed());
    this.#tap.onRemoved(undefined);
    await this.#place.close();
    // Who shares the device believes that nobody uses these queues from then on.
    this.#attached?.release();
  }

  protected override control(
    operation: DeviceOperation,
    options: OperationOptions | undefined,
    prepare: () => (context: ControlContext) => Promise<void>,
  ): Promise<void> {
    return this.#operation(operation, options, () => {
      const run = prepare();
      const place = this.#place;
      return () =>
        run({
          // Looked at by those only who ask there: what is done on the file is done anywhere.
          get client(): NetlinkClient {
            return place.client;
          },
          tap: this.#tap,
          which: { index: place.ifindex },
          about: { interface: this.name },
          update: () => this.#link.update(),
        });
    });
  }

  /**
   * Runs an operation in its turn, if it is legal then.
   *
   * @param prepare - checks the arguments, at once, and returns what is to be run.
   */
  #operation<Options extends OperationOptions, Result>(
    operation: DeviceOperation,
    options: Options | undefined,
    prepare: (options: Partial<Options>) => (signal: AbortSignal | undefined) => Promise<Result>,
  ): Promise<Result> {
    let signal: AbortSignal | undefined;
    let run: (signal: AbortSignal | undefined) => Promise<Result>;
    try {
      const checked = checkOptions('options', options);
      signal = checkSignal('options.signal', checked.signal);
      run = prepare(checked);
      if (this.#state === 'closed') this.#require(operation);
    } catch (error) {
      return Promise.reject(error);
    }
    const inTurn = (): Promise<Result> =>
      this.#operations.run(() => this.#perform(operation, () => run(signal), signal), signal);
    return operations.tracePromise(inTurn, { device: this, operation });
  }

  /** Whether an operation needs nobody to look where the interface is before it. */
  #looksItself(operation: DeviceOperation): boolean {
    // With LSC `start` looks once it has subscribed, which is the only look that counts.
    return DONE_ANYWHERE.has(operation) || (operation === 'start' && this.#link.wanted);
  }

  /** Does what an operation does, where the interface is; once more when it moves in the middle of it. */
  async #perform<Result>(
    operation: DeviceOperation,
    run: () => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result> {
    for (const queue of this.#queues) queue.lookForRefused();
    for (let moves = 0; ; moves += 1) {
      this.#require(operation);
      try {
        if (moves > 0 || !this.#looksItself(operation)) await this.#arrive(operation);
        return await run();
      } catch (error) {
        if (moves === MOVES_OF_ONE_OPERATION || !(await this.#hasLeft(error))) {
          throw await this.#explain(operation, error, signal);
        }
        // It failed because there was nothing to do it on: nothing is to be taken back.
        signal?.throwIfAborted();
      }
    }
  }

  /**
   * Sees to it that the interface is where it is asked for.
   *
   * With LSC what the kernel has told by now says so, without the device's own file does. A move between this and a
   * request can't be excluded, but what is asked then finds no such interface, unless one has come with its number.
   */
  async #arrive(operation: DeviceOperation): Promise<void> {
    this.#link.drain();
    if (this.#state === 'removed') throw removedError(operation, this.name);
    if (!this.#place.left) {
      if (this.#link.filtered !== undefined) return;
      if (!(await this.#looksAway())) return;
    }
    try {
      await this.#link.follow();
    } catch (error) {
      throw errorCode(error) === 'EBADFD' ? error : elsewhereError(operation, this.name, error);
    }
  }

  /** Whether the device's own file says that the interface is elsewhere, which the link knows then. */
  async #looksAway(): Promise<boolean> {
    try {
      await this.#link.look();
      return false;
    } catch (error) {
      if (errorCode(error) !== 'ENODEV') throw error;
      this.#link.leave();
      return true;
    }
  }

  /** Whether an operation failed because the interface is not where it was asked for. */
  async #hasLeft(error: unknown): Promise<boolean> {
    if (errorCode(error) !== 'ENODEV' || error instanceof RtapError) return false;
    if (this.#state !== 'configured' && this.#state !== 'started') return false;
    if (this.#place.left) return true;
    try {
      return await this.#looksAway();
    } catch {
      return false;
    }
  }

  /** Looks where the interface is, in its turn, and follows it there; operations before it do so themselves. */
  #followInTurn(): void {
    const follow = async (): Promise<void> => {
      if (this.#state !== 'configured' && this.#state !== 'started') return;
      if (this.#place.left || (await this.#looksAway())) await this.#link.follow();
    };
    this.#operations.run(follow).catch((error: unknown) => {
      // What else goes wrong was told by `moved`, or is met by the next operation.
      if (errorCode(error) === 'EBADFD') this.#gone();
    });
  }

  /** What a failed operation rejects with: that the interface is gone, or elsewhere, is said in so many words. */
  async #explain(
    operation: DeviceOperation,
    error: unknown,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    if (signal?.aborted === true && error === signal.reason) return error;
    if (this.#state === 'removed') return removedError(operation, this.name);
    if (error instanceof RtapError) return error;
    const code = errorCode(error);
    if (code === 'ENODEV' || code === 'EBADFD') {
      const whereabouts = await this.#whereabouts();
      if (whereabouts === 'gone') {
        this.#gone();
        return removedError(operation, this.name);
      }
      if (whereabouts === 'elsewhere') return elsewhereError(operation, this.name, error);
    }
    this.#link.giveUpTelling();
    return asRtapError(error, operation, this.name, (lower) => operationHint(operation, lower));
  }

  #require(operation: DeviceOperation): void {
    const closable = legalStates[operation].includes('closed');
    if (this.#closing !== undefined && this.#state !== 'closed' && !closable) {
      throw closedError(this.name);
    }
    requireLegal(operation, this.#state, this.name);
  }

  get #maxQueues(): number {
    return this.#tap.multiQueue ? MAX_QUEUES : this.#tap.queues.length;
  }

  /** The first that is not with another thread. */
  #queueHere(operation: DeviceOperation): DeviceQueue {
    const queue = this.#queues.find(({ transferred }) => !transferred);
    if (queue !== undefined) return queue;
    const what = `${operation}() of '${this.name}', whose queues are all with other threads or processes`;
    throw new RtapError('ERR_RTAP_STATE', what, {
      interface: this.name,
      hint: 'take one back with reclaim(), or close its share',
    });
  }

  /** Those that are not with another thread; there is one, or it throws. */
  #queuesToRead(operation: DeviceOperation): readonly DeviceQueue[] {
    this.#queueHere(operation);
    return this.#queues.filter(({ transferred }) => !transferred);
  }

  #adoptQueues(): void {
    const owner = {
      device: this,
      get name(): string {
        return this.device.name;
      },
      countersOf: (words: BigUint64Array): Counters => this.#statistics.countersOf(words),
      requireLegal: (operation: DeviceOperation): void => this.#require(operation),
      interfaceGone: (): void => this.#gone(),
      superFrameRefused: (): void => this.#takeLess(),
      wireFrameMaker: this.#kernel,
      get offloaded(): boolean {
        return this.device.#offloads.some;
      },
      get state(): DeviceState {
        return this.device.#state;
      },
    };
    this.#queues = this.#tap.queues.map(
      (queue) => new DeviceQueue(queue, owner, { sharedBuffers: this.#sharedBuffers }),
    );
  }

  async #configureQueues(
    asked: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const before = this.#queuesWanted;
    const count = asked ?? before;
    if (count !== this.#queues.length) await this.#setQueues(count);
    if (signal?.aborted === true) {
      if (count !== before) await this.#setQueues(before);
      throw signal.reason;
    }
    this.#queuesWanted = count;
  }

  /** Returns what undoes it. */
  async #setEngine(wanted: EngineName): Promise<() => Promise<unknown>> {
    const { name, code } = this.#tap.engine;
    await this.#tap.setEngine(wanted);
    // One that was refused is what was wanted.
    return () => this.#tap.setEngine(code === undefined ? name : 'io_uring');
  }

  /** Super-frames come that have no name in the virtio-net header: with 'auto' none are asked for any more. */
  #takeLess(): void {
    if (!this.#offloads.canTakeLess || this.#takingLess) return;
    this.#takingLess = true;
    const less = async (): Promise<void> => {
      if (this.#state === 'configured' || this.#state === 'started')
        await this.#offloads.takeLess();
    };
    this.#operations
      .run(less)
      .catch(() => undefined)
      .finally(() => {
        this.#takingLess = false;
      });
  }

  async #setQueues(count: number): Promise<void> {
    const before = this.#queues;
    const stale = stateError('waitReadable', this.#state, this.name);
    this.#shares.end();
    // Before their files are closed, so that other threads know by whom.
    for (const queue of before) queue.retire(stale);
    try {
      await this.#tap.setQueues(count);
    } catch (error) {
      // All are closed by now: as many as there were come back.
      await this.#tap.setQueues(before.length).catch(() => undefined);
      throw error;
    } finally {
      this.#adoptQueues();
    }
  }

  /** Where the interface is, as the device's own file knows it. */
  async #whereabouts(): Promise<'here' | 'gone' | 'elsewhere' | 'unknown'> {
    try {
      await this.#tap.identity();
      return 'here';
    } catch (error) {
      const code = errorCode(error);
      if (code === 'EBADFD') return 'gone';
      return code === 'ENODEV' ? 'elsewhere' : 'unknown';
    }
  }

  #gone(): void {
    // What the kernel said before it comes first: a rename, the link going down.
    this.#link.drain();
    this.#removed();
  }

  #removed(): void {
    if (this.#state !== 'configured' && this.#state !== 'started') return;
    if (this.#closing !== undefined) return;
    this.#state = 'removed';
    this.#link.remove();
    const reason = removedError('waitReadable', this.name);
    this.#shares.end();
    for (const queue of this.#queues) queue.retire(reason);
    this.#streams.end(reason);
    this.#tap.onRemoved(undefined);
    this.#tell('removed');
  }

  /** Resolves when none of them uses a queue any more. */
  async #endReaders(reason: RtapError): Promise<void> {
    const ended = this.#queues.map(async (queue) => {
      await queue.end(reason);
    });
    this.#streams.end(reason);
    await Promise.all(ended);
  }

  /** Calls every listener, whatever one of them throws. */
  #tell<Name extends keyof TapDeviceEvents>(name: Name, ...args: TapDeviceEvents[Name]): void {
    if (this.#closing !== undefined) return;
    if (name === 'link') this.#linkEvents += 1;
    tellChannel(this, name, args);
    for (const listener of this.rawListeners(name)) {
      try {
        Reflect.apply(listener, this, args);
      } catch (error) {
        throwLater(error);
      }
    }
  }
}
