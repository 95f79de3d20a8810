import { openTap } from '@rtap/core';
import { ipJson } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { NetlinkClient } from '@rtap/transport';
import { expect } from 'vitest';

import { proveOffloads } from '../src/doctor/offloads.ts';

test('offloads that cannot be tried are no failure, and nothing is left of the attempt', async ({
  netns,
  judges,
}) => {
  judges('ip');
  const before = await ipJson(netns, ['link', 'show']);
  // As where the kernel has no bridges: it can't be made.
  await using client = await NetlinkClient.open({ netns });
  await client.addLink({ name: 'between0', info: { kind: 'bridge' } });
  expect(await proveOffloads(netns)).toEqual([
    { verdict: 'skipped', text: expect.stringMatching(/^offloads were not tried: EEXIST/) },
  ]);
  await client.deleteLink({ name: 'between0' });
  expect(await ipJson(netns, ['link', 'show'])).toEqual(before);
});

test('an offload is proven on devices that are gone then', async ({ netns, judges }) => {
  judges('ip');
  const before = await ipJson(netns, ['link', 'show']);
  const tap = await openTap({ netns, start: false });
  const { granted } = tap.info().offloads;
  await tap.close();
  const proven = (await proveOffloads(netns)).filter(({ verdict }) => verdict === 'ok');
  expect(proven.map(({ text }) => /^offload (\w+):/.exec(text)?.[1])).toEqual(granted);
  expect(await ipJson(netns, ['link', 'show'])).toEqual(before);
});
