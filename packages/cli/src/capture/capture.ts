/**
 * `rtap capture`: the packets of an interface as pcapng, until it is told to end.
 *
 * @module
 */

import { LINKTYPE_ETHERNET, LINKTYPE_RAW, PcapngWriter } from '@rtap/frames';
import type { NetworkNamespaceOption } from '@rtap/native';
import { capture } from '@rtap/testkit';
import type { CapturedFrame } from '@rtap/testkit';
import { errorCode } from '@rtap/transport';
import { CliError } from '../frame/cli-error.ts';
import { untilEnd } from '../frame/until-end.ts';
import { findLink, withClient } from '../ip/with-client.ts';
import type { CaptureCommandOptions, CapturedInterface, CaptureSummary } from './options.ts';

/** What packets begin with, by the type of the interface (linux/if_arp.h): Ethernet, loopback, nothing. */
const LOOPBACK = 772;
const LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [1, LINKTYPE_ETHERNET],
  [LOOPBACK, LINKTYPE_ETHERNET],
  [65_534, LINKTYPE_RAW],
]);
/** The least that a capture keeps of a packet; less is cut here. */
const LEAST_KEPT = 60;
/** Bytes that wait for their write at most. */
const MOST_PENDING = 1024 * 1024;
/** Bytes that a slow pipe may have waiting at most: then packets are dropped. */
const MOST_WAITING = 64 * 1024 * 1024;

/**
 * Captures; resolves with what there was when it has ended and all of it is written.
 *
 * Packets are written within the turn of the event loop that brings them. What neither the kernel nor, of a pipe, this
 * process has room for while the writer is slow is dropped: the block at the end says how many.
 */
export async function captureToFile(options: CaptureCommandOptions): Promise<CaptureSummary> {
  const { netns, snapLength, promiscuous } = options;
  const where = netns === undefined ? {} : { netns };
  const { deviceType, linkType, ifindex, name } = options.interface;
  const file = new CaptureFile(options, { name, linkType });
  let drops = 0;
  const reason = await untilEnd<'count' | 'removed'>(options, async (ending, end) => {
    const wire = await capture({
      ...{ ...where, interface: ifindex, promiscuous },
      // What a loopback sends it receives, too: once is enough, as libpcap has it.
      outgoing: deviceType !== LOOPBACK,
      ...(snapLength !== undefined && { snapLength: Math.max(snapLength, LEAST_KEPT) }),
      // Each is written as it is read, and none is kept.
      filter: (frame) => {
        if (file.add(frame)) end('count');
        return false;
      },
    });
    try {
      file.flush();
      options.onReady({ name, ifindex });
      await Promise.race([wire.waitFor(() => false, { signal: ending }), file.failed]);
    } catch (error) {
      if (errorCode(error) === 'ENODEV') end('removed');
      else if (!ending.aborted) throw error;
    } finally {
      await wire.stop();
      drops = wire.drops + file.refused;
    }
  });
  file.end(drops);
  return { packets: file.packets, bytes: file.bytes, drops, reason };
}

/**
 * Looks an interface up.
 *
 * @throws CliError when there is none, or when it has packets of a kind that is not known.
 */
export async function findCaptured(
  wanted: string,
  netns: NetworkNamespaceOption | undefined,
): Promise<CapturedInterface> {
  const link = await withClient(netns, (client) => findLink(client, wanted));
  const { deviceType, index: ifindex, name = wanted } = link;
  const linkType = LINK_TYPES.get(deviceType);
  if (linkType === undefined) {
    throw new CliError(`${name} has packets of a kind that is not known (type ${deviceType})`);
  }
  return { deviceType, linkType, ifindex, name };
}

/** What is written, a turn of the event loop at a time. */
class CaptureFile {
  packets = 0;
  bytes = 0;
  /** Packets that came while the writer had no room. */
  refused = 0;
  readonly #writer = new PcapngWriter({ application: 'rtap capture' });
  readonly #options: CaptureCommandOptions;
  #scheduled: NodeJS.Immediate | undefined;
  #fail: (error: unknown) => void = () => undefined;
  /** Rejects with what a write that nobody waits for failed with: the disk is full, or the pipe has no reader. */
  readonly failed: Promise<never> = new Promise((_, reject) => {
    this.#fail = reject;
  });

  constructor(options: CaptureCommandOptions, of: { name: string; linkType: number }) {
    this.#options = options;
    this.#writer.addInterface({ ...of, snapshotLength: options.snapLength });
  }

  /** Whether it has as many packets as were asked for. */
  get full(): boolean {
    return this.packets === this.#options.count;
  }

  /** Adds a packet; returns whether it was the last one. */
  add(frame: CapturedFrame): boolean {
    if (this.full) return false;
    if (this.#options.waiting() > MOST_WAITING) {
      this.refused += 1;
      return false;
    }
    this.#writer.writePacket(frame.bytes, {
      timestamp: frame.timestamp,
      originalLength: Math.max(frame.wireLength, frame.bytes.length),
      direction: frame.type === 'outgoing' ? 'outbound' : 'inbound',
    });
    this.packets += 1;
    this.bytes += frame.wireLength;
    if (this.#writer.pendingLength >= MOST_PENDING) this.flush();
    else this.#scheduled ??= setImmediate(() => this.#flushLater());
    return this.full;
  }

  flush(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    if (this.#writer.pendingLength > 0) this.#options.write(this.#writer.take());
  }

  #flushLater(): void {
    try {
      this.flush();
    } catch (error) {
      this.#fail(error);
    }
  }

  end(drops: number): void {
    const timestamp = BigInt(Date.now()) * 1_000_000n;
    const received = BigInt(this.packets + drops);
    this.#writer.writeStatistics({ timestamp, received, dropped: BigInt(drops) });
    this.flush();
  }
}
