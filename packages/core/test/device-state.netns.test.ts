import { ipJson, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { openTap } from '@rtap/core';
import type { NetworkNamespace } from '@rtap/core';
import { describe, expect } from 'vitest';
import { expectLegal, expectRefused, illegal, legal } from './device-operations.ts';
import type { Stage } from './device-operations.ts';
import { deviceFiles } from './refusals.ts';

async function ip(netns: NetworkNamespace, ...args: readonly string[]): Promise<void> {
  const { code, stderr } = await run(netns, 'ip', args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}

function realStage(netns: NetworkNamespace): Stage {
  return {
    open: async (start) => {
      const tap = await openTap({ netns, name: 'state%d', start: false });
      // The kernel is not to send, nor to set addresses, by itself.
      await ip(netns, 'link', 'set', 'dev', tap.name, 'addrgenmode', 'none');
      if (start) await tap.start();
      return tap;
    },
    remove: ({ name }) => ip(netns, 'link', 'del', 'dev', name),
    setUp: ({ name }) => ip(netns, 'link', 'set', 'dev', name, 'up'),
    seen: async () => [
      await ipJson(netns, ['-d', '-s', 'link', 'show']),
      await ipJson(netns, ['address', 'show']),
      await ipJson(netns, ['route', 'show', 'table', 'all']),
      deviceFiles(),
    ],
  };
}

describe('every operation in every state, on the real kernel', () => {
  test.for(legal)('%s when %s: legal', async (row, { netns, judges }) => {
    judges('ip');
    const [operation] = row;
    await expectLegal(realStage(netns), row);
    // What was made to persist is left behind, and nothing else is.
    const links = (await ipJson(netns, ['link', 'show'])) as readonly unknown[];
    expect(links).toHaveLength(operation === 'setPersist' ? 2 : 1);
    if (operation === 'setPersist') await ip(netns, 'link', 'del', 'dev', 'state0');
  });

  test.for(illegal)(
    '%s when %s: ERR_RTAP_STATE, and nothing changes for ip',
    async (row, { netns, judges }) => {
      judges('ip');
      await expectRefused(realStage(netns), row);
    },
  );
});
