import { ipJson, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { openTap } from '@rtap/core';
import type { NetworkNamespace, TapDevice } from '@rtap/core';
import { describe, expect } from 'vitest';

/** What `ip -j -d link show dev NAME` says. */
async function byIp(netns: NetworkNamespace, name: string): Promise<unknown> {
  const links = await ipJson(netns, ['-d', 'link', 'show', 'dev', name]);
  if (!Array.isArray(links)) throw new TypeError('ip printed no list');
  return links[0];
}

async function ip(netns: NetworkNamespace, ...args: readonly string[]): Promise<void> {
  const { code, stderr } = await run(netns, 'ip', args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}

/** Resolves with what the event's listeners get. */
function next(tap: TapDevice, event: 'mtu' | 'macAddress' | 'link'): Promise<unknown[]> {
  return new Promise((resolve) => {
    tap.once(event, (...args: unknown[]) => resolve(args));
  });
}

describe('control operations, judged by ip', () => {
  test('MTU, MAC address, flags, queue length', async ({ netns, judges }) => {
    judges('ip');
    const tap = await openTap({ netns, mtu: 1400, mac: '02:00:00:00:aa:01' });
    expect(await byIp(netns, tap.name)).toMatchObject({ mtu: 1400, address: '02:00:00:00:aa:01' });
    await tap.setMtu(65_521);
    await tap.setMacAddress('02:00:00:00:aa:02');
    await tap.setPromiscuous(true);
    await tap.setAllMulticast(true);
    await tap.setTransmitQueueLength(77);
    expect(await byIp(netns, tap.name)).toMatchObject({
      mtu: 65_521,
      address: '02:00:00:00:aa:02',
      promiscuity: 1,
      allmulti: expect.any(Number),
      txqlen: 77,
      flags: expect.arrayContaining(['PROMISC', 'ALLMULTI', 'UP']),
      min_mtu: 68,
      max_mtu: 65_521,
    });
    expect([tap.mtu, tap.macAddress]).toEqual([65_521, '02:00:00:00:aa:02']);
    await tap.setPromiscuous(false);
    await tap.setAllMulticast(false);
    expect(await byIp(netns, tap.name)).toMatchObject({
      flags: expect.not.arrayContaining(['PROMISC', 'ALLMULTI']),
    });
    await tap.close();
  });

  test('the carrier', async ({ netns, judges }) => {
    judges('ip');
    const tap = await openTap({ netns });
    const down = next(tap, 'link');
    await tap.setCarrier(false);
    await down;
    expect(await byIp(netns, tap.name)).toMatchObject({
      flags: expect.arrayContaining(['NO-CARRIER', 'UP']),
    });
    const up = next(tap, 'link');
    await tap.setCarrier(true);
    await up;
    expect(await byIp(netns, tap.name)).toMatchObject({
      flags: expect.arrayContaining(['LOWER_UP', 'UP']),
    });
    await tap.close();
  });

  test('a bridge, joined and left without a false event', async ({ netns, judges }) => {
    judges('ip');
    await ip(netns, 'link', 'add', 'br7', 'type', 'bridge');
    const tap = await openTap({ netns, master: 'br7' });
    const told: string[] = [];
    tap.on('link', () => told.push('link'));
    tap.on('removed', () => told.push('removed'));
    expect(await byIp(netns, tap.name)).toMatchObject({ master: 'br7' });
    await tap.setMaster(undefined);
    expect(await byIp(netns, tap.name)).not.toHaveProperty('master');
    await tap.setMaster('br7');
    expect(await byIp(netns, tap.name)).toMatchObject({ master: 'br7' });
    await ip(netns, 'link', 'set', tap.name, 'nomaster');
    await tap.linkUpdate();
    expect(told).toEqual([]);
    expect(tap.link.status).toBe('up');
    await tap.close();
    await ip(netns, 'link', 'del', 'br7');
  });

  test('addresses', async ({ netns, judges }) => {
    judges('ip');
    const tap = await openTap({ netns, addresses: ['10.9.0.1/24', '2001:db8:9::1/64'] });
    await tap.addAddress({ local: '10.9.1.1/30', peer: '10.9.1.2' });
    const addresses = async (): Promise<unknown[]> => {
      const [shown] = (await ipJson(netns, ['address', 'show', 'dev', tap.name])) as readonly {
        readonly addr_info: readonly { readonly scope: string; readonly local: string }[];
      }[];
      return (shown?.addr_info ?? []).filter(({ local }) => !local.startsWith('fe80'));
    };
    expect(await addresses()).toMatchObject([
      { local: '10.9.0.1', prefixlen: 24, scope: 'global' },
      { local: '10.9.1.1', address: '10.9.1.2', prefixlen: 30 },
      { local: '2001:db8:9::1', prefixlen: 64, scope: 'global' },
    ]);
    await tap.deleteAddress('10.9.0.1/24');
    await tap.deleteAddress({ local: '10.9.1.1/30', peer: '10.9.1.2' });
    expect(await addresses()).toMatchObject([{ local: '2001:db8:9::1' }]);
    await expect(tap.addAddress('2001:db8:9::1/64')).rejects.toMatchObject({ code: 'EEXIST' });
    await tap.close();
  });

  test('routes', async ({ netns, judges }) => {
    judges('ip');
    const tap = await openTap({
      netns,
      addresses: ['10.7.0.1/24', '2001:db8:7::1/64'],
      routes: ['10.70.0.0/16', { destination: 'default', gateway: '10.7.0.254', metric: 7 }],
    });
    await tap.addRoute({ destination: '2001:db8:70::/48', gateway: '2001:db8:7::2' });
    await tap.addRoute({ destination: '10.71.0.0/16', source: '10.7.0.1', table: 1000 });
    const shown = async (...args: readonly string[]): Promise<unknown> =>
      ipJson(netns, [...args, 'route', 'show', 'dev', tap.name, 'proto', 'boot']);
    expect(await shown()).toMatchObject([
      { dst: 'default', gateway: '10.7.0.254', metric: 7 },
      { dst: '10.70.0.0/16', scope: 'link' },
    ]);
    expect(await shown('-6')).toMatchObject([
      { dst: '2001:db8:70::/48', gateway: '2001:db8:7::2' },
    ]);
    expect(await ipJson(netns, ['route', 'show', 'table', '1000'])).toMatchObject([
      { dst: '10.71.0.0/16', prefsrc: '10.7.0.1' },
    ]);
    await tap.deleteRoute({ destination: 'default', gateway: '10.7.0.254', metric: 7 });
    await tap.deleteRoute('10.70.0.0/16');
    expect(await shown()).toEqual([]);
    await expect(
      tap.addRoute({ destination: '10.72.0.0/16', gateway: '203.0.113.1' }),
    ).rejects.toMatchObject({ code: 'ENETUNREACH', message: expect.stringContaining('gateway') });
    await tap.close();
  });

  test('an owner and a group', async ({ netns, judges }) => {
    judges('ip');
    const tap = await openTap({ netns, owner: { uid: 1234 } });
    await tap.setOwner({ gid: 4321 });
    expect(await byIp(netns, tap.name)).toMatchObject({
      linkinfo: { info_data: { user: 1234, group: 4321 } },
    });
    await tap.close();
  });

  test('what the kernel refuses is told in its own words', async ({ netns, judges }) => {
    judges('ip');
    const tap = await openTap({ netns });
    const before = await byIp(netns, tap.name);
    // A loopback takes no ports: the reason is the bridge driver's, or the core's.
    await expect(tap.setMaster('lo')).rejects.toMatchObject({
      name: 'RtapError',
      interface: tap.name,
      code: expect.stringMatching(/EOPNOTSUPP|EINVAL/),
    });
    expect(await byIp(netns, tap.name)).toEqual(before);
    await tap.close();
  });

  test('changes that ip makes are told', async ({ netns, judges }) => {
    judges('ip');
    const tap = await openTap({ netns, mac: '02:00:00:00:aa:10' });
    const mtu = next(tap, 'mtu');
    await ip(netns, 'link', 'set', tap.name, 'mtu', '1301');
    expect(await mtu).toEqual([1301, 1500]);
    const mac = next(tap, 'macAddress');
    await ip(netns, 'link', 'set', tap.name, 'address', '02:00:00:00:aa:11');
    expect(await mac).toEqual(['02:00:00:00:aa:11', '02:00:00:00:aa:10']);
    expect([tap.mtu, tap.macAddress]).toEqual([1301, '02:00:00:00:aa:11']);
    await tap.close();
  });

  test('an MTU raised under traffic cuts no frame', async ({ netns, judges }) => {
    judges('ip');
    const tap = await openTap({ netns, addresses: ['10.8.0.1/24'], mtu: 1500 });
    const lengths: number[] = [];
    const reading = (async () => {
      for await (const batch of tap.batches()) {
        for (let frame = 0; frame < batch.count; frame += 1) {
          const bytes = batch.frame(frame);
          // ARP from the interface: answered, so that it sends what it has.
          if (bytes[12] === 8 && bytes[13] === 6) answerArp(tap, bytes);
          else if (bytes[12] === 8 && bytes[13] === 0) lengths.push(bytes.length);
        }
      }
    })();
    const ping = (size: number): Promise<unknown> =>
      run(netns, 'ping', ['-c', '1', '-w', '1', '-M', 'do', '-s', String(size), '10.8.0.2']);
    judges('ping');
    await ping(1472);
    await tap.setMtu(9000);
    await ping(8972);
    await tap.stop();
    await reading;
    expect(lengths).toContain(1514);
    expect(lengths).toContain(9014);
    await tap.close();
  });
});

/** Answers who has 10.8.0.2: a host that this process plays. */
function answerArp(tap: TapDevice, request: Uint8Array): void {
  const mac = Uint8Array.of(2, 0, 0, 0, 8, 2);
  const answer = request.slice(0, 42);
  answer.set(request.subarray(6, 12), 0);
  answer.set(mac, 6);
  answer[21] = 2;
  answer.set(mac, 22);
  answer.set(request.subarray(38, 42), 28);
  answer.set(request.subarray(22, 32), 32);
  tap.send(answer);
}
