import { describe, expect, test } from 'vitest';

import { kernel, NetworkNamespace, openIcmpSocket, openPacketSocket } from '../src/index.ts';

/** What a wrong call rejects with. Nothing gets as far as the addon, so this needs no privilege. */
async function rejection(call: () => Promise<unknown>): Promise<unknown> {
  return call().then(
    () => 'it resolved',
    (error: unknown) => error,
  );
}

const wrongType = expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' });
const outOfRange = expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' });

describe('openTap', () => {
  test.each([
    ['no options', undefined, wrongType, TypeError],
    ['a name of another type', { name: 1, queues: 1 }, wrongType, TypeError],
    ['an empty name', { name: '', queues: 1 }, outOfRange, RangeError],
    ['a name of 16 bytes', { name: 'ééééééé-x', queues: 1 }, outOfRange, RangeError],
    ['a name with NUL', { name: 'a\0b', queues: 1 }, outOfRange, RangeError],
    ['no queue', { name: 'a', queues: 0 }, outOfRange, RangeError],
    ['129 queues', { name: 'a', queues: 129 }, outOfRange, RangeError],
    ['half a queue', { name: 'a', queues: 1.5 }, outOfRange, RangeError],
    ['queues of another type', { name: 'a', queues: '1' }, wrongType, TypeError],
    ['adopt of another type', { name: 'a', queues: 1, adopt: 1 }, wrongType, TypeError],
    ['netns of another type', { name: 'a', queues: 1, netns: 7 }, wrongType, TypeError],
    ['netns without a pid', { name: 'a', queues: 1, netns: {} }, wrongType, TypeError],
    ['pid 0', { name: 'a', queues: 1, netns: { pid: 0 } }, outOfRange, RangeError],
    ['an empty path', { name: 'a', queues: 1, netns: '' }, outOfRange, RangeError],
  ])('refuses %s', async (_, options, shape, type) => {
    const error = await rejection(() => Reflect.apply(kernel.openTap, kernel, [options]));
    expect(error).toBeInstanceOf(type);
    expect(error).toEqual(shape);
  });

  test('says what was wrong as Node does', async () => {
    const error = await rejection(() => kernel.openTap({ name: 'a', queues: 0 }));
    expect(error).toMatchObject({
      message:
        'The value of "options.queues" is out of range. It must be an integer >= 1 and <= 128. Received type number (0)',
    });
  });
});

test.each([
  [[[], []], wrongType],
  [[[], [], { threads: '1' }], wrongType],
  [[[], [], { threads: 0 }], outOfRange],
  [[[], [], { threads: 3 }], outOfRange],
  [[[], [], { threads: 1, sample: 1 }], wrongType],
  [[[], [], { threads: 1, sample: { every: 0, snapLength: 1, limit: 1 } }], outOfRange],
  [[[], [], { threads: 1, sample: { every: 1, snapLength: 0, limit: 1 } }], outOfRange],
  [[[], [], { threads: 1, sample: { every: 1, snapLength: 65_554, limit: 1 } }], outOfRange],
  [[[], [], { threads: 1, sample: { every: 1, snapLength: 1, limit: 65_537 } }], outOfRange],
  [[undefined, [], { threads: 1 }], wrongType],
  [[[], [], { threads: 1 }], wrongType],
  [[[{ index: 0 }], [{ index: 0 }], { threads: 2 }], wrongType],
])('a splice refuses %j', async (args, shape) => {
  expect(await rejection(async () => Reflect.apply(kernel.splice, kernel, args))).toEqual(shape);
});

test.each([
  [undefined, wrongType],
  [{}, wrongType],
  [{ ifindex: 0 }, outOfRange],
  [{ ifindex: 'eth0' }, wrongType],
  [{ ifindex: 1, receiveBuffer: 0 }, outOfRange],
  [{ ifindex: 1, sendOnly: 1 }, wrongType],
  [{ ifindex: 1, promiscuous: null }, wrongType],
  [{ ifindex: 1, ignoreOutgoing: 'yes' }, wrongType],
  [{ ifindex: 1, qdiscBypass: 0 }, wrongType],
  [{ ifindex: 1, netns: 7 }, wrongType],
])('a packet socket refuses %o', async (options, shape) => {
  expect(await rejection(() => Reflect.apply(openPacketSocket, undefined, [options]))).toEqual(
    shape,
  );
});

test.each([
  [{ groups: 1 }, wrongType],
  [{ groups: [0] }, outOfRange],
  [{ groups: ['1'] }, wrongType],
  [{ receiveBuffer: 0 }, outOfRange],
  [{ netns: 1 }, wrongType],
  [null, wrongType],
])('a netlink socket refuses %o', async (options, shape) => {
  for (const open of [kernel.openRequestSocket, kernel.openSubscriptionSocket]) {
    expect(await rejection(() => Reflect.apply(open, kernel, [options]))).toEqual(shape);
  }
});

test.each([
  [undefined, wrongType],
  [7, wrongType],
  [{}, wrongType],
  [Object.create(NetworkNamespace.prototype), wrongType],
  [{ pid: -1 }, outOfRange],
  ['', outOfRange],
])('openNamespace refuses %o', async (netns, shape) => {
  expect(await rejection(() => Reflect.apply(kernel.openNamespace, kernel, [netns]))).toEqual(
    shape,
  );
});

test('a NetworkNamespace is made by its own functions only', () => {
  const illegal = expect.objectContaining({ code: 'ERR_ILLEGAL_CONSTRUCTOR' });
  for (const args of [[], [{}], [{ inode: 1n, fd: 3 }, Symbol('rtap')]]) {
    expect(() => Reflect.construct(NetworkNamespace, args)).toThrow(illegal);
    expect(() => Reflect.construct(NetworkNamespace, args)).toThrow(TypeError);
  }
});

test('NetworkNamespace.open and openIcmpSocket refuse what they do not know', async () => {
  const open = (where: unknown): Promise<unknown> =>
    rejection(() => Reflect.apply(NetworkNamespace.open, NetworkNamespace, [where]));
  expect(await open(undefined)).toEqual(wrongType);
  expect(await open({ pid: '1' })).toEqual(wrongType);
  expect(await open('a\0b')).toEqual(outOfRange);
  const icmp = (options: unknown): Promise<unknown> =>
    rejection(() => Reflect.apply(openIcmpSocket, undefined, [options]));
  expect(await icmp(undefined)).toEqual(wrongType);
  expect(await icmp({ family: 5 })).toEqual(outOfRange);
});
