/**
 * Interfaces that go to another network namespace, on the fake kernel.
 *
 * @module
 */

import { RTM_GETLINK, RTM_NEWLINK } from '@rtap/netlink';
import { FakeKernel } from '@rtap/testkit';
import type { FakeNamespace } from '@rtap/testkit';
import { openTap } from '@rtap/core';
import type { LinkMove, TapDevice } from '@rtap/core';
import { beforeEach, describe, expect, it, vi } from 'vitest';

const EPERM = 1;
let kernel: FakeKernel;
let home: FakeNamespace;
let other: FakeNamespace;

beforeEach(() => {
  kernel = new FakeKernel();
  home = kernel.ownNamespace;
  other = kernel.createNamespace();
});

/** Writes down every event of a device. */
function record(tap: TapDevice): string[] {
  const events: string[] = [];
  tap.on('link', (link, previous) => events.push(`${previous.status}>${link.status}`));
  tap.on('renamed', (name, previous) => events.push(`${previous} is now ${name}`));
  tap.on('moved', ({ followed }) => events.push(`moved, followed: ${followed}`));
  tap.on('removed', () => events.push('removed'));
  tap.on('resync', (reason) => events.push(`resync ${reason}`));
  return events;
}

/** Moves a device's interface, and puts another one with its number where it was. */
function moveAway(tap: TapDevice, from = home, to = other): number {
  const { ifindex } = tap;
  const there = from.rtnetlink.moveLink(ifindex, to.rtnetlink);
  from.rtnetlink.addLink({ name: 'decoy', ifindex });
  return there;
}

/** What `moveAway` left is as it was made. */
function expectDecoyUntouched(namespace = home): void {
  expect(namespace.rtnetlink.link('decoy')).toMatchObject({ up: false, mtu: 1500, carrier: true });
  expect(namespace.rtnetlink.addresses).toEqual([]);
}

/** Nothing is left of any device: no interface, no socket, no handle. */
function expectNothingLeft(): void {
  for (const { rtnetlink, openHandles } of [home, other]) {
    expect(rtnetlink.links.filter(({ name }) => name !== 'decoy')).toEqual([]);
    expect(rtnetlink.openSockets).toEqual({ requests: 0, subscriptions: 0 });
    expect(openHandles).toBe(0);
  }
}

const ALL = ['up>down', 'moved, followed: true', 'down>up'];

describe('an interface that is moved while the device is started', () => {
  it('is followed: down, moved, up, and all goes on there', async () => {
    const tap = await openTap({ kernel });
    const events = record(tap);
    let move: LinkMove | undefined;
    tap.on('moved', (told) => {
      move = told;
      // All that the device says of itself is of the new place by then.
      expect(tap.info()).toMatchObject({ ifindex: 8, namespaceInode: other.inode, name: 'rtap0' });
      expect(tap.link.status).toBe('down');
    });
    home.rtnetlink.changeLink(tap.ifindex, { mtu: 1400 });
    // Its number is taken there: it gets the next free one.
    for (let ifindex = 1; ifindex < 8; ifindex += 1) {
      other.rtnetlink.addLink({ name: `there${ifindex}` });
    }
    home.rtnetlink.moveLink(tap.ifindex, other.rtnetlink);
    await expect.poll(() => events).toEqual(ALL);
    const { inode: namespaceInode } = other;
    expect(move).toEqual({ followed: true, ifindex: 8, name: 'rtap0', namespaceInode });
    expect([tap.ifindex, tap.mtu]).toEqual([8, 1400]);
    expect(other.rtnetlink.link(8)?.up).toBe(true);
    // What was used before is let go of, what is used now is there once.
    expect(home.rtnetlink.openSockets).toEqual({ requests: 0, subscriptions: 0 });
    expect(other.rtnetlink.openSockets).toEqual({ requests: 1, subscriptions: 1 });
    expect(other.openHandles).toBe(1);

    other.rtnetlink.changeLink(8, { carrier: false });
    await tap.until('down');
    other.rtnetlink.changeLink(8, { carrier: true, name: 'far0' });
    await tap.until('up');
    await tap.setMtu(1300);
    expect(other.rtnetlink.link('far0')?.mtu).toBe(1300);
    expect(events).toEqual([...ALL, 'up>down', 'rtap0 is now far0', 'down>up']);
    for (let ifindex = 1; ifindex < 8; ifindex += 1) other.rtnetlink.deleteLink(ifindex);
    await tap.close();
    expectNothingLeft();
  });

  it('is followed there and back, and further, as often as it goes', async () => {
    const tap = await openTap({ kernel });
    const events = record(tap);
    const places: bigint[] = [];
    tap.on('moved', (move) => {
      if (move.followed) places.push(move.namespaceInode);
    });
    const third = kernel.createNamespace();
    const route = [other, home, third, other, home];
    for (const [index, to] of route.entries()) {
      const from = route[index - 1] ?? home;
      moveAway(tap, from, to);
      await expect.poll(() => events).toHaveLength(3 * (index + 1));
      await tap.until('up');
      expectDecoyUntouched(from);
      from.rtnetlink.deleteLink(from.rtnetlink.link('decoy')?.ifindex ?? 0);
    }
    expect(places).toEqual(route.map(({ inode }) => inode));
    expect(events).toEqual(route.flatMap(() => ALL));
    await tap.close();
    expectNothingLeft();
    expect(third.openHandles).toBe(0);
  });

  it('is found where several moves at once have brought it', async () => {
    const tap = await openTap({ kernel });
    const events = record(tap);
    const third = kernel.createNamespace();
    home.rtnetlink.moveLink(tap.ifindex, other.rtnetlink);
    other.rtnetlink.moveLink(tap.ifindex, third.rtnetlink);
    await expect.poll(() => events).toEqual(ALL);
    expect(tap.info().namespaceInode).toBe(third.inode);
    // Away and back under another number, where its old one is somebody else's by then.
    const back = moveAway(tap, third, other);
    third.rtnetlink.moveLink(tap.ifindex, home.rtnetlink);
    home.rtnetlink.addLink({ name: 'taken', ifindex: back + 1 });
    other.rtnetlink.moveLink(back, third.rtnetlink);
    await expect.poll(() => events).toEqual([...ALL, ...ALL]);
    expect(tap.info()).toMatchObject({ ifindex: back, namespaceInode: third.inode });
    await tap.close();
  });

  it('is not lost when it goes on while it is followed', async () => {
    const tap = await openTap({ kernel });
    const events = record(tap);
    const third = kernel.createNamespace();
    const release = other.rtnetlink.hold();
    home.rtnetlink.moveLink(tap.ifindex, other.rtnetlink);
    await expect.poll(() => other.rtnetlink.openSockets.subscriptions).toBe(1);
    moveAway(tap, other, third);
    release();
    await expect.poll(() => events.at(-1)).toBe('down>up');
    expect(events).toEqual(ALL);
    expect(tap.info().namespaceInode).toBe(third.inode);
    expectDecoyUntouched(other);
    await tap.close();
    expectNothingLeft();
  });

  it('keeps those waiting who wait for frames or for the link', async () => {
    const tap = await openTap({ kernel, queues: 2 });
    const reading = (async (): Promise<number[]> => {
      const lengths: number[] = [];
      for await (const batch of tap.batches()) {
        lengths.push(batch.length(0));
        if (lengths.length === 2) break;
      }
      return lengths;
    })();
    kernel.interface('rtap0').send(new Uint8Array(61));
    const down = tap.until('down');
    const upAgain = new Promise<void>((resolve, reject) => {
      tap.once('link', () => void tap.until('up').then(resolve, reject));
    });
    home.rtnetlink.moveLink(tap.ifindex, other.rtnetlink);
    await down;
    await upAgain;
    expect(tap.info().namespaceInode).toBe(other.inode);
    kernel.interface('rtap0', other).send(new Uint8Array(62), 1);
    expect(await reading).toEqual([61, 62]);
    expect(tap.send(new Uint8Array(60))).toBe(true);
    expect(kernel.interface('rtap0', other).transmitted).toHaveLength(1);
    await tap.close();
  });

  it('stays down when we have set it down', async () => {
    const tap = await openTap({ kernel });
    await tap.linkDown();
    const events = record(tap);
    home.rtnetlink.moveLink(tap.ifindex, other.rtnetlink);
    await expect.poll(() => events).toEqual(['moved, followed: true']);
    await tap.linkUpdate();
    expect(other.rtnetlink.link('rtap0')?.up).toBe(false);
    await tap.linkUp();
    expect(events).toEqual(['moved, followed: true', 'down>up']);
    await tap.close();
  });

  it('may be closed, stopped or asked from the listener', async () => {
    for (const operation of ['close', 'stop', 'linkUpdate'] as const) {
      const tap = await openTap({ kernel });
      const done = new Promise<void>((resolve, reject) => {
        tap.once('moved', () => {
          tap[operation]().then(() => resolve(), reject);
        });
      });
      home.rtnetlink.moveLink(tap.ifindex, other.rtnetlink);
      await done;
      await tap.close();
      expectNothingLeft();
    }
  });

  it('says so when it cannot be set up there', async () => {
    const tap = await openTap({ kernel });
    const events = record(tap);
    const warned = new Promise<Error>((resolve) => {
      process.once('warning', resolve);
    });
    other.rtnetlink.refuseNext(RTM_NEWLINK, EPERM);
    home.rtnetlink.moveLink(tap.ifindex, other.rtnetlink);
    expect(await warned).toMatchObject({ code: 'RTAP_WARN_MOVED' });
    expect(events).toEqual(['up>down', 'moved, followed: true']);
    await tap.linkUp();
    expect(events).toEqual(ALL);
    await tap.close();
  });

  it('is followed when the news of it was lost', async () => {
    const tap = await openTap({ kernel });
    const events = record(tap);
    home.rtnetlink.loseEvents(() => home.rtnetlink.moveLink(tap.ifindex, other.rtnetlink));
    await expect.poll(() => events).toEqual(ALL);
    await tap.close();
    expectNothingLeft();
  });

  it('is not taken for the one that has its number when the news of both was lost', async () => {
    const tap = await openTap({ kernel });
    const events = record(tap);
    home.rtnetlink.loseEvents(() => moveAway(tap));
    await expect.poll(() => events.at(-1)).toBe('down>up');
    expect(events).toContain('moved, followed: true');
    expect(tap.info()).toMatchObject({ name: 'rtap0', namespaceInode: other.inode });
    await tap.setMtu(1400);
    expectDecoyUntouched();
    await tap.close();
  });
});

/** Operations that ask the kernel, and what they have done then. */
const asking: Readonly<Record<string, (tap: TapDevice) => Promise<unknown>>> = {
  linkUp: (tap) => tap.linkUp(),
  linkDown: (tap) => tap.linkDown(),
  linkUpdate: (tap) => tap.linkUpdate(),
  setMtu: (tap) => tap.setMtu(1400),
  setPromiscuous: (tap) => tap.setPromiscuous(true),
  setMacAddress: (tap) => tap.setMacAddress('02:00:00:00:00:99'),
  addAddress: (tap) => tap.addAddress('10.0.0.1/24'),
  stop: (tap) => tap.stop(),
};

/** Operations that don't. */
const onTheFile: typeof asking = {
  setCarrier: (tap) => tap.setCarrier(true),
  setPersist: (tap) => tap.setPersist(false),
  setOwner: (tap) => tap.setOwner({ uid: 0 }),
};

describe.each([true, false])('operations at a move, with LSC %s', (linkStateChange) => {
  it.each(Object.keys({ ...asking, ...onTheFile }))(
    '%s is done there, never on who has its number',
    async (name) => {
      const tap = await openTap({ kernel, linkStateChange });
      const events = record(tap);
      moveAway(tap);
      await { ...asking, ...onTheFile }[name]?.(tap);
      expectDecoyUntouched();
      await expect.poll(() => events.includes('moved, followed: true')).toBe(linkStateChange);
      if (!linkStateChange) expect(events).toEqual([]);
      // What is done on the file needs no following.
      if (!linkStateChange && name in onTheFile) await tap.linkUpdate();
      const link = other.rtnetlink.link('rtap0');
      expect(link?.up).toBe(name !== 'linkDown' && name !== 'stop');
      if (name === 'setMtu') expect(link?.mtu).toBe(1400);
      if (name === 'addAddress') expect(other.rtnetlink.addresses).toHaveLength(1);
      await tap.close();
      expectNothingLeft();
    },
  );

  it.each(Object.keys(asking))('%s that runs meanwhile goes on there', async (name) => {
    const tap = await openTap({ kernel, linkStateChange });
    const release = home.rtnetlink.hold();
    const running = asking[name]?.(tap);
    const waiting = name === 'stop' ? Promise.resolve() : tap.setAllMulticast(true);
    // By then it is with the kernel, which has its reasons to be slow.
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    home.rtnetlink.moveLink(tap.ifindex, other.rtnetlink);
    release();
    await running;
    await waiting;
    const link = other.rtnetlink.link('rtap0');
    expect(link?.up).toBe(name !== 'linkDown' && name !== 'stop');
    expect(link?.allMulticast).toBe(name !== 'stop');
    await tap.close();
    expectNothingLeft();
  });
});

describe('a device that listens to nothing', () => {
  it('finds its interface in the next operation, and tells nothing', async () => {
    const tap = await openTap({ kernel, start: false });
    const events = record(tap);
    moveAway(tap);
    other.rtnetlink.changeLink(tap.ifindex, { name: 'far0' });
    await tap.configure({ queues: 3 });
    expect(tap.queueCount).toBe(3);
    expect(tap.info()).toMatchObject({ name: 'far0', namespaceInode: other.inode });
    // A rename is looked up in the same way.
    other.rtnetlink.changeLink(tap.ifindex, { name: 'near0' });
    await tap.setMtu(1400);
    expect(tap.name).toBe('near0');
    expect(events).toEqual([]);
    moveAway(tap, other, home);
    await tap.start();
    expect(tap.info().namespaceInode).toBe(home.inode);
    expect(tap.link.status).toBe('up');
    expectDecoyUntouched(other);
    home.rtnetlink.changeLink(tap.ifindex, { carrier: false });
    await tap.until('down');
    expect(events).toEqual(['up>down']);
    await tap.close();
  });

  it('is told nothing of a move after stop', async () => {
    const tap = await openTap({ kernel });
    await tap.stop();
    const events = record(tap);
    moveAway(tap);
    await tap.linkUpdate();
    expect(tap.info().namespaceInode).toBe(other.inode);
    expect(other.rtnetlink.link('rtap0')?.up).toBe(false);
    expect(events).toEqual([]);
    await tap.close();
    expectNothingLeft();
  });

  it.each(['start', 'configure', 'stop'] as const)('moves in the middle of %s', async (name) => {
    const tap = await openTap({ kernel, start: name === 'stop' });
    const release = home.rtnetlink.hold();
    const running = {
      start: () => tap.start(),
      configure: () => tap.configure({ queues: 2 }),
      stop: () => tap.stop(),
    }[name]();
    for (let turn = 0; turn < 6; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    home.rtnetlink.moveLink(tap.ifindex, other.rtnetlink);
    release();
    await running;
    expect(tap.state).toBe(name === 'start' ? 'started' : 'configured');
    expect(other.rtnetlink.link('rtap0')?.up).toBe(name === 'start');
    await tap.linkUpdate();
    expect(tap.info().namespaceInode).toBe(other.inode);
    await tap.close();
    expectNothingLeft();
  });

  it('finds its interface under another number where it was', async () => {
    const tap = await openTap({ kernel, linkStateChange: false, start: false });
    const { ifindex } = tap;
    const there = moveAway(tap);
    const back = other.rtnetlink.moveLink(there, home.rtnetlink);
    await tap.setMtu(1400);
    expect(home.rtnetlink.link(back)).toMatchObject({ name: 'rtap0', mtu: 1400 });
    expect(tap.ifindex).toBe(back);
    expect(back).not.toBe(ifindex);
    expectDecoyUntouched();
    await tap.close();
    expectNothingLeft();
  });

  it('is not taken for who has its number when it moves just before LSC is enabled', async () => {
    const tap = await openTap({ kernel, start: false });
    const events = record(tap);
    const open = vi.spyOn(kernel, 'openSubscriptionSocket');
    open.mockImplementationOnce((options) => {
      moveAway(tap);
      return kernel.openSubscriptionSocket(options);
    });
    await tap.start();
    expect(tap.info()).toMatchObject({ name: 'rtap0', namespaceInode: other.inode });
    expectDecoyUntouched();
    expect(events).toEqual([]);
    await tap.close();
    expectNothingLeft();
  });

  it('has LSC there when it is enabled after a move', async () => {
    const tap = await openTap({ kernel, linkStateChange: false });
    const events = record(tap);
    moveAway(tap);
    await tap.setLinkStateChange(true);
    expect(tap.link.status).toBe('up');
    other.rtnetlink.changeLink(tap.ifindex, { carrier: false });
    await tap.until('down');
    expect(events).toEqual(['up>down']);
    expectDecoyUntouched();
    await tap.close();
  });
});

describe('a namespace of a name', () => {
  it('is found by it, and says whether it is rootless', async () => {
    const fake = new FakeKernel();
    const blue = fake.createNamespace({ name: 'blue', rootless: true });
    expect(() => fake.createNamespace({ name: 'blue' })).toThrow(
      expect.objectContaining({ code: 'EEXIST' }),
    );
    const tap = await openTap({ kernel: fake, netns: { name: 'blue' } });
    expect(tap.info().namespaceInode).toBe(blue.inode);
    const handle = await fake.openNamespace({ name: 'blue' });
    expect([handle.rootless, fake.ownNamespace.rootless]).toEqual([true, false]);
    await handle.close();
    await tap.close();
    expect(blue.openHandles).toBe(0);
    const refused = { kernel: fake, netns: { name: 'green' } };
    await expect(openTap(refused)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('without the right to follow', () => {
  beforeEach(() => {
    other.permitted = false;
  });

  it('says so, and what works on the file goes on', async () => {
    const tap = await openTap({ kernel });
    const events = record(tap);
    const moves: LinkMove[] = [];
    tap.on('moved', (move) => moves.push(move));
    const up = tap.once('link', () => undefined) && tap.until('down').then(() => tap.until('up'));
    const refused = expect(up).rejects.toMatchObject({ code: 'ENODEV' });
    const there = moveAway(tap);
    await expect.poll(() => events).toEqual(['up>down', 'moved, followed: false']);
    expect(moves).toEqual([
      { followed: false, ifindex: there, reason: expect.stringContaining('EPERM') },
    ]);
    await refused;
    for (const name of ['linkUp', 'linkUpdate', 'setMtu', 'addAddress', 'stop']) {
      await expect(asking[name]?.(tap)).rejects.toMatchObject({
        name: 'RtapError',
        code: 'ENODEV',
        interface: 'rtap0',
        message: expect.stringContaining('EPERM'),
        cause: expect.objectContaining({ code: 'EPERM' }),
      });
    }
    await expect(tap.setLinkStateChange(true)).rejects.toMatchObject({ code: 'ENODEV' });
    await expect(tap.until('up')).rejects.toMatchObject({ code: 'ENODEV' });
    expectDecoyUntouched();
    // Somebody there sets it up: frames pass, and so do the calls that need the file alone.
    other.rtnetlink.changeLink(there, { up: true });
    kernel.interface('rtap0', other).send(new Uint8Array(60));
    expect(tap.queue(0).rxBurst().count).toBe(1);
    await tap.setCarrier(false);
    expect(other.rtnetlink.link(there)?.carrier).toBe(false);
    expect(events).toEqual(['up>down', 'moved, followed: false']);
    other.destroy();
    await expect.poll(() => events.at(-1)).toBe('removed');
    await tap.close();
    expectNothingLeft();
  });

  it.each(['followed there', 'moved back'])('is told when it is %s later', async (how) => {
    const tap = await openTap({ kernel });
    const events = record(tap);
    home.rtnetlink.moveLink(tap.ifindex, other.rtnetlink);
    await expect.poll(() => events).toEqual(['up>down', 'moved, followed: false']);
    if (how === 'moved back') other.rtnetlink.moveLink(tap.ifindex, home.rtnetlink);
    else other.permitted = true;
    expect((await tap.linkUpdate()).status).toBe('up');
    expect(events).toEqual(['up>down', 'moved, followed: false', ...ALL.slice(1)]);
    expect(tap.info().namespaceInode).toBe(how === 'moved back' ? home.inode : other.inode);
    const down = tap.until('down');
    await tap.setCarrier(false);
    await down;
    await tap.close();
    expectNothingLeft();
  });

  it('tells nobody who is not to hear, but the caller', async () => {
    const tap = await openTap({ kernel, start: false });
    const events = record(tap);
    home.rtnetlink.moveLink(tap.ifindex, other.rtnetlink);
    await expect(tap.start()).rejects.toMatchObject({ code: 'ENODEV' });
    await expect(tap.configure({ queues: 2 })).rejects.toMatchObject({ code: 'ENODEV' });
    expect([tap.state, tap.queueCount, events]).toEqual(['configured', 1, []]);
    other.rtnetlink.moveLink(tap.ifindex, home.rtnetlink);
    await tap.start();
    expect(tap.link.status).toBe('up');
    await tap.close();
    expectNothingLeft();
  });
});

describe('when following fails half-way', () => {
  it.each(['follow', 'openSubscriptionSocket'] as const)(
    'at %s: told with the reason, made up for by the next operation, and nothing leaks',
    async (call) => {
      const tap = await openTap({ kernel });
      const events = record(tap);
      const reasons: string[] = [];
      tap.on('moved', (move) => reasons.push(move.followed ? '' : move.reason));
      kernel.failNext(call, 'EMFILE');
      moveAway(tap);
      await expect.poll(() => events).toEqual(['up>down', 'moved, followed: false']);
      expect(reasons[0]).toContain('EMFILE');
      await tap.setMtu(1400);
      expect(events).toEqual(['up>down', 'moved, followed: false', ...ALL.slice(1)]);
      expect(other.rtnetlink.link('rtap0')?.mtu).toBe(1400);
      expectDecoyUntouched();
      await tap.close();
      expectNothingLeft();
    },
  );

  it('at the first question there', async () => {
    const tap = await openTap({ kernel });
    const events = record(tap);
    other.rtnetlink.refuseNext(RTM_GETLINK, EPERM);
    home.rtnetlink.moveLink(tap.ifindex, other.rtnetlink);
    await expect.poll(() => events).toEqual(['up>down', 'moved, followed: false']);
    await tap.close();
    expectNothingLeft();
  });

  it('because the interface is gone: removed, and no move is told', async () => {
    const tap = await openTap({ kernel });
    const events = record(tap);
    home.rtnetlink.moveLink(tap.ifindex, other.rtnetlink);
    other.destroy();
    await expect.poll(() => events).toEqual(['up>down', 'removed']);
    await tap.close();
    expectNothingLeft();
  });

  it('because the device is closed meanwhile', async () => {
    const tap = await openTap({ kernel });
    const events = record(tap);
    const release = other.rtnetlink.hold();
    home.rtnetlink.moveLink(tap.ifindex, other.rtnetlink);
    await expect.poll(() => other.rtnetlink.openSockets.subscriptions).toBe(1);
    const closing = tap.close();
    release();
    await closing;
    expect(events).toEqual(['up>down']);
    expectNothingLeft();
  });
});

describe('devices of one namespace', () => {
  it('share its subscription, those that came there, too', async () => {
    const first = await openTap({ kernel, netns: other });
    const second = await openTap({ kernel, name: 'second' });
    const events = record(second);
    home.rtnetlink.moveLink(second.ifindex, other.rtnetlink);
    await expect.poll(() => events).toEqual(ALL);
    expect(second.ifindex).not.toBe(first.ifindex);
    expect(other.rtnetlink.openSockets).toEqual({ requests: 2, subscriptions: 1 });
    await first.close();
    other.rtnetlink.changeLink(second.ifindex, { carrier: false });
    await second.until('down');
    await second.close();
    expectNothingLeft();
  });
});
