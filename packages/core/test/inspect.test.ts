import { inspect, stripVTControlCharacters } from 'node:util';
import { FakeKernel } from '@rtap/testkit';
import { openTap } from '@rtap/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let kernel: FakeKernel;

beforeEach(() => {
  kernel = new FakeKernel();
});

const devices: AsyncDisposable[] = [];

afterEach(async () => {
  for (const device of devices.splice(0)) await device[Symbol.asyncDispose]();
});

async function open(options: Parameters<typeof openTap>[0] = {}) {
  const tap = await openTap({
    ...{ kernel, name: 'one', mac: '02:00:00:00:00:01', queues: 2, ...options },
  });
  devices.push(tap);
  return tap;
}

const HEAD = /^1: one: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state \w+ started$/;

describe('inspect of a device', () => {
  it('reads like ip link, with its queues and what passed', async () => {
    const tap = await open();
    tap.send(new Uint8Array(60));
    const [head, ...rest] = inspect(tap).split('\n');
    expect(head).toMatch(HEAD);
    expect(rest).toEqual([
      '    link/ether 02:00:00:00:00:01',
      expect.stringMatching(/^ {4}carrier on queues 2 offloads (?:\w+,)+\w+ engine syscall$/),
      '    RX 0 packets 0 bytes 0 errors',
      '    TX 1 packets 60 bytes 0 errors',
    ]);
  });

  it('respects depth, line length and colours', async () => {
    const tap = await open();
    expect(inspect({ tap }, { depth: 0 })).toMatch(
      /\{\s+tap: 1: one: <.*> mtu 1500 .* started\s+\}$/,
    );
    expect(inspect(tap, { breakLength: Infinity })).not.toContain('\n');
    expect(inspect([[tap]])).toContain('\n        link/ether');
    const coloured = inspect(tap, { colors: true });
    expect(coloured).not.toBe(inspect(tap));
    expect(stripVTControlCharacters(coloured)).toBe(inspect(tap));
  });

  it('tells that it is down, without a carrier, stopped, removed, closed', async () => {
    const tap = await open();
    await tap.setCarrier(false);
    await tap.until('down');
    expect(inspect(tap)).toMatch(/^1: one: <NO-CARRIER,BROADCAST,MULTICAST,UP> /);
    await tap.stop();
    expect(inspect(tap)).toMatch(/^1: one: <BROADCAST,MULTICAST> mtu 1500 state DOWN configured\n/);
    kernel.rtnetlink.deleteLink(tap.ifindex);
    await expect(tap.start()).rejects.toMatchObject({ code: 'ERR_RTAP_REMOVED' });
    expect(inspect(tap)).toBe('1: one: removed');
    await tap.close();
    expect(inspect(tap)).toBe('1: one: closed');
  });
});

describe('inspect of the parts', () => {
  it('shows a queue, and who has it', async () => {
    const tap = await open();
    const traffic = 'RX 0 packets 0 bytes 0 errors, TX 0 packets 0 bytes 0 errors';
    expect(inspect(tap.queue(1))).toBe(`DeviceQueue {queue 1 of one, ${traffic}}`);
    tap.queue(1).transfer();
    expect(inspect(tap.queue(1))).toBe(
      `DeviceQueue {queue 1 of one, with another thread, ${traffic}}`,
    );
  });

  it('shows a batch by its lengths, as many as wanted', async () => {
    const tap = await open();
    const batch = tap.createBatch();
    expect(inspect(batch)).toBe('FrameBatch {0 frames}');
    for (const length of [60, 1514, 61]) batch.push(new Uint8Array(length));
    expect(inspect(batch)).toBe('FrameBatch {3 frames of 60, 1514, 61 bytes}');
    expect(inspect(batch, { maxArrayLength: 1 })).toBe(
      'FrameBatch {3 frames of 60, ... 2 more bytes}',
    );
    expect(inspect({ batch }, { depth: 0 })).toBe('{ batch: FrameBatch {3 frames} }');
  });
});
