import { FakeKernel } from '@rtap/testkit';
import { openTap } from '@rtap/core';
import type { OpenTapOptions, TapDevice } from '@rtap/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let kernel: FakeKernel;
const devices: TapDevice[] = [];

beforeEach(() => {
  kernel = new FakeKernel();
});

afterEach(async () => {
  for (const device of devices.splice(0)) await device.close();
});

async function open(options: OpenTapOptions = {}): Promise<TapDevice> {
  const tap = await openTap({ kernel, ...options });
  devices.push(tap);
  return tap;
}

const SYSCALL = { name: 'syscall', code: undefined, reason: undefined };
const IO_URING = { name: 'io_uring', code: undefined, reason: undefined };
const REFUSED = {
  name: 'syscall',
  code: 'EPERM',
  reason: expect.stringContaining('io_uring_setup'),
};

describe('the engine', () => {
  it('is syscall unless the other one is asked for', async () => {
    const tap = await open();
    expect(tap.info().engine).toEqual(SYSCALL);
    const other = await open({ engine: 'io_uring' });
    expect(other.info().engine).toEqual(IO_URING);
  });

  it('is syscall with the reason where io_uring is forbidden, and the device works', async () => {
    kernel.ioUringRefusal = 'EPERM';
    const tap = await open({ engine: 'io_uring' });
    expect(tap.info().engine).toEqual(REFUSED);
    expect(tap.send(new Uint8Array(60))).toBe(true);
    kernel.interface(tap.name).send(new Uint8Array(60));
    expect(tap.queue(0).rxBurst().count).toBe(1);
    // Whoever does not ask for it is told nothing.
    const other = await open();
    expect(other.info().engine).toEqual(SYSCALL);
  });

  it('changes by configure, and is tried again when it is asked for again', async () => {
    const tap = await open({ start: false });
    await tap.configure({ engine: 'io_uring' });
    expect(tap.info().engine).toEqual(IO_URING);
    await tap.configure({ queues: 2 });
    expect(tap.info().engine).toEqual(IO_URING);
    kernel.ioUringRefusal = 'EPERM';
    await tap.configure({ engine: 'io_uring' });
    expect(tap.info().engine).toEqual(REFUSED);
    await tap.configure({ engine: 'syscall' });
    expect(tap.info().engine).toEqual(SYSCALL);
  });

  it('stays as it was when the queues fail, and when it is aborted', async () => {
    const tap = await open({ start: false, engine: 'io_uring' });
    kernel.failNext('setQueues', 'EMFILE');
    await expect(tap.configure({ engine: 'syscall', queues: 2 })).rejects.toMatchObject({
      code: 'EMFILE',
    });
    expect(tap.info()).toMatchObject({ queues: 1, engine: IO_URING });
    const controller = new AbortController();
    const configured = tap.configure({ engine: 'syscall', signal: controller.signal });
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort(new Error('enough'));
    await expect(configured).rejects.toThrow('enough');
    expect(tap.info().engine).toEqual(IO_URING);
    kernel.ioUringRefusal = 'EPERM';
    await tap.configure({ engine: 'io_uring' });
    kernel.failNext('setQueues', 'EMFILE');
    await expect(tap.configure({ engine: 'syscall', queues: 2 })).rejects.toThrow('EMFILE');
    expect(tap.info().engine).toEqual(REFUSED);
  });

  it.each([
    ['epoll', 'ERR_OUT_OF_RANGE'],
    ['', 'ERR_OUT_OF_RANGE'],
    [true, 'ERR_INVALID_ARG_TYPE'],
    [null, 'ERR_INVALID_ARG_TYPE'],
    [['io_uring'], 'ERR_INVALID_ARG_TYPE'],
  ])('is not %j, which is refused before anything is done', async (engine, code) => {
    await expect(Reflect.apply(openTap, undefined, [{ kernel, engine }])).rejects.toMatchObject({
      code,
    });
    expect(kernel.rtnetlink.link('rtap0')).toBeUndefined();
    const tap = await open({ start: false });
    await expect(Reflect.apply(tap.configure, tap, [{ engine }])).rejects.toMatchObject({ code });
  });
});
