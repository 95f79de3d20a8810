import { ipJson, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { RtapError, openTap } from '@rtap/core';
import type { NetworkNamespace } from '@rtap/core';
import { describe, expect } from 'vitest';
import {
  deviceFiles,
  refusedOpenings,
  refusedOperations,
  wrongNamespaces,
  wrongOptions,
} from './refusals.ts';
import type { KernelError } from './refusals.ts';

async function ip(netns: NetworkNamespace, ...args: readonly string[]): Promise<void> {
  const { code, stderr } = await run(netns, 'ip', args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}

/** All that a refusal may not change: what ip shows, and the files of this process. */
async function seen(netns: NetworkNamespace): Promise<unknown> {
  return [
    await ipJson(netns, ['-d', 'link', 'show']),
    await ipJson(netns, ['address', 'show']),
    await ipJson(netns, ['route', 'show', 'table', 'all']),
    deviceFiles(),
  ];
}

/** Expects a refusal that changes nothing. */
async function expectRefused(
  netns: NetworkNamespace,
  call: () => Promise<unknown>,
): Promise<unknown> {
  const before = await seen(netns);
  const outcome = await call().then(
    () => 'it was not refused',
    (error: unknown) => error,
  );
  expect(await seen(netns)).toEqual(before);
  return outcome;
}

/** What the error of the kernel is to be. */
function kernelError({ hint, ...fields }: KernelError, name: string): object {
  return { ...fields, name: 'RtapError', interface: name, hint: expect.stringMatching(hint) };
}

describe('openings', () => {
  test.for([...wrongOptions, ...wrongNamespaces])(
    'openTap(%o) is refused with %s',
    async ([options, code], { netns, judges }) => {
      judges('ip');
      const given =
        typeof options === 'object' && options !== null && !Array.isArray(options)
          ? { netns, ...options }
          : options;
      const refused = await expectRefused(netns, () => Reflect.apply(openTap, undefined, [given]));
      expect(refused).toBeInstanceOf(code === 'ERR_OUT_OF_RANGE' ? RangeError : TypeError);
      expect(refused).toMatchObject({ code });
    },
  );

  test.for(refusedOpenings)('%s', async ([, options, error], { netns, judges }) => {
    judges('ip');
    await ip(netns, 'tuntap', 'add', 'dev', 'tap0', 'mode', 'tap', 'multi_queue', 'vnet_hdr');
    await ip(netns, 'tuntap', 'add', 'dev', 'one0', 'mode', 'tap');
    const refused = await expectRefused(netns, () =>
      openTap({ netns, name: 'mine0', mtu: 1400, ...options }),
    );
    expect(refused).toBeInstanceOf(RtapError);
    expect(refused).toMatchObject(kernelError(error, options.name ?? 'mine0'));
    for (const name of ['tap0', 'one0']) await ip(netns, 'link', 'del', name);
  });

  test('not of what another process has open, when it has several queues', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    const first = await openTap({ netns, name: 'many0', queues: 2 });
    const second = await openTap({ netns, name: 'many0', adopt: true });
    expect(second.ifindex).toBe(first.ifindex);
    expect(await ipJson(netns, ['-d', 'link', 'show', 'many0'])).toMatchObject([
      { linkinfo: { info_data: { numqueues: 3 } } },
    ]);
    await first.close();
    expect(second.send(new Uint8Array(60))).toBe(true);
    await second.close();
  });

  test('of what another process has open', async ({ netns, judges }) => {
    judges('ip');
    await ip(netns, 'tuntap', 'add', 'dev', 'one0', 'mode', 'tap');
    const first = await openTap({ netns, name: 'one0', adopt: true });
    const refused = await expectRefused(netns, () => openTap({ netns, name: 'one0', adopt: true }));
    expect(refused).toMatchObject(
      kernelError(
        { code: 'EBUSY', errno: -16, syscall: 'ioctl TUNSETIFF', hint: /another process.*end it/ },
        'one0',
      ),
    );
    await first.close();
    await ip(netns, 'link', 'del', 'one0');
  });
});

describe('operations', () => {
  test.for(refusedOperations)('%s', async ([, perform, error], { netns, judges }) => {
    judges('ip');
    const tap = await openTap({ netns, name: 'mine0', start: false });
    await ip(netns, 'link', 'set', 'dev', 'mine0', 'addrgenmode', 'none');
    await tap.start();
    await tap.addAddress('10.0.0.1/24');
    await tap.addRoute({ destination: '10.9.0.0/16', metric: 9 });
    const refused = await expectRefused(netns, () => perform(tap));
    expect(refused).toBeInstanceOf(RtapError);
    expect(refused).toMatchObject(kernelError(error, 'mine0'));
    await tap.close();
  });
});

const NOBODY = '65534';
/** Puts something else in the place of /dev/net, in a mount namespace of its own. */
const otherFolder = (then: string): readonly string[] => [
  ...['unshare', '--mount', '--propagation', 'private', 'sh', '-c'],
  `mount -t tmpfs none /dev/net && ${then} && exec "$@"`,
  'sh',
];

/** Processes that may not, or can't: what starts them, the user that they become, and what they are refused with. */
const powerless: readonly (readonly [
  what: string,
  launcher: readonly string[],
  user: readonly string[],
  error: KernelError,
])[] = [
  [
    'of another user, who has no capabilities',
    // The node, as everybody may open it.
    otherFolder('mknod -m 0666 /dev/net/tun c 10 200'),
    [NOBODY],
    { code: 'EPERM', errno: -1, syscall: 'ioctl TUNSETIFF', hint: /CAP_NET_ADMIN.*run as root/ },
  ],
  [
    'of root without CAP_NET_ADMIN',
    ['setpriv', '--bounding-set=-net_admin'],
    [],
    { code: 'EPERM', errno: -1, syscall: 'ioctl TUNSETIFF', hint: /CAP_NET_ADMIN.*run as root/ },
  ],
  [
    'where there is no /dev/net/tun',
    otherFolder('true'),
    [],
    { code: 'ENOENT', errno: -2, syscall: 'open /dev/net/tun', hint: /modprobe tun.*--device/ },
  ],
  [
    'of another user, where /dev/net/tun is for root alone',
    otherFolder('mknod -m 0600 /dev/net/tun c 10 200'),
    [NOBODY],
    { code: 'EACCES', errno: -13, syscall: 'open /dev/net/tun', hint: /run as root.*mode/ },
  ],
];

describe('a process', () => {
  test.for(powerless)('%s', async ([, launcher, user, error], { netns, judges }) => {
    judges('ip', 'setpriv', 'unshare', 'mount');
    const before = await ipJson(netns, ['-d', 'link', 'show']);
    const [program = '', ...args] = [
      ...launcher,
      process.execPath,
      new URL('fixtures/refused.ts', import.meta.url).pathname,
      ...user,
    ];
    const { stdout, stderr } = await run(netns, program, args);
    const told: unknown = stdout === '' ? stderr : JSON.parse(stdout);
    expect(told).toMatchObject({ error: kernelError(error, 'refused0') });
    const { before: filesBefore, after } = Object(told);
    expect(after).toEqual(filesBefore);
    expect(await ipJson(netns, ['-d', 'link', 'show'])).toEqual(before);
  });
});
