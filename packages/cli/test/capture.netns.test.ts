/**
 * `rtap capture`, read by tcpdump and compared with what was sent.
 *
 * @module
 */

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { NetworkNamespace } from '@rtap/core';
import { CaptureReader } from '@rtap/frames';
import type { CapturedPacket, CaptureRecord } from '@rtap/frames';
import { run, sendFrames } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { describe, expect, onTestFinished } from 'vitest';
import { ip } from './ip.ts';
import { RTAP, end, linesOf, rtap, start } from './rtap.ts';
import type { Json } from './rtap.ts';

const PATIENCE = { timeout: 20_000 };

interface Capturing {
  readonly child: ChildProcess;
  readonly lines: readonly Json[];
  readonly log: Promise<string>;
}

/** A frame that nobody answers, told apart by a number. */
function frame(number: number, length = 60): Uint8Array {
  const bytes = Buffer.alloc(length, number);
  bytes.set([0x02, 0, 0, 0, 0, 2, 0x02, 0, 0, 0, 0, 1, 0x88, 0xb5]);
  return bytes;
}

/** A cable in a namespace where nobody sends on his own. */
async function cable(netns: NetworkNamespace): Promise<void> {
  await run(netns, 'sh', ['-c', 'echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6']);
  await ip(netns, ['link add v0 type veth peer name v1', 'link set v0 up', 'link set v1 up']);
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'rtap-capture-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

async function records(path: string): Promise<readonly CaptureRecord[]> {
  const reader = new CaptureReader();
  reader.push(await readFile(path));
  const all = [...reader];
  reader.end();
  return all;
}

const isPacket = (record: CaptureRecord): record is CapturedPacket => record.kind === 'packet';

/** Frames as tcpdump reads them from a file. */
async function dumped(netns: NetworkNamespace, path: string): Promise<readonly string[]> {
  const { code, stdout, stderr } = await run(netns, 'tcpdump', ['-r', path, '-xx', '-n', '-t']);
  if (code !== 0) throw new Error(stderr);
  return stdout
    .split(/\n(?=\S)/)
    .map((packet) => [...packet.matchAll(/^\t0x\w+: {2}(.*)$/gm)].map((line) => line[1]).join(''))
    .map((hex) => hex.replaceAll(' ', ''));
}

describe('a file', () => {
  test('holds what was on the wire, both ways, and what the kernel dropped', async ({
    createTestNamespace,
    judges,
  }) => {
    judges('ip', 'tcpdump');
    const netns = await createTestNamespace();
    await cable(netns);
    const path = join(await folder(), 'file.pcapng');
    const child = start('capture', 'v0', '-w', path, '--netns', netns.path, '--json');
    const lines = linesOf(child);
    await expect.poll(() => lines.length, PATIENCE).toBe(1);
    expect(lines[0]).toEqual({
      event: 'ready',
      interfaces: [{ name: 'v0', ifindex: expect.any(Number) }],
    });
    const sent = [frame(1), frame(2, 1514), frame(3, 333)];
    await sendFrames({ netns, interface: 'v1', frames: sent.slice(0, 2) });
    await sendFrames({ netns, interface: 'v0', frames: sent.slice(2) });
    expect(await end(child, 'SIGINT')).toBe(0);
    expect(lines.at(-1)).toEqual({
      event: 'summary',
      packets: 3,
      bytes: 60 + 1514 + 333,
      drops: 0,
      reason: 'signal',
    });

    const hex = sent.map((bytes) => Buffer.from(bytes).toString('hex'));
    expect(await dumped(netns, path)).toEqual(hex);
    const all = await records(path);
    expect(all.filter(isPacket).map(({ direction }) => direction)).toEqual([
      'inbound',
      'inbound',
      'outbound',
    ]);
    expect(all.at(-1)).toMatchObject({ kind: 'statistics', received: 3n, dropped: 0n });
  });

  test('has as many packets as were asked for, and as much of each', async ({
    createTestNamespace,
    judges,
  }) => {
    judges('ip', 'tcpdump');
    const netns = await createTestNamespace();
    await cable(netns);
    const path = join(await folder(), 'file.pcapng');
    const where = ['--netns', netns.path, '--snaplen', '20', '--count', '2'];
    const child = start('capture', 'v0', '-w', path, ...where);
    const log = text(child.stderr!);
    const ended = once(child, 'close');
    await once(child.stderr!, 'data');
    await sendFrames({ netns, interface: 'v1', frames: [1, 2, 3].map((each) => frame(each)) });
    expect((await ended)[0]).toBe(0);
    expect(await log).toContain('rtap: 2 packets captured, 0 dropped\n');
    const packets = (await records(path)).filter(isPacket);
    expect(packets.map(({ data, originalLength }) => [data.length, originalLength])).toEqual([
      [20, 60],
      [20, 60],
    ]);
    expect(await dumped(netns, path)).toHaveLength(2);
  });

  test('is whole when the interface is deleted', async ({ createTestNamespace, judges }) => {
    judges('ip', 'tcpdump');
    const netns = await createTestNamespace();
    await cable(netns);
    const path = join(await folder(), 'file.pcapng');
    const child = start('capture', 'v0', '-w', path, '--netns', netns.path, '--json');
    const lines = linesOf(child);
    const ended = once(child, 'close');
    await expect.poll(() => lines.length, PATIENCE).toBe(1);
    await sendFrames({ netns, interface: 'v1', frames: [frame(1)] });
    await ip(netns, ['link del v0']);
    expect((await ended)[0]).toBe(1);
    expect(lines.at(-1)).toMatchObject({ event: 'summary', packets: 1, reason: 'removed' });
    expect(await dumped(netns, path)).toHaveLength(1);
  });
});

test('a write that fails ends it, in one line', async ({ createTestNamespace, judges }) => {
  judges('ip');
  const netns = await createTestNamespace();
  await cable(netns);
  const path = join(await folder(), 'file.pcapng');
  // A file of 4 KiB at most, as on a disk that is full then.
  const limited = ['-c', 'ulimit -f 4; exec "$@"', 'bash', process.execPath, RTAP];
  const child = await netns.exec('bash', [...limited, 'capture', 'v0', '-w', path], {
    stdio: 'pipe',
  });
  const log = text(child.stderr!);
  await once(child.stderr!, 'data');
  const frames = Array.from({ length: 8 }, (_, number) => frame(number, 1514));
  await sendFrames({ netns, interface: 'v1', frames });
  expect(await child.exited).toMatchObject({ code: 1 });
  expect(await log).toMatch(/^rtap: capturing on v0\nrtap: EFBIG: [^\n]+\n$/);
});

describe('a pipe', () => {
  test('has each packet at once, and its end ends the capture', async ({
    createTestNamespace,
    judges,
  }) => {
    judges('ip');
    const netns = await createTestNamespace();
    await cable(netns);
    const child = start('capture', 'v0', '-w', '-', '--netns', netns.path);
    const reader = new CaptureReader();
    const packets: string[] = [];
    child.stdout!.on('data', (chunk: Uint8Array) => {
      reader.push(chunk);
      for (const record of reader) {
        if (isPacket(record)) packets.push(Buffer.from(record.data).toString('hex'));
      }
    });
    await once(child.stderr!, 'data');
    for (const number of [1, 2]) {
      // oxlint-disable-next-line no-await-in-loop
      await sendFrames({ netns, interface: 'v1', frames: [frame(number)] });
      // oxlint-disable-next-line no-await-in-loop
      await expect.poll(() => packets.length, PATIENCE).toBe(number);
    }
    expect(packets[1]).toBe(Buffer.from(frame(2)).toString('hex'));
    const ended = once(child, 'exit');
    child.stdout!.destroy();
    await sendFrames({ netns, interface: 'v1', frames: [frame(3)] });
    expect((await ended)[0]).toBe(141);
  });

  test('that nobody reads for long has what there was room for, and says what it has not', async ({
    createTestNamespace,
    judges,
  }) => {
    judges('ip');
    const netns = await createTestNamespace();
    await cable(netns);
    await ip(netns, ['link set v0 mtu 65535', 'link set v1 mtu 65535']);
    const child = start('capture', 'v0', '-w', '-', '--netns', netns.path, '--json');
    await once(child.stderr!, 'data');
    const frames = Array.from({ length: 64 }, (_, number) => frame(number, 60_000));
    // 110 MB, into room for 64 MiB.
    for (let round = 0; round < 30; round += 1) {
      // oxlint-disable-next-line no-await-in-loop
      await sendFrames({ netns, interface: 'v1', frames });
    }
    const log = text(child.stderr!);
    child.kill('SIGINT');
    await once(child.stderr!, 'data');
    const reader = new CaptureReader();
    let packets = 0;
    for await (const chunk of child.stdout!) {
      reader.push(chunk);
      for (const record of reader) if (isPacket(record)) packets += 1;
    }
    reader.end();
    const summary = JSON.parse((await log).trim());
    expect(summary).toMatchObject({ event: 'summary', packets, reason: 'signal' });
    expect(summary.packets + summary.drops).toBe(30 * 64);
    expect(summary.packets * 60_000).toBeLessThan(80 * 1024 * 1024);
  }, 60_000);

  test('with a name does not keep Ctrl-C waiting, and its end ends the capture', async ({
    createTestNamespace,
    judges,
  }) => {
    judges('ip');
    const netns = await createTestNamespace();
    await cable(netns);
    const path = join(await folder(), 'pipe');
    await run(netns, 'mkfifo', [path]);
    const many = Array.from({ length: 64 }, (_, number) => frame(number, 1514));
    const begin = async (): Promise<readonly [Capturing, FileHandle]> => {
      const child = start('capture', 'v0', '-w', path, '--netns', netns.path, '--json');
      const reader = await open(path, 'r');
      const capturing = { child, lines: linesOf(child), log: text(child.stderr!) };
      await expect.poll(() => capturing.lines.length, PATIENCE).toBe(1);
      // More than a pipe has room for.
      await sendFrames({ netns, interface: 'v1', frames: [...many, ...many] });
      return [capturing, reader];
    };

    const [first, stuck] = await begin();
    first.child.kill('SIGINT');
    await expect.poll(() => first.lines.length, PATIENCE).toBe(2);
    const reader = new CaptureReader();
    reader.push(await stuck.readFile());
    expect([...reader].filter(isPacket)).toHaveLength(128);
    reader.end();
    expect(first.lines[1]).toMatchObject({ packets: 128, drops: 0, reason: 'signal' });
    await stuck.close();

    const [second, leaving] = await begin();
    const ended = once(second.child, 'exit');
    await leaving.close();
    expect([(await ended)[0], await second.log]).toEqual([141, '']);
  }, 60_000);

  test('for what is said beside, that nobody reads, ends nothing', async ({
    createTestNamespace,
    judges,
  }) => {
    judges('ip');
    const netns = await createTestNamespace();
    await cable(netns);
    const path = join(await folder(), 'file.pcapng');
    const child = start('capture', 'v0', '-w', path, '--netns', netns.path);
    await once(child.stderr!, 'data');
    child.stderr!.destroy();
    await once(child.stderr!, 'close');
    expect(await end(child, 'SIGINT')).toBe(0);
    expect((await records(path)).at(-1)).toMatchObject({ kind: 'statistics' });
  });

  test('can be read by tcpdump', async ({ createTestNamespace, judges }) => {
    judges('ip', 'tcpdump');
    const netns = await createTestNamespace();
    await ip(netns, ['link set lo up']);
    const child = start('capture', 'lo', '-w', '-', '-c', '2', '--netns', netns.path);
    const tcpdump = await netns.exec('tcpdump', ['-r', '-', '-n', '-t'], { stdio: 'pipe' });
    child.stdout!.pipe(tcpdump.stdin!);
    const told = text(tcpdump.stdout!);
    await once(child.stderr!, 'data');
    await run(netns, 'ping', ['-c', '1', '127.0.0.1']);
    // What a loopback sends it receives: each is told once.
    expect((await told).replaceAll(/id \d+/g, 'id')).toBe(
      'IP 127.0.0.1 > 127.0.0.1: ICMP echo request, id, seq 1, length 64\n' +
        'IP 127.0.0.1 > 127.0.0.1: ICMP echo reply, id, seq 1, length 64\n',
    );
  });
});

test('what can not be captured is told, and no file is made', async ({ createTestNamespace }) => {
  const netns = await createTestNamespace();
  const path = join(await folder(), 'file.pcapng');
  expect(await rtap('capture', 'nobody', '-w', path, '--netns', netns.path)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('nobody'),
  });
  await expect(readFile(path)).rejects.toThrow('ENOENT');
  expect((await rtap('capture', 'lo')).code).toBe(2);
  expect((await rtap('capture', 'lo', '-w', path, '--count', '0')).code).toBe(2);
});
