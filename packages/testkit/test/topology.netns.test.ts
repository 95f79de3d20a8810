import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect } from 'vitest';

import { createTopology, expectNoLeaks, ipJson } from '../src/index.ts';
import { test as base } from '../src/vitest.ts';

/** Tests that need root, and ip. */
const test = base.extend<{ readonly able: undefined }>({
  able: [
    async ({ netns: _, judges }, use) => {
      judges('ip');
      await use(undefined);
    },
    { auto: true },
  ],
});

test('is as ip sees it, and ping goes through it', async ({ judges }) => {
  judges('ping');
  await using topology = await createTopology({
    namespaces: { client: {}, router: { forwarding: true }, server: {} },
    links: [
      {
        veth: ['client:eth0', 'router:eth0'],
        addresses: [
          ['10.0.0.2/24', 'fd00:0::2/64'],
          ['10.0.0.1/24', 'fd00:0::1/64'],
        ],
        macs: ['02:00:00:00:00:02', '02:00:00:00:00:01'],
        mtu: 9000,
      },
      {
        veth: ['server:eth0', 'router:eth1'],
        addresses: [
          ['10.1.0.2/24', 'fd00:1::2/64'],
          ['10.1.0.1/24', 'fd00:1::1/64'],
        ],
      },
    ],
    routes: [
      { in: 'client', to: 'default', via: '10.0.0.1' },
      { in: 'client', to: 'fd00:1::/64', via: 'fd00:0::1' },
      { in: 'server', to: '10.0.0.0/24', via: '10.1.0.1' },
      { in: 'server', to: 'default', via: 'fd00:1::1' },
    ],
  });
  const client = topology.namespace('client');
  expect(await ipJson(client, ['addr', 'show', 'dev', 'eth0'])).toMatchObject([
    {
      ifname: 'eth0',
      mtu: 9000,
      address: '02:00:00:00:00:02',
      operstate: 'UP',
      addr_info: expect.arrayContaining([
        expect.objectContaining({ local: '10.0.0.2', prefixlen: 24 }),
        expect.objectContaining({ local: 'fd00::2', prefixlen: 64 }),
      ]),
    },
  ]);
  expect(await ipJson(client, ['route', 'show', 'default'])).toMatchObject([
    { dst: 'default', gateway: '10.0.0.1', dev: 'eth0' },
  ]);
  const router = topology.namespace('router');
  expect(await ipJson(router, ['link', 'show', 'dev', 'eth0'])).toMatchObject([
    { mtu: 9000, address: '02:00:00:00:00:01' },
  ]);
  expect(await ipJson(router, ['link', 'show', 'dev', 'eth1'])).toMatchObject([{ mtu: 1500 }]);
  const wire = await topology.capture('server:eth0');
  for (const address of ['10.1.0.2', 'fd00:1::2']) {
    const { code } = await topology.run('client', 'ping', ['-c1', '-w5', address]);
    expect(code).toBe(0);
    expect((await topology.ping('client', address, { count: 1 })).replies).toHaveLength(1);
  }
  const { frames } = await wire.stop();
  // Time to live 63: one router on the way.
  expect(frames.some(({ bytes }) => bytes[23] === 1 && bytes[22] === 63)).toBe(true);
});

test('has bridges that join', async () => {
  await using topology = await createTopology({
    namespaces: { hub: {}, a: {}, b: {} },
    links: [
      { veth: ['a:eth0', 'hub:a'], addresses: [['10.0.0.1/24'], []] },
      { veth: ['b:eth0', 'hub:b'], addresses: [['10.0.0.2/24'], []] },
      { veth: ['hub:idle', 'hub:other'], up: false },
    ],
    bridges: { br0: { in: 'hub', ports: ['a', 'b'], addresses: ['10.0.0.3/24'] } },
  });
  const hub = topology.namespace('hub');
  expect(await ipJson(hub, ['-d', 'link', 'show', 'dev', 'br0'])).toMatchObject([
    { linkinfo: { info_kind: 'bridge' }, flags: expect.arrayContaining(['UP']) },
  ]);
  expect(await ipJson(hub, ['link', 'show', 'master', 'br0'])).toMatchObject([
    { ifname: 'a' },
    { ifname: 'b' },
  ]);
  expect(await ipJson(hub, ['link', 'show', 'dev', 'idle'])).toMatchObject([{ operstate: 'DOWN' }]);
  for (const address of ['10.0.0.2', '10.0.0.3']) {
    expect((await topology.ping('a', address, { count: 1 })).replies).toHaveLength(1);
  }
  expect(() => topology.namespace('c')).toThrow("there is no namespace 'c'");
});

test('leaves nothing when the kernel refuses something, or it is aborted', async () => {
  const namespaces = { a: {}, b: {} };
  await expectNoLeaks(async () => {
    const refused = createTopology({
      namespaces,
      links: [{ veth: ['a:eth0', 'b:eth0'] }],
      routes: [{ in: 'a', to: 'default', via: '192.0.2.1' }],
    });
    await expect(refused).rejects.toMatchObject({ code: 'ENETUNREACH' });
  });
  await expectNoLeaks(async () => {
    const controller = new AbortController();
    const aborted = createTopology({ namespaces, signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
  });
});

test('leaves nothing when its process is killed', async () => {
  const code = `
    import { createTopology } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)};
    const topology = await createTopology({
      namespaces: { a: {}, b: {} },
      links: [{ veth: ['a:eth0', 'b:eth0'] }],
    });
    const { pid } = await topology.exec('a', 'sleep', ['1000']);
    console.log(pid);
    setInterval(() => undefined, 1000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code]);
  child.stderr.pipe(process.stderr);
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const sleeper = `/proc/${said.toString().trim()}`;
  expect(existsSync(sleeper)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  // The program that kept the namespace ends with its parent, and so does the namespace.
  await expect.poll(() => existsSync(`${sleeper}/ns/net`), { timeout: 20_000 }).toBe(false);
});
