import { IFF_UP, RTM_GETLINK, RTM_NEWLINK } from '@rtap/netlink';
import { encodeLink } from '@rtap/netlink/link';
import { LinkSubscription, beginTracking, trackLink, watchLink } from '@rtap/transport';
import type { LinkWatch, LinkWatcher, NetlinkSockets, TrackedLink } from '@rtap/transport';
import { MemoryRtnetlink } from '@rtap/transport/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';

const ENOMEM = 12;

/** A watcher that follows with the tracker and writes down what it is told. */
class Recorder implements LinkWatcher {
  readonly told: string[] = [];
  state: TrackedLink | undefined;

  onLink(message: Parameters<LinkWatcher['onLink']>[0]): void {
    if (this.state === undefined) {
      this.state = beginTracking(message);
      return;
    }
    const { state, events } = trackLink(this.state, message);
    this.state = state;
    for (const event of events) {
      this.told.push(event.type === 'link' ? event.link.status : event.type);
    }
  }

  onGone(): void {
    this.told.push('gone');
  }

  onResync(reason: string): void {
    this.told.push(`resync ${reason}`);
  }
}

let rtnetlink: MemoryRtnetlink;
let ifindex: number;

beforeEach(() => {
  rtnetlink = new MemoryRtnetlink();
  rtnetlink.addLink({ name: 'lo' });
  ifindex = rtnetlink.addLink({ name: 'rtap0' });
});

async function watch(recorder: LinkWatcher, index = ifindex): Promise<LinkWatch> {
  const place = await watchLink({ sockets: rtnetlink, ifindex: index, watcher: recorder });
  await place.snapshot();
  return place;
}

/** Whether the subscription's socket keeps the event loop alive, from its opening on. */
function referenced(): { readonly sockets: NetlinkSockets; readonly told: boolean[] } {
  const told: boolean[] = [];
  const sockets: NetlinkSockets = {
    openRequestSocket: rtnetlink.openRequestSocket.bind(rtnetlink),
    namespaceInode: rtnetlink.namespaceInode.bind(rtnetlink),
    openSubscriptionSocket: async (options) => {
      const socket = await rtnetlink.openSubscriptionSocket(options);
      socket.ref = () => void told.push(true);
      socket.unref = () => void told.push(false);
      return socket;
    },
  };
  return { sockets, told };
}

describe('watchLink', () => {
  it('keeps the event loop alive while somebody waits for an answer, and no longer', async () => {
    const { sockets, told } = referenced();
    const place = await watchLink({ sockets, ifindex, watcher: new Recorder() });
    expect(told).toEqual([]);
    const answers = [place.snapshot(), place.snapshot(), place.change({ mtu: 1400 })];
    expect(told).toEqual([true]);
    await Promise.all(answers);
    expect(told).toEqual([true, false]);
    const refused = place.change({ mtu: 1 });
    expect(told).toEqual([true, false, true]);
    await expect(refused).rejects.toThrow('RTM_NEWLINK');
    expect(told).toEqual([true, false, true, false]);
    const ended = place.snapshot();
    place.close();
    await expect(ended).rejects.toMatchObject({ code: 'ERR_RTAP_CLOSED' });
    expect(told).toEqual([true, false, true, false, true, false]);
  });

  it('delivers the snapshot, then every change in order', async () => {
    const recorder = new Recorder();
    const place = await watch(recorder);
    rtnetlink.changeLink(ifindex, { up: true });
    rtnetlink.changeLink(ifindex, { carrier: false });
    rtnetlink.changeLink(ifindex, { carrier: true });
    await place.snapshot();
    expect(recorder.told).toEqual(['up', 'down', 'up']);
    place.close();
  });

  it('orders a snapshot among the events: what was changed before it is delivered before it', async () => {
    const recorder = new Recorder();
    const place = await watch(recorder);
    const asked = place.snapshot();
    rtnetlink.changeLink(ifindex, { up: true });
    await asked;
    expect(recorder.state?.link.status).toBe('up');
    expect(recorder.told).toEqual(['up']);
    place.close();
  });

  it('shares one socket among all watchers of a namespace, and closes it with the last', async () => {
    const places = await Promise.all([watch(new Recorder()), watch(new Recorder(), 1)]);
    expect(rtnetlink.openSockets.subscriptions).toBe(1);
    places[0].close();
    places[0].close();
    expect(rtnetlink.openSockets.subscriptions).toBe(1);
    places[1].close();
    await Promise.resolve();
    expect(rtnetlink.openSockets.subscriptions).toBe(0);
    const again = await watch(new Recorder());
    expect(rtnetlink.openSockets.subscriptions).toBe(1);
    again.close();
  });

  it('shares none between kernels: each tells of its own interfaces', async () => {
    const other = new MemoryRtnetlink();
    const index = other.addLink({ name: 'eth0' });
    const [here, there] = [new Recorder(), new Recorder()];
    const place = await watch(here);
    const elsewhere = await watchLink({ sockets: other, ifindex: index, watcher: there });
    await elsewhere.snapshot();
    expect([rtnetlink, other].map(({ openSockets }) => openSockets.subscriptions)).toEqual([1, 1]);
    other.changeLink(index, { up: true });
    await Promise.all([place.snapshot(), elsewhere.snapshot()]);
    expect([here.told, there.told]).toEqual([[], ['up']]);
    place.close();
    elsewhere.close();
  });

  it('lets the kernel drop what is about other interfaces', async () => {
    const recorder = new Recorder();
    const onLink = vi.spyOn(recorder, 'onLink');
    const place = await watch(recorder);
    onLink.mockClear();
    const other = rtnetlink.addLink({ name: 'other' });
    for (let round = 0; round < 10_000; round += 1) rtnetlink.repeat(other);
    await place.snapshot();
    // No overrun: the queue would have held a few hundred of them.
    expect(recorder.told).toEqual([]);
    expect(onLink).toHaveBeenCalledTimes(1);
    place.close();
  });

  it('has the kernel drop again what nobody watches any more', async () => {
    const recorder = new Recorder();
    const place = await watch(recorder);
    const other = rtnetlink.addLink({ name: 'other' });
    const second = await watch(new Recorder(), other);
    second.close();
    for (let round = 0; round < 10_000; round += 1) rtnetlink.repeat(other);
    await place.snapshot();
    expect(recorder.told).toEqual([]);
    place.close();
  });

  it('says so when the kernel refuses the filter, and looks at all there is by itself', async () => {
    const open = rtnetlink.openSubscriptionSocket.bind(rtnetlink);
    vi.spyOn(rtnetlink, 'openSubscriptionSocket').mockImplementation(async (options) => {
      const socket = await open(options);
      const attach = socket.attachFilter.bind(socket);
      vi.spyOn(socket, 'attachFilter').mockImplementation((program) => {
        if (program.length > 0) throw Object.assign(new Error('no memory'), { code: 'ENOMEM' });
        attach(program);
      });
      return socket;
    });
    const recorder = new Recorder();
    const place = await watch(recorder);
    expect(place.filtered).toBe(false);
    rtnetlink.changeLink(1, { up: true });
    rtnetlink.changeLink(ifindex, { up: true });
    await place.snapshot();
    expect(recorder.told).toEqual(['up']);
    place.close();
  });

  it('tells several watchers of one interface, and none that a listener has just closed', async () => {
    const second = new Recorder();
    let secondPlace: LinkWatch | undefined;
    const first = new Recorder();
    const firstPlace = await watch(first);
    vi.spyOn(first, 'onLink').mockImplementation(() => secondPlace?.close());
    secondPlace = await watchLink({ sockets: rtnetlink, ifindex, watcher: second });
    rtnetlink.changeLink(ifindex, { up: true });
    await firstPlace.snapshot();
    expect(second.state).toBeUndefined();
    firstPlace.close();
  });

  it('makes up for an overrun: at most one event, the final state, and resync', async () => {
    const recorder = new Recorder();
    const place = await watch(recorder);
    rtnetlink.changeLink(ifindex, { up: true });
    rtnetlink.loseEvents(() => {
      rtnetlink.changeLink(ifindex, { carrier: false });
      rtnetlink.changeLink(ifindex, { carrier: true });
      rtnetlink.changeLink(ifindex, { carrier: false });
    });
    await vi.waitFor(() => expect(recorder.told).toContain('resync overrun'));
    expect(recorder.state?.link.status).toBe('down');
    expect(recorder.told).toEqual(['resync overrun']);
    rtnetlink.changeLink(ifindex, { carrier: true });
    await place.snapshot();
    expect(recorder.told).toEqual(['resync overrun', 'up']);
    place.close();
  });

  it('makes up for an overrun in which the answer to a snapshot was lost', async () => {
    const recorder = new Recorder();
    const place = await watch(recorder);
    const release = rtnetlink.hold();
    const asked = place.snapshot();
    rtnetlink.loseEvents(() => rtnetlink.changeLink(ifindex, { up: true }));
    release();
    await asked;
    await vi.waitFor(() => expect(recorder.told).toContain('resync overrun'));
    expect(recorder.told).toEqual(['up', 'resync overrun']);
    place.close();
  });

  it('changes the interface and asks in one datagram: events of the change come before the answer', async () => {
    const recorder = new Recorder();
    const place = await watch(recorder);
    const messages: number[] = [];
    vi.spyOn(recorder, 'onLink').mockImplementation(function (this: Recorder, message) {
      messages.push(message.flags & IFF_UP);
      Recorder.prototype.onLink.call(recorder, message);
    });
    await place.change({ flags: IFF_UP, change: IFF_UP });
    expect(messages).toEqual([IFF_UP, IFF_UP]);
    expect(recorder.told).toEqual(['up']);
    expect(rtnetlink.link('rtap0')?.up).toBe(true);
    place.close();
  });

  it('rejects a change that the kernel refuses, in its words, and goes on', async () => {
    const recorder = new Recorder();
    const place = await watch(recorder);
    rtnetlink.refuseNext(RTM_NEWLINK, 1);
    const other = place.snapshot();
    await expect(
      place.change({ flags: IFF_UP, change: IFF_UP }, { interface: 'rtap0' }),
    ).rejects.toMatchObject({
      name: 'NetlinkError',
      code: 'EPERM',
      syscall: 'RTM_NEWLINK',
      interface: 'rtap0',
    });
    await other;
    await place.snapshot();
    expect(recorder.told).toEqual([]);
    await place.change({ flags: IFF_UP, change: IFF_UP });
    expect(recorder.told).toEqual(['up']);
    place.close();
  });

  it('does a change again whose acknowledgement was lost', async () => {
    const recorder = new Recorder();
    const place = await watch(recorder);
    const release = rtnetlink.hold();
    const changed = place.change({ flags: IFF_UP, change: IFF_UP });
    rtnetlink.loseEvents(() => rtnetlink.changeLink(ifindex, { carrier: false }));
    release();
    await changed;
    await vi.waitFor(() => expect(recorder.told).toContain('resync overrun'));
    expect(rtnetlink.link('rtap0')?.up).toBe(true);
    expect(recorder.state?.link.status).toBe('down');
    place.close();
  });

  it('rejects what waits when it is closed', async () => {
    const socket = await rtnetlink.openSubscriptionSocket({ groups: [1] });
    const subscription = new LinkSubscription(socket);
    const place = subscription.watch(ifindex, new Recorder(), () => undefined);
    const changed = place.change({ flags: IFF_UP, change: IFF_UP });
    subscription.close();
    await expect(changed).rejects.toMatchObject({ code: 'ERR_RTAP_CLOSED' });
  });

  it('asks the kernel only when the socket is empty: before, it would drop the answer too', async () => {
    const socket = await rtnetlink.openSubscriptionSocket({ groups: [1] });
    const steps: string[] = [];
    const receive = socket.receive.bind(socket);
    vi.spyOn(socket, 'receive').mockImplementation(() => {
      try {
        const datagram = receive();
        steps.push(datagram === undefined ? 'empty' : 'datagram');
        return datagram;
      } catch (error) {
        steps.push('overrun');
        throw error;
      }
    });
    const send = vi.spyOn(socket, 'send').mockImplementation(() => {
      steps.push('asked');
      return Promise.resolve();
    });
    const subscription = new LinkSubscription(socket);
    subscription.watch(ifindex, new Recorder(), () => undefined);
    rtnetlink.changeLink(ifindex, { up: true });
    rtnetlink.changeLink(ifindex, { up: false });
    rtnetlink.loseEvents(() => rtnetlink.changeLink(ifindex, { up: true }));
    await vi.waitFor(() => expect(send).toHaveBeenCalled());
    expect(steps).toEqual(['overrun', 'datagram', 'datagram', 'empty', 'asked']);
    subscription.close();
  });

  it('finds in a resync that the interface is gone', async () => {
    const recorder = new Recorder();
    const place = await watch(recorder);
    rtnetlink.loseEvents(() => rtnetlink.deleteLink(ifindex));
    await vi.waitFor(() => expect(recorder.told).toEqual(['gone', 'resync overrun']));
    place.close();
  });

  it('asks again when the kernel has no memory for the answer', async () => {
    const recorder = new Recorder();
    const place = await watch(recorder);
    rtnetlink.refuseNext(RTM_GETLINK, ENOMEM);
    rtnetlink.loseEvents(() => rtnetlink.changeLink(ifindex, { up: true }));
    await vi.waitFor(() => expect(recorder.told).toEqual(['up', 'resync overrun']));
    place.close();
  });

  it("recovers also when somebody else's question was the one that failed", async () => {
    const recorder = new Recorder();
    const place = await watch(recorder);
    const release = rtnetlink.hold();
    const asked = place.snapshot();
    // The answer to it is lost, and the next question fails.
    rtnetlink.refuseNext(RTM_GETLINK, ENOMEM);
    rtnetlink.loseEvents(() => rtnetlink.changeLink(ifindex, { up: true }));
    release();
    await asked.catch(() => undefined);
    await vi.waitFor(() => expect(recorder.told).toEqual(['up', 'resync overrun']));
    rtnetlink.changeLink(ifindex, { up: false });
    await place.snapshot();
    expect(recorder.told).toEqual(['up', 'resync overrun', 'down']);
    place.close();
  });

  it('refuses what cannot be watched', async () => {
    const watcher = new Recorder();
    const wrong = [
      undefined,
      { sockets: rtnetlink, ifindex: 'x', watcher },
      { sockets: rtnetlink, ifindex, watcher: undefined },
      { ifindex, watcher },
    ];
    for (const options of wrong) {
      await expect(Reflect.apply(watchLink, undefined, [options])).rejects.toMatchObject({
        code: 'ERR_INVALID_ARG_TYPE',
      });
    }
    await expect(watchLink({ sockets: rtnetlink, ifindex: 0, watcher })).rejects.toMatchObject({
      code: 'ERR_OUT_OF_RANGE',
    });
    expect(rtnetlink.openSockets.subscriptions).toBe(0);
  });

  it('resyncs many interfaces after one overrun', async () => {
    const indexes = Array.from({ length: 100 }, (_, n) => rtnetlink.addLink({ name: `t${n}` }));
    const recorders = indexes.map(() => new Recorder());
    const places = await Promise.all(
      indexes.map(async (index, n) => watch(recorders[n] ?? new Recorder(), index)),
    );
    rtnetlink.loseEvents(() => {
      for (const index of indexes) if (index % 2 === 0) rtnetlink.changeLink(index, { up: true });
    });
    await vi.waitFor(() => {
      for (const [n, recorder] of recorders.entries()) {
        const up = (indexes[n] ?? 0) % 2 === 0;
        expect(recorder.told).toEqual(up ? ['up', 'resync overrun'] : ['resync overrun']);
      }
    });
    for (const place of places) place.close();
  });

  it('resyncs on a truncated datagram, and has room for it the next time', async () => {
    const recorder = new Recorder();
    const place = await watch(recorder);
    const raw = [{ type: 0x3fff, value: new Uint8Array(40_000) }];
    const large = encodeLink(
      RTM_NEWLINK,
      { index: ifindex, flags: IFF_UP, raw },
      { flags: 0, sequence: 0 },
    );
    rtnetlink.broadcast(large);
    await vi.waitFor(() => expect(recorder.told).toEqual(['resync truncated']));
    rtnetlink.broadcast(large);
    await place.snapshot();
    expect(recorder.told).toEqual(['resync truncated']);
    place.close();
  });

  it('resyncs on bytes that are no netlink', async () => {
    const recorder = new Recorder();
    const place = await watch(recorder);
    const bytes = encodeLink(RTM_NEWLINK, { index: ifindex }, { flags: 0, sequence: 0 });
    bytes[0] = 255;
    rtnetlink.broadcast(bytes);
    await vi.waitFor(() => expect(recorder.told).toEqual(['resync malformed']));
    place.close();
  });

  it('believes nobody but the kernel', async () => {
    const recorder = new Recorder();
    const place = await watch(recorder);
    const lie = encodeLink(
      RTM_NEWLINK,
      { index: ifindex, flags: 0x11043 },
      { flags: 0, sequence: 0 },
    );
    rtnetlink.broadcast(lie, { portId: 4711 });
    await place.snapshot();
    expect(recorder.told).toEqual([]);
    place.close();
  });

  it('delivers on while a listener throws, and throws it on afterwards', async () => {
    const thrown: unknown[] = [];
    const listeners = process.rawListeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => thrown.push(error));
    try {
      const recorder = new Recorder();
      const place = await watch(recorder);
      const bad = vi.fn(() => {
        throw new Error('listener');
      });
      const other = await watchLink({
        sockets: rtnetlink,
        ifindex,
        watcher: { onLink: bad, onGone: bad, onResync: bad },
      });
      rtnetlink.changeLink(ifindex, { up: true });
      rtnetlink.changeLink(ifindex, { up: false });
      await place.snapshot();
      expect(recorder.told).toEqual(['up', 'down']);
      expect(bad).toHaveBeenCalledTimes(3);
      await vi.waitFor(() => expect(thrown).toHaveLength(3));
      place.close();
      other.close();
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const listener of listeners) {
        process.on('uncaughtException', (...args) => Reflect.apply(listener, process, args));
      }
    }
  });

  it('rejects a snapshot when the subscription is closed under it', async () => {
    const place = await watch(new Recorder());
    const release = rtnetlink.hold();
    const asked = place.snapshot();
    place.close();
    await expect(asked).rejects.toMatchObject({ code: 'ERR_RTAP_CLOSED' });
    release();
  });
});
