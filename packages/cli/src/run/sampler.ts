/**
 * What devices have counted, and how fast.
 *
 * @module
 */

import type { Counters } from '@rtap/core';
import type { Port } from './port.ts';
import type { RunCounts, RunInterface, RunRates } from './run-line.ts';

/** What an interface had counted at a time. */
interface Sample {
  readonly time: number;
  readonly counts: RunCounts;
  readonly queues: readonly RunCounts[];
}

const NOTHING: RunCounts = {
  rxPackets: 0,
  rxBytes: 0,
  rxErrors: 0,
  txPackets: 0,
  txBytes: 0,
  txErrors: 0,
  txDropped: 0,
};

/** Takes samples of devices. */
export class Sampler {
  readonly #ports: readonly Port[];
  readonly #begin = performance.now();
  readonly #last = new Map<Port, Sample>();
  /** Asked of the kernel, so kept of interfaces that are gone. */
  readonly #missed = new Map<Port, bigint>();

  constructor(ports: readonly Port[]) {
    this.#ports = ports;
  }

  /** Seconds since it was made. */
  get seconds(): number {
    return Math.round(performance.now() - this.#begin) / 1000;
  }

  /** Tells what was counted, with rates since the last time, or since the beginning. */
  async sample(since: 'last' | 'begin'): Promise<readonly RunInterface[]> {
    await Promise.all(this.#ports.map((port) => this.#askMissed(port)));
    return this.#ports.map((port) => this.#of(port, since));
  }

  #of(port: Port, since: 'last' | 'begin'): RunInterface {
    const { tap } = port;
    const time = performance.now();
    const counts = countsOf(tap.counters, port.dropped);
    const queues = Array.from({ length: tap.queueCount }, (_, queue) =>
      countsOf(tap.queue(queue).counters, port.droppedOf(queue)),
    );
    const before = since === 'last' ? this.#last.get(port) : undefined;
    this.#last.set(port, { time, counts, queues });
    const seconds = (time - (before?.time ?? this.#begin)) / 1000;
    return {
      name: tap.name,
      ifindex: tap.ifindex,
      present: port.present,
      status: tap.link.status,
      ...counts,
      imissed: Number(this.#missed.get(port) ?? 0n),
      rates: ratesOf(before?.counts, counts, seconds),
      queues: queues.map((of, queue) => ({
        queue,
        ...of,
        rates: ratesOf(before?.queues[queue], of, seconds),
      })),
    };
  }

  async #askMissed(port: Port): Promise<void> {
    if (!port.present) return;
    try {
      const { rxMissed } = await port.tap.stats();
      this.#missed.set(port, rxMissed);
    } catch {
      // It is gone, or where we may not go: what was known last is told.
    }
  }
}

/** Numbers are exact up to 2^53, nine petabytes. */
function countsOf(counters: Counters, txDropped: number): RunCounts {
  return {
    rxPackets: Number(counters.rxPackets),
    rxBytes: Number(counters.rxBytes),
    rxErrors: Number(counters.rxErrors),
    txPackets: Number(counters.txPackets),
    txBytes: Number(counters.txBytes),
    txErrors: Number(counters.txErrors),
    txDropped,
  };
}

function ratesOf(before: RunCounts = NOTHING, after: RunCounts, seconds: number): RunRates {
  const rate = (name: keyof RunRates): number =>
    seconds === 0 ? 0 : Math.round((after[name] - before[name]) / seconds);
  return {
    rxPackets: rate('rxPackets'),
    rxBytes: rate('rxBytes'),
    txPackets: rate('txPackets'),
    txBytes: rate('txBytes'),
  };
}
