/**
 * Mode `txonly`: UDP datagrams, as many as go or as many as are asked for.
 *
 * @module
 */

import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { FrameBatch } from '@rtap/core';
import {
  ETH_P_IP,
  IPPROTO_UDP,
  buildEthernet,
  buildIpv4,
  buildUdp,
  parseIpAddress,
  parseMacAddress,
} from '@rtap/frames';
import type { Port } from './port.ts';

/** Addresses for benchmarks (RFC 2544, C.2.2), as testpmd has them, and the discard port. */
const FROM = parseIpAddress('198.18.0.1');
const TO = parseIpAddress('198.18.0.2');
const DISCARD = 9;
/** Of nobody. */
const SOURCE = parseMacAddress('02:72:74:61:70:02');
/** Ethernet, IPv4 and UDP headers. */
const LEAST_SIZE = 14 + 20 + 8;
/** Bursts, on all queues together, after which others get a turn. */
const BURSTS_A_TURN = 16;
/** Milliseconds until a device that took nothing is tried again. */
const PATIENCE = 50;
/** Milliseconds between bursts at a given rate: at least, and where bursts of one frame allow it at most. */
const TICK = 1;
const LONGEST_TICK = 10;
/** The longest time of a timer, in milliseconds. */
const LONGEST_SLEEP = 2 ** 31 - 1;

/** How it is sent. */
export interface TransmitOptions {
  /** Frames in a burst; at a rate so low that they would come seldom it is fewer. */
  readonly burst: number;
  /** Bytes of a frame, Ethernet header included. */
  readonly size: number;
  /** Frames a second; as many as go when left out. */
  readonly rate?: number;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Sends, each queue in turn, until the signal is aborted or the interface is gone. While the link is down it waits. */
export async function transmit(port: Port, options: TransmitOptions): Promise<void> {
  const { signal } = options;
  const batches = Array.from({ length: port.tap.queueCount }, (_, queue) =>
    datagrams(port, queue, options),
  );
  try {
    if (options.rate === undefined) await flood(port, batches, signal);
    else await paced(port, batches, options.rate, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function flood(
  port: Port,
  batches: readonly FrameBatch[],
  signal: AbortSignal,
): Promise<void> {
  let queue = 0;
  while (!signal.aborted && port.present) {
    let refused = false;
    for (let bursts = 0; bursts < BURSTS_A_TURN && !refused; bursts += 1) {
      const batch = batches[queue];
      if (batch === undefined) return;
      refused = port.offer(queue, batch) < batch.count;
      queue = (queue + 1) % batches.length;
    }
    // oxlint-disable-next-line no-await-in-loop -- others get a turn
    await (refused ? sleep(PATIENCE, undefined, { signal }) : setImmediate());
  }
}

async function paced(
  port: Port,
  batches: readonly FrameBatch[],
  rate: number,
  signal: AbortSignal,
): Promise<void> {
  let begin = performance.now();
  let sent = 0;
  for (let queue = 0; !signal.aborted && port.present; queue = (queue + 1) % batches.length) {
    const batch = batches[queue];
    if (batch === undefined) return;
    const due = begin + (sent / rate) * 1000;
    const now = performance.now();
    if (now < due) {
      // oxlint-disable-next-line no-await-in-loop -- until the next burst is due
      await sleep(Math.min(Math.max(TICK, due - now), LONGEST_SLEEP), undefined, { signal });
      continue;
    }
    const taken = port.offer(queue, batch);
    sent += taken;
    if (taken < batch.count) {
      // oxlint-disable-next-line no-await-in-loop -- the link is down
      await sleep(PATIENCE, undefined, { signal });
      // What was not sent meanwhile is not made up for.
      begin = performance.now();
      sent = 0;
    }
    // oxlint-disable-next-line no-await-in-loop -- others get a turn
    else await setImmediate();
  }
}

/** A burst of a queue's own: a flow each. */
function datagrams(port: Port, queue: number, options: TransmitOptions): FrameBatch {
  const { size, rate = Number.POSITIVE_INFINITY } = options;
  const burst = Math.min(options.burst, Math.max(1, Math.floor((rate * LONGEST_TICK) / 1000)));
  const udp = buildUdp({
    source: FROM,
    destination: TO,
    sourcePort: 1024 + queue,
    destinationPort: DISCARD,
    payload: new Uint8Array(size - LEAST_SIZE),
  });
  const frame = buildEthernet({
    destination: parseMacAddress(port.tap.macAddress ?? 'ff:ff:ff:ff:ff:ff'),
    source: SOURCE,
    etherType: ETH_P_IP,
    payload: buildIpv4({ source: FROM, destination: TO, protocol: IPPROTO_UDP, payload: udp }),
  });
  const batch = port.tap.createBatch();
  while (batch.count < burst && batch.push(frame));
  return batch;
}
