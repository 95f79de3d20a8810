/**
 * The tables of the guides that lead from elsewhere: each call does what stands beside it.
 *
 * @module
 */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { openTap } from '@rtap/core';
import type { NetworkNamespace } from '@rtap/core';
import { parseIpAddress, parseMacAddress } from '@rtap/frames';
import { IFF_PROMISC } from '@rtap/netlink';
import { createTestNamespace, FakeKernel, ipJson, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { NetlinkClient } from '@rtap/transport';
import { describe, expect } from 'vitest';

/** The first two columns of all rows that have code alone in both. */
function rows(guide: string): { readonly theirs: string; readonly ours: string }[] {
  const markdown = readFileSync(
    new URL(`../../../docs/guides/${guide}.md`, import.meta.url),
    'utf8',
  );
  return [...markdown.matchAll(/^\| ([^|]+?) +\| `([^|`]+)` +\|/gm)].map(
    ([, theirs = '', ours = '']) => ({ theirs, ours }),
  );
}

/** A function of the code of a call. */
function callOf(
  code: string,
  names: readonly string[],
): (...values: readonly unknown[]) => Promise<unknown> {
  const AsyncFunction = Object.getPrototypeOf(
    callOf.constructor('return async () => {}')(),
  ).constructor;
  return AsyncFunction(...names, code);
}

/** Runs a script, which must not fail. */
async function succeeds(netns: NetworkNamespace, program: string, script: string): Promise<void> {
  const { code, stderr } = await run(netns, program, ['-c', script]);
  expect(code, stderr).toBe(0);
}

/** Debian's package of pyroute2 belongs to Debian's Python. */
const PYTHON = '/usr/bin/python3';
const hasPyroute2 = spawnSync(PYTHON, ['-c', 'import pyroute2'], { stdio: 'ignore' }).status === 0;

/** eth0 with an address and a route, and a bridge that it is no port of; the same every time. */
async function makeNamespace(before: string): Promise<NetworkNamespace> {
  const netns = await createTestNamespace();
  const commands = [
    'ip link add eth0 address 02:00:00:00:00:01 type veth peer name eth1 address 02:00:00:00:00:02',
    // No addresses that come by themselves, at their own time.
    'ip link set eth0 addrgenmode none',
    'ip link set eth1 addrgenmode none',
    'ip link add br0 address 02:00:00:00:00:03 type bridge',
    ...(before === '' ? [] : [before]),
  ];
  // In this order.
  // oxlint-disable-next-line no-await-in-loop
  for (const command of commands) await succeeds(netns, 'sh', command);
  return netns;
}

const READY = 'ip link set eth1 up; ip link set eth0 up; ip address add 192.0.2.1/24 dev eth0';
/** What must be there before: without it the command would change nothing. */
const stateBefore = (command: string): string => {
  if (command.includes('nomaster')) return 'ip link set eth0 master br0';
  if (/name|set eth0 up|\bup'/.test(command)) return '';
  return READY;
};

/** All that ip tells, but for what each namespace has of its own. */
async function told(netns: NetworkNamespace): Promise<string> {
  const shows = [
    ['-d', 'link', 'show'],
    ['address', 'show'],
    ['route', 'show', 'table', 'all'],
    ['-6', 'route', 'show'],
    ['rule', 'show'],
    ['neigh', 'show', 'nud', 'permanent'],
    ['nexthop', 'show'],
  ];
  const all = await Promise.all(shows.map((show) => ipJson(netns, show)));
  return JSON.stringify(
    all,
    (key, value: unknown) =>
      /^(address|timer|.*_timer|bridge_id|root_id|operstate|flags|valid_life_time|tentative)$/.test(
        key,
      ) &&
      !(key === 'flags' && Array.isArray(value) && value.includes('PROMISC')) &&
      !(key === 'address' && value === '02:00:00:00:00:99')
        ? undefined
        : value,
    1,
  );
}

/** Both in a namespace of its own; the namespaces are the same afterwards, and others than before. */
async function compare(
  setUp: string,
  theirs: (netns: NetworkNamespace) => Promise<unknown>,
  ours: string,
): Promise<void> {
  const [one, two, untouched] = await Promise.all([setUp, setUp, setUp].map(makeNamespace));
  if (one === undefined || two === undefined || untouched === undefined)
    throw new TypeError('none');
  await theirs(one);
  await using client = await NetlinkClient.open({ netns: two });
  const { index } = await client.getLink({ name: 'eth0' });
  await callOf(ours, ['client', 'index', 'ip', 'mac', 'IFF_PROMISC'])(
    client,
    index,
    parseIpAddress,
    parseMacAddress,
    IFF_PROMISC,
  );
  const [after, same, unchanged] = await Promise.all([one, two, untouched].map(told));
  expect(same).toBe(after);
  expect(same).not.toBe(unchanged);
  await Promise.all([one.close(), two.close(), untouched.close()]);
}

describe('from ip', () => {
  const calls = rows('from-ip').filter(({ theirs }) => theirs.startsWith('`ip '));
  test.for(calls)('$theirs', async ({ theirs, ours }, { judges, netns: _ }) => {
    judges('ip');
    const command = theirs.replaceAll('`', '');
    await compare(stateBefore(command), (netns) => succeeds(netns, 'sh', command), ours);
  });
  test('all rows were found', () => expect(calls.length).toBeGreaterThan(20));
});

describe('from pyroute2', () => {
  const calls = rows('from-pyroute2').filter(
    ({ ours }) => ours.startsWith('await client.') && !ours.includes('close()'),
  );
  test.for(calls)('$theirs', async ({ theirs, ours }, { judges, netns: _, skip }) => {
    judges('ip');
    if (!hasPyroute2) skip('needs pyroute2: apt-get install python3-pyroute2');
    const call = theirs.replaceAll('`', '');
    const script = `
from pyroute2 import IPRoute
ipr = IPRoute()
index = ipr.link_lookup(ifname='eth0')[0]
${call}
ipr.close()`;
    await compare(stateBefore(call), (netns) => succeeds(netns, PYTHON, script), ours);
  });
  test('all rows were found', () => expect(calls.length).toBeGreaterThan(9));
});

describe('from DPDK', () => {
  const calls = rows('from-dpdk');
  test.for(calls)('$ours', async ({ ours }) => {
    const kernel = new FakeKernel();
    const tap = await openTap({ kernel });
    const open = (options: object) => openTap({ ...options, kernel, name: 'other%d' });
    const result = await callOf(/;/.test(ours) ? ours : `return ${ours}`, ['tap', 'openTap'])(
      tap,
      open,
    );
    expect(tap.state).toMatch(/started|configured|closed/);
    if (ours.startsWith('openTap')) expect(result).toHaveProperty('state', 'started');
    await tap.close();
  });
  test('all rows were found', () => expect(calls.length).toBeGreaterThan(25));
});
