/**
 * The statistics of a device: its queues' counters, and what the kernel alone knows.
 *
 * @module
 */

import type { NetlinkClient } from '@rtap/transport';
import { CounterBaseline } from './counter-baseline.ts';
import { readCounters, sumWords } from './counters.ts';
import type { Counters } from './counters.ts';
import { xstatsOf } from './xstats.ts';
import type { Xstats } from './xstats.ts';

/** What {@link TapDevice.stats} tells: all queues together, and each. */
export interface TapDeviceStats extends Counters {
  /**
   * Frames that the kernel had for the device and dropped, as a queue was full: `tx_dropped` of the interface
   * (IFLA_STATS64), since what we receive is what it transmits. DPDK's `imissed`.
   */
  readonly rxMissed: bigint;
  /** Each queue, by its index. */
  readonly queues: readonly Counters[];
}

/** Where statistics come from. */
export interface StatisticsSources {
  /** The words of the queues there are. */
  readonly queues: () => readonly BigUint64Array[];
  /** What the interface has missed in all its life. */
  readonly missed: () => Promise<bigint>;
}

/** Keeps what `stats` and `xstats` count from: each is reset for itself. */
export class Statistics {
  readonly #sources: StatisticsSources;
  readonly #stats = new CounterBaseline();
  readonly #xstats = new CounterBaseline();

  constructor(sources: StatisticsSources) {
    this.#sources = sources;
  }

  /** What has passed a queue. */
  countersOf(words: BigUint64Array): Counters {
    return readCounters(this.#stats.since(words));
  }

  /** What has passed all queues. */
  get counters(): Counters {
    return readCounters(sumWords(this.#sources.queues().map((words) => this.#stats.since(words))));
  }

  /** Asks the kernel what was missed, and adds what the queues have counted by then. */
  async stats(): Promise<TapDeviceStats> {
    const rxMissed = this.#stats.missedSince(await this.#sources.missed());
    const queues = this.#sources.queues().map((words) => this.countersOf(words));
    return { ...this.counters, rxMissed, queues };
  }

  /** Counts `stats` from 0, if the kernel answers; else nothing changes. */
  async resetStats(): Promise<void> {
    const missed = await this.#sources.missed();
    this.#stats.take(this.#sources.queues(), missed);
  }

  /** The same for `xstats`. */
  async xstats(): Promise<Xstats> {
    const rxMissed = this.#xstats.missedSince(await this.#sources.missed());
    return xstatsOf(
      this.#sources.queues().map((words) => this.#xstats.since(words)),
      rxMissed,
    );
  }

  /** Counts `xstats` from 0, if the kernel answers; else nothing changes. */
  async resetXstats(): Promise<void> {
    const missed = await this.#sources.missed();
    this.#xstats.take(this.#sources.queues(), missed);
  }
}

/** Asks the kernel how many frames it could not hand over to an interface's device. */
export async function missedFrames(
  client: NetlinkClient,
  link: { readonly ifindex: number; readonly name: string },
): Promise<bigint> {
  const message = await client.getLink({ index: link.ifindex }, { interface: link.name });
  return message.stats64?.txDropped ?? 0n;
}
