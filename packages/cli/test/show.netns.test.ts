/**
 * `rtap link|addr|route|neigh show` beside `ip -j`, with ip's filters.
 *
 * @module
 */

import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { NetworkNamespace } from '@rtap/core';
import { ipJson } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { expect, vi } from 'vitest';
import { runAddressShow } from '../src/address/run-show.ts';
import { runLinkShow } from '../src/link/run-show.ts';
import { runNeighbourShow } from '../src/neighbour/run-show.ts';
import { runRouteShow } from '../src/route/run-show.ts';
import { inBoth, plain } from './compared.ts';
import { ip } from './ip.ts';

const SHOWS = {
  link: runLinkShow,
  addr: runAddressShow,
  route: runRouteShow,
  neigh: runNeighbourShow,
};

/** What the command prints, parsed. */
async function shown(netns: NetworkNamespace, line: string): Promise<unknown> {
  const words = line.split(' ');
  const flags = words.filter((word) => word.startsWith('-'));
  const [object = '', , ...rest] = words.filter((word) => !word.startsWith('-'));
  const show = Object.entries(SHOWS).find(([name]) => name === object)?.[1];
  if (show === undefined) throw new Error(`no object: ${line}`);
  const output = new PassThrough();
  const options = {
    ...{ json: true, netns, details: flags.includes('-d') },
    ...{ ipv4: flags.includes('-4'), ipv6: flags.includes('-6') },
  };
  const [printed] = await Promise.all([
    text(output),
    show(rest, options, output).finally(() => output.end()),
  ]);
  return JSON.parse(printed);
}

test('links, addresses, routes and neighbours are shown as ip shows them, with its filters', async ({
  createTestNamespace,
  judges,
}) => {
  judges('ip');
  const netns = await createTestNamespace();
  await ip(netns, [
    'link add v0 type veth peer name v1',
    'link set v0 up',
    'link set v1 up',
    'link set v0 alias of-some-use group 9',
    'link property add dev v0 altname another-name',
    'link add br0 type bridge',
    'link add d0 type veth peer name d1',
    'link set d0 up',
    'link set v1 master br0',
    'link add mv0 link v0 type macvlan',
    'addr add 10.0.0.1/24 dev v0 metric 7',
    'addr add 10.0.0.2/24 brd + dev v0 label v0:x',
    'addr add 10.1.0.1 peer 10.1.0.2/32 dev v0 scope link',
    'addr add 10.9.0.1/24 dev v1 valid_lft 3600000 preferred_lft 3600000',
    'addr add fd00::1/64 dev v0 nodad',
    'addr add fd00:1::1/64 dev v1 nodad preferred_lft 0',
    'route add default via 10.0.0.9 metric 100',
    'route add 192.0.2.0/24 via 10.0.0.9 src 10.0.0.2 proto static tos 0x10 realm 5/6',
    'route add 198.51.100.0/24 nexthop via 10.0.0.9 weight 2 nexthop via 10.0.0.10 onlink dev v0',
    'route add blackhole 203.0.113.0/24',
    'route add unreachable 203.0.116.0/24 metric 8',
    'route add 203.0.114.0/24 via 10.0.0.9 mtu 1400 advmss 1000 table 100',
    'route add 203.0.115.0/24 via inet6 fe80::9 dev v0',
    'route add 7.7.7.7 dev v0 scope link table 1000',
    'neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev v0',
    'neigh add 10.0.0.8 dev v0 nud failed',
    'neigh add 10.0.0.7 lladdr 02:00:00:00:00:07 dev v0 nud noarp',
    'neigh add fd00::9 lladdr 02:00:00:00:00:09 dev v0 router nud permanent',
    'neigh add fd00::8 lladdr 02:00:00:00:00:08 dev v0 extern_learn',
    'neigh add proxy 10.0.0.77 dev v0',
  ]);
  await ip(
    netns,
    [
      'route add 2001:db8::/32 via fd00::9 dev v0',
      'route add default via fd00::3 dev v0 expires 360000 pref high',
      'route add 2001:db8:7::/48 nexthop via fd00::9 dev v0 nexthop via fd00::8 dev v0',
    ],
    '-6',
  );
  const questions: readonly (readonly [words: string, least: number])[] = [
    ['link show', 5],
    ['link show up', 3],
    ['link show dev v0', 1],
    ['link show another-name', 1],
    ['link show dev d0', 1],
    ['link show master br0', 1],
    ['link show nomaster', 4],
    ['link show type veth', 2],
    ['link show group 9', 1],
    ['-d link show', 5],
    ['addr show', 5],
    ['-d addr show', 3],
    ['-4 addr show', 3],
    ['-6 addr show', 3],
    ['addr show v0', 1],
    ['addr show scope global', 4],
    ['addr show secondary', 1],
    ['addr show dynamic', 1],
    ['addr show deprecated', 1],
    ['addr show up label v0:x', 1],
    ['route show', 8],
    ['-6 route show', 5],
    ['route show table all', 20],
    ['-d route show table all', 20],
    ['-6 route show table local', 5],
    ['route show table 100', 1],
    ['route show dev v0', 3],
    ['route show proto kernel', 3],
    ['route show scope link', 3],
    ['route show type blackhole', 1],
    ['route show 192.0.2.0/24', 1],
    ['route show default', 1],
    ['route show table cache', 0],
    ['neigh show', 3],
    ['-4 neigh show', 2],
    ['-6 neigh show dev v0', 2],
    ['neigh show nud noarp', 1],
    ['neigh show nud failed nud permanent', 3],
    ['neigh show proxy', 1],
    ['neigh show to 10.0.0.9', 1],
  ];
  for (const [line, least] of questions) {
    // oxlint-disable-next-line no-await-in-loop
    await vi.waitFor(
      async () => {
        const theirs = plain(await ipJson(netns, line.split(' ')));
        const ours = await shown(netns, line);
        if (!Array.isArray(ours) || !Array.isArray(theirs)) throw new TypeError('no lists');
        expect(ours.length, line).toBe(theirs.length);
        expect(ours.length, line).toBeGreaterThanOrEqual(least);
        // What one of them alone tells is left out.
        expect(inBoth(ours, theirs), line).toEqual(inBoth(theirs, ours));
      },
      { timeout: 20_000, interval: 100 },
    );
  }
}, 60_000);
