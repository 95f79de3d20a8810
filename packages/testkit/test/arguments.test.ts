import { expect, test } from 'vitest';

import {
  capture,
  createBridge,
  generateTraffic,
  receiveTraffic,
  sendFrames,
} from '../src/index.ts';

const TYPE = 'ERR_INVALID_ARG_TYPE';
const RANGE = 'ERR_OUT_OF_RANGE';
const template = new Uint8Array(60);
const lo = { interface: 'lo' };

/** What a wrong call rejects with. Nothing gets as far as the kernel, so this needs no privilege. */
async function codeOf(
  call: (options: never) => Promise<unknown>,
  options: unknown,
): Promise<unknown> {
  const error: unknown = await Reflect.apply(call, undefined, [options]).then(
    () => 'it resolved',
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Error);
  return error instanceof Error && 'code' in error ? error.code : error;
}

test.each([
  [capture, undefined, TYPE],
  [capture, {}, TYPE],
  [capture, { interface: 0 }, RANGE],
  [capture, { ...lo, outgoing: 1 }, TYPE],
  [capture, { ...lo, promiscuous: 'no' }, TYPE],
  [capture, { ...lo, filter: true }, TYPE],
  [capture, { ...lo, snapLength: 59 }, RANGE],
  [capture, { ...lo, snapLength: 65_597 }, RANGE],
  [capture, { ...lo, maxFrames: 0 }, RANGE],
  [capture, { ...lo, maxBytes: 1.5 }, RANGE],
  [capture, { ...lo, receiveBuffer: 0 }, RANGE],
  [capture, { ...lo, signal: {} }, TYPE],
  [capture, { ...lo, name: 1 }, TYPE],
  [createBridge, undefined, TYPE],
  [createBridge, { name: 'br0', ports: 'eth0' }, TYPE],
  [createBridge, { name: 'br0', ports: [], mtu: 67 }, RANGE],
  [sendFrames, { ...lo }, TYPE],
  [sendFrames, { ...lo, frames: ['x'] }, TYPE],
  [sendFrames, { ...lo, frames: [new Uint8Array(13)] }, RANGE],
  [generateTraffic, { ...lo }, TYPE],
  [generateTraffic, { ...lo, template: new Uint8Array(29) }, RANGE],
  [generateTraffic, { ...lo, template, count: -1 }, RANGE],
  [generateTraffic, { ...lo, template, rate: 0 }, RANGE],
  [generateTraffic, { ...lo, template, rate: Number.NaN }, RANGE],
  [generateTraffic, { ...lo, template, rate: '1' }, TYPE],
  [generateTraffic, { ...lo, template, stream: 2 ** 32 }, RANGE],
  [generateTraffic, { ...lo, template, markOffset: 45 }, RANGE],
  [generateTraffic, { ...lo, template, markOffset: 13 }, RANGE],
  [receiveTraffic, { ...lo, stream: -1 }, RANGE],
  [receiveTraffic, { ...lo, markOffset: 0 }, RANGE],
] as const)('%o refuses %o', async (call, options, code) => {
  expect(await codeOf(call, options)).toBe(code);
});

test.each([capture, sendFrames, generateTraffic, receiveTraffic])(
  '%o does nothing with a signal that is aborted',
  async (call) => {
    const signal = AbortSignal.abort(new Error('stopped before'));
    const options = { ...lo, template, frames: [], signal };
    await expect(Reflect.apply(call, undefined, [options])).rejects.toThrow('stopped before');
  },
);
