/**
 * `rtap run` when its interfaces move, change and go, and how it ends.
 *
 * @module
 */

import { once } from 'node:events';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { NetworkNamespace } from '@rtap/core';
import { ipJson, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';
import { run as runDevices } from '../src/run/run.ts';
import { ip } from './ip.ts';
import { end, rtap, start } from './rtap.ts';
import type { Json } from './rtap.ts';
import { answered, count, isUp, last, move, PATIENCE, sendTo, startRun, those } from './run.ts';
import type { Running } from './run.ts';

/** Names of what is in a namespace, as ip tells them. */
async function namesIn(netns: NetworkNamespace): Promise<readonly unknown[]> {
  const links = await ipJson(netns, ['link', 'show']);
  return Array.isArray(links) ? links.map((link: Json) => link['ifname']) : [];
}

/** What was told of links, in short. */
function linkStory({ lines }: Running): readonly string[] {
  return lines
    .filter(({ event }) => !['ready', 'stats', 'summary'].includes(String(event)))
    .map(({ event, name, status }) =>
      event === 'link' ? `${String(name)} ${String(status)}` : `${String(event)} ${String(name)}`,
    );
}

const summary = ({ lines }: Running): Json => {
  expect(lines.filter(({ event }) => event === 'ready')).toEqual([lines[0]]);
  const found = lines.at(-1);
  expect(found).toMatchObject({ event: 'summary' });
  return found ?? {};
};

/** A program that sends UDP datagrams to the neighbour of `sendTo`, without end. */
const FLOOD = `
const socket = require('node:dgram').createSocket('udp4');
const payload = Buffer.alloc(1400);
socket.on('error', () => {});
const burst = () => {
  for (let sent = 0; sent < 200; sent += 1) socket.send(payload, 9, '192.0.2.99', () => {});
  setImmediate(burst);
};
burst();`;

/** Waits until a counter has grown by so many since now. */
async function grows(running: Running, name: string, counter: string, by: number): Promise<void> {
  const before = count(running, name, counter);
  await expect.poll(() => count(running, name, counter) - before, PATIENCE).toBeGreaterThan(by);
}

describe('moved to another namespace', () => {
  test('rxonly goes on to receive', async ({ createTestNamespace, judges }) => {
    judges('ip', 'ping');
    const [netns, other] = [await createTestNamespace(), await createTestNamespace()];
    // Its index is taken there, so it gets another one.
    await ip(other, ['link add taken type bridge']);
    const running = await startRun(netns, '--mode', 'rxonly', '--iface', 'rx0');
    await move(netns, 'rx0', other);
    await isUp(other, 'rx0');
    await expect.poll(() => those(running, 'stats').length, PATIENCE).toBeGreaterThan(0);
    await Promise.all([
      grows(running, 'rx0', 'rxPackets', 50),
      sendTo(other, 'rx0', '-c 60 -i 0.002 -W 0.5'),
    ]);
    expect(linkStory(running)).toEqual(['rx0 down', 'moved rx0', 'rx0 up']);
    const [{ ifindex } = {}]: Json[] = Object.values(
      Object(await ipJson(other, ['link', 'show', 'rx0'])),
    );
    expect(those(running, 'moved')).toMatchObject([{ newIfindex: ifindex }]);
    expect(those(running, 'link').at(-1)).toMatchObject({ ifindex, status: 'up' });
    expect(those(running, 'moved')[0]?.['ifindex']).not.toBe(ifindex);
    expect(last(running, 'rx0')).toMatchObject({ ifindex, status: 'up' });
    expect(await end(running.child, 'SIGINT')).toBe(0);
    summary(running);
  }, 60_000);

  test('txonly goes on to send', async ({ createTestNamespace, judges }) => {
    judges('ip', 'tcpdump');
    const [netns, other] = [await createTestNamespace(), await createTestNamespace()];
    const running = await startRun(netns, '--mode', 'txonly', '--iface', 'tx0');
    await expect.poll(() => those(running, 'stats').length, PATIENCE).toBeGreaterThan(0);
    await move(netns, 'tx0', other);
    await isUp(other, 'tx0');
    const { stdout } = await run(other, 'tcpdump', ['-i', 'tx0', '-nn', '-c', '100', 'udp']);
    expect(stdout.match(/198\.18\.0\.1\.\d+ > 198\.18\.0\.2\.9/g)).toHaveLength(100);
    expect(await end(running.child, 'SIGINT')).toBe(0);
    summary(running);
  }, 60_000);

  test('icmpecho goes on to answer', async ({ createTestNamespace, judges }) => {
    judges('ip', 'ping');
    const [netns, other] = [await createTestNamespace(), await createTestNamespace()];
    const args = ['--mode', 'icmpecho', '--iface', 'echo0', '--queues', '2'];
    const running = await startRun(netns, ...args);
    for (const [from, to] of [
      [netns, other],
      [other, netns],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop
      await move(from, 'echo0', to);
      // oxlint-disable-next-line no-await-in-loop
      await isUp(to, 'echo0');
      // oxlint-disable-next-line no-await-in-loop
      await ip(to, ['addr add 10.0.0.1/24 dev echo0']);
      // oxlint-disable-next-line no-await-in-loop
      expect(await answered(to, '10.0.0.77', 4000)).toBe(true);
    }
    expect(await end(running.child, 'SIGINT')).toBe(0);
    summary(running);
  }, 60_000);

  // Forwarding modes are tested with one of their interfaces moved before: here both are, in the midst of traffic.
  for (const args of [['io'], ['io', '--splice'], ['macswap']]) {
    test(`${args.join(' ')} goes on to forward`, async ({ createTestNamespace, judges }) => {
      judges('ip', 'ping', 'tcpdump');
      const [netns, left, right] = [
        await createTestNamespace(),
        await createTestNamespace(),
        await createTestNamespace(),
      ];
      const interfaces = ['--iface', 'left', '--iface', 'right'];
      const running = await startRun(netns, '--mode', ...args, ...interfaces);
      await move(netns, 'left', left);
      await move(netns, 'right', right);
      await isUp(left, 'left');
      await isUp(right, 'right');
      const dump = await right.exec('tcpdump', ['-i', 'right', '-nn', '-l', '-c', '5', 'icmp'], {
        stdio: 'pipe',
      });
      const printed = text(dump.stdout!);
      await once(dump.stderr!, 'data');
      await sendTo(left, 'left', '-c 40 -i 0.02 -W 0.5');
      expect((await printed).match(/ICMP echo request/g)).toHaveLength(5);
      expect(await end(running.child, 'SIGINT')).toBe(0);
      summary(running);
      expect(count(running, 'right', 'txPackets', 'summary')).toBeGreaterThanOrEqual(40);
    }, 60_000);
  }

  test('under another name, it is told by the old one, and goes on', async ({
    createTestNamespace,
    judges,
  }) => {
    judges('ip', 'ping');
    const [netns, other] = [await createTestNamespace(), await createTestNamespace()];
    const running = await startRun(netns, '--mode', 'icmpecho', '--iface', 'echo0');
    await ip(netns, [`link set echo0 netns ${other.path} name there0`]);
    await isUp(other, 'there0');
    await ip(other, ['addr add 10.0.0.1/24 dev there0']);
    expect(await answered(other, '10.0.0.2')).toBe(true);
    expect(await end(running.child, 'SIGINT')).toBe(0);
    expect(linkStory(running)).toEqual(['echo0 down', 'moved echo0', 'there0 up']);
    expect(last(running, 'there0', 'summary')).toMatchObject({ present: true });
  }, 60_000);
});

describe('what happens to interfaces', () => {
  test('is told in the lines of monitor', async ({ createTestNamespace, judges }) => {
    judges('ip', 'ping');
    const netns = await createTestNamespace();
    const running = await startRun(netns, '--mode', 'icmpecho', '--iface', 'echo0');
    const monitor = start('monitor', '--json', '--netns', netns.path, 'echo0');
    const monitored: Json[] = [];
    monitor.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      monitored.push(
        ...chunk
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      );
    });
    await expect.poll(() => monitored.length, PATIENCE).toBeGreaterThan(0);
    await ip(netns, [
      'link set echo0 mtu 1400',
      'link set echo0 address 02:00:00:00:00:77',
      'link set echo0 down',
      'link set echo0 name other0',
      'link set other0 up',
    ]);
    await expect.poll(() => linkStory(running).length, PATIENCE).toBe(5);
    await expect.poll(() => monitored.length, PATIENCE).toBe(6);
    await ip(netns, ['addr add 10.0.0.1/24 dev other0']);
    expect(await answered(netns, '10.0.0.2')).toBe(true);
    expect(await end(monitor, 'SIGINT')).toBe(0);
    expect(await end(running.child, 'SIGINT')).toBe(0);
    const plain = ({ time: _, operState: __, ...line }: Json): Json => line;
    const ours = running.lines.filter(
      ({ event }) => !['ready', 'stats', 'summary'].includes(String(event)),
    );
    expect(ours.map(plain)).toEqual(monitored.slice(1).map(plain));
  }, 60_000);

  for (const args of [['io'], ['io', '--splice']]) {
    test(`${args.join(' ')}: one is removed, and then the other`, async ({
      createTestNamespace,
      judges,
    }) => {
      judges('ip', 'ping');
      const netns = await createTestNamespace();
      const interfaces = ['--iface', 'one', '--iface', 'two'];
      const running = await startRun(netns, '--mode', ...args, ...interfaces);
      await ip(netns, ['link del one']);
      await expect.poll(() => linkStory(running), PATIENCE).toEqual(['one down', 'removed one']);
      await sendTo(netns, 'two', '-c 20 -i 0.002 -W 0.5');
      await expect.poll(() => count(running, 'one', 'txDropped'), PATIENCE).toBeGreaterThan(19);
      const ended = once(running.child, 'exit');
      await ip(netns, ['link del two']);
      expect((await ended)[0]).toBe(1);
      expect(linkStory(running).slice(2)).toEqual(['two down', 'removed two']);
      expect(summary(running)).toMatchObject({
        reason: 'removed',
        interfaces: [
          { name: 'one', present: false },
          { name: 'two', present: false },
        ],
      });
    }, 60_000);
  }
});

describe('it ends', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    test(`by ${signal} under full load, and leaves nothing`, async ({
      createTestNamespace,
      judges,
    }) => {
      judges('ip');
      const netns = await createTestNamespace();
      // Four devices at once, with many queues: nobody has time for anything else.
      const interfaces = ['a', 'b', 'c', 'd'].flatMap((name) => ['--iface', `load${name}`]);
      const args = ['--mode', 'txonly', '--queues', '8', ...interfaces];
      const running = await startRun(netns, ...args);
      const log = text(running.child.stderr!);
      await expect.poll(() => those(running, 'stats').length, PATIENCE).toBeGreaterThan(1);
      expect(await end(running.child, signal)).toBe(0);
      expect(summary(running)).toMatchObject({ reason: 'signal' });
      expect(count(running, 'loadd', 'txPackets', 'summary')).toBeGreaterThan(1000);
      expect(await log).toBe('');
      expect(await namesIn(netns)).toEqual(['lo']);
    }, 60_000);
  }

  for (const mode of ['rxonly', 'io', 'io --splice', 'macswap', 'icmpecho']) {
    test(`in mode ${mode}, while it is flooded`, async ({ createTestNamespace, judges }) => {
      judges('ip', 'ping');
      const netns = await createTestNamespace();
      const interfaces = ['--iface', 'one', '--iface', 'two', '--queues', '4'];
      const running = await startRun(netns, '--mode', ...mode.split(' '), ...interfaces);
      await sendTo(netns, 'one', '-c 1 -W 0.5');
      const flood = await netns.exec(process.execPath, ['-e', FLOOD], { stdio: 'ignore' });
      await expect.poll(() => count(running, 'one', 'rxPackets'), PATIENCE).toBeGreaterThan(5000);
      if (mode === 'icmpecho') {
        // Nobody has the address that is flooded; another one is answered all the while.
        expect(await answered(netns, '192.0.2.2')).toBe(true);
      }
      expect(await end(running.child, 'SIGTERM')).toBe(0);
      flood.kill('SIGKILL');
      await flood.exited;
      expect(summary(running)).toMatchObject({ reason: 'signal' });
      expect(await namesIn(netns)).toEqual(['lo']);
    }, 60_000);
  }

  test('by a signal before it is ready: 130, without a line', async ({
    createTestNamespace,
    judges,
  }) => {
    judges('ip');
    const netns = await createTestNamespace();
    const interfaces = Array.from({ length: 64 }, (_, at) => ['--iface', `many${at}`]).flat();
    const args = ['--mode', 'rxonly', '--queues', '8', ...interfaces];
    const child = start('run', '--json', '--netns', netns.path, ...args);
    const printed = Promise.all([text(child.stdout!), text(child.stderr!)]);
    await expect
      .poll(async () => (await namesIn(netns)).length, { ...PATIENCE, interval: 1 })
      .toBeGreaterThan(1);
    expect(await end(child, 'SIGINT')).toBe(130);
    expect(await printed).toEqual(['', '']);
    expect(await namesIn(netns)).toEqual(['lo']);
  }, 60_000);

  test('by SIGKILL, and leaves nothing', async ({ createTestNamespace, judges }) => {
    judges('ip');
    const netns = await createTestNamespace();
    const interfaces = ['--iface', 'one', '--iface', 'two'];
    const running = await startRun(netns, '--mode', 'io', '--splice', ...interfaces);
    expect(await namesIn(netns)).toEqual(['lo', 'one', 'two']);
    await end(running.child, 'SIGKILL');
    await expect.poll(() => namesIn(netns), PATIENCE).toEqual(['lo']);
  }, 60_000);

  test('when its time is over; an interface that was there before stays', async ({
    createTestNamespace,
    judges,
  }) => {
    judges('ip');
    const netns = await createTestNamespace();
    await ip(netns, ['tuntap add mine mode tap multi_queue']);
    const { code, stdout, stderr } = await rtap(
      ...['--json', '-n', netns.path, 'run', '--mode', 'rxonly', '--iface', 'mine', '--adopt'],
      ...['--queues', '20', '--duration', '1.5'],
    );
    expect([code, stderr]).toEqual([0, '']);
    const lines: readonly Json[] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ event }) => event)).toEqual(['ready', 'stats', 'summary']);
    expect(lines.at(-1)).toMatchObject({ reason: 'duration' });
    expect(await namesIn(netns)).toEqual(['lo', 'mine']);
  }, 60_000);

  test('with a reader that takes nothing: statistics do not pile up', async ({
    createTestNamespace,
  }) => {
    const netns = await createTestNamespace();
    const lines: string[] = [];
    let take: () => void = () => undefined;
    const output = new Writable({
      highWaterMark: 1,
      write: (chunk, _, done) => {
        lines.push(JSON.parse(String(chunk)).event);
        take = done;
      },
    });
    const ended = await runDevices({
      ...{ mode: 'rxonly', devices: [{ name: 'rx0', addresses: [] }], netns, adopt: false },
      ...{ queues: 1, offloads: 'none', splice: false, burst: 1, size: 64, duration: 2.5 },
      ...{ json: true, output, log: output, signal: new AbortController().signal },
    });
    expect(ended).toBe(0);
    await expect
      .poll(() => {
        take();
        return lines.at(-1);
      }, PATIENCE)
      .toBe('summary');
    expect(lines).toEqual(['ready', 'summary']);
  }, 60_000);

  test('at once, when it is asked for what makes no sense, or is not to be had', async ({
    createTestNamespace,
    judges,
  }) => {
    judges('ip');
    const netns = await createTestNamespace();
    await ip(netns, ['link add taken type bridge']);
    for (const [args, wanted, word] of [
      [['--mode', 'io', '--splice'], 2, 'splice'],
      [['--mode', 'rxonly', '--splice', '--iface', 'a', '--iface', 'b'], 2, 'splice'],
      [['--mode', 'csum'], 2, 'rxonly'],
      [[], 2, '--mode'],
      [['--mode', 'rxonly', '--queues', '0'], 2, 'queues'],
      [['--mode', 'rxonly', '--duration', '0'], 2, 'duration'],
      [['--mode', 'rxonly', '--address', '10.0.0.1/33'], 2, '10.0.0.1/33'],
      [['--mode', 'rxonly', '--iface', 'new0', '--iface', 'taken'], 1, 'take it with --adopt'],
      [['--mode', 'rxonly', '--iface', 'absent', '--adopt'], 1, 'absent'],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop
      const { code, stdout, stderr } = await rtap('--json', '-n', netns.path, 'run', ...args);
      expect([code, stdout], args.join(' ')).toEqual([wanted, '']);
      expect(stderr).toContain(word);
    }
    expect(await namesIn(netns)).toEqual(['lo', 'taken']);
  }, 60_000);
});
