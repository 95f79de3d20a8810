import { setTimeout as delay, setImmediate as immediate } from 'node:timers/promises';

import { kernel, openIcmpSocket } from '@rtap/native';
import type { NetlinkDatagram, NetlinkSubscriptionSocket } from '@rtap/native';
import { expectNoLeaks } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { beforeEach, describe, expect } from 'vitest';

import { ipMeanwhile } from '../parity/judges.ts';
import { ip, nativeErrorOf, until, withResolvers } from './judges.ts';

beforeEach<{ judges: (...programs: readonly string[]) => void }>(({ judges }) => judges('ip'));

// linux/rtnetlink.h, linux/netlink.h
const RTM_NEWLINK = 16;
const RTM_GETLINK = 18;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const NLM_F_REQUEST = 1;
const NLM_F_DUMP = 0x300;
const RTNLGRP_LINK = 1;
// linux/if.h
const IFF_UP = 1;

function request(flags: number, sequence: number, ifindex = 0): Uint8Array {
  const bytes = new Uint8Array(32);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, true);
  view.setUint16(4, RTM_GETLINK, true);
  view.setUint16(6, NLM_F_REQUEST | flags, true);
  view.setUint32(8, sequence, true);
  view.setInt32(20, ifindex, true);
  return bytes;
}

function header({ bytes }: NetlinkDatagram): { type: number; sequence: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { type: view.getUint16(4, true), sequence: view.getUint32(8, true) };
}

/** `ifi_flags` of a link message. */
function flagsOf({ bytes }: NetlinkDatagram): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(24, true);
}

function readable(socket: NetlinkSubscriptionSocket): Promise<void> {
  return new Promise((resolve) => {
    socket.onReadable(() => {
      socket.onReadable(undefined);
      resolve();
    });
  });
}

describe('a request socket', () => {
  test('answers in order, to all who wait', async ({ netns }) => {
    const socket = await kernel.openRequestSocket({ netns });
    const waiting = [socket.receive(), socket.receive(), socket.receive()];
    await socket.send(request(0, 1, 1));
    await socket.send(request(NLM_F_DUMP, 2));
    const answers = await Promise.all(waiting);
    expect(answers.map(header)).toEqual([
      { type: RTM_NEWLINK, sequence: 1 },
      { type: RTM_NEWLINK, sequence: 2 },
      { type: NLMSG_DONE, sequence: 2 },
    ]);
    for (const { portId, groups, truncated, bytes } of answers) {
      expect({ portId, groups, truncated }).toEqual({ portId: 0, groups: 0, truncated: false });
      // Each datagram has memory of its own.
      expect(bytes.byteLength).toBe(bytes.buffer.byteLength);
    }
    await socket.send(request(0, 3, 999_999));
    expect(header(await socket.receive())).toEqual({ type: NLMSG_ERROR, sequence: 3 });
    socket.close();
  });

  test('receives what is larger than any buffer it began with', async ({ netns }) => {
    for (let index = 0; index < 120; index += 2) {
      await ip(netns, `link add v${index} type veth peer name v${index + 1}`);
    }
    const socket = await kernel.openRequestSocket({ netns });
    await socket.send(request(NLM_F_DUMP, 9));
    let links = 0;
    for (;;) {
      const { bytes, truncated } = await socket.receive();
      expect(truncated).toBe(false);
      const view = new DataView(bytes.buffer);
      let offset = 0;
      while (offset < bytes.length && view.getUint16(offset + 4, true) === RTM_NEWLINK) {
        links += 1;
        offset += Math.ceil(view.getUint32(offset, true) / 4) * 4;
      }
      if (offset < bytes.length) break;
    }
    const listed: unknown[] = JSON.parse(await ip(netns, '-j link'));
    expect(links).toBe(listed.length);
    socket.close();
    for (let index = 0; index < 120; index += 2) {
      await ip(netns, `link del v${index}`);
    }
  });

  test('rejects who waits when it is closed', async ({ netns }) => {
    const life = async (): Promise<void> => {
      const socket = await kernel.openRequestSocket({ netns });
      const waiting = [socket.receive(), socket.receive()].map((one) => nativeErrorOf(() => one));
      // The wait is with libuv.
      await new Promise((resolve) => setImmediate(resolve));
      const sending = socket.send(request(NLM_F_DUMP, 1));
      socket.close();
      socket.close();
      expect((await Promise.all(waiting)).map((error) => error.code)).toEqual([
        'ERR_RTAP_CLOSED',
        'ERR_RTAP_CLOSED',
      ]);
      await sending;
      for (const call of [
        () => socket.receive(),
        () => socket.send(request(0, 1)),
        () => socket.joinGroup(1),
        () => socket.setReceiveBuffer(1000),
        () => socket.setOption('extAck', true),
        () => socket.attachFilter([]),
      ]) {
        expect((await nativeErrorOf(call)).code).toBe('ERR_RTAP_CLOSED');
      }
    };
    // The last job that used it closes it.
    await expectNoLeaks(life);
  });

  test('tells of an overrun, and goes on', async ({ netns }) => {
    const socket = await kernel.openRequestSocket({
      netns,
      groups: [RTNLGRP_LINK],
      receiveBuffer: 1,
    });
    for (let round = 1; round < 3; round += 1) {
      for (let times = 0; times < 10; times += 1) {
        await ip(netns, `link set lo ${times % 2 === 0 ? 'down' : 'up'}`);
      }
      expect((await nativeErrorOf(() => socket.receive())).code).toBe('ENOBUFS');
      // The kernel would drop this answer if anything were queued still.
      await socket.send(request(0, round, 1));
      expect(header(await socket.receive())).toEqual({ type: RTM_NEWLINK, sequence: round });
    }
    socket.close();
  });

  test('takes options, and says which the kernel lacks', async ({ netns }) => {
    const socket = await kernel.openRequestSocket({ netns });
    expect(socket.portId).toBeGreaterThan(0);
    for (const option of [
      'extAck',
      'capAck',
      'strictCheck',
      'noEnobufs',
      'broadcastError',
    ] as const) {
      expect(socket.setOption(option, true)).toBe(true);
      expect(socket.setOption(option, false)).toBe(true);
    }
    expect(() => Reflect.apply(socket.setOption, socket, ['none', true])).toThrow(RangeError);
    expect(() => Reflect.apply(socket.setOption, socket, ['extAck', 1])).toThrow(TypeError);
    await expect(Reflect.apply(socket.send, socket, ['x'])).rejects.toThrow(TypeError);
    expect(socket.setReceiveBuffer(400_000)).toBe(800_000);
    expect((await nativeErrorOf(() => socket.joinGroup(100_000))).code).toBe('EINVAL');
    socket.close();
  });
});

describe('a subscription socket', () => {
  test('hears of a change on the JavaScript thread', async ({ netns }) => {
    const socket = await kernel.openSubscriptionSocket({ netns, groups: [RTNLGRP_LINK, 33] });
    expect(socket.receive()).toBeUndefined();
    const waiting = readable(socket);
    socket.ref();
    await ip(netns, 'link add pair0 type veth peer name pair1');
    await waiting;
    const first = socket.receive();
    expect(first).toMatchObject({ portId: 0, groups: 1, truncated: false });
    expect(first).not.toHaveProperty('nsid');
    if (first !== undefined) expect(header(first).type).toBe(RTM_NEWLINK);
    const kept = first?.bytes;
    const second = socket.receive();
    expect(second?.bytes.buffer).toBe(kept?.buffer);
    while (socket.receive() !== undefined);
    socket.leaveGroup(RTNLGRP_LINK);
    await ip(netns, 'link set pair0 up');
    expect(socket.receive()).toBeUndefined();
    await ip(netns, 'link del pair0');
    socket.close();
    socket.onReadable(undefined);
    socket.unref();
    expect((await nativeErrorOf(() => socket.receive())).code).toBe('ERR_RTAP_CLOSED');
  });

  test('tells of an overrun, and its listener stays', async ({ netns }) => {
    const socket = await kernel.openSubscriptionSocket({
      netns,
      groups: [RTNLGRP_LINK],
      receiveBuffer: 1,
    });
    socket.ref();
    for (let times = 0; times < 10; times += 1) {
      await ip(netns, `link set lo ${times % 2 === 0 ? 'down' : 'up'}`);
    }
    const seen: string[] = [];
    let heard = withResolvers<void>();
    socket.onReadable(() => {
      try {
        while (socket.receive() !== undefined) seen.push('datagram');
      } catch (error) {
        seen.push((error as { code: string }).code);
      }
      heard.resolve();
    });
    while (!seen.includes('ENOBUFS')) {
      await heard.promise;
      heard = withResolvers<void>();
    }
    const before = seen.length;
    socket.setReceiveBuffer(100_000);
    await ip(netns, 'link set lo down');
    await until(() => seen.length > before);
    await ip(netns, 'link set lo up');
    expect(seen.at(-1)).toBe('datagram');
    socket.close();
  });

  test('calls its listener on each turn until all is received', async ({ netns }) => {
    const socket = await kernel.openSubscriptionSocket({ netns, groups: [RTNLGRP_LINK] });
    const heard: string[] = [];
    const { promise: emptied, resolve } = withResolvers<void>();
    let calls = 0;
    socket.ref();
    socket.onReadable(() => {
      calls += 1;
      // Nothing at first, then one a turn.
      if (calls < 4) return;
      const datagram = socket.receive();
      if (datagram === undefined) throw new Error('it was called for nothing');
      heard.push(flagsOf(datagram) & IFF_UP ? 'up' : 'down');
      if (heard.length === 3) resolve();
    });
    for (const state of ['down', 'up', 'down']) await ip(netns, `link set lo ${state}`);
    await emptied;
    expect(heard).toEqual(['down', 'up', 'down']);
    expect(calls).toBe(6);
    // One that is there for a listener to come is told to it.
    const waiting = readable(socket);
    await ip(netns, 'link set lo up');
    await waiting;
    await readable(socket);
    expect(header(socket.receive() ?? expect.unreachable()).type).toBe(RTM_NEWLINK);
    expect(socket.receive()).toBeUndefined();
    socket.close();
  });

  test('tells of what nobody took when nothing else wakes the event loop', async ({ netns }) => {
    const socket = await kernel.openSubscriptionSocket({ netns, groups: [RTNLGRP_LINK] });
    ipMeanwhile(netns, ['link set lo down']);
    socket.ref();
    await readable(socket);
    socket.unref();
    let calls = 0;
    const heard = new Promise<void>((resolve) => {
      socket.onReadable(() => {
        calls += 1;
        if (calls === 10) resolve();
      });
    });
    const timer = delay(4000, 'a timer', { ref: false });
    expect(await Promise.race([heard, timer])).toBeUndefined();
    expect(header(socket.receive() ?? expect.unreachable()).type).toBe(RTM_NEWLINK);
    expect(socket.receive()).toBeUndefined();
    // Taken outside of its listener, it is not told of again.
    ipMeanwhile(netns, ['link set lo up']);
    await readable(socket);
    calls = 0;
    socket.onReadable(() => {
      calls += 1;
    });
    expect(header(socket.receive() ?? expect.unreachable()).type).toBe(RTM_NEWLINK);
    for (let turns = 0; turns < 10; turns += 1) await immediate();
    expect(calls).toBe(0);
    socket.close();
  });

  test('leaves the bytes that it handed out until the next call', async ({ netns }) => {
    const socket = await kernel.openSubscriptionSocket({ netns, groups: [RTNLGRP_LINK] });
    socket.ref();
    ipMeanwhile(netns, ['link set lo down']);
    await readable(socket);
    const { bytes } = socket.receive() ?? expect.unreachable();
    const copy = bytes.slice();
    ipMeanwhile(netns, ['link set lo up']);
    await readable(socket);
    expect(bytes).toEqual(copy);
    expect(socket.receive()?.bytes).not.toEqual(copy);
    socket.close();
  });

  test('tells of an overrun first that comes between a wake-up and its listener', async ({
    netns,
  }) => {
    const options = { netns, groups: [RTNLGRP_LINK], receiveBuffer: 1 };
    const sockets = [
      await kernel.openSubscriptionSocket(options),
      await kernel.openSubscriptionSocket(options),
    ];
    const flaps = Array.from(
      { length: 20 },
      (_, flap) => `link set lo ${flap % 2 ? 'up' : 'down'}`,
    );
    const seen: string[] = [];
    let calls = 0;
    const { promise: emptied, resolve } = withResolvers<void>();
    const hear = (socket: NetlinkSubscriptionSocket): void => {
      calls += 1;
      if (calls === 1) {
        // The other one's wake-up is on its way.
        socket.close();
        ipMeanwhile(netns, flaps);
      }
      // What a poll has found is there still when it is asked for later.
      if (calls < 4) return;
      try {
        while (socket.receive() !== undefined) seen.push('datagram');
        resolve();
      } catch (error) {
        seen.push((error as { code: string }).code);
      }
    };
    for (const socket of sockets) {
      socket.ref();
      socket.onReadable(() => hear(socket));
    }
    ipMeanwhile(netns, ['link set lo up', 'link set lo down']);
    await emptied;
    expect(seen[0]).toBe('ENOBUFS');
    for (const socket of sockets) socket.close();
  });

  test('keeps what it has received, and its listener, when its buffer grows', async ({ netns }) => {
    await expectNoLeaks(async () => {
      const socket = await kernel.openSubscriptionSocket({ netns, groups: [RTNLGRP_LINK] });
      const waiting = readable(socket);
      socket.ref();
      await ip(netns, 'link set lo down');
      await waiting;
      socket.growReceive(100_000);
      const first = socket.receive() ?? expect.unreachable();
      expect(first.bytes.buffer.byteLength).toBe(100_000);
      expect(flagsOf(first) & IFF_UP).toBe(0);

      let flags = 0;
      socket.onReadable(() => {
        socket.growReceive(200_000);
        for (let next = socket.receive(); next !== undefined; next = socket.receive()) {
          flags = flagsOf(next);
        }
      });
      await ip(netns, 'link set lo up');
      await until(() => (flags & IFF_UP) !== 0);
      await ip(netns, 'link set lo down');
      await until(() => (flags & IFF_UP) === 0);
      await ip(netns, 'link set lo up');
      socket.close();
    });
  });

  test('has a filter', async ({ netns }) => {
    const socket = await kernel.openSubscriptionSocket({ netns, groups: [RTNLGRP_LINK] });
    // BPF_RET | BPF_K: the number of bytes to let through.
    socket.attachFilter([{ code: 6, jt: 0, jf: 0, k: 0 }]);
    await ip(netns, 'link set lo down');
    expect(socket.receive()).toBeUndefined();
    socket.attachFilter([]);
    await ip(netns, 'link set lo up');
    expect(socket.receive()).toBeDefined();
    const right = { code: 6, jt: 0, jf: 0, k: 0 };
    for (const [instruction, code] of [
      [null, 'ERR_INVALID_ARG_TYPE'],
      [undefined, 'ERR_INVALID_ARG_TYPE'],
      [6, 'ERR_INVALID_ARG_TYPE'],
      [{}, 'ERR_INVALID_ARG_TYPE'],
      [{ ...right, code: 0x1_00_00 }, 'ERR_OUT_OF_RANGE'],
      [{ ...right, jt: -1 }, 'ERR_OUT_OF_RANGE'],
      [{ ...right, jf: 256 }, 'ERR_OUT_OF_RANGE'],
      [{ ...right, k: 0.5 }, 'ERR_OUT_OF_RANGE'],
      [{ ...right, k: 2 ** 32 }, 'ERR_OUT_OF_RANGE'],
    ] as const) {
      const attach = (): unknown =>
        Reflect.apply(socket.attachFilter, socket, [[right, instruction]]);
      expect(attach).toThrow(expect.objectContaining({ code }));
    }
    // A hole is no instruction either.
    expect(() => socket.attachFilter(Array(1))).toThrow(TypeError);
    const bad = [{ code: 0xff_ff, jt: 0, jf: 0, k: 0 }];
    expect((await nativeErrorOf(() => socket.attachFilter(bad))).code).toBe('EINVAL');
    socket.close();
  });
});

describe.each([
  [4, '127.0.0.1', 20, Uint8Array.of(8, 0, 0xf7, 0xfd, 0, 1, 0, 1), 0],
  [6, '::1', 0, Uint8Array.of(128, 0, 0, 0, 0, 1, 0, 1), 129],
] as const)('an ICMP socket of IPv%i', (family, address, start, echo, reply) => {
  test('pings the loopback', async ({ netns }) => {
    await ip(netns, 'link set lo up');
    const socket = await openIcmpSocket({ family, netns });
    expect(socket.receive()).toBeUndefined();
    const answered = new Promise<string>((resolve) => {
      socket.onReadable(() => {
        const message = socket.receive();
        if (message?.bytes[start] === reply) resolve(message.address);
      });
    });
    socket.send(echo, address);
    expect(await answered).toBe(address);
    expect(() => socket.send(echo, 'localhost')).toThrow(RangeError);
    expect(() => socket.send(echo, 'fe80::1%lo')).toThrow(RangeError);
    const other = family === 4 ? '::1' : '127.0.0.1';
    expect((await nativeErrorOf(() => socket.send(echo, other))).code).toBe('EAFNOSUPPORT');
    socket.close();
    socket.close();
    expect((await nativeErrorOf(() => socket.receive())).code).toBe('ERR_RTAP_CLOSED');
  });
});
