import { RTM_GETLINK, RTM_NEWLINK } from '@rtap/netlink';
import { FakeKernel } from '@rtap/testkit';
import { openTap } from '@rtap/core';
import type { TapDevice } from '@rtap/core';
import { beforeEach, describe, expect, it, vi } from 'vitest';

const ENOMEM = 12;
const ENOBUFS = 105;
let kernel: FakeKernel;

beforeEach(() => {
  kernel = new FakeKernel();
});

/** Writes down every event of a device. */
function record(tap: TapDevice): string[] {
  const events: string[] = [];
  tap.on('link', (link, previous) => events.push(`${previous.status}>${link.status}`));
  tap.on('renamed', (name, previous) => events.push(`${previous} is now ${name}`));
  tap.on('removed', () => events.push('removed'));
  tap.on('resync', (reason) => events.push(`resync ${reason}`));
  return events;
}

describe('rule 1: enabled in start before the link is set up, disabled in stop before it is set down', () => {
  it('has its subscription when the link goes up, and none when it goes down', async () => {
    const tap = await openTap({ kernel, start: false });
    const subscriptions: [boolean, number][] = [];
    const change = vi.spyOn(kernel.rtnetlink, 'changeLink');
    change.mockImplementation((ifindex, changes) => {
      subscriptions.push([changes.up === true, kernel.rtnetlink.openSockets.subscriptions]);
      change.mockRestore();
      kernel.rtnetlink.changeLink(ifindex, changes);
    });
    await tap.start();
    expect(subscriptions).toEqual([[true, 1]]);
    const again = vi.spyOn(kernel.rtnetlink, 'changeLink');
    again.mockImplementation((ifindex, changes) => {
      subscriptions.push([changes.up === true, kernel.rtnetlink.openSockets.subscriptions]);
      again.mockRestore();
      kernel.rtnetlink.changeLink(ifindex, changes);
    });
    await tap.stop();
    expect(subscriptions).toEqual([
      [true, 1],
      [false, 0],
    ]);
    await tap.close();
  });

  it('can be switched at run time', async () => {
    const tap = await openTap({ kernel, linkStateChange: false });
    const events = record(tap);
    kernel.rtnetlink.changeLink(tap.ifindex, { carrier: false });
    await tap.setLinkStateChange(true);
    // The truth when it resolves, and only what changes after it is told.
    expect(tap.link.status).toBe('down');
    expect(events).toEqual([]);
    kernel.rtnetlink.changeLink(tap.ifindex, { carrier: true });
    await tap.until('up');
    const waiting = tap.until('down');
    await Promise.all([
      expect(waiting).rejects.toMatchObject({ code: 'ERR_RTAP_STATE' }),
      tap.setLinkStateChange(false),
    ]);
    kernel.rtnetlink.changeLink(tap.ifindex, { carrier: false });
    await tap.linkUpdate();
    expect(events).toEqual(['down>up']);
    expect(kernel.rtnetlink.openSockets.subscriptions).toBe(0);
    await tap.close();
  });

  it('says in info whether the kernel filters', async () => {
    const first = await openTap({ kernel });
    expect(first.info().linkStateChange).toEqual({ enabled: true, filtered: true });
    await first.close();
    const open = kernel.openSubscriptionSocket.bind(kernel);
    vi.spyOn(kernel, 'openSubscriptionSocket').mockImplementation(async (options) => {
      const socket = await open(options);
      const attach = socket.attachFilter.bind(socket);
      vi.spyOn(socket, 'attachFilter').mockImplementation((program) => {
        if (program.length > 0) throw Object.assign(new Error('no memory'), { code: 'ENOMEM' });
        attach(program);
      });
      return socket;
    });
    const second = await openTap({ kernel });
    expect(second.info().linkStateChange).toEqual({ enabled: true, filtered: false });
    const events = record(second);
    kernel.rtnetlink.changeLink(second.ifindex, { carrier: false });
    await second.until('down');
    expect(events).toEqual(['up>down']);
    await second.close();
  });

  it('is off when enabling it at run time fails', async () => {
    const tap = await openTap({ kernel, linkStateChange: false });
    kernel.rtnetlink.refuseNext(RTM_GETLINK, ENOMEM);
    await expect(tap.setLinkStateChange(true)).rejects.toMatchObject({ code: 'ENOMEM' });
    expect(kernel.rtnetlink.openSockets.subscriptions).toBe(0);
    expect(tap.info().linkStateChange.enabled).toBe(false);
    await tap.close();
  });
});

describe('rule 2: subscribe first, then ask', () => {
  it.each([
    ['up', {}],
    ['down', { carrier: false }],
  ] as const)('the truth when start resolves is %s', async (status, change) => {
    const tap = await openTap({ kernel, start: false });
    kernel.rtnetlink.changeLink(tap.ifindex, change);
    const events = record(tap);
    await tap.start();
    expect(tap.link.status).toBe(status);
    expect(events).toEqual([]);
    await tap.close();
  });

  it('misses no change that happens while it starts', async () => {
    const tap = await openTap({ kernel, start: false });
    const events = record(tap);
    const release = kernel.rtnetlink.hold();
    const starting = tap.start();
    await expect.poll(() => kernel.rtnetlink.openSockets.subscriptions).toBe(1);
    release();
    // Between setting the link up and the answer to the question, the carrier drops.
    await expect.poll(() => kernel.rtnetlink.link(tap.ifindex)?.up).toBe(true);
    kernel.rtnetlink.changeLink(tap.ifindex, { carrier: false });
    await starting;
    // Either start resolved with it, or an event tells it: nothing in between is lost.
    const found = tap.link.status;
    await tap.linkUpdate();
    expect(events).toEqual(found === 'up' ? ['up>down'] : []);
    expect(tap.link.status).toBe('down');
    await tap.close();
  });
});

describe('rule 5: one event a change of status', () => {
  it('tells ups and downs by anybody, and swallows repetition', async () => {
    const tap = await openTap({ kernel });
    const events = record(tap);
    kernel.rtnetlink.repeat(tap.ifindex);
    kernel.rtnetlink.changeLink(tap.ifindex, { mtu: 9000 });
    kernel.rtnetlink.changeLink(tap.ifindex, { carrier: false });
    kernel.rtnetlink.repeat(tap.ifindex);
    kernel.rtnetlink.changeLink(tap.ifindex, { carrier: true });
    await tap.linkUpdate();
    await tap.linkDown();
    expect(tap.link.status).toBe('down');
    await tap.linkUp();
    expect(tap.link).toMatchObject({
      status: 'up',
      carrier: true,
      operState: 'up',
      carrierChanges: 2,
    });
    expect(events).toEqual(['up>down', 'down>up', 'up>down', 'down>up']);
    await tap.close();
  });
});

describe('rule 6: the final state is right after any loss', () => {
  it('resyncs after an overrun', async () => {
    const tap = await openTap({ kernel });
    const events = record(tap);
    kernel.rtnetlink.loseEvents(() => {
      kernel.rtnetlink.changeLink(tap.ifindex, { carrier: false, name: 'wan' });
    });
    await tap.until('down');
    await expect.poll(() => events).toContain('resync overrun');
    expect(events).toEqual(['rtap0 is now wan', 'up>down', 'resync overrun']);
    expect(tap.name).toBe('wan');
    await tap.close();
  });

  it('finds in a resync that the interface is gone, and tells it once', async () => {
    const tap = await openTap({ kernel });
    const events = record(tap);
    kernel.rtnetlink.loseEvents(() => kernel.rtnetlink.deleteLink(tap.ifindex));
    await expect.poll(() => tap.state).toBe('removed');
    expect(events.filter((event) => event === 'removed')).toHaveLength(1);
    expect(tap.link.status).toBe('down');
    await tap.close();
  });
});

describe('rule 7: identity is the ifindex', () => {
  it('works on after a rename', async () => {
    const tap = await openTap({ kernel });
    const events = record(tap);
    kernel.rtnetlink.changeLink(tap.ifindex, { name: 'wan' });
    await tap.linkDown();
    expect(events).toEqual(['rtap0 is now wan', 'up>down']);
    expect(tap.name).toBe('wan');
    await tap.close();
  });

  it('tells a last down, then one removal, then nothing', async () => {
    const tap = await openTap({ kernel });
    const events = record(tap);
    kernel.rtnetlink.deleteLink(tap.ifindex);
    await expect.poll(() => events.includes('removed')).toBe(true);
    kernel.rtnetlink.addLink({ name: 'rtap0', up: true });
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    expect(events).toEqual(['up>down', 'removed']);
    expect(tap.link.status).toBe('down');
    await expect(tap.linkUp()).rejects.toMatchObject({ code: 'ERR_RTAP_STATE' });
    await tap.close();
  });

  it('tells a removal of a device that is stopped, without a link event', async () => {
    const tap = await openTap({ kernel });
    await tap.stop();
    const events = record(tap);
    kernel.rtnetlink.deleteLink(tap.ifindex);
    await expect.poll(() => tap.state).toBe('removed');
    expect(events).toEqual(['removed']);
    await tap.close();
  });
});

describe('when the interface goes in the middle of something', () => {
  it('tells what happened to the link while a stop failed', async () => {
    const tap = await openTap({ kernel });
    const events = record(tap);
    const down = tap.until('down');
    kernel.rtnetlink.refuseNext(RTM_NEWLINK, ENOBUFS);
    const release = kernel.rtnetlink.hold();
    const stopping = tap.stop();
    kernel.rtnetlink.changeLink(tap.ifindex, { carrier: false });
    release();
    await expect(stopping).rejects.toMatchObject({ code: 'ENOBUFS' });
    await down;
    expect(events).toEqual(['up>down']);
    expect(tap.state).toBe('started');
    await tap.close();
  });

  it('leaves nobody waiting when a stop failed and LSC cannot be had back', async () => {
    const tap = await openTap({ kernel });
    const down = expect(tap.until('down')).rejects.toMatchObject({ code: 'ERR_RTAP_STATE' });
    kernel.rtnetlink.refuseNext(RTM_NEWLINK, ENOBUFS);
    kernel.failNext('openSubscriptionSocket', 'EMFILE');
    await expect(tap.stop()).rejects.toMatchObject({ code: 'ENOBUFS' });
    await down;
    expect(tap.state).toBe('started');
    expect(tap.info().linkStateChange.filtered).toBeUndefined();
    await tap.setLinkStateChange(true);
    const again = tap.until('down');
    kernel.rtnetlink.changeLink(tap.ifindex, { carrier: false });
    await again;
    await tap.close();
  });

  it.each(['stop', 'linkUp', 'linkDown', 'linkUpdate'] as const)(
    '%s of a device that was just deleted: removed, after a last link down',
    async (operation) => {
      const tap = await openTap({ kernel });
      const events = record(tap);
      kernel.rtnetlink.deleteLink(tap.ifindex);
      await expect(tap[operation]()).rejects.toMatchObject({ code: 'ERR_RTAP_REMOVED' });
      expect(events).toEqual(['up>down', 'removed']);
      await tap.close();
    },
  );

  it.each(['start', 'configure'] as const)(
    '%s of a device that was just deleted: removed',
    async (operation) => {
      const tap = await openTap({ kernel, start: false });
      const events = record(tap);
      kernel.rtnetlink.deleteLink(tap.ifindex);
      const call = operation === 'start' ? tap.start() : tap.configure({ queues: 2 });
      await expect(call).rejects.toMatchObject({ code: 'ERR_RTAP_REMOVED' });
      expect(events).toEqual(['removed']);
      await tap.close();
    },
  );

  it('enables nothing on a device that was just deleted', async () => {
    const tap = await openTap({ kernel, linkStateChange: false });
    kernel.rtnetlink.deleteLink(tap.ifindex);
    await expect(tap.setLinkStateChange(true)).rejects.toMatchObject({ code: 'ERR_RTAP_REMOVED' });
    expect(tap.link.status).toBe('down');
    expect(tap.info().linkStateChange.filtered).toBeUndefined();
    expect(kernel.rtnetlink.openSockets.subscriptions).toBe(0);
    await tap.close();
  });
});

describe('rule 8: listeners', () => {
  it.each(['stop', 'linkUp', 'linkUpdate', 'close'] as const)('may call %s', async (operation) => {
    const tap = await openTap({ kernel });
    const done = new Promise<void>((resolve, reject) => {
      tap.once('link', () => {
        tap[operation]().then(() => resolve(), reject);
      });
    });
    kernel.rtnetlink.changeLink(tap.ifindex, { carrier: false });
    await expect(done).resolves.toBeUndefined();
    await tap.close();
  });

  it('are told nothing but removed after stop has resolved, and nothing at all after close', async () => {
    const tap = await openTap({ kernel });
    const events = record(tap);
    await tap.stop();
    kernel.rtnetlink.changeLink(tap.ifindex, { up: true });
    kernel.rtnetlink.changeLink(tap.ifindex, { name: 'wan' });
    await tap.linkUpdate();
    expect(events).toEqual([]);
    await tap.close();
    expect(events).toEqual([]);
  });

  it('are told nothing once close is called, even what the same message says', async () => {
    const tap = await openTap({ kernel });
    const events = record(tap);
    tap.on('renamed', () => void tap.close());
    kernel.rtnetlink.changeLink(tap.ifindex, { name: 'wan', carrier: false });
    await expect.poll(() => tap.state).toBe('closed');
    expect(events).toEqual(['rtap0 is now wan']);
  });

  it('are told of a removal by the message that a listener stopped the device at', async () => {
    const tap = await openTap({ kernel });
    const events = record(tap);
    tap.on('link', () => void tap.stop().catch(() => undefined));
    kernel.rtnetlink.deleteLink(tap.ifindex);
    await expect.poll(() => events).toEqual(['up>down', 'removed']);
    await tap.close();
    expect(events).toEqual(['up>down', 'removed']);
  });

  it('lose nothing when one of them throws, and the error is not swallowed', async () => {
    const tap = await openTap({ kernel });
    const error = new Error('listener');
    tap.on('link', () => {
      throw error;
    });
    const events = record(tap);
    const thrown = await caughtBy(async () => {
      kernel.rtnetlink.changeLink(tap.ifindex, { carrier: false });
      kernel.rtnetlink.changeLink(tap.ifindex, { carrier: true });
      await tap.linkUpdate();
    });
    expect(events).toEqual(['up>down', 'down>up']);
    expect(thrown).toEqual([error, error]);
    await tap.close();
  });
});

describe('until', () => {
  it('resolves at once, or when the status comes', async () => {
    const tap = await openTap({ kernel });
    await tap.until('up');
    const down = tap.until('down');
    kernel.rtnetlink.changeLink(tap.ifindex, { carrier: false });
    await down;
    expect(tap.link.status).toBe('down');
    await tap.close();
  });

  it.each([
    ['stop', 'ERR_RTAP_STATE'],
    ['close', 'ERR_RTAP_CLOSED'],
  ] as const)('rejects on %s', async (operation, code) => {
    const tap = await openTap({ kernel });
    const waiting = expect(tap.until('down')).rejects.toMatchObject({ code });
    await tap[operation]();
    await waiting;
    await tap.close();
  });

  it('rejects when the interface goes, and when the signal is aborted', async () => {
    const tap = await openTap({ kernel, start: false });
    kernel.rtnetlink.changeLink(tap.ifindex, { carrier: false });
    await tap.start();
    const controller = new AbortController();
    const aborted = expect(tap.until('up', { signal: controller.signal })).rejects.toThrow(
      'enough',
    );
    controller.abort(new Error('enough'));
    await aborted;
    const gone = expect(tap.until('up')).rejects.toMatchObject({ code: 'ERR_RTAP_REMOVED' });
    kernel.rtnetlink.deleteLink(tap.ifindex);
    await gone;
    await tap.close();
  });
});

/** Runs something, and returns what came up as uncaught exceptions meanwhile. */
async function caughtBy(run: () => Promise<void>): Promise<unknown[]> {
  const thrown: unknown[] = [];
  const listeners = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  const listener = (error: unknown): void => {
    thrown.push(error);
  };
  process.on('uncaughtException', listener);
  try {
    await run();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  } finally {
    process.off('uncaughtException', listener);
    for (const each of listeners) process.on('uncaughtException', each);
  }
  return thrown;
}
