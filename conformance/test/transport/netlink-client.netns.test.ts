import { kernel } from '@rtap/native';
import { IFF_PROMISC, IFF_UP, RTNLGRP_LINK } from '@rtap/netlink';
import { addAddress, ipJson, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { NetlinkClient } from '@rtap/transport';
import { describe, expect } from 'vitest';

describe('NetlinkClient, judged by ip', () => {
  test('reads what ip reads', async ({ netns, judges }) => {
    judges('ip');
    await run(netns, 'ip', [
      'link',
      'add',
      'va',
      'address',
      '02:00:00:00:00:aa',
      'type',
      'veth',
      'peer',
      'name',
      'vb',
    ]);
    await run(netns, 'ip', [
      'link',
      'set',
      'va',
      'up',
      'mtu',
      '1400',
      'alias',
      'left',
      'txqueuelen',
      '77',
    ]);
    await run(netns, 'ip', ['link', 'set', 'vb', 'up']);
    await using client = await NetlinkClient.open({ netns });
    // The kernel takes a moment to find that both ends are up.
    await expect
      .poll(() => ipJson(netns, ['link', 'show', 'type', 'veth']))
      .toMatchObject([{ operstate: 'UP' }, { operstate: 'UP' }]);
    const links = await ipJson(netns, ['-d', 'link', 'show']);
    if (!Array.isArray(links)) throw new TypeError('ip printed no list');
    expect(links.length).toBe(3);
    for (const truth of links) {
      const byName = await client.getLink({ name: truth.ifname });
      const byIndex = await client.getLink({ index: truth.ifindex });
      expect(byIndex).toMatchObject({ index: byName.index, name: byName.name });
      expect({
        ifindex: byName.index,
        ifname: byName.name,
        mtu: byName.mtu,
        operstate: byName.operState?.toUpperCase(),
        address: Array.from(byName.address ?? [], (byte) =>
          byte.toString(16).padStart(2, '0'),
        ).join(':'),
        txqlen: byName.txQueueLength,
        kind: byName.info?.kind,
        alias: byName.alias,
        up: (byName.flags & IFF_UP) !== 0,
      }).toEqual({
        ifindex: truth.ifindex,
        ifname: truth.ifname,
        mtu: truth.mtu,
        operstate: truth.operstate,
        address: truth.address,
        txqlen: truth.txqlen,
        kind: truth.linkinfo?.info_kind,
        alias: truth.ifalias,
        up: truth.flags.includes('UP'),
      });
    }
    await run(netns, 'ip', ['link', 'del', 'va']);
  });

  test('changes what ip sees changed: one message, only what was given', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    await run(netns, 'ip', ['link', 'add', 'vc', 'type', 'veth', 'peer', 'name', 'vd']);
    await using client = await NetlinkClient.open({ netns });
    const { index } = await client.getLink({ name: 'vc' });
    await client.setLink({
      index,
      flags: IFF_UP | IFF_PROMISC,
      change: IFF_UP | IFF_PROMISC,
      mtu: 1300,
      name: 'renamed',
      address: Uint8Array.of(2, 0, 0, 0, 0, 0xcc),
    });
    const [link] = Object.values(Object(await ipJson(netns, ['link', 'show', 'dev', 'renamed'])));
    expect(link).toMatchObject({
      ifindex: index,
      mtu: 1300,
      address: '02:00:00:00:00:cc',
      flags: expect.arrayContaining(['UP', 'PROMISC']),
    });
    await client.deleteLink({ index });
    expect(await ipJson(netns, ['link', 'show'])).toHaveLength(1);
  });

  test.for([
    ['10.1.2.3/24', 'inet'],
    ['fd01::3/64', 'inet6'],
  ] as const)('adds %s, usable at once', async ([address, family], { netns, judges }) => {
    judges('ip');
    await run(netns, 'ip', ['link', 'add', 've', 'type', 'veth', 'peer', 'name', 'vf']);
    await run(netns, 'ip', ['link', 'set', 've', 'up']);
    await run(netns, 'ip', ['link', 'set', 'vf', 'up']);
    await using client = await NetlinkClient.open({ netns });
    const { index } = await client.getLink({ name: 've' });
    // Twice is once.
    await addAddress({ netns, ifindex: index, address });
    await addAddress({ netns, ifindex: index, address });
    const [shown] = Object.values(Object(await ipJson(netns, ['address', 'show', 'dev', 've'])));
    const [local, prefixlen] = address.split('/');
    const infos = Object(shown).addr_info.filter(
      (info: { readonly local: string }) => info.local === local,
    );
    expect(infos).toHaveLength(1);
    expect(infos[0]).toMatchObject({ family, local, prefixlen: Number(prefixlen) });
    expect(infos[0].tentative).toBeUndefined();
    await run(netns, 'ip', ['link', 'del', 've']);
  });

  test("refuses with the kernel's own words, and goes on", async ({ netns }) => {
    await using client = await NetlinkClient.open({ netns });
    await expect(client.getLink({ name: 'none0' })).rejects.toMatchObject({
      name: 'NetlinkError',
      code: 'ENODEV',
      errno: -19,
      syscall: 'RTM_GETLINK',
      interface: 'none0',
    });
    const { index } = await client.getLink({ name: 'lo' });
    await expect(client.setLink({ index, master: index })).rejects.toMatchObject({
      code: expect.stringMatching(/^E/),
    });
    await expect(
      client.addLink({ name: 'x0', info: { kind: 'no-such-kind' } }),
    ).rejects.toMatchObject({ code: 'EOPNOTSUPP', extack: { message: 'Unknown device type' } });
    expect((await client.getLink({ index })).name).toBe('lo');
  });

  test('is answered again after the socket was overrun', async ({ netns, judges }) => {
    judges('ip');
    // Answers are read as soon as they are there and can't overrun it; what a group is told and nobody reads can.
    const options = { netns, receiveBuffer: 4096, groups: [RTNLGRP_LINK] };
    await using client = new NetlinkClient(await kernel.openRequestSocket(options));
    for (let change = 0; change < 40; change += 1) {
      await run(netns, 'ip', ['link', 'set', 'lo', change % 2 === 0 ? 'up' : 'down']);
    }
    const ask = (): Promise<string> =>
      client.getLink({ name: 'lo' }, { timeout: 5000 }).then(
        () => 'answered',
        (error: unknown) => Object(error).code,
      );
    expect(await ask()).toBe('ERR_RTAP_OVERRUN');
    expect(new Set(await Promise.all(Array.from({ length: 60 }, ask)))).toEqual(
      new Set(['answered']),
    );
  });

  test('serves many at once', async ({ netns }) => {
    await using client = await NetlinkClient.open({ netns });
    const links = await Promise.all(
      Array.from({ length: 300 }, () => client.getLink({ name: 'lo' })),
    );
    expect(new Set(links.map((link) => link.index))).toEqual(new Set([1]));
  });
});
