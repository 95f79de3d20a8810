/**
 * What a device shares with other processes.
 *
 * @module
 */

import type { Kernel, KernelTap, NetlinkSocketBase } from '@rtap/native';
import type { DevicePlace } from './device-place.ts';
import type { DeviceQueue } from './device-queue.ts';
import type { HandoverOffer } from './handover-protocol.ts';
import { QueueShare } from './queue-share.ts';
import type { ShareOwner } from './queue-share.ts';
import type { CheckedShareOptions } from './share-options.ts';

/** What shares need of their device. */
export interface DeviceSharesParts {
  /** The kernel it lives on. */
  readonly kernel: Kernel;
  /** The opened interface. */
  readonly tap: KernelTap;
  /** Where the interface is. */
  readonly place: DevicePlace;
  /** Its name now. */
  readonly name: () => string;
}

/** The shares of a device, which end with it. */
export class DeviceShares {
  readonly #parts: DeviceSharesParts;
  readonly #shares = new Set<QueueShare>();

  constructor(parts: DeviceSharesParts) {
    this.#parts = parts;
  }

  /** Offers queues, all of them or none; nothing waits before the share is there. */
  async open(queues: readonly DeviceQueue[], options: CheckedShareOptions): Promise<QueueShare> {
    const offered: DeviceQueue[] = [];
    try {
      for (const queue of queues) {
        queue.offer();
        offered.push(queue);
      }
      const { kernel, name } = this.#parts;
      const { address, mode } = options;
      const listener = kernel.listenForHandover(address, { mode });
      const share: QueueShare = new QueueShare(
        { ...options, listener, queues },
        {
          name: name(),
          about: () => this.#about(),
          companions: () => this.#companions(),
          ended: () => this.#shares.delete(share),
        },
      );
      this.#shares.add(share);
      return share;
    } catch (error) {
      for (const queue of offered) await queue.takeBack();
      throw error;
    }
  }

  /** The device has its queues no more: whoever has one keeps it for good. */
  end(): void {
    for (const share of this.#shares) share.end();
  }

  /** What is said of the interface. */
  #about(): Omit<HandoverOffer, 'queues'> {
    const { tap, place, name } = this.#parts;
    const { ifindex: index, namespaceInode } = place;
    return {
      interface: { name: name(), index, namespace: Number(namespaceInode) },
      offloads: tap.offloads,
      header: tap.headerLength,
    };
  }

  /** What goes over with queues, for who may not open it. */
  async #companions(): ReturnType<ShareOwner['companions']> {
    const { kernel, place } = this.#parts;
    const netns = await kernel.openNamespace(place.netns ?? { pid: process.pid });
    const sockets: NetlinkSocketBase[] = [];
    const release = async (): Promise<void> => {
      for (const socket of sockets) socket.close();
      await netns.close();
    };
    try {
      sockets.push(await kernel.openRequestSocket({ netns }));
      sockets.push(await kernel.openSubscriptionSocket({ netns }));
      return { sources: { netns, sockets }, release };
    } catch (error) {
      await release();
      throw error;
    }
  }
}
