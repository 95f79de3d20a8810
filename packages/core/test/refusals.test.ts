import { FakeKernel } from '@rtap/testkit';
import { openTap } from '@rtap/core';
import { describe, expect, it } from 'vitest';
import { wrongNamespaces, wrongOptions } from './refusals.ts';

describe('what is wrong by itself is refused before anything is done', () => {
  it.each([...wrongOptions, ...wrongNamespaces])('openTap(%o): %s', async (options, code) => {
    const kernel = new FakeKernel();
    const given =
      typeof options === 'object' && options !== null && !Array.isArray(options)
        ? { kernel, ...options }
        : options;
    const error: unknown = await Reflect.apply(openTap, undefined, [given]).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(code === 'ERR_OUT_OF_RANGE' ? RangeError : TypeError);
    // What to do stands in the words, as Node has it.
    expect(error).toMatchObject({ code, message: expect.stringMatching(/must be .*Received/) });
    expect(kernel.rtnetlink.links).toEqual([]);
    expect(kernel.rtnetlink.openSockets).toEqual({ requests: 0, subscriptions: 0 });
  });
});
