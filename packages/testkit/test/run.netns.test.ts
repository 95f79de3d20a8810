import { run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';

describe('run', () => {
  test('rejects with the reason of its signal, whoever holds the output open', async ({
    netns,
  }) => {
    const controller = new AbortController();
    const reason = new Error('enough');
    // The shell is gone with the signal; who it started keeps its output.
    const running = run(netns, 'sh', ['-c', 'sleep 20 & wait'], { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 100);
    await expect(running).rejects.toBe(reason);
  });

  test.for([
    ['netns', [{}, 'true']],
    ['netns', [undefined, 'true']],
    ['options', [undefined, 'true', [], null]],
  ] as const)('refuses a wrong %s', async ([name, args], { netns }) => {
    const given = name === 'options' ? [netns, ...args.slice(1)] : args;
    await expect(Reflect.apply(run, undefined, given)).rejects.toMatchObject({
      ...{ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' },
      message: expect.stringContaining(`"${name}"`),
    });
  });
});
