/** The reference's cases about offloads, and the defects of its data path that need them. @module */

import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTap } from '@rtap/core';
import type {
  EngineName,
  FrameBatch,
  NetworkNamespace,
  OffloadsOption,
  TapDevice,
} from '@rtap/core';
import { createTestNamespace, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';
import { ip, openQuiet, shown } from './judges.ts';

const NEEDS_CSUM = 1;
const GSO_TCPV4 = 1;
const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', name);

function sorted(words: readonly string[]): readonly string[] {
  return words.toSorted((a, b) => a.localeCompare(b));
}

/** What `ethtool -k` says is on, of the offloads that TUNSETOFFLOAD rules. */
async function onByEthtool(netns: NetworkNamespace, name: string): Promise<readonly string[]> {
  const { stdout } = await run(netns, 'ethtool', ['-k', name]);
  const wanted =
    /^\s*(tx-checksum-ip-generic|tx-tcp-segmentation|tx-tcp6-segmentation|tx-tcp-ecn-segmentation|tx-udp-segmentation): on/gm;
  return sorted([...stdout.matchAll(wanted)].map(([, feature = '']) => feature));
}

const SUM = 'tx-checksum-ip-generic';
const TCP = ['tx-tcp-ecn-segmentation', 'tx-tcp-segmentation', 'tx-tcp6-segmentation'];
const UDP = 'tx-udp-segmentation';

/** Two devices in two namespaces, with this process between them. */
interface Between {
  readonly a: TapDevice;
  readonly b: TapDevice;
  readonly other: NetworkNamespace;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/** Brings what `a` receives to `b`, until `a` ends. */
type Forward = (a: TapDevice, b: TapDevice) => Promise<void>;

/** Makes a network of two namespaces: `there` forwards one way, batches as the kernel gave them go the other way. */
async function between(
  netns: NetworkNamespace,
  offloads: OffloadsOption,
  there: Forward,
  back: Forward = forward({ superFrames: true }),
  engine: EngineName = 'syscall',
): Promise<Between> {
  const other = await createTestNamespace();
  const [a, b] = await Promise.all([
    openTap({ netns, name: 'a0', addresses: ['10.7.0.1/24'], offloads, engine }),
    openTap({ netns: other, name: 'b0', addresses: ['10.7.0.2/24'], offloads, engine }),
  ]);
  await ip(netns, 'addr', 'add', 'fd07::1/64', 'dev', 'a0', 'nodad');
  await ip(other, 'addr', 'add', 'fd07::2/64', 'dev', 'b0', 'nodad');
  const forwarded = [there(a, b), back(b, a)];
  return {
    ...{ a, b, other },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([a.close(), b.close()]);
      await Promise.all(forwarded);
      await other.close();
    },
  };
}

/** Forwards; `see` looks at each burst. */
function forward(
  options: { readonly superFrames: boolean },
  see: (batch: FrameBatch) => void = () => undefined,
): Forward {
  return async (from, to) => {
    for await (const batch of from.batches(options)) {
      see(batch);
      for (let sent = 0; sent < batch.count;) sent += to.queue(0).txBurst(batch, sent);
    }
  };
}

/** Sends a file by TCP from one namespace to the other; what arrived, as its SHA-256. */
async function transfer(
  netns: NetworkNamespace,
  other: NetworkNamespace,
  address: string,
  bytes: Uint8Array,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rtap-parity-'));
  try {
    const file = join(folder, 'bytes');
    writeFileSync(file, bytes);
    const server = await other.exec(process.execPath, [fixture('tcp-receive.mjs'), address]);
    server.stderr?.pipe(process.stderr, { end: false });
    const lines = server.stdout?.setEncoding('utf8')[Symbol.asyncIterator]();
    let said = '';
    const line = async (): Promise<string> => {
      while (!said.includes('\n')) {
        const { done, value } = (await lines?.next()) ?? { done: true };
        if (done === true) throw new Error(`the receiver ended: ${said}`);
        said += String(value);
      }
      const [first = '', ...rest] = said.split('\n');
      said = rest.join('\n');
      return first;
    };
    const port = await line();
    const sent = await run(netns, process.execPath, [fixture('tcp-send.mjs'), address, port, file]);
    expect(sent.stderr).toBe('');
    return await line();
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('offloads', () => {
  test('case 19: offload_config', async ({ netns, judges }) => {
    judges('ethtool');
    const tap = await openTap({ netns, name: 'off0', start: false });
    expect(await onByEthtool(netns, 'off0')).toEqual(sorted([SUM, ...TCP, UDP]));
    for (const [offloads, on] of [
      ['none', []],
      [{ checksum: true }, [SUM]],
      [{ tcp: true }, [SUM, ...TCP]],
      [{ udp: true }, [SUM, UDP]],
      [{ tcp: true, udp: true }, [SUM, ...TCP, UDP]],
      ['auto', [SUM, ...TCP, UDP]],
    ] as const) {
      await tap.configure({ offloads });
      expect(await onByEthtool(netns, 'off0')).toEqual(sorted(on));
      // The queues that come later have them, too.
      await tap.configure({ queues: tap.queueCount === 1 ? 3 : 1 });
      expect(await onByEthtool(netns, 'off0')).toEqual(sorted(on));
    }
    await tap.close();
  });

  test('case 20: tx_csum_offload', async ({ netns, judges }) => {
    judges('ip', 'tcpdump');
    // What the kernel left to be done to us is done in batches(), as tcpdump finds on the other side.
    const headers: number[] = [];
    const see = (batch: FrameBatch): void => {
      for (let index = 0; index < batch.count; index += 1) {
        headers.push(batch.header(index)[0] ?? -1);
      }
    };
    const there = forward({ superFrames: false }, see);
    await using pair = await between(netns, { checksum: true }, there);
    const args = ['-n', '-vv', '-c', '3', '-i', 'b0', 'udp', 'port', '9000'];
    const dump = await pair.other.exec('tcpdump', args);
    let said = '';
    dump.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
    await new Promise<void>((resolve) => {
      let greeting = '';
      dump.stderr?.setEncoding('utf8').on('data', (text: string) => {
        greeting += text;
        if (greeting.includes('listening on')) resolve();
      });
    });
    const send = `for (const n of [1, 2, 3]) await new Promise((d) => s.send(Buffer.alloc(n * 100, n), 9000, '10.7.0.2', d)); s.close()`;
    const script = `const s = (await import('node:dgram')).createSocket('udp4'); ${send}`;
    const { stderr } = await run(netns, process.execPath, ['--input-type=module', '-e', script]);
    expect(stderr).toBe('');
    await dump.exited;
    await expect.poll(() => said.match(/udp sum ok/g)?.length).toBe(3);
    expect(new Set(headers)).toEqual(new Set([0]));
    const { rx_q0_checksum_none: unfinished } = await pair.a.xstats();
    expect(unfinished).toBeGreaterThanOrEqual(3n);
  });

  test('case 29: xstats_offload_stats', async ({ netns, judges }) => {
    judges('ip');
    await using pair = await between(netns, { tcp: true }, forward({ superFrames: true }));
    await transfer(netns, pair.other, '10.7.0.2', randomBytes(1_000_000));
    const { rx_q0_lro_packets: lro, rx_q0_checksum_none: unfinished } = await pair.a.xstats();
    expect(lro).toBeGreaterThan(10n);
    expect(unfinished).toBeGreaterThan(lro ?? 0n);
    expect(await pair.b.xstats()).toMatchObject({
      tx_q0_tso_packets: lro,
      tx_q0_checksum_offload: unfinished,
    });
  });

  test('D5: super-frames come whole', async ({ netns, judges }) => {
    judges('ip');
    const bytes = randomBytes(20_000_000);
    let largest = 0;
    const see = ({ count, descriptors }: FrameBatch): void => {
      for (let index = 0; index < count; index += 1) {
        largest = Math.max(largest, descriptors[2 * index + 1] ?? 0);
      }
    };
    await using pair = await between(netns, 'auto', forward({ superFrames: true }, see));
    for (const address of ['10.7.0.2', 'fd07::2']) {
      largest = 0;
      expect(await transfer(netns, pair.other, address, bytes)).toBe(sha256(bytes));
      expect(largest).toBeGreaterThan(30_000);
    }
  });

  test.for(['io_uring'] as const)(
    'and by %s, which moves them to where they belong',
    async (engine, { netns, judges, skip }) => {
      judges('ip');
      const bytes = randomBytes(20_000_000);
      const pass = forward({ superFrames: true });
      await using pair = await between(netns, 'auto', pass, pass, engine);
      const { reason } = pair.a.info().engine;
      if (reason !== undefined) skip(`kernel lacks io_uring: ${reason}`);
      expect(await transfer(netns, pair.other, '10.7.0.2', bytes)).toBe(sha256(bytes));
      const { rx_q0_lro_packets: lro } = await pair.a.xstats();
      expect(await pair.b.xstats()).toMatchObject({ tx_q0_tso_packets: lro });
      expect(lro).toBeGreaterThan(100n);
      expect(pair.a.info().engine.name).toBe(engine);
    },
  );

  test.for(['10.7.0.2', 'fd07::2'])(
    'and are cut for who wants frames of the wire: %s',
    async (address, { netns, judges }) => {
      judges('ip');
      const bytes = randomBytes(5_000_000);
      let largest = 0;
      const headers = new Set<string>();
      const see = (batch: FrameBatch): void => {
        for (let index = 0; index < batch.count; index += 1) {
          largest = Math.max(largest, batch.length(index));
          headers.add(batch.header(index).join());
        }
      };
      const wire = forward({ superFrames: false }, see);
      await using pair = await between(netns, 'auto', wire, wire);
      // The receiver checks every checksum: none comes with a header that vouches for it.
      expect(await transfer(netns, pair.other, address, bytes)).toBe(sha256(bytes));
      expect(largest).toBe(1514);
      expect(headers).toEqual(new Set([new Uint8Array(10).join()]));
      const { rx_q0_lro_packets: lro } = await pair.a.xstats();
      expect(lro).toBeGreaterThan(10n);
      const { stdout } = await run(pair.other, 'cat', ['/proc/net/snmp']);
      expect(snmp(stdout, 'Tcp', 'InCsumErrors')).toBe(0);
    },
  );

  test('D13: the header is passed on as it is', async ({ netns, judges }) => {
    judges('ip');
    const tap = await openQuiet(netns, { name: 'head0', offloads: { tcp: true } });
    await ip(netns, 'addr', 'add', '10.8.0.1/24', 'dev', 'head0');
    await ip(netns, 'neigh', 'add', '10.8.0.2', 'lladdr', '02:00:00:00:00:02', 'dev', 'head0');
    // A datagram of the kernel's: its checksum is left to be made, which the header says and nobody guesses.
    const script = `const s = require('node:dgram').createSocket('udp4'); s.send('hello', 9000, '10.8.0.2', () => s.close())`;
    await run(netns, process.execPath, ['-e', script]);
    const batch = tap.queue(0).rxBurst();
    expect(batch.count).toBe(1);
    const header = batch.header(0).slice();
    const words = new Uint16Array(header.buffer, 2);
    // No segments; UDP begins at 34, its checksum is at 6 there.
    expect([header[0], header[1], words[1], words[2], words[3]]).toEqual([NEEDS_CSUM, 0, 0, 34, 6]);
    expect(tap.queue(0).txBurst(batch)).toBe(1);
    const { packets, bytes } = (await shown(netns, 'head0')).stats64.rx;
    expect([packets, bytes]).toEqual([1, batch.length(0)]);
    expect(batch.header(0)).toEqual(header);
    expect(await tap.xstats()).toMatchObject({ tx_q0_checksum_offload: 1n });
    await tap.close();
  });

  test('D20: the header is in the byte order of the host, by request', async ({
    netns,
    judges,
  }) => {
    judges('python3');
    const tap = await openTap({ netns, name: 'order0' });
    // Another file of the device, in another process, sees what was asked for (TUNGETVNETLE).
    const script = [
      'import fcntl, struct',
      'fd = open("/dev/net/tun", "r+b", buffering=0)',
      'fcntl.ioctl(fd, 0x400454ca, struct.pack("16sH22x", b"order0", 0x5102))',
      'print(struct.unpack("i", fcntl.ioctl(fd, 0x800454dd, bytes(4)))[0])',
    ].join('\n');
    const { stdout, stderr } = await run(netns, 'python3', ['-c', script]);
    expect(stderr).toBe('');
    const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0];
    expect(Number(stdout)).toBe(littleEndian);
    await tap.close();
  });

  test('D21: header and lengths stay together', async ({ netns, judges }) => {
    judges('ip');
    // A frame that was copied into another batch with its header, and one that was dropped among others.
    const copying: Forward = async (a, b) => {
      const copies = b.createBatch();
      for await (const batch of a.batches({ superFrames: true })) {
        for (let index = 0; index < batch.count; index += 1) {
          if ((batch.header(index)[1] ?? 0) !== GSO_TCPV4) continue;
          copies.clear();
          expect(copies.push(batch.frame(index))).toBe(true);
          copies.header(0).set(batch.header(index));
          expect(b.queue(0).txBurst(copies)).toBe(1);
          batch.setLength(index, 0);
        }
        expect(b.queue(0).txBurst(batch)).toBe(batch.count);
      }
    };
    const bytes = randomBytes(3_000_000);
    await using pair = await between(netns, 'auto', copying);
    expect(await transfer(netns, pair.other, '10.7.0.2', bytes)).toBe(sha256(bytes));
    const { tx_q0_tso_packets: tso } = await pair.b.xstats();
    expect(tso).toBeGreaterThan(10n);
  });
});

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A counter of /proc/net/snmp. */
function snmp(text: string, protocol: string, name: string): number {
  const [names = [], values = []] = text
    .split('\n')
    .filter((line) => line.startsWith(`${protocol}:`))
    .map((line) => line.split(' '));
  return Number(values[names.indexOf(name)]);
}
