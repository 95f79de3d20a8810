/**
 * `rtap link|addr|route|neigh` that change something, judged by `ip -j`.
 *
 * @module
 */

import type { NetworkNamespace } from '@rtap/core';
import { ipJson } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';
import { runAddressChange } from '../src/address/run-change.ts';
import type { AddressVerb } from '../src/address/change.ts';
import { runLinkAdd, runLinkDelete, runLinkProperty, runLinkSet } from '../src/link/run-change.ts';
import { runNeighbourChange } from '../src/neighbour/run-change.ts';
import type { NeighbourVerb } from '../src/neighbour/run-change.ts';
import { runRouteChange } from '../src/route/run-change.ts';
import type { RouteVerb } from '../src/route/change.ts';
import { ip } from './ip.ts';
import { rtap, rtapJson } from './rtap.ts';
import type { Json } from './rtap.ts';

type Does = (line: string) => Promise<void>;

const words = (line: string): string[] => line.split(' ');

/** The verbs of each object, in a namespace. */
function commandsIn(netns: NetworkNamespace): {
  readonly [verb in 'set' | 'add' | 'del' | 'property']: Does;
} & {
  readonly addr: (verb: AddressVerb, line: string) => Promise<void>;
  readonly route: (verb: RouteVerb, line: string) => Promise<void>;
  readonly neigh: (verb: NeighbourVerb, line: string) => Promise<void>;
} {
  const options = { netns };
  return {
    set: (line) => runLinkSet(words(line), options),
    add: (line) => runLinkAdd(words(line), options),
    del: (line) => runLinkDelete(words(line), options),
    property: (line) => runLinkProperty(words(line), options),
    addr: (verb, line) => runAddressChange(verb, words(line), options),
    route: (verb, line) => runRouteChange(verb, words(line), options),
    neigh: (verb, line) => runNeighbourChange(verb, words(line), options),
  };
}

async function shown(netns: NetworkNamespace, line: string): Promise<readonly Json[]> {
  const printed = await ipJson(netns, words(line));
  if (!Array.isArray(printed)) throw new TypeError('no list');
  return printed.filter((item) => JSON.stringify(item) !== '{}');
}

describe('links', () => {
  test('are made, changed, moved and deleted', async ({ createTestNamespace, judges }) => {
    judges('ip');
    const [netns, other] = [await createTestNamespace(), await createTestNamespace()];
    const { add, set, del, property } = commandsIn(netns);
    await add(
      'name v0 mtu 1400 txqueuelen 7 type veth peer name v1 mtu 1300 address 02:00:00:00:00:01',
    );
    await add('br0 type bridge');
    await add('mv0 link v0 type macvlan mode bridge');
    await add(`far0 type veth peer near0 netns ${other.path}`);
    await add(`there0 netns ${other.path} type bridge`);
    const kinds = await shown(netns, '-d link show');
    expect(
      kinds.map((link) => [link['ifname'], Object(link['linkinfo']).info_kind, link['mtu']]),
    ).toEqual([
      ['lo', undefined, 65_536],
      ['v1', 'veth', 1300],
      ['v0', 'veth', 1400],
      ['br0', 'bridge', 1500],
      ['mv0', 'macvlan', 1400],
      ['far0', 'veth', 1500],
    ]);
    expect(kinds[4]).toMatchObject({ link: 'v0', linkinfo: { info_data: { mode: 'bridge' } } });
    expect((await shown(other, 'link show')).map((link) => link['ifname'])).toEqual([
      ...['lo', 'near0', 'there0'],
    ]);

    await set('dev v1 master br0 up mtu 1350 promisc on alias useful txqueuelen 77 group 9');
    await set('allmulticast on arp off multicast off address 02:00:00:00:00:07 v1');
    expect((await shown(netns, '-d link show v1'))[0]).toMatchObject({
      flags: ['NO-CARRIER', 'BROADCAST', 'NOARP', 'ALLMULTI', 'PROMISC', 'UP', 'M-DOWN'],
      ...{ mtu: 1350, master: 'br0', ifalias: 'useful', txqlen: 77, group: '9' },
      address: '02:00:00:00:00:07',
    });
    await set('v1 nomaster promisc off down mode dormant addrgenmode none name renamed');
    const [renamed] = await shown(netns, '-d link show renamed');
    expect(renamed).toMatchObject({ linkmode: 'DORMANT', inet6_addr_gen_mode: 'none' });
    expect(renamed).not.toHaveProperty('master');
    expect(renamed?.['flags']).not.toContain('UP');

    await set('group 9 mtu 1280');
    expect((await shown(netns, 'link show renamed'))[0]).toMatchObject({ mtu: 1280 });
    await property('add dev renamed altname a-name-of-more-than-fifteen-bytes altname réseau:à');
    await set('a-name-of-more-than-fifteen-bytes up');
    expect((await shown(netns, 'link show réseau:à'))[0]?.['flags']).toContain('UP');
    await property('del renamed altname réseau:à');
    expect((await shown(netns, 'link show renamed'))[0]?.['altnames']).toEqual([
      'a-name-of-more-than-fifteen-bytes',
    ]);

    await set(`renamed netns ${other.path}`);
    expect((await shown(other, 'link show renamed'))[0]).toMatchObject({ mtu: 1280 });
    await del('dev v0');
    await del('br0');
    const left = (await shown(netns, 'link show')).map((link) => link['ifname']);
    expect(left).toEqual(['lo', 'far0']);
  });

  test('a TAP device stays when nobody has it open, and not when it can’t be as it was asked', async ({
    createTestNamespace,
    judges,
  }) => {
    judges('ip');
    const netns = await createTestNamespace();
    const { add, del } = commandsIn(netns);
    await add('tap0 mtu 9000 address 02:00:00:00:00:03 type tap queues 2');
    expect((await shown(netns, '-d link show tap0'))[0]).toMatchObject({
      ...{ mtu: 9000, address: '02:00:00:00:00:03' },
      linkinfo: { info_data: { type: 'tap', persist: true, multi_queue: true } },
    });
    await expect(add('tap1 mtu 1 type tap')).rejects.toThrow('tap1: mtu less than device minimum');
    await del('tap0');
    expect(await shown(netns, 'link show')).toHaveLength(1);
  });

  test('what the kernel refuses is told in its words, and nothing is changed', async ({
    createTestNamespace,
    judges,
  }) => {
    judges('ip');
    const netns = await createTestNamespace();
    const { add, set, del } = commandsIn(netns);
    await expect(set('nix up')).rejects.toThrow('Device "nix" does not exist');
    await expect(set('lo master nix')).rejects.toThrow('Device "nix" does not exist');
    await expect(del('nix')).rejects.toThrow('Device "nix" does not exist');
    await expect(add('lo type bridge')).rejects.toThrow('lo: file exists');
    await expect(add('x0 type nonsense')).rejects.toThrow('x0: Unknown device type');
    await add('v0 type veth');
    const before = await shown(netns, 'link show');
    await expect(set('v0 mtu 1')).rejects.toThrow('v0: mtu less than device minimum');
    expect(await shown(netns, 'link show')).toEqual(before);
  });
});

describe('addresses', () => {
  test('are given, changed and taken away', async ({ createTestNamespace, judges }) => {
    judges('ip');
    const netns = await createTestNamespace();
    await ip(netns, ['link add v0 type veth peer name v1']);
    const { addr } = commandsIn(netns);
    await addr('add', '10.0.0.1/24 dev v0');
    await addr(
      'add',
      '10.0.1.1/20 brd + dev v0 label v0:x metric 7 valid_lft 1000 preferred_lft 500',
    );
    await addr('add', 'local 10.1.0.1 peer 10.1.0.2/30 scope link dev v0');
    await addr('add', 'fd00::1/64 nodad noprefixroute dev v0 valid_lft forever');
    const infos = async (): Promise<readonly Json[]> =>
      Object(await shown(netns, 'addr show v0'))[0].addr_info;
    // The kernel has its own order.
    expect(await infos()).toHaveLength(4);
    for (const wanted of [
      expect.objectContaining({ local: '10.0.0.1', prefixlen: 24, scope: 'global' }),
      expect.objectContaining({
        ...{ local: '10.0.1.1', prefixlen: 20, broadcast: '10.0.15.255', label: 'v0:x' },
        ...{ metric: 7, dynamic: true },
      }),
      expect.objectContaining({
        local: '10.1.0.1',
        address: '10.1.0.2',
        prefixlen: 30,
        scope: 'link',
      }),
      expect.objectContaining({ local: 'fd00::1', nodad: true, noprefixroute: true }),
    ]) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await infos()).toContainEqual(wanted);
    }
    await expect(addr('add', '10.0.0.1/24 dev v0')).rejects.toThrow('10.0.0.1/24 on v0: ');
    await addr('replace', '10.0.0.1/24 dev v0 valid_lft 500 preferred_lft 400');
    expect(await infos()).toContainEqual(
      expect.objectContaining({ local: '10.0.0.1', dynamic: true }),
    );
    await addr('del', '10.0.0.1/24 dev v0');
    await addr('del', 'fd00::1/64 dev v0');
    expect(await infos()).toHaveLength(2);
    await expect(addr('del', '10.0.0.1/24 dev v0')).rejects.toThrow('10.0.0.1/24 on v0: ');
  });
});

describe('routes and neighbours', () => {
  test('are added, changed and deleted', async ({ createTestNamespace, judges }) => {
    judges('ip');
    const netns = await createTestNamespace();
    await ip(netns, [
      'link add v0 type veth peer name v1',
      'link set v0 up',
      'link set v1 up',
      'addr add 10.0.0.1/24 dev v0',
      'addr add fd00::1/64 dev v0 nodad',
    ]);
    const { route, neigh } = commandsIn(netns);
    await route('add', 'default via 10.0.0.9 metric 100');
    await route(
      'add',
      '192.0.2.0/24 dev v0 proto static scope link src 10.0.0.1 tos 0x10 mtu 1400',
    );
    await route(
      'add',
      '198.51.100.0/24 nexthop via 10.0.0.9 weight 2 nexthop via 10.0.0.10 dev v0',
    );
    await route('add', 'blackhole 203.0.113.0/24 table 100');
    await route('add', 'default via fd00::9');
    await route('add', '203.0.115.0/24 via inet6 fe80::9 dev v0');
    expect(await shown(netns, 'route show')).toEqual([
      { dst: 'default', gateway: '10.0.0.9', dev: 'v0', metric: 100, flags: [] },
      expect.objectContaining({ dst: '10.0.0.0/24' }),
      {
        ...{ dst: '192.0.2.0/24', tos: '0x10', dev: 'v0', protocol: 'static', scope: 'link' },
        ...{ prefsrc: '10.0.0.1', flags: [], metrics: [{ mtu: 1400 }] },
      },
      expect.objectContaining({
        dst: '198.51.100.0/24',
        nexthops: [
          { gateway: '10.0.0.9', dev: 'v0', weight: 2, flags: [] },
          { gateway: '10.0.0.10', dev: 'v0', weight: 1, flags: [] },
        ],
      }),
      expect.objectContaining({ via: { family: 'inet6', host: 'fe80::9' } }),
    ]);
    expect(await shown(netns, 'route show table 100')).toMatchObject([{ type: 'blackhole' }]);
    expect(await shown(netns, '-6 route show default')).toMatchObject([{ gateway: 'fd00::9' }]);
    await expect(route('add', 'default via 10.0.0.9 metric 100')).rejects.toThrow('default: ');
    await route('replace', 'default via 10.0.0.8 metric 100');
    await route('del', '192.0.2.0/24 tos 0x10');
    await route('del', 'blackhole 203.0.113.0/24 table 100');
    expect(await shown(netns, 'route show default')).toMatchObject([{ gateway: '10.0.0.8' }]);
    expect(await shown(netns, 'route show 192.0.2.0/24')).toEqual([]);

    await neigh('add', '10.0.0.9 lladdr 02:00:00:00:00:09 dev v0');
    await neigh('add', 'fd00::9 lladdr 02:00:00:00:00:0a dev v0 router nud noarp');
    await neigh('add', 'proxy 10.0.0.77 dev v0');
    await neigh('replace', '10.0.0.9 lladdr 02:00:00:00:00:0b dev v0 nud stale');
    expect(await shown(netns, 'neigh show nud all dev v0')).toEqual(
      expect.arrayContaining([
        { dst: '10.0.0.9', lladdr: '02:00:00:00:00:0b', state: ['STALE'] },
        { dst: 'fd00::9', lladdr: '02:00:00:00:00:0a', router: null, state: ['NOARP'] },
      ]),
    );
    expect(await shown(netns, 'neigh show proxy')).toMatchObject([{ dst: '10.0.0.77' }]);
    await neigh('del', '10.0.0.9 dev v0');
    expect(await shown(netns, 'neigh show to 10.0.0.9')).toEqual([]);
    await expect(neigh('del', '10.0.0.9 dev v0')).rejects.toThrow('10.0.0.9 on v0: ');
  });
});

describe('the command', () => {
  test('exits with 1 and says why; --json and --netns stand anywhere', async ({
    createTestNamespace,
  }) => {
    const netns = await createTestNamespace();
    const missing = await rtap('link', '--netns', netns.path, 'show', 'nix');
    expect(missing).toEqual({
      code: 1,
      stdout: '',
      stderr: 'rtap: Device "nix" does not exist (rtap link show lists those that do)\n',
    });
    const { code, stderr } = await rtap('link', 'set', 'lo', 'down', '--json', '-n', netns.path);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [loopback] = await rtapJson('-n', netns.path, 'link', 'show', 'lo');
    expect(loopback).toMatchObject({ ifindex: 1, ifname: 'lo', flags: ['LOOPBACK'] });
  });
});
