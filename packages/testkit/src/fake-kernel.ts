/**
 * The fake kernel: TAP devices and rtnetlink in memory.
 *
 * @module
 */

import type {
  Kernel,
  KernelTap,
  KernelTapOptions,
  KernelTapOwner,
  NetlinkRequestSocket,
  NetlinkSocketOptions,
  NetlinkSubscriptionSocket,
  NetworkNamespaceOption,
} from '@rtap/native';
import { MemoryRtnetlink } from '@rtap/transport/testing';
import { FakeInterface } from './fake-interface.ts';
import { FakeKernelError, FakeTap } from './fake-tap.ts';

interface Entry {
  readonly interface: FakeInterface;
  readonly multiQueue: boolean;
  persistent: boolean;
  owner: KernelTapOwner;
  tap: FakeTap | undefined;
}

/** A call of the fake kernel that can be made to fail. */
export type FakeKernelCall =
  'openTap' | 'setQueues' | 'openRequestSocket' | 'openSubscriptionSocket';

/**
 * A kernel in memory, good enough to drive a device through all its states: no privilege, any system.
 *
 * Pass it as the `kernel` of `openTap`. It has one network namespace.
 *
 * @example
 * ```ts
 * import { openTap } from '@rtap/core';
 * import { FakeKernel } from '@rtap/testkit';
 *
 * const kernel = new FakeKernel();
 * const tap = await openTap({ kernel });
 * kernel.interface(tap.name).send(new Uint8Array(60));
 * for await (const batch of tap.batches()) {
 *   console.log(batch.count, batch.length(0)); // 1 60
 *   break;
 * }
 * await tap.close();
 * ```
 */
export class FakeKernel implements Kernel {
  /** The link table: change interfaces from outside here, and ask for faults. */
  readonly rtnetlink: MemoryRtnetlink;
  readonly #entries = new Map<number, Entry>();
  /** Interfaces that live on in another namespace. */
  readonly #elsewhere = new Set<number>();
  readonly #faults = new Map<string, string>();

  /** Makes a kernel without interfaces. */
  constructor() {
    this.rtnetlink = new MemoryRtnetlink({
      statisticsOf: (ifindex) => this.#entries.get(ifindex)?.interface.statistics,
      onDeleted: (ifindex, move) => {
        // What was moved lives on elsewhere: its file sees nothing.
        if (move === undefined) this.#entries.get(ifindex)?.tap?.removed();
        else this.#elsewhere.add(ifindex);
        this.#entries.delete(ifindex);
      },
    });
  }

  /** Opens a TAP device. */
  async openTap(options: KernelTapOptions): Promise<KernelTap> {
    await this.#turn('openTap');
    this.#requireOwnNamespace(options.netns);
    const name = this.#resolveName(options.name);
    const existing = this.rtnetlink.link(name);
    if (existing === undefined && options.adopt === true) {
      throw new FakeKernelError('ENODEV', 'TUNSETIFF');
    }
    if (existing !== undefined && options.adopt !== true) {
      throw new FakeKernelError('EBUSY', 'TUNSETIFF');
    }
    const ifindex = existing?.ifindex ?? this.#create(name, true);
    const entry = this.#entries.get(ifindex);
    if (entry === undefined) throw new FakeKernelError('EINVAL', 'TUNSETIFF');
    if (entry.tap !== undefined) throw new FakeKernelError('EBUSY', 'TUNSETIFF');
    if (!entry.multiQueue && options.queues !== 1) throw new FakeKernelError('EINVAL', 'TUNSETIFF');
    const tap: FakeTap = new FakeTap(
      {
        name,
        interface: entry.interface,
        namespaceInode: await this.rtnetlink.namespaceInode(),
        multiQueue: entry.multiQueue,
        currentName: () => {
          const link = this.rtnetlink.link(ifindex);
          if (link !== undefined) return link.name;
          const code = this.#elsewhere.has(ifindex) ? 'ENODEV' : 'EBADFD';
          throw new FakeKernelError(code, 'TUNGETIFF');
        },
        setCarrier: (carrier) => this.rtnetlink.changeLink(ifindex, { carrier }),
        setPersist: (persistent) => {
          entry.persistent = persistent;
        },
        setOwner: (owner) => {
          entry.owner = { ...entry.owner, ...owner };
        },
        onClose: () => {
          entry.tap = undefined;
          if (!entry.persistent && this.#entries.has(ifindex)) this.rtnetlink.deleteLink(ifindex);
        },
        fault: (call) => this.#fail(call),
      },
      options.queues,
    );
    entry.tap = tap;
    return tap;
  }

  /** Opens a netlink socket to ask with. */
  async openRequestSocket(options: NetlinkSocketOptions = {}): Promise<NetlinkRequestSocket> {
    await this.#turn('openRequestSocket');
    this.#requireOwnNamespace(options.netns);
    return this.rtnetlink.openRequestSocket(options);
  }

  /** Opens a netlink socket to listen with. */
  async openSubscriptionSocket(
    options: NetlinkSocketOptions = {},
  ): Promise<NetlinkSubscriptionSocket> {
    await this.#turn('openSubscriptionSocket');
    this.#requireOwnNamespace(options.netns);
    return this.rtnetlink.openSubscriptionSocket(options);
  }

  /** There is one namespace, and no handle on it. */
  openNamespace(): Promise<never> {
    return Promise.reject(onlyOneNamespace());
  }

  /** There is one namespace. */
  async namespaceInode(netns?: NetworkNamespaceOption): Promise<bigint> {
    this.#requireOwnNamespace(netns);
    return this.rtnetlink.namespaceInode();
  }

  /**
   * The far side of a TAP device.
   *
   * @throws RangeError when there is no such device.
   */
  interface(name: string): FakeInterface {
    return this.#entry(name).interface;
  }

  /**
   * Who may open a TAP device without CAP_NET_ADMIN.
   *
   * @throws RangeError when there is no such device.
   */
  owner(name: string): KernelTapOwner {
    return this.#entry(name).owner;
  }

  /** Makes a persistent single-queue TAP device that a process can adopt, as `ip tuntap add` does; returns its index. */
  addTap(name: string): number {
    const ifindex = this.#create(name, false);
    const entry = this.#entries.get(ifindex);
    if (entry !== undefined) entry.persistent = true;
    return ifindex;
  }

  /** Makes the next call of that kind fail with a code. */
  failNext(call: FakeKernelCall, code: string): void {
    this.#faults.set(call, code);
  }

  #entry(name: string): Entry {
    const link = this.rtnetlink.link(name);
    const entry = link === undefined ? undefined : this.#entries.get(link.ifindex);
    if (entry === undefined) throw new RangeError(`the fake kernel has no TAP device '${name}'`);
    return entry;
  }

  #create(name: string, multiQueue: boolean): number {
    const ifindex = this.rtnetlink.addLink({ name });
    const isUp = (): boolean => {
      const link = this.rtnetlink.link(ifindex);
      return link !== undefined && link.up;
    };
    this.#entries.set(ifindex, {
      interface: new FakeInterface(ifindex, isUp),
      multiQueue,
      persistent: false,
      owner: {},
      tap: undefined,
    });
    return ifindex;
  }

  #resolveName(pattern: string): string {
    if (!pattern.includes('%d')) return pattern;
    for (let number = 0; ; number += 1) {
      const name = pattern.replace('%d', String(number));
      if (this.rtnetlink.link(name) === undefined) return name;
    }
  }

  #requireOwnNamespace(netns: NetworkNamespaceOption | undefined): void {
    if (netns !== undefined) throw onlyOneNamespace();
  }

  async #turn(call: FakeKernelCall): Promise<void> {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    this.#fail(call);
  }

  #fail(call: string): void {
    const code = this.#faults.get(call);
    if (code === undefined) return;
    this.#faults.delete(call);
    throw new FakeKernelError(code, call);
  }
}

function onlyOneNamespace(): FakeKernelError {
  return new FakeKernelError('EINVAL', 'setns: the fake kernel has one network namespace');
}
