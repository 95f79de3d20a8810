import { execFile } from 'node:child_process';
import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';
import { promisify } from 'node:util';
import { FakeKernel } from '@rtap/testkit';
import { deviceChannelNames, openTap } from '@rtap/core';
import type { DeviceOperationTrace, DeviceTold } from '@rtap/core';
import { describe, expect, it } from 'vitest';
import { describeTold } from '../src/describe-device.ts';

describe('channels of devices', () => {
  it('tell what listeners are told, and before them', async () => {
    const tap = await openTap({ kernel: new FakeKernel() });
    const told: unknown[] = [];
    const listener = (message: unknown): void => {
      const { device, event, arguments: args } = message as DeviceTold;
      told.push([device === tap, event, ...args]);
    };
    const names = Object.values(deviceChannelNames);
    for (const name of names) subscribe(name, listener);
    tap.on('mtu', () => told.push('listener'));
    await tap.setMtu(1400);
    await tap.linkDown();
    for (const name of names) unsubscribe(name, listener);
    await tap.linkUp();
    expect(told).toEqual([
      [true, 'mtu', 1400, 1500],
      'listener',
      [true, 'link', expect.objectContaining({ status: 'down' }), expect.anything()],
    ]);
    await tap.close();
  });

  it('trace operations from the call to their end', async () => {
    const kernel = new FakeKernel();
    const told: unknown[] = [];
    const note =
      (stage: string) =>
      (message: unknown): void => {
        const { operation, error } = message as DeviceOperationTrace;
        told.push([stage, operation, ...(error === undefined ? [] : [error])]);
      };
    const channel = tracingChannel(deviceChannelNames.operation);
    const [start, asyncEnd] = [note('start'), note('asyncEnd')];
    channel.start.subscribe(start);
    channel.asyncEnd.subscribe(asyncEnd);
    const tap = await openTap({ kernel, start: false });
    const both = Promise.allSettled([tap.start(), tap.start()]);
    expect(told).toEqual([
      ['start', 'start'],
      ['start', 'start'],
    ]);
    await both;
    channel.start.unsubscribe(start);
    channel.asyncEnd.unsubscribe(asyncEnd);
    expect(told.slice(2)).toEqual([
      ['asyncEnd', 'start'],
      ['asyncEnd', 'start', expect.objectContaining({ code: 'ERR_RTAP_STATE' })],
    ]);
    await tap.close();
  });

  it('trace the opening, with the device or why there is none, and the closing, once', async () => {
    const kernel = new FakeKernel();
    const told: unknown[] = [];
    const note = (message: unknown): void => {
      told.push(message);
    };
    for (const name of [deviceChannelNames.open, deviceChannelNames.close]) {
      tracingChannel(name).asyncEnd.subscribe(note);
    }
    const tap = await openTap({ kernel, name: 'one' });
    await expect(openTap({ kernel, name: 'one' })).rejects.toThrow('EBUSY');
    await Promise.all([tap.close(), tap.close()]);
    for (const name of [deviceChannelNames.open, deviceChannelNames.close]) {
      tracingChannel(name).asyncEnd.unsubscribe(note);
    }
    const options = { kernel, name: 'one' };
    expect(told).toEqual([
      { options, result: tap },
      { options, error: expect.objectContaining({ code: 'EBUSY' }) },
      { device: tap, result: undefined },
    ]);
  });
});

describe('describeTold', () => {
  it('takes whatever it is given', () => {
    for (const message of [undefined, null, 1, {}, { device: null }, { arguments: [{}] }]) {
      expect(describeTold('rtap:device.link', message)).toMatch(/^rtap device - /);
    }
  });
});

describe('RTAP_DEBUG=device', () => {
  it('prints operations and events, the first ones too', async () => {
    const program = `
      import { channel } from 'node:diagnostics_channel';
      import { openTap } from '@rtap/core';
      import { FakeKernel } from '@rtap/testkit';
      // Before what prints can have been loaded.
      channel('rtap:device.mtu').publish({ device: { name: 'early' }, event: 'mtu', arguments: [1] });
      const tap = await openTap({ kernel: new FakeKernel(), name: 'one' });
      await tap.linkDown();
      await tap.start().catch(() => undefined);
      await tap.close();
    `;
    const options = { cwd: import.meta.dirname, env: { ...process.env, RTAP_DEBUG: 'device' } };
    const args = ['--input-type=module', '--eval', program];
    const { stderr } = await promisify(execFile)(process.execPath, args, options);
    expect(stderr.replaceAll(/\{.*?\}/g, '{}').split('\n')).toEqual([
      'rtap device early mtu 1',
      'rtap device one (1) start done',
      'rtap device one (1) openTap done',
      'rtap device one (1) link {} {}',
      'rtap device one (1) linkDown done',
      expect.stringMatching(/^rtap device one \(1\) start failed: start\(\) of 'one'/),
      'rtap device one (1) close done',
      '',
    ]);
  });
});
