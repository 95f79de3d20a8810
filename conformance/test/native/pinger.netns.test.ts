import { ping } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';

import { ip } from './judges.ts';

const TYPE = { type: TypeError, code: 'ERR_INVALID_ARG_TYPE' };
const RANGE = { type: RangeError, code: 'ERR_OUT_OF_RANGE' };
const address = '127.0.0.1';

describe('ping', () => {
  test.for([
    ['options', undefined, TYPE],
    ['options', null, TYPE],
    ['options.address', {}, TYPE],
    ['options.address', { address: 1 }, TYPE],
    ['options.address', { address: 'localhost' }, RANGE],
    ['options.count', { address, count: '3' }, TYPE],
    ['options.count', { address, count: null }, TYPE],
    ['options.count', { address, count: 0 }, RANGE],
    ['options.count', { address, count: 65_536 }, RANGE],
    ['options.count', { address, count: Number.NaN }, RANGE],
    ['options.timeout', { address, timeout: '1' }, TYPE],
    ['options.timeout', { address, timeout: 0 }, RANGE],
    ['options.timeout', { address, timeout: 1.5 }, RANGE],
    ['options.timeout', { address, timeout: 2 ** 31 }, RANGE],
    ['options.size', { address, size: 1n }, TYPE],
    ['options.size', { address, size: -1 }, RANGE],
    ['options.size', { address, size: 65_508 }, RANGE],
    ['options.signal', { address, signal: {} }, TYPE],
    ['netns', { address, netns: 7 }, TYPE],
  ] as const)('refuses a wrong %s: %o', async ([name, options, { type, code }]) => {
    const pinged = Promise.resolve().then(() => Reflect.apply(ping, undefined, [options]));
    const error: unknown = await pinged.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ code, message: expect.stringContaining(`"${name}"`) });
  });

  test('takes the ends of the ranges', async ({ netns, judges }) => {
    judges('ip');
    await ip(netns, 'link set lo up');
    for (const options of [
      { size: 65_507, timeout: 2 ** 31 - 1 },
      { size: 0, address: '::1' },
    ]) {
      const { replies, transmitted } = await ping({ address, netns, count: 1, ...options });
      expect([transmitted, replies.length]).toEqual([1, 1]);
    }
    await ip(netns, 'link set lo down');
  });

  test('opens nothing with a signal that is aborted', async ({ netns }) => {
    const signal = AbortSignal.abort(new Error('stopped before'));
    await expect(ping({ address, netns, signal })).rejects.toThrow('stopped before');
  });
});
