/**
 * Queues in the hands of real worker threads.
 *
 * @module
 */

import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { openTap, receiveQueue } from '@rtap/core';
import type { NetworkNamespace, OpenTapOptions, QueueTicket, TapDevice } from '@rtap/core';
import { buildEthernet, buildIpv4, buildUdp, parseIpAddress, parseMacAddress } from '@rtap/frames';
import { addAddress, expectNoLeaks, generateTraffic, ipJson, ping } from '@rtap/testkit';
import type { Traffic } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { NetlinkClient } from '@rtap/transport';
import { describe, expect } from 'vitest';
import type {
  QueueWorkerData,
  QueueWorkerReport,
  QueueWorkerRequest,
} from './fixtures/queue-worker.ts';

const WORKER = new URL('fixtures/queue-worker.ts', import.meta.url);
const OWNER = new URL('fixtures/queue-owner.ts', import.meta.url);
const FLOWS = new URL('fixtures/udp-flows.ts', import.meta.url).pathname;
const STREAMS = new URL('fixtures/tcp-streams.ts', import.meta.url).pathname;
const KERNEL_MAC = '02:00:00:00:00:01';
const FAR = { mac: parseMacAddress('02:00:00:00:00:02'), ip: parseIpAddress('10.9.0.2') };
const NEAR = { mac: parseMacAddress(KERNEL_MAC), ip: parseIpAddress('10.9.0.1') };

/** A worker thread with queues. */
class QueueWorker {
  readonly worker: Worker;
  readonly exited: Promise<unknown[]>;
  readonly #reports: QueueWorkerReport[] = [];

  constructor(mode: QueueWorkerData['mode'], tickets: readonly QueueTicket[]) {
    const data: QueueWorkerData = { mode, tickets };
    this.worker = new Worker(WORKER, { workerData: data });
    this.worker.on('message', (report: QueueWorkerReport) => this.#reports.push(report));
    this.exited = once(this.worker, 'exit');
  }

  /** The first report of its kind, once. */
  async report<Key extends string>(
    key: Key,
  ): Promise<Extract<QueueWorkerReport, Record<Key, unknown>>> {
    for (;;) {
      const at = this.#reports.findIndex((report) => key in report);
      const [found] = at < 0 ? [] : this.#reports.splice(at, 1);
      if (found !== undefined && has(found, key)) return found;
      // oxlint-disable-next-line no-await-in-loop -- until it comes
      await once(this.worker, 'message');
    }
  }

  /** How many datagrams came, by their source port. */
  async flows(): Promise<ReadonlyMap<number, number>> {
    this.send('flows');
    return (await this.report('flows')).flows;
  }

  send(request: QueueWorkerRequest): void {
    this.worker.postMessage(request);
  }
}

function has<Key extends string>(
  report: QueueWorkerReport,
  key: Key,
): report is Extract<QueueWorkerReport, Record<Key, unknown>> {
  return key in report;
}

async function start(
  mode: QueueWorkerData['mode'],
  ...tickets: readonly QueueTicket[]
): Promise<QueueWorker> {
  const worker = new QueueWorker(mode, tickets);
  await worker.report('ready');
  return worker;
}

/** A device with an address, and what answers for 10.9.0.2 on each of its queues. */
async function answering(
  netns: NetworkNamespace,
  options: OpenTapOptions = {},
): Promise<{ readonly tap: TapDevice; readonly workers: readonly QueueWorker[] }> {
  const tap = await openTap({ netns, queues: 2, mac: KERNEL_MAC, ...options });
  for (const address of ['10.9.0.1/24', 'fd09::1/64']) {
    await addAddress({ netns, ifindex: tap.ifindex, address });
  }
  const queues = Array.from({ length: tap.queueCount }, (_, index) => tap.queue(index));
  const workers = await Promise.all(queues.map((queue) => start('answer', queue.transfer())));
  return { tap, workers };
}

/** Sends datagrams from ports, one after the other, and knows which were echoed. */
class Client {
  readonly #write: (line: string) => void;
  readonly #lines: AsyncIterator<string>;
  readonly end: () => Promise<unknown>;

  private constructor(
    write: (line: string) => void,
    lines: AsyncIterator<string>,
    end: () => Promise<unknown>,
  ) {
    this.#write = write;
    this.#lines = lines;
    this.end = end;
  }

  static async open(netns: NetworkNamespace): Promise<Client> {
    const child = await netns.exec(process.execPath, [FLOWS], { stdio: 'pipe' });
    const { stdin, stdout, stderr } = child;
    if (stdin === null || stdout === null || stderr === null) throw new TypeError('no pipes');
    stderr.pipe(process.stderr);
    const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
    return new Client(
      (line) => stdin.write(line),
      lines,
      () => {
        stdin.end();
        return child.exited;
      },
    );
  }

  send(port: number): void {
    this.#write(`${port}\n`);
  }

  /** The port of the next datagram that comes back. */
  async echo(): Promise<number> {
    const { done, value } = await this.#lines.next();
    if (done === true) throw new Error('the client has ended');
    return Number(value);
  }

  /** Sends from each port and waits for all of the echoes. */
  async exchange(ports: readonly number[]): Promise<void> {
    for (const port of ports) this.send(port);
    for (const _ of ports) await this.echo();
  }
}

/** The ports of floods: one for each queue. */
const FLOODS = [50_000, 50_001];
const PORTS = Array.from({ length: 16 }, (_, index) => 40_000 + index);

/** A datagram of the far host to one of the client's ports. */
function datagram(port: number, payload: string): Uint8Array {
  const addresses = { source: FAR.ip, destination: NEAR.ip };
  const bytes = new TextEncoder().encode(payload);
  const udp = buildUdp({ ...addresses, sourcePort: 7, destinationPort: port, payload: bytes });
  return buildEthernet({
    ...{ destination: NEAR.mac, source: FAR.mac, etherType: 0x0800 },
    payload: buildIpv4({ ...addresses, protocol: 17, payload: udp }),
  });
}

/** Floods a device with datagrams of a flow for each of its queues. */
async function flood(netns: NetworkNamespace, tap: TapDevice): Promise<readonly Traffic[]> {
  return Promise.all(
    FLOODS.map((sourcePort) => {
      const addresses = { source: NEAR.ip, destination: FAR.ip };
      const payload = new Uint8Array(40);
      const udp = buildUdp({ ...addresses, sourcePort, destinationPort: 7, payload });
      const template = buildEthernet({
        ...{ destination: FAR.mac, source: NEAR.mac, etherType: 0x0800 },
        payload: buildIpv4({ ...addresses, protocol: 17, payload: udp }),
      });
      // Its own rules for what is sent would only be in the way: the interface goes down and away.
      return generateTraffic({ netns, interface: tap.name, template, qdiscBypass: true });
    }),
  );
}

/** Makes each flow of a flood the one of a worker: the kernel gives it to the queue that has sent for it last. */
async function steer(workers: readonly QueueWorker[]): Promise<void> {
  for (const [index, worker] of workers.entries()) {
    worker.send({ transmit: datagram(FLOODS[index] ?? 0, 'mine') });
    expect(await worker.report('sent')).toEqual({ sent: 1 });
  }
}

/** Ends floods whose interface may be gone. */
async function endFlood(traffic: readonly Traffic[]): Promise<void> {
  await Promise.all(traffic.map((one) => one.stop().catch(() => undefined)));
}

/** Resolves when a queue, or a device, has received so many more frames. */
async function frames(receiver: Pick<TapDevice, 'counters'>, count: bigint): Promise<void> {
  const goal = receiver.counters.rxPackets + count;
  while (receiver.counters.rxPackets < goal) await nextTurn();
}

async function isThere(netns: NetworkNamespace, name: string): Promise<boolean> {
  const links = await ipJson(netns, ['link', 'show']);
  return JSON.stringify(links).includes(`"${name}"`);
}

describe('two workers with a queue each', () => {
  test('answer pings and UDP; what they count is what the kernel counts', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    const { tap, workers } = await answering(netns, { name: 'wrk0' });
    for (const address of ['10.9.0.2', 'fd09::2']) {
      const { replies } = await ping({ netns, address, count: 3 });
      expect(replies).toHaveLength(3);
    }
    const client = await Client.open(netns);
    for (let round = 0; round < 20; round += 1) await client.exchange(PORTS);
    await client.end();
    const read = (): unknown => {
      const { rxPackets, rxBytes, txPackets, txBytes } = tap.counters;
      return [rxPackets, rxBytes, txPackets, txBytes].map(Number);
    };
    const judged = async (): Promise<unknown> => {
      const [link] = [await ipJson(netns, ['-s', 'link', 'show', 'wrk0'])].flat();
      return link;
    };
    await expect
      .poll(async () => {
        const [rxPackets, rxBytes, txPackets, txBytes] = [read()].flat();
        return { judged: await judged(), rxPackets, rxBytes, txPackets, txBytes };
      })
      .toSatisfy(({ judged: link, rxPackets, rxBytes, txPackets, txBytes }) => {
        // What we receive is what the interface transmits.
        expect(link).toMatchObject({
          stats64: {
            rx: { packets: txPackets, bytes: txBytes },
            tx: { packets: rxPackets, bytes: rxBytes },
          },
        });
        return true;
      });
    const { queues } = await tap.stats();
    expect(queues.every(({ rxPackets, txPackets }) => rxPackets > 0n && txPackets > 0n)).toBe(true);
    const xstats = await tap.xstats();
    expect(xstats['rx_q1_packets']).toBe(queues[1]?.rxPackets);
    // They end by themselves when there is nothing to wait for.
    await tap.close();
    for (const worker of workers) {
      expect(await worker.report('end')).toMatchObject({ end: 'closed', code: 'ERR_RTAP_CLOSED' });
      expect(await worker.exited).toEqual([0]);
    }
  });

  test('keep their flows: each comes to who answered it last', async ({ netns, judges }) => {
    judges('ip');
    const { tap, workers } = await answering(netns);
    const [first, second] = workers;
    if (first === undefined || second === undefined) throw new TypeError('two workers');
    const client = await Client.open(netns);
    const ROUNDS = 20;
    for (let round = 0; round < ROUNDS; round += 1) await client.exchange(PORTS);
    const flows = await Promise.all(workers.map((worker) => worker.flows()));
    const seen = flows.flatMap((flow) => PORTS.filter((port) => flow.has(port)));
    expect(new Set(seen)).toEqual(new Set(PORTS));
    expect(seen).toHaveLength(PORTS.length);
    for (const flow of flows)
      expect([...flow.values()].every((count) => count === ROUNDS)).toBe(true);
    // One of the first worker's flows, which the second one sends for once: it is the second's from then on.
    const port = PORTS.find((one) => flows[0]?.has(one));
    if (port === undefined) throw new TypeError('a flow of the first');
    second.send({ transmit: datagram(port, 'no echo') });
    expect(await second.report('sent')).toEqual({ sent: 1 });
    for (let round = 0; round < 5; round += 1) await client.exchange([port]);
    expect((await first.flows()).get(port)).toBe(ROUNDS);
    expect((await second.flows()).get(port)).toBe(5);
    await client.end();
    await tap.close();
  });

  test('pass TCP on between two devices, super-frames and all', async ({
    createTestNamespace,
    judges,
  }) => {
    judges('ip');
    const [near, far] = [await createTestNamespace(), await createTestNamespace()];
    const taps = await Promise.all([
      openTap({ netns: near, queues: 2, addresses: ['10.9.0.1/24'] }),
      openTap({ netns: far, queues: 2, addresses: ['10.9.0.2/24'] }),
    ]);
    const workers = await Promise.all(
      [0, 1].map((index) => start('forward', ...taps.map((tap) => tap.queue(index).transfer()))),
    );
    const server = await far.exec(process.execPath, [STREAMS, 'server'], { stdio: 'pipe' });
    if (server.stdout === null) throw new TypeError('no output');
    await once(server.stdout, 'data');
    const client = await near.exec(process.execPath, [STREAMS, 'client'], { stdio: 'pipe' });
    if (client.stdout === null) throw new TypeError('no output');
    expect(await text(client.stdout)).toBe('8\n');
    server.kill();
    await server.exited;
    for (const tap of taps) {
      const xstats = await tap.xstats();
      expect(xstats['rx_q0_lro_packets']).toBeGreaterThan(0n);
      await tap.close();
    }
    for (const worker of workers) expect(await worker.exited).toEqual([0]);
  });
});

describe('under a flood', () => {
  test('stop and start reach the workers', { timeout: 60_000 }, async ({ netns }) => {
    const { tap, workers } = await answering(netns);
    for (let round = 0; round < 20; round += 1) {
      await steer(workers);
      const traffic = await flood(netns, tap);
      await frames(tap.queue(0), 100n);
      await frames(tap.queue(1), 100n);
      await tap.stop();
      const stopped = tap.counters;
      // It ends by itself: nobody can send on an interface that is down.
      await endFlood(traffic);
      await nextTurn();
      // Nothing passes from the moment on in which stop has resolved.
      expect(tap.counters).toEqual(stopped);
      await tap.start();
    }
    await tap.close();
    for (const worker of workers) expect(await worker.exited).toEqual([0]);
  });

  test('a worker is terminated, the device goes on, and another one takes its place', async ({
    netns,
  }) => {
    const { tap, workers } = await answering(netns);
    const client = await Client.open(netns);
    await client.exchange(PORTS);
    const [first, second] = workers;
    const flows = (await second?.flows()) ?? new Map();
    const [kept, lost] = [PORTS.filter((port) => !flows.has(port)), [...flows.keys()]];
    await steer(workers);
    const traffic = await flood(netns, tap);
    await frames(tap.queue(1), 100n);
    await second?.worker.terminate();
    await endFlood(traffic);
    const { rxPackets } = tap.queue(1).counters;
    for (const port of lost) client.send(port);
    await client.exchange(kept);
    expect(tap.queue(1).transferred).toBe(true);
    expect(tap.queue(1).counters.rxPackets).toBe(rxPackets);
    // What nobody reads waits; beyond 1,000 frames it is missed.
    const { rxMissed } = await tap.stats();
    const more = await flood(netns, tap);
    await expect.poll(async () => (await tap.stats()).rxMissed).toBeGreaterThan(rxMissed);
    await endFlood(more);
    await tap.queue(1).reclaim();
    const third = await start('answer', tap.queue(1).transfer());
    await client.exchange(lost);
    expect([...(await third.flows()).keys()]).toEqual(expect.arrayContaining(lost));
    await client.end();
    await tap.close();
    expect(await first?.exited).toEqual([0]);
    expect(await third.exited).toEqual([0]);
  });

  test.for(['close', 'configure', 'reclaim', 'stop'] as const)(
    '%s takes the queue from a worker that does nothing but bursts',
    async (operation, { netns, judges }) => {
      judges('ip');
      const tap = await openTap({ netns, name: 'spin0', queues: 2 });
      const workers = await Promise.all(
        [0, 1].map((index) => start('spin', tap.queue(index).transfer())),
      );
      const traffic = await flood(netns, tap);
      await frames(tap, 1000n);
      if (operation === 'reclaim') {
        await Promise.all([0, 1].map((index) => tap.queue(index).reclaim()));
        // Theirs no more: what comes now is ours.
        await Promise.race([0, 1].map((index) => tap.queue(index).waitReadable()));
      } else if (operation === 'close') {
        await tap.close();
      } else {
        await tap.stop();
        const stopped = tap.counters;
        if (operation === 'configure') await tap.configure({ queues: 3 });
        await nextTurn();
        if (operation === 'stop') expect(tap.counters).toEqual(stopped);
      }
      // The kernel has closed the files: no worker was asked for it.
      if (operation === 'close') expect(await isThere(netns, 'spin0')).toBe(false);
      await endFlood(traffic);
      await tap.close();
      const end = operation === 'close' || operation === 'stop' ? 'closed' : 'reclaimed';
      for (const worker of workers) {
        expect(await worker.report('end')).toMatchObject({ end });
        expect(await worker.exited).toEqual([0]);
      }
    },
  );

  test('the interface is deleted: the workers end', async ({ netns }) => {
    const { tap, workers } = await answering(netns);
    await steer(workers);
    const traffic = await flood(netns, tap);
    await frames(tap.queue(0), 100n);
    await frames(tap.queue(1), 100n);
    const removed = once(tap, 'removed');
    await using client = await NetlinkClient.open({ netns });
    await client.deleteLink({ index: tap.ifindex });
    await removed;
    for (const worker of workers) {
      expect(await worker.report('end')).toMatchObject({
        end: 'removed',
        code: 'ERR_RTAP_REMOVED',
      });
      expect(await worker.exited).toEqual([0]);
    }
    await endFlood(traffic);
    await tap.close();
  });
});

describe('a queue in a worker', () => {
  test('has a shared slab when the device was opened so', async ({ netns }) => {
    for (const sharedBuffers of [false, true]) {
      const tap = await openTap({ netns, sharedBuffers });
      const worker = new QueueWorker('hold', [tap.queue(0).transfer()]);
      expect(await worker.report('ready')).toEqual({ ready: true, sharedSlab: sharedBuffers });
      await tap.close();
      expect(await worker.exited).toEqual([0]);
    }
  });

  test('that is closed while its device is not lets the worker end', async ({ netns }) => {
    const tap = await openTap({ netns });
    const queue = receiveQueue(tap.queue(0).transfer());
    await queue.close();
    expect(queue.state).toBe('closed');
    await tap.queue(0).reclaim();
    expect(tap.queue(0).rxBurst().count).toBeGreaterThanOrEqual(0);
    await tap.close();
  });

  test('ends when the thread of its device does', async ({ netns, judges }) => {
    judges('ip');
    const workerData = { netns: netns.path, name: 'orphan0' };
    const owner = new Worker(OWNER, { workerData });
    const [ticket]: QueueTicket[] = await once(owner, 'message');
    if (ticket === undefined) throw new TypeError('no ticket');
    const queue = receiveQueue(ticket);
    const reading = (async () => {
      let count = 0;
      for await (const batch of queue.batches()) count += batch.count;
      return count;
    })();
    await owner.terminate();
    expect(await reading).toBeGreaterThanOrEqual(0);
    expect(queue.state).toBe('closed');
    await expect.poll(() => isThere(netns, 'orphan0')).toBe(false);
  });

  test('of a device with one queue for good is lent, too', async ({ netns, judges }) => {
    judges('ip');
    await (
      await netns.exec('ip', ['tuntap', 'add', 'one0', 'mode', 'tap'])
    ).exited;
    const { tap, workers } = await answering(netns, { name: 'one0', adopt: true, queues: 1 });
    const { replies } = await ping({ netns, address: '10.9.0.2', count: 2 });
    expect(replies).toHaveLength(2);
    await tap.close();
    expect(await workers[0]?.report('end')).toMatchObject({ end: 'closed' });
    // It is nobody's now.
    const again = await openTap({ netns, name: 'one0', adopt: true });
    await again.close();
  });
});

describe('tickets', () => {
  test('that are forged, used, or of queues that are no more are refused', async ({ netns }) => {
    const bad = expect.objectContaining({ name: 'RtapError', code: 'ERR_RTAP_STATE' });
    const tap = await openTap({ netns, queues: 2 });
    const ticket = tap.queue(0).transfer();
    for (const id of [ticket.id ^ 1n, 0n, -1n, 1n << 64n]) {
      expect(() => receiveQueue({ ...ticket, id })).toThrow(bad);
    }
    const queue = receiveQueue(ticket);
    expect(() => receiveQueue(ticket)).toThrow(bad);
    const other = tap.queue(1).transfer();
    await tap.stop();
    await tap.configure({ queues: 1 });
    expect(queue.state).toBe('reclaimed');
    expect(() => receiveQueue(other)).toThrow(bad);
    const last = tap.queue(0).transfer();
    await tap.close();
    expect(() => receiveQueue(last)).toThrow(bad);
  });
});

describe('over and over', () => {
  test('nothing is left behind', { timeout: 120_000 }, async ({ netns, judges }) => {
    judges('ip');
    const ends = [
      // Taken back, terminated in between, closed with it, never received.
      async (tap: TapDevice) => tap.queue(0).reclaim(),
      async (_: TapDevice, worker: QueueWorker) => worker.worker.terminate(),
      async (tap: TapDevice) => tap.close(),
    ] as const;
    let round = 0;
    await expectNoLeaks(
      async () => {
        const tap = await openTap({ netns, queues: 2 });
        const worker = new QueueWorker('answer', [tap.queue(0).transfer()]);
        tap.queue(1).transfer();
        // Terminated, it may not even have begun.
        if (round % ends.length !== 1) await worker.report('ready');
        await ends[round % ends.length]?.(tap, worker);
        await tap.close();
        await worker.exited;
        round += 1;
      },
      { namespaces: [netns], times: 60 },
    );
    const tap = await openTap({ netns });
    await expectNoLeaks(
      async () => {
        const queue = receiveQueue(tap.queue(0).transfer());
        const iterator = queue.batches();
        const next = iterator.next();
        await tap.queue(0).reclaim();
        await next;
      },
      { times: 200 },
    );
    await tap.close();
  });
});
