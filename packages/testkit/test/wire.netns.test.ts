import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { formatMacAddress } from '@rtap/frames';
import type { NetworkNamespace } from '@rtap/native';
import { NetlinkClient } from '@rtap/transport';
import { describe, expect } from 'vitest';

import {
  TestkitError,
  capture,
  generateTraffic,
  ipJson,
  receiveTraffic,
  run,
  sendFrames,
} from '../src/index.ts';
import { test as base } from '../src/vitest.ts';

interface Pair {
  readonly netns: NetworkNamespace;
}

/** Two interfaces that are joined, and on which nothing but the test's frames is. */
const test = base.extend<{ readonly pair: Pair }>({
  pair: async ({ netns, judges }, use) => {
    judges('ip');
    const ip = async (command: string): Promise<void> => {
      const { code, stderr } = await run(netns, 'ip', command.split(' '));
      expect(stderr).toBe('');
      expect(code).toBe(0);
    };
    await ip('link add one type veth peer name two');
    for (const name of ['one', 'two']) {
      await ip(`link set ${name} addrgenmode none`);
      await ip(`link set ${name} up`);
    }
    await use({ netns });
    await run(netns, 'ip', ['link', 'del', 'one']);
  },
});

/** A broadcast frame of an EtherType for experiments. */
function frame(fill: number, length = 60): Uint8Array {
  return new Uint8Array(length)
    .fill(fill)
    .fill(0xff, 0, 6)
    .fill(2, 6, 12)
    .fill(0x88, 12, 13)
    .fill(0xb5, 13, 14);
}

describe('capture', () => {
  test('has what was sent, on both sides, with type and time', async ({ pair: { netns } }) => {
    const [one, two] = await Promise.all([
      capture({ netns, interface: 'one' }),
      capture({ netns, interface: 'two' }),
    ]);
    const frames = [frame(1), frame(2, 1514), frame(3, 14)];
    const before = BigInt(Date.now()) * 1_000_000n - 1_000_000n;
    await sendFrames({ netns, interface: 'one', frames });
    await two.waitFor(({ bytes }) => bytes.length === 14);
    for (const [wire, type] of [
      [one, 'outgoing'],
      [two, 'broadcast'],
    ] as const) {
      const result = await wire.stop();
      expect(result).toMatchObject({ drops: 0, forgotten: 0 });
      expect(result.frames.map(({ bytes }) => bytes)).toEqual(frames);
      for (const seen of result.frames) {
        expect(seen).toMatchObject({ type, wireLength: seen.bytes.length, checksumReady: true });
        expect(seen.timestamp > before).toBe(true);
        expect(seen.timestamp < BigInt(Date.now() + 1) * 1_000_000n).toBe(true);
      }
    }
  });

  test('sees what tcpdump sees', async ({ pair: { netns }, judges }) => {
    judges('tcpdump');
    const tcpdump = await netns.exec('tcpdump', [
      ...['-i', 'two', '-c', '3', '-xx', '-n', '-l', '--immediate-mode', '-Q', 'in'],
    ]);
    if (tcpdump.stdout === null || tcpdump.stderr === null) throw new TypeError('no output');
    const output = text(tcpdump.stdout);
    // Its greeting comes in one piece or in several.
    let greeting = '';
    for await (const chunk of tcpdump.stderr.iterator({ destroyOnReturn: false })) {
      greeting += String(chunk);
      if (greeting.includes('listening on')) break;
    }
    tcpdump.stderr.resume();
    const wire = await capture({ netns, interface: 'two', outgoing: false });
    // The kernel takes an outer VLAN tag out of a frame that it receives.
    const tagged = frame(9, 64);
    tagged.set([0x88, 0xa8, 0x20, 5, 0x81, 0, 0, 7, 0x88, 0xb5], 12);
    await sendFrames({ netns, interface: 'one', frames: [frame(1), tagged, frame(3)] });
    await tcpdump.exited;
    await wire.waitFor(({ bytes }) => bytes[20] === 3);
    const { frames } = await wire.stop();
    const dumped = (await output)
      .split(/^\d\d:.*$/m)
      .slice(1)
      .map((dump) => dump.replaceAll(/\t0x[0-9a-f]+:|\s/g, ''));
    expect(frames.map(({ bytes }) => Buffer.from(bytes).toString('hex'))).toEqual(dumped);
  });

  test('is iterated by many, from the first frame on, until it is stopped', async ({
    pair: { netns },
  }) => {
    const wire = await capture({ netns, interface: 'two' });
    const readers = [1, 2].map(async () => {
      const seen: (number | undefined)[] = [];
      for await (const { bytes } of wire) seen.push(bytes[20]);
      return seen;
    });
    const both = [1, 2].map((fill) =>
      sendFrames({ netns, interface: 'one', frames: [frame(fill)] }),
    );
    await Promise.all(both);
    await wire.waitFor(({ bytes }) => bytes[20] === 1);
    await wire.waitFor(({ bytes }) => bytes[20] === 2);
    await wire.stop();
    for (const seen of await Promise.all(readers)) expect(new Set(seen)).toEqual(new Set([1, 2]));
  });

  test('keeps the last ones, by number, by bytes, by filter, and cut', async ({
    pair: { netns },
  }) => {
    const where = { netns, interface: 'two' };
    const [few, small, odd, cut] = await Promise.all([
      capture({ ...where, maxFrames: 3 }),
      capture({ ...where, maxBytes: 200 }),
      capture({ ...where, filter: ({ bytes }) => (bytes[20] ?? 0) % 2 === 1 }),
      capture({ ...where, snapLength: 60 }),
    ]);
    const frames = Array.from({ length: 200 }, (_, fill) => frame(fill, 100));
    await sendFrames({ netns, interface: 'one', frames });
    const last = ({ bytes }: { readonly bytes: Uint8Array }): boolean => bytes[20] === 199;
    await Promise.all([few, small, odd, cut].map((wire) => wire.waitFor(last)));
    const fills = async (wire: typeof few): Promise<(number | undefined)[]> =>
      (await wire.stop()).frames.map(({ bytes }) => bytes[20]);
    expect(await fills(few)).toEqual([197, 198, 199]);
    expect(few.forgotten).toBe(197);
    expect(await fills(small)).toEqual([198, 199]);
    expect(await fills(odd)).toEqual(Array.from({ length: 100 }, (_, index) => 2 * index + 1));
    const result = await cut.stop();
    expect(result.frames).toHaveLength(200);
    expect(result.frames[7]?.bytes).toEqual(frame(7, 60));
    expect(result.frames[7]?.wireLength).toBe(100);
  });

  test('tells what it had no room for', async ({ pair: { netns } }) => {
    const wire = await capture({ netns, interface: 'two', receiveBuffer: 1 });
    const whole = await capture({ netns, interface: 'two' });
    // Sent in one system call, before the event loop gets to read.
    const frames = Array.from({ length: 64 }, (_, fill) => frame(fill));
    await sendFrames({ netns, interface: 'one', frames });
    await whole.waitFor(({ bytes }) => bytes[20] === 63);
    const { frames: kept, drops } = await wire.stop();
    expect(kept.length + drops).toBe(64);
    expect(drops).toBeGreaterThan(0);
    expect(await whole.stop()).toMatchObject({ drops: 0 });
  });

  test('ends by stop, by signal, or with the interface', async ({ pair: { netns } }) => {
    const never = (): boolean => false;
    const where = { netns, interface: 'two' };
    const stopped = await capture(where);
    await sendFrames({ netns, interface: 'one', frames: [frame(1)] });
    await stopped.waitFor(() => true);
    const waiting = stopped.waitFor(never).catch((error: unknown) => error);
    await stopped.stop();
    const error = await waiting;
    expect(error).toBeInstanceOf(TestkitError);
    expect(error).toMatchObject({ code: 'ERR_RTAP_CLOSED' });
    expect(String(error)).toContain('1 frame was seen');
    expect(String(error)).toContain('broadcast: ');

    const controller = new AbortController();
    const aborted = await capture({ ...where, signal: controller.signal });
    const both = [aborted.waitFor(never), aborted[Symbol.asyncIterator]().next()];
    const results = Promise.allSettled(both);
    controller.abort(new Error('enough'));
    for (const result of await results) {
      expect(result).toMatchObject({ status: 'rejected', reason: { message: 'enough' } });
    }
    expect(await aborted.stop()).toMatchObject({ frames: [] });

    const wire = await capture(where);
    const signal = AbortSignal.abort(new Error('not now'));
    await expect(wire.waitFor(never, { signal })).rejects.toThrow('not now');
    const gone = wire.waitFor(never).catch((thrown: unknown) => thrown);
    await run(netns, 'ip', ['link', 'set', 'two', 'down']);
    await run(netns, 'ip', ['link', 'set', 'two', 'up']);
    await sendFrames({ netns, interface: 'one', frames: [frame(5)] });
    await wire.waitFor(({ bytes }) => bytes[20] === 5);
    // Down already: the packet socket hears nothing of the end.
    const down = await capture(where);
    await run(netns, 'ip', ['link', 'set', 'two', 'down']);
    await run(netns, 'ip', ['link', 'del', 'one']);
    expect(await gone).toMatchObject({ code: 'ENODEV' });
    await expect(down.waitFor(never)).rejects.toMatchObject({ code: 'ENODEV' });
    expect((await wire.stop()).frames).toHaveLength(1);
  });

  test('ends with an interface that goes while it begins', async ({ netns }) => {
    const client = await NetlinkClient.open({ netns });
    const peer = { name: 'other' };
    for (let round = 0; round < 100; round += 1) {
      await client.addLink({ name: 'brief', info: { kind: 'veth', data: { peer } } });
      const ended = capture({ netns, interface: 'brief' }).then((wire) =>
        wire.waitFor(() => false),
      );
      // Each time at another point of its beginning.
      for (let turn = 0; turn < round; turn += 1) await nextTurn();
      const [outcome] = await Promise.allSettled([ended, client.deleteLink({ name: 'brief' })]);
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'ENODEV' } });
    }
    await client.close();
  });

  test('takes frames for others while it is promiscuous', async ({ pair: { netns } }) => {
    const wire = await capture({ netns, interface: 'two', promiscuous: true });
    const promiscuity = async (): Promise<unknown> =>
      ipJson(netns, ['-d', 'link', 'show', 'dev', 'two']);
    expect(await promiscuity()).toMatchObject([{ promiscuity: 1 }]);
    const other = frame(1).fill(4, 0, 6);
    await sendFrames({ netns, interface: 'one', frames: [other] });
    const seen = await wire.waitFor(() => true);
    expect([formatMacAddress(seen.bytes.subarray(0, 6)), seen.type]).toEqual([
      '04:04:04:04:04:04',
      'otherHost',
    ]);
    await wire.stop();
    expect(await promiscuity()).toMatchObject([{ promiscuity: 0 }]);
  });
});

describe('traffic', () => {
  const template = frame(0, 100);

  test('arrives, is counted, and ip counts the same', async ({ pair: { netns } }) => {
    const receiver = await receiveTraffic({ netns, interface: 'two' });
    const traffic = await generateTraffic({ netns, interface: 'one', template, count: 10_000 });
    const { sent, bytes, refused } = await traffic.finished;
    expect([sent, bytes, refused]).toEqual([10_000, 1_000_000, 0]);
    await receiver.until(sent);
    const report = await receiver.stop({ sent });
    expect(report).toEqual({ received: 10_000, duplicates: 0, reordered: 0, lost: 0, drops: 0 });
    const links = await ipJson(netns, ['-s', 'link', 'show', 'dev', 'two']);
    expect(links).toMatchObject([{ stats64: { rx: { packets: 10_000, bytes: 1_000_000 } } }]);
  });

  test('that a queueing discipline loses and reorders is told so', async ({
    pair: { netns },
    judges,
    skip,
  }) => {
    judges('tc');
    const rules = 'qdisc add dev one root netem loss 20% duplicate 10% delay 1ms reorder 30%';
    const { stderr } = await run(netns, 'tc', rules.split(' '));
    if (stderr !== '') skip(`kernel lacks netem: ${stderr.trim()}`);
    const receiver = await receiveTraffic({ netns, interface: 'two' });
    await using traffic = await generateTraffic({ netns, interface: 'one', template, count: 5000 });
    const { sent } = await traffic.finished;
    await receiver.until(3000);
    const { received, lost, duplicates, reordered } = await receiver.stop({ sent });
    expect(received + lost).toBe(sent);
    expect(Math.min(lost, duplicates, reordered)).toBeGreaterThan(0);
  });

  test('goes on until it is stopped, and streams are told apart', async ({ pair: { netns } }) => {
    const where = { netns, interface: 'one', template };
    const receivers = await Promise.all(
      [1, 2, 3].map((stream) => receiveTraffic({ netns, interface: 'two', stream })),
    );
    const streams = await Promise.all([
      generateTraffic({ ...where, stream: 1 }),
      generateTraffic({ ...where, stream: 2, rate: 1000, markOffset: 84 }),
    ]);
    await receivers[0]?.until(2000);
    await receivers[1]?.until(20);
    const results = await Promise.all(streams.map((traffic) => traffic.stop()));
    for (const [index, { sent }] of results.entries()) {
      expect(sent).toBe(streams[index]?.sent);
      const report = await receivers[index]?.stop({ sent });
      expect((report?.received ?? 0) + (report?.lost ?? 0)).toBe(sent);
      expect(report).toMatchObject({ duplicates: 0, reordered: 0 });
    }
    // Far less than at full speed: 1,000 a second.
    expect(results[1]?.sent).toBeLessThan((results[1]?.seconds ?? 0) * 1000 + 2);
    expect(await receivers[2]?.stop()).toMatchObject({ received: 0 });
  });

  test('rejects when it is aborted, or when the interface goes', async ({ pair: { netns } }) => {
    const controller = new AbortController();
    const { signal } = controller;
    const aborted = await generateTraffic({ netns, interface: 'one', template, signal });
    controller.abort(new Error('enough'));
    await expect(aborted.finished).rejects.toThrow('enough');
    const receiver = await receiveTraffic({ netns, interface: 'two' });
    await using traffic = await generateTraffic({ netns, interface: 'one', template });
    await receiver.until(100);
    const waiting = receiver.until(Number.MAX_SAFE_INTEGER).catch((error: unknown) => error);
    await run(netns, 'ip', ['link', 'del', 'one']);
    await expect(traffic.finished).rejects.toMatchObject({
      code: expect.stringMatching(/^(ENODEV|ENETDOWN)$/),
    });
    expect(await waiting).toMatchObject({ code: 'ENODEV' });
  });
});
