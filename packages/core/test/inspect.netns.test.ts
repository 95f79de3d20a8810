import { inspect } from 'node:util';
import { openTap } from '@rtap/core';
import type { NetworkNamespace, TapDevice } from '@rtap/core';
import { run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';

/** What both say: index, name, flags, MTU, state and address, of `ip link show` and of ours. */
function saying(text: string): unknown {
  const found =
    /^(\d+): (\S+): <([^>]*)> mtu (\d+) (?:qdisc \S+ )?state (\S+) [^]*link\/ether (\S+)/.exec(
      text,
    );
  return found?.slice(1);
}

async function expectSame(netns: NetworkNamespace, tap: TapDevice): Promise<void> {
  const { stdout } = await run(netns, 'ip', ['link', 'show', 'dev', tap.name]);
  expect(saying(inspect(tap))).toEqual(saying(stdout));
  expect(saying(stdout)).toHaveLength(6);
}

describe('inspect', () => {
  test('says of a device what ip link does', async ({ netns, judges }) => {
    judges('ip');
    const tap = await openTap({ netns });
    await expectSame(netns, tap);
    await tap.setMtu(9000);
    await tap.setPromiscuous(true);
    await tap.linkUpdate();
    await expectSame(netns, tap);
    await tap.setCarrier(false);
    await tap.until('down');
    await tap.linkUpdate();
    await expectSame(netns, tap);
    await tap.linkDown();
    await expectSame(netns, tap);
    await tap.linkUp();
    await tap.stop();
    await expectSame(netns, tap);
    await tap.close();
  });

  test('says of a namespace which it is', async ({ createTestNamespace }) => {
    const netns = await createTestNamespace();
    expect(inspect(netns)).toBe(`NetworkNamespace {${netns.inode}, ${netns.path}}`);
    await netns.close();
    expect(inspect(netns)).toBe(`NetworkNamespace {${netns.inode}, closed}`);
  });
});
