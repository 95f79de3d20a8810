import { RTM_GETLINK, RTM_NEWLINK } from '@rtap/netlink';
import { FakeKernel } from '@rtap/testkit';
import { openTap } from '@rtap/core';
import { beforeEach, describe, expect, it, vi } from 'vitest';

const EPERM = 1;
let kernel: FakeKernel;

beforeEach(() => {
  kernel = new FakeKernel();
});

/** Nothing may be left: no interface, no socket. */
function expectNothingLeft(): void {
  expect(kernel.rtnetlink.links).toEqual([]);
  expect(kernel.rtnetlink.openSockets).toEqual({ requests: 0, subscriptions: 0 });
}

describe('openTap', () => {
  it('opens, configures and starts; close leaves nothing behind', async () => {
    const tap = await openTap({ kernel, queues: 3 });
    expect(tap.name).toBe('rtap0');
    expect(tap.state).toBe('started');
    expect(tap.queueCount).toBe(3);
    expect(tap.link.status).toBe('up');
    expect(kernel.rtnetlink.link('rtap0')).toMatchObject({ up: true, ifindex: tap.ifindex });
    await tap.close();
    expect(tap.state).toBe('closed');
    expect(tap.link.status).toBe('down');
    expectNothingLeft();
  });

  it('leaves it configured, with the link down, when told not to start', async () => {
    const tap = await openTap({ kernel, start: false });
    expect(tap.state).toBe('configured');
    expect(tap.link.status).toBe('down');
    expect(kernel.rtnetlink.link(tap.name)?.up).toBe(false);
    expect(kernel.rtnetlink.openSockets.subscriptions).toBe(0);
    await tap.close();
  });

  it('refuses a name that is taken, and leaves the other one alone', async () => {
    const first = await openTap({ kernel, name: 'wan' });
    await expect(openTap({ kernel, name: 'wan' })).rejects.toMatchObject({
      name: 'RtapError',
      code: 'EBUSY',
      interface: 'wan',
    });
    expect(first.state).toBe('started');
    await first.close();
    expectNothingLeft();
  });

  it.each([
    ['openTap', 'EPERM'],
    ['openSubscriptionSocket', 'EMFILE'],
  ] as const)('undoes everything when %s fails', async (call, code) => {
    kernel.failNext(call, code);
    await expect(openTap({ kernel })).rejects.toMatchObject({ name: 'RtapError', code });
    expectNothingLeft();
  });

  it.each([
    ['setting the link up', RTM_NEWLINK],
    ['asking for it', RTM_GETLINK],
  ])('undoes everything when the kernel refuses %s', async (_, type) => {
    kernel.rtnetlink.refuseNext(type, EPERM);
    await expect(openTap({ kernel })).rejects.toMatchObject({
      name: 'RtapError',
      code: 'EPERM',
      errno: -1,
    });
    expectNothingLeft();
  });

  it('does nothing when the signal is aborted already, and undoes what it did when aborted later', async () => {
    const reason = new Error('enough');
    await expect(openTap({ kernel, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expectNothingLeft();
    const controller = new AbortController();
    const release = kernel.rtnetlink.hold();
    const opening = openTap({ kernel, signal: controller.signal });
    // The device is there, and its start waits for the kernel.
    await expect.poll(() => kernel.rtnetlink.links.length).toBe(1);
    controller.abort(reason);
    release();
    await expect(opening).rejects.toBe(reason);
    expectNothingLeft();
  });

  it('adopts an interface without IFF_MULTI_QUEUE as it is: one queue, alive after close', async () => {
    const ifindex = kernel.addTap('lab0');
    await expect(openTap({ kernel, name: 'lab0' })).rejects.toMatchObject({ code: 'EBUSY' });
    const tap = await openTap({ kernel, name: 'lab0', adopt: true });
    expect(tap.ifindex).toBe(ifindex);
    expect(tap.info()).toMatchObject({ queues: 1, maxQueues: 1 });
    await tap.stop();
    await expect(tap.configure({ queues: 2 })).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    await tap.configure({ queues: 1 });
    await tap.start();
    expect(tap.link.status).toBe('up');
    expect(tap.send(new Uint8Array(60))).toBe(true);
    await tap.close();
    expect(kernel.rtnetlink.link('lab0')).toBeDefined();
  });

  it('joins an interface with several queues that is open, when it is told to adopt it', async () => {
    const tap = await openTap({ kernel, name: 'lab0', queues: 2 });
    await expect(openTap({ kernel, name: 'lab0' })).rejects.toMatchObject({ code: 'EBUSY' });
    const other = await openTap({ kernel, name: 'lab0', adopt: true });
    expect(other.ifindex).toBe(tap.ifindex);
    await tap.close();
    expect(other.state).toBe('started');
    expect(other.send(new Uint8Array(60))).toBe(true);
    await other.close();
    expectNothingLeft();
  });

  it('adopts nothing that does not exist', async () => {
    await expect(openTap({ kernel, name: 'none', adopt: true })).rejects.toMatchObject({
      code: 'ENODEV',
    });
  });
});

describe('the life cycle', () => {
  it('stops and starts again, and frames pass again', async () => {
    const tap = await openTap({ kernel });
    for (let round = 0; round < 3; round += 1) {
      expect(tap.send(new Uint8Array(60))).toBe(true);
      await tap.stop();
      expect(tap.link.status).toBe('down');
      expect(kernel.rtnetlink.link(tap.name)?.up).toBe(false);
      expect(kernel.rtnetlink.openSockets.subscriptions).toBe(0);
      await tap.start();
      expect(tap.link.status).toBe('up');
    }
    expect(kernel.interface(tap.name).transmitted).toHaveLength(3);
    await tap.close();
  });

  it('is configured anew when stopped: more queues and fewer', async () => {
    const tap = await openTap({ kernel });
    for (const queues of [128, 2, 1]) {
      const old = tap.queue(0);
      await tap.stop();
      await tap.configure({ queues });
      await tap.start();
      expect(tap.queueCount).toBe(queues);
      expect(() => old.rxBurst()).toThrow(expect.objectContaining({ code: 'ERR_RTAP_STATE' }));
      kernel.interface(tap.name).send(new Uint8Array(60), queues - 1);
      expect(tap.queue(queues - 1).rxBurst().count).toBe(1);
    }
    expect(() => tap.queue(1)).toThrow(RangeError);
    await tap.close();
  });

  it('has its queues back when configuring fails', async () => {
    const tap = await openTap({ kernel, queues: 2, start: false });
    kernel.failNext('setQueues', 'ENOMEM');
    await expect(tap.configure({ queues: 4 })).rejects.toMatchObject({ code: 'ENOMEM' });
    expect(tap.queueCount).toBe(2);
    expect(tap.state).toBe('configured');
    await tap.start();
    expect(tap.send(new Uint8Array(60))).toBe(true);
    await tap.close();
  });

  it('leaves a started device started when the kernel refuses to set the link down', async () => {
    const tap = await openTap({ kernel });
    kernel.rtnetlink.refuseNext(RTM_NEWLINK, EPERM);
    await expect(tap.stop()).rejects.toMatchObject({ code: 'EPERM', syscall: 'RTM_NEWLINK' });
    expect(tap.state).toBe('started');
    expect(kernel.rtnetlink.openSockets.subscriptions).toBe(1);
    const up = tap.until('down');
    kernel.rtnetlink.changeLink(tap.ifindex, { carrier: false });
    await up;
    await tap.close();
    expectNothingLeft();
  });

  it('discards what was queued while it was stopped', async () => {
    const tap = await openTap({ kernel });
    kernel.interface(tap.name).send(new Uint8Array(60));
    await tap.stop();
    await tap.start();
    expect(tap.queue(0).rxBurst().count).toBe(0);
    await tap.close();
  });

  it('works without link-state change', async () => {
    const tap = await openTap({ kernel, linkStateChange: false });
    expect(kernel.rtnetlink.openSockets.subscriptions).toBe(0);
    expect(tap.link.status).toBe('up');
    await tap.linkDown();
    expect(tap.link.status).toBe('down');
    kernel.rtnetlink.changeLink(tap.ifindex, { up: true });
    expect(tap.link.status).toBe('down');
    expect((await tap.linkUpdate()).status).toBe('up');
    await expect(tap.until('up')).rejects.toMatchObject({ code: 'ERR_RTAP_STATE' });
    tap.on('link', () => expect.unreachable('nobody asked for link-state change'));
    const removed = new Promise<void>((resolve) => {
      tap.once('removed', resolve);
    });
    kernel.rtnetlink.deleteLink(tap.ifindex);
    await removed;
    expect(tap.state).toBe('removed');
    await tap.close();
    expectNothingLeft();
  });

  it('keeps the order of the calls, and judges each when its turn comes', async () => {
    const tap = await openTap({ kernel });
    const order: string[] = [];
    const note = (what: string) => (): void => {
      order.push(what);
    };
    await Promise.all([
      tap.stop().then(note('stop')),
      tap.configure({ queues: 4 }).then(note('configure')),
      tap.linkDown().catch(note('linkDown is not legal when configured')),
      tap.start().then(note('start')),
      tap.linkDown().then(note('linkDown')),
    ]);
    expect(order).toEqual([
      'stop',
      'configure',
      'linkDown is not legal when configured',
      'start',
      'linkDown',
    ]);
    await tap.close();
  });

  it('takes a call away that is aborted while it waits, and lets the others be', async () => {
    const tap = await openTap({ kernel });
    const controller = new AbortController();
    const release = kernel.rtnetlink.hold();
    const first = tap.linkDown();
    const second = tap.linkUp({ signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
    release();
    await first;
    await tap.linkUpdate();
    expect(tap.link.status).toBe('down');
    await tap.close();
  });

  it('rolls a start back that is aborted while it runs', async () => {
    const tap = await openTap({ kernel, start: false });
    const controller = new AbortController();
    const release = kernel.rtnetlink.hold();
    const starting = tap.start({ signal: controller.signal });
    await expect.poll(() => kernel.rtnetlink.openSockets.subscriptions).toBe(1);
    controller.abort(new Error('enough'));
    release();
    await expect(starting).rejects.toThrow('enough');
    expect(tap.state).toBe('configured');
    expect(kernel.rtnetlink.openSockets.subscriptions).toBe(0);
    expect(kernel.rtnetlink.link(tap.name)?.up).toBe(false);
    await tap.start();
    expect(tap.link.status).toBe('up');
    await tap.close();
  });

  it('lets close overtake: what waits is rejected, what runs comes to its end first', async () => {
    const tap = await openTap({ kernel });
    const release = kernel.rtnetlink.hold();
    const running = tap.linkDown();
    const waiting = tap.linkUp();
    const closing = tap.close();
    expect(tap.close()).toBe(closing);
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_RTAP_CLOSED' });
    await expect(tap.linkUp()).rejects.toMatchObject({ code: 'ERR_RTAP_CLOSED' });
    expect(kernel.rtnetlink.links).toHaveLength(1);
    release();
    await running;
    await closing;
    expectNothingLeft();
  });

  it('refuses what is asked while it closes', async () => {
    const tap = await openTap({ kernel });
    const closing = tap.close();
    const code = 'ERR_RTAP_CLOSED';
    const refused = [tap.until('down'), tap.linkUp(), tap.queue(0).waitReadable()];
    expect(() => tap.queue(0).rxBurst()).toThrow(expect.objectContaining({ code }));
    expect(() => tap.batches()).toThrow(expect.objectContaining({ code }));
    for (const each of refused) await expect(each).rejects.toMatchObject({ code });
    await closing;
  });

  it('makes an interface persistent as the last step of opening, and takes nothing back later', async () => {
    const controller = new AbortController();
    const release = kernel.rtnetlink.hold();
    const aborted = openTap({ kernel, persist: true, signal: controller.signal });
    await expect.poll(() => kernel.rtnetlink.links.length).toBe(1);
    controller.abort(new Error('enough'));
    release();
    await expect(aborted).rejects.toThrow('enough');
    expectNothingLeft();
    const tap = await openTap({ kernel, persist: true });
    await tap.close();
    expect(kernel.rtnetlink.link('rtap0')).toBeDefined();
    const again = await openTap({ kernel, name: 'rtap0', adopt: true });
    await again.setPersist(false);
    await again.close();
    expectNothingLeft();
  });

  it('starts with the queues it had when configuring failed so badly that none is left', async () => {
    const tap = await openTap({ kernel, queues: 2, start: false });
    // Neither the new ones can be opened, nor the old ones again.
    kernel.failNext('setQueues', 'ENOMEM');
    const fail = vi.spyOn(kernel, 'failNext');
    const device = kernel.interface(tap.name);
    const setWires = vi.spyOn(device, 'setWires').mockImplementationOnce(() => {
      throw Object.assign(new Error('no memory'), { code: 'ENOMEM' });
    });
    await expect(tap.configure({ queues: 4 })).rejects.toMatchObject({ code: 'ENOMEM' });
    setWires.mockRestore();
    fail.mockRestore();
    await tap.start();
    expect(tap.queueCount).toBe(2);
    await tap.close();
  });

  it('closes by Symbol.asyncDispose', async () => {
    {
      await using tap = await openTap({ kernel });
      expect(tap.state).toBe('started');
    }
    expectNothingLeft();
  });
});
