/**
 * `rtap replay`: the frames of a capture, at the times at which they were captured.
 *
 * @module
 */

import { addAbortSignal } from 'node:stream';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { CaptureReader, LINKTYPE_ETHERNET } from '@rtap/frames';
import type { CapturedPacket } from '@rtap/frames';
import { openSender } from './frame-sender.ts';
import type { FrameSender } from './frame-sender.ts';
import type { ReplayOptions, ReplaySummary } from './options.ts';

/** The longest time of a timer, in milliseconds. */
const LONGEST_SLEEP = 2 ** 31 - 1;
/** Frames after which others get a turn, where none is waited for. */
const FRAMES_A_TURN = 64;
/** Bytes of an Ethernet header. */
const SHORTEST_FRAME = 14;

/** Replays; resolves when all is sent, or when it was told to end. */
export async function replay(options: ReplayOptions): Promise<ReplaySummary> {
  const { signal, times, delay } = options;
  const player = new Player(options);
  let sender: FrameSender | undefined;
  try {
    sender = await openSender(options);
    player.sender = sender;
    options.onReady({ name: sender.name, ifindex: sender.ifindex });
    await sleep(delay * 1000, undefined, { signal });
    for (let time = 0; time < times && !signal.aborted; time += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await player.play();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await sender?.close();
  }
  return player.summary(signal.aborted ? 'signal' : 'done');
}

class Player {
  /** Where frames go. */
  sender: FrameSender | undefined;
  readonly #options: ReplayOptions;
  #packets = 0;
  #bytes = 0;
  #truncated = 0;
  #skipped = 0;
  #refused = 0;
  #first: number | undefined;
  #last = 0;
  #unwaited = 0;

  constructor(options: ReplayOptions) {
    this.#options = options;
  }

  summary(reason: ReplaySummary['reason']): ReplaySummary {
    return {
      packets: this.#packets,
      bytes: this.#bytes,
      truncated: this.#truncated,
      skipped: this.#skipped,
      refused: this.#refused,
      seconds: Math.round(this.#last - (this.#first ?? this.#last)) / 1000,
      reason,
    };
  }

  /** Plays it once. */
  async play(): Promise<void> {
    const { open, signal } = this.#options;
    const reader = new CaptureReader();
    const clock = new Clock(this.#options.speed);
    for await (const chunk of addAbortSignal(signal, open())) {
      reader.push(chunk);
      for (const record of reader) {
        if (signal.aborted) return;
        if (record.kind === 'packet') await this.#packet(record, clock);
      }
    }
    reader.end();
  }

  async #packet(packet: CapturedPacket, clock: Clock): Promise<void> {
    const { data, originalLength, timestamp } = packet;
    if (packet.interface.linkType !== LINKTYPE_ETHERNET || data.length < SHORTEST_FRAME) {
      this.#skipped += 1;
      return;
    }
    await this.#wait(timestamp === undefined ? 0 : clock.until(timestamp));
    const now = performance.now();
    if ((await this.sender?.send(data)) !== true) {
      if (!this.#options.signal.aborted) this.#refused += 1;
      return;
    }
    this.#first ??= now;
    this.#last = now;
    this.#packets += 1;
    this.#bytes += data.length;
    if (data.length < originalLength) this.#truncated += 1;
  }

  async #wait(milliseconds: number): Promise<void> {
    const { signal } = this.#options;
    for (let left = milliseconds; left > 0; left -= LONGEST_SLEEP) {
      this.#unwaited = 0;
      // oxlint-disable-next-line no-await-in-loop -- longer than a timer can be
      await sleep(Math.min(left, LONGEST_SLEEP), undefined, { signal });
    }
    this.#unwaited += 1;
    if (this.#unwaited < FRAMES_A_TURN) return;
    this.#unwaited = 0;
    await nextTurn();
  }
}

/** When frames are due: the first one at once. */
class Clock {
  readonly #speed: number;
  #begin: { readonly timestamp: bigint; readonly time: number } | undefined;

  constructor(speed: number) {
    this.#speed = speed;
  }

  /** Milliseconds until a packet of that time is due; 0 when it is. */
  until(timestamp: bigint): number {
    this.#begin ??= { timestamp, time: performance.now() };
    const after = Number(timestamp - this.#begin.timestamp) / 1_000_000 / this.#speed;
    return Math.max(0, this.#begin.time + after - performance.now());
  }
}
