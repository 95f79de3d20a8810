/**
 * What `openTap` and the operations of a device refuse, and how: one table. The first part needs no kernel, the
 * second is the kernel's; arguments of the operations are in `arguments.test.ts`, states in `device-operations.ts`.
 *
 * @module
 */

import { readdirSync, readlinkSync } from 'node:fs';
import type { OpenTapOptions, TapDevice } from '@rtap/core';

const TYPE = 'ERR_INVALID_ARG_TYPE';
const RANGE = 'ERR_OUT_OF_RANGE';

/** Options that are wrong by themselves, and the code that says so: TypeError or RangeError, before anything is done. */
export const wrongOptions: readonly (readonly [options: unknown, code: string])[] = [
  [null, TYPE],
  [5, TYPE],
  [[], TYPE],
  // Names: 1 to 15 bytes, by the rule of the kernel's dev_valid_name.
  [{ name: '' }, RANGE],
  [{ name: 'sixteen-bytes-xx' }, RANGE],
  [{ name: 'ümläütßümläütß' }, RANGE],
  [{ name: 'fourteen-byt%d%' }, RANGE],
  [{ name: '.' }, RANGE],
  [{ name: '..' }, RANGE],
  [{ name: 'a/b' }, RANGE],
  [{ name: 'a:b' }, RANGE],
  [{ name: 'a b' }, RANGE],
  [{ name: ' ' }, RANGE],
  [{ name: 'a\tb' }, RANGE],
  [{ name: 'a\n' }, RANGE],
  [{ name: 'a\u00A0b' }, RANGE],
  // The kernel looks at bytes: the last one of this letter is its blank 0xa0.
  [{ name: 'à' }, RANGE],
  [{ name: 'Š' }, RANGE],
  [{ name: 'a\0' }, RANGE],
  [{ name: '%' }, RANGE],
  [{ name: 'a%s' }, RANGE],
  [{ name: 'a%%d' }, RANGE],
  [{ name: '%d%d' }, RANGE],
  [{ name: '%5d' }, RANGE],
  [{ name: null }, TYPE],
  [{ name: 5 }, TYPE],
  [{ queues: 0 }, RANGE],
  [{ queues: 129 }, RANGE],
  [{ queues: -1 }, RANGE],
  [{ queues: 1.5 }, RANGE],
  [{ queues: Number.NaN }, RANGE],
  [{ queues: '2' }, TYPE],
  [{ queues: 2n }, TYPE],
  [{ mtu: 67 }, RANGE],
  [{ mtu: 65_522 }, RANGE],
  [{ mtu: 1500.5 }, RANGE],
  [{ mtu: '1500' }, TYPE],
  [{ mac: '01:00:00:00:00:01' }, RANGE],
  [{ mac: 'ff:ff:ff:ff:ff:ff' }, RANGE],
  [{ mac: '00:00:00:00:00:00' }, RANGE],
  [{ mac: '02:00:00:00:00' }, RANGE],
  [{ mac: new Uint8Array(6) }, RANGE],
  [{ mac: Uint8Array.of(2, 0, 0, 0, 1) }, RANGE],
  [{ mac: 5 }, TYPE],
  [{ addresses: '10.0.0.1/24' }, TYPE],
  [{ addresses: ['10.0.0.1/24', '10.0.0.1/33'] }, RANGE],
  [{ addresses: ['10.0.0.1/24', 5] }, TYPE],
  [{ routes: 'default' }, TYPE],
  [{ routes: ['defualt'] }, RANGE],
  [{ routes: ['default'], start: false }, RANGE],
  [{ master: 0 }, RANGE],
  [{ master: 'a/b' }, RANGE],
  [{ master: null }, TYPE],
  [{ owner: {} }, RANGE],
  [{ owner: { uid: -1 } }, RANGE],
  [{ owner: 0 }, TYPE],
  [{ linkStateChange: 1 }, TYPE],
  [{ adopt: 'yes' }, TYPE],
  [{ persist: null }, TYPE],
  [{ start: 1 }, TYPE],
  [{ sharedBuffers: 0 }, TYPE],
  [{ signal: {} }, TYPE],
  [{ kernel: 5 }, TYPE],
  [{ kernel: null }, TYPE],
];

/** The same of `netns`, which each kernel reads. */
export const wrongNamespaces: readonly (readonly [options: unknown, code: string])[] = [
  [{ netns: '' }, RANGE],
  [{ netns: 'a\0b' }, RANGE],
  [{ netns: 5 }, TYPE],
  [{ netns: {} }, TYPE],
  [{ netns: { pid: 0 } }, RANGE],
  [{ netns: { pid: 4_194_305 } }, RANGE],
  [{ netns: { pid: '1' } }, TYPE],
  [{ netns: { name: 'a/b' } }, RANGE],
  [{ netns: { name: 1 } }, TYPE],
  [{ netns: { fd: -1 } }, RANGE],
  [{ netns: { fd: '3' } }, TYPE],
];

/** What the kernel refuses with: all of it is asserted, and that there is a hint. */
export interface KernelError {
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;
  readonly hint: RegExp;
}

/** Openings that the kernel refuses; beside `lo` there are `tap0` (of somebody, persistent), and `one0` with one queue. */
export const refusedOpenings: readonly (readonly [
  what: string,
  options: OpenTapOptions,
  error: KernelError,
])[] = [
  ...['tap0', 'one0', 'lo'].map(
    (name) =>
      [
        `the name of ${name}`,
        { name },
        {
          code: 'EBUSY',
          errno: -16,
          syscall: 'ioctl TUNSETIFF',
          hint: /another name.*adopt: true/,
        },
      ] as const,
  ),
  [
    'adopting what is not there',
    { name: 'none0', adopt: true },
    { code: 'ENODEV', errno: -19, syscall: 'ioctl SIOCGIFINDEX', hint: /leave out adopt/ },
  ],
  [
    'adopting what is no TAP device',
    { name: 'lo', adopt: true },
    { code: 'EINVAL', errno: -22, syscall: 'ioctl TUNSETIFF', hint: /not a TAP device/ },
  ],
  [
    'two queues of a device that has one',
    { name: 'one0', adopt: true, queues: 2 },
    { code: 'EINVAL', errno: -22, syscall: 'ioctl TUNSETIFF', hint: /multi_queue/ },
  ],
  [
    'a namespace that is not there',
    { netns: '/run/netns/none-of-this-name' },
    {
      ...{ code: 'ENOENT', errno: -2, syscall: 'open /run/netns/none-of-this-name' },
      hint: /no such namespace.*ip netns add/,
    },
  ],
  [
    'the namespace of a process that is not there',
    // The last that there may be (PID_MAX_LIMIT).
    { netns: { pid: 4_194_304 } },
    { code: 'ENOENT', errno: -2, syscall: 'open /proc/4194304/ns/net', hint: /no such namespace/ },
  ],
  ...['/dev/null', '/', '/proc/self/ns/mnt', '/proc/self/ns/uts', '/proc/self/ns/user'].map(
    (netns) =>
      [
        `${netns}, which is no network namespace`,
        { netns },
        {
          ...{ code: 'EINVAL', errno: -22, syscall: `open ${netns}` },
          hint: /not one of a network namespace/,
        },
      ] as const,
  ),
];

/** Operations of a started device that the kernel refuses; beside it there is `lo`, and `10.0.0.1/24` is its address. */
export const refusedOperations: readonly (readonly [
  what: string,
  perform: (tap: TapDevice) => Promise<unknown>,
  error: KernelError,
])[] = [
  [
    'a master that is not there',
    (tap) => tap.setMaster('none0'),
    { code: 'ENODEV', errno: -19, syscall: 'RTM_GETLINK', hint: /no interface of this name/ },
  ],
  [
    'a transmit queue that is too long',
    (tap) => tap.setTransmitQueueLength(0xffff_ffff),
    { code: 'EPERM', errno: -1, syscall: 'RTM_NEWLINK', hint: /524,288.*CAP_NET_ADMIN/ },
  ],
  [
    'an address that it has',
    (tap) => tap.addAddress('10.0.0.1/24'),
    { code: 'EEXIST', errno: -17, syscall: 'RTM_NEWADDR', hint: /has this address already/ },
  ],
  [
    'the end of an address that it has not',
    (tap) => tap.deleteAddress('10.0.0.2/24'),
    {
      code: 'EADDRNOTAVAIL',
      errno: -99,
      syscall: 'RTM_DELADDR',
      hint: /does not have this address/,
    },
  ],
  [
    'a route that there is',
    (tap) => tap.addRoute({ destination: '10.9.0.0/16', metric: 9 }),
    { code: 'EEXIST', errno: -17, syscall: 'RTM_NEWROUTE', hint: /such a route already/ },
  ],
  [
    'a gateway that nobody reaches',
    (tap) => tap.addRoute({ destination: 'default', gateway: '203.0.113.1' }),
    { code: 'ENETUNREACH', errno: -101, syscall: 'RTM_NEWROUTE', hint: /gateway.*address/ },
  ],
  [
    'the end of a route that there is not',
    (tap) => tap.deleteRoute('10.8.0.0/16'),
    { code: 'ESRCH', errno: -3, syscall: 'RTM_DELROUTE', hint: /no such route/ },
  ],
];

/** The files of this process that a device has: TAP files, sockets, namespaces. */
export function deviceFiles(): readonly string[] {
  return readdirSync('/proc/self/fd')
    .flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/self/fd/${fd}`)];
      } catch {
        // The folder that is being read is gone by now.
        return [];
      }
    })
    .filter((path) => /^(?:\/dev\/net\/tun|net:|socket:)/.test(path))
    .toSorted();
}
