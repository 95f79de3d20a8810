/**
 * `rtap replay`, judged by what arrives.
 *
 * @module
 */

import { once } from 'node:events';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { NetworkNamespace } from '@rtap/core';
import { LINKTYPE_RAW, PcapngWriter } from '@rtap/frames';
import { capture, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { describe, expect, onTestFinished } from 'vitest';
import { ip } from './ip.ts';
import { end, linesOf, rtap, start } from './rtap.ts';

const PATIENCE = { timeout: 20_000 };

function frame(number: number, length = 60): Uint8Array {
  const bytes = Buffer.alloc(length, number);
  bytes.set([0x02, 0, 0, 0, 0, 2, 0x02, 0, 0, 0, 0, 1, 0x88, 0xb5]);
  return bytes;
}

async function cable(netns: NetworkNamespace): Promise<void> {
  await run(netns, 'sh', ['-c', 'echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6']);
  await ip(netns, ['link add v0 type veth peer name v1', 'link set v0 up', 'link set v1 up']);
}

async function saved(bytes: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rtap-replay-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'trace');
  await writeFile(path, bytes);
  return path;
}

/** Three frames, a quarter of a second between them. */
function trace(writer = new PcapngWriter()): Uint8Array {
  writer.addInterface({ name: 'first' });
  for (const number of [1, 2, 3]) {
    writer.writePacket(frame(number), { timestamp: BigInt(number) * 250_000_000n });
  }
  return writer.take();
}

describe('out of an interface', () => {
  test('all frames, in order, not earlier than they were captured', async ({
    createTestNamespace,
    judges,
  }) => {
    judges('ip');
    const netns = await createTestNamespace();
    await cable(netns);
    const wire = await capture({ netns, interface: 'v1' });
    const path = await saved(trace(new PcapngWriter({ byteOrder: 'big' })));
    const { code, stderr } = await rtap('replay', path, '--iface', 'v0', '--netns', netns.path);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(
        /^rtap: replaying on v0\nrtap: 3 frames \(180 bytes\) sent in /,
      ),
    });
    const { frames } = await wire.stop();
    expect(frames.map(({ bytes }) => bytes[14])).toEqual([1, 2, 3]);
    const times = frames.map(({ timestamp }) => Number(timestamp) / 1e6);
    const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
    // A millisecond for the clocks: one says when it was sent, the other when it came.
    expect(span).toBeGreaterThan(499);
  });

  test('what tcpdump has written, byte for byte', async ({ createTestNamespace, judges }) => {
    judges('ip', 'tcpdump');
    const netns = await createTestNamespace();
    await cable(netns);
    const pcap = join(await saved(new Uint8Array()), '../dump.pcap');
    const dump = await netns.exec('tcpdump', ['-i', 'v1', '-U', '-w', pcap, '-c', '3'], {
      stdio: 'pipe',
    });
    await once(dump.stderr!, 'data');
    const path = await saved(trace());
    const first = await rtap('replay', path, '--iface', 'v0', '--netns', netns.path, '--fast');
    expect(first.code).toBe(0);
    await dump.exited;
    const wire = await capture({ netns, interface: 'v1' });
    await rtap('replay', pcap, '--iface', 'v0', '--netns', netns.path, '--speed', '1000');
    const { frames } = await wire.stop();
    expect(frames.map(({ bytes }) => Buffer.from(bytes).toString('hex'))).toEqual(
      [1, 2, 3].map((number) => Buffer.from(frame(number)).toString('hex')),
    );
  });

  test('what is not taken, not whole or no frame is counted', async ({
    createTestNamespace,
    judges,
  }) => {
    judges('ip');
    const netns = await createTestNamespace();
    await cable(netns);
    const writer = new PcapngWriter();
    writer.addInterface();
    const raw = writer.addInterface({ linkType: LINKTYPE_RAW });
    const timestamp = 1n;
    writer.writePacket(frame(1, 2000), { timestamp });
    writer.writePacket(frame(2), { timestamp, originalLength: 1000 });
    writer.writePacket(frame(3), { timestamp, interface: raw });
    const path = await saved(writer.take());
    const words = ['replay', path, '--iface', 'v0', '--netns', netns.path, '--json'];
    const { code, stdout } = await rtap(...words, '--loop', '2');
    expect(code).toBe(0);
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual({
      event: 'summary',
      packets: 2,
      bytes: 120,
      truncated: 2,
      skipped: 2,
      refused: 2,
      seconds: expect.any(Number),
      reason: 'done',
    });
  });
});

test('an interface that is down takes no frame; one that is gone ends it', async ({
  createTestNamespace,
  judges,
}) => {
  judges('ip');
  const netns = await createTestNamespace();
  await cable(netns);
  await ip(netns, ['link set v0 down']);
  const path = await saved(trace());
  const words = ['replay', path, '--iface', 'v0', '--netns', netns.path, '--json'];
  const { code, stdout } = await rtap(...words, '--fast');
  expect(code).toBe(0);
  const summary: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  expect(summary).toMatchObject({ packets: 0, refused: 3, reason: 'done' });

  const child = start(...words, '--loop');
  const log = text(child.stderr!);
  await once(child.stdout!, 'data');
  const ended = once(child, 'exit');
  await ip(netns, ['link del v0']);
  expect((await ended)[0]).toBe(1);
  expect(await log).toMatch(/^rtap: E(NODEV|NXIO): [^\n]+\n$/);
});

describe('into a device of its own', () => {
  test('the kernel receives the frames, until Ctrl-C', async ({ createTestNamespace, judges }) => {
    judges('ip');
    const netns = await createTestNamespace();
    const path = await saved(trace());
    const words = ['--tap', 'probe0', '--fast', '--loop', '--json', '--netns', netns.path];
    const child = start('replay', path, ...words);
    const lines = linesOf(child);
    await expect.poll(() => lines[0]?.['event'], PATIENCE).toBe('ready');
    const received = async (): Promise<number> => {
      const args = ['-j', '-s', 'link', 'show', 'probe0'];
      const [link] = JSON.parse((await run(netns, 'ip', args)).stdout);
      return Number(link.stats64.rx.packets);
    };
    await expect.poll(received, PATIENCE).toBeGreaterThan(10);
    expect(await end(child, 'SIGINT')).toBe(0);
    expect(lines.at(-1)).toMatchObject({ event: 'summary', reason: 'signal', refused: 0 });
    expect((await run(netns, 'ip', ['link', 'show', 'probe0'])).code).not.toBe(0);
  });

  test('one that is cut short says so', async ({ createTestNamespace }) => {
    const netns = await createTestNamespace();
    const path = await saved(trace());
    const child = start('replay', path, '--delay', '1000', '--json', '--netns', netns.path);
    const lines = linesOf(child);
    await expect.poll(() => lines.length, PATIENCE).toBe(1);
    expect(await end(child, 'SIGTERM')).toBe(130);
    expect(lines.at(-1)).toMatchObject({ packets: 0, reason: 'signal' });
  });
});

describe('from a pipe with a name', () => {
  async function pipe(netns: NetworkNamespace): Promise<string> {
    const path = join(await saved(new Uint8Array()), '../pipe');
    expect((await run(netns, 'mkfifo', [path])).code).toBe(0);
    return path;
  }

  test('each frame, of a writer that writes at once', async ({ createTestNamespace }) => {
    const netns = await createTestNamespace();
    const path = await pipe(netns);
    const words = [path, '--fast', '--json', '--netns', netns.path];
    const [{ code, stdout }] = await Promise.all([
      rtap('replay', ...words),
      writeFile(path, trace()),
    ]);
    expect(code).toBe(0);
    const summary: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    expect(summary).toMatchObject({ packets: 3, reason: 'done' });
    expect((await rtap('replay', ...words, '--loop')).code).toBe(2);
  });

  test('until Ctrl-C, while whoever writes has nothing', async ({ createTestNamespace }) => {
    const netns = await createTestNamespace();
    const path = await pipe(netns);
    const child = start('replay', path, '--json', '--netns', netns.path);
    const lines = linesOf(child);
    const writer = await open(path, 'w');
    await writer.write(trace());
    await expect.poll(() => lines.length, PATIENCE).toBe(1);
    expect(await end(child, 'SIGINT')).toBe(130);
    await writer.close();
    expect(lines.at(-1)).toMatchObject({ event: 'summary', reason: 'signal' });
  });
});

test('what can not be replayed is told', async ({ createTestNamespace }) => {
  const netns = await createTestNamespace();
  const where = ['--netns', netns.path];
  const noCapture = await saved(Buffer.from('no capture at all'));
  // Before there is an interface to replay on.
  expect(await rtap('replay', noCapture, ...where)).toMatchObject({
    code: 1,
    stderr: `rtap: ${noCapture}: neither pcapng nor pcap at offset 0\n`,
  });
  for (const length of [0, 10, 27]) {
    // oxlint-disable-next-line no-await-in-loop
    const begun = await saved(trace().subarray(0, length));
    // oxlint-disable-next-line no-await-in-loop
    expect(await rtap('replay', begun, ...where)).toMatchObject({
      code: 1,
      stderr: `rtap: ${begun}: the capture ends in the middle at offset 0\n`,
    });
  }
  expect(await rtap('replay', tmpdir(), ...where)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^rtap: EISDIR/),
  });
  expect(await rtap('replay', '/nonexistent', ...where)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('ENOENT'),
  });
  const cut = await saved(trace().subarray(0, -4));
  expect(await rtap('replay', cut, '--fast', ...where)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('ends in the middle'),
  });
  const taken = await rtap('replay', cut, '--tap', 'lo', ...where);
  expect(taken).toMatchObject({ code: 1, stderr: expect.stringContaining('another name)\n') });
  expect((await rtap('replay', noCapture, '--iface', 'lo', '--tap', 'x', ...where)).code).toBe(2);
});
