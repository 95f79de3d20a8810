/**
 * Queues that go to other processes, on the fake kernel: both sides in one process.
 *
 * @module
 */

import { once } from 'node:events';
import { attachTap, openTap } from '@rtap/core';
import type { HandoverPeer, QueueShare, ShareHolder, ShareOptions, TapDevice } from '@rtap/core';
import { FakeFiles, FakeKernel } from '@rtap/testkit';
import { afterEach, describe, expect, it, vi } from 'vitest';

const FRAME = new Uint8Array(60).fill(7);
const PATH = '/run/test.rtap';
const OWN = process.geteuid?.() ?? 0;

interface Scene {
  readonly kernel: FakeKernel;
  readonly tap: TapDevice;
  readonly share: QueueShare;
}

const open: TapDevice[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((tap) => tap.close()));
});

async function shared(options: Partial<ShareOptions> = {}, queues = 3): Promise<Scene> {
  const kernel = new FakeKernel();
  const tap = await openTap({ kernel, queues });
  open.push(tap);
  const share = await tap.share({ path: PATH, queues: [1, 2], ...options });
  return { kernel, tap, share };
}

/** Resolves with what the share tells next. */
async function told(share: QueueShare, name: 'taken' | 'returned'): Promise<ShareHolder> {
  const [holder] = await once(share, name);
  return holder;
}

const state = { name: 'RtapError', code: 'ERR_RTAP_STATE' };

describe('a shared queue', () => {
  it('is used by who attaches, and not here any more', async () => {
    const { kernel, tap, share } = await shared();
    expect([share.queues, share.holders, share.closed]).toEqual([[1, 2], [], false]);
    expect([0, 1, 2].map((index) => tap.queue(index).transferred)).toEqual([false, true, true]);
    const taken = told(share, 'taken');
    const other = await attachTap({ kernel, path: PATH, queues: 1 });
    const holder = { pid: process.pid, uid: OWN, gid: process.getegid?.() ?? 0, queues: [1] };
    expect(await taken).toEqual(holder);
    expect(share.holders).toEqual([holder]);
    expect([other.name, other.ifindex, other.state]).toEqual([tap.name, tap.ifindex, 'started']);
    expect(other.info()).toMatchObject({
      attached: { peer: { pid: process.pid }, queues: [1] },
      ...{ queues: 1, maxQueues: 1, offloads: tap.info().offloads },
    });
    expect(tap.info().attached).toBeUndefined();

    kernel.interface(tap.name).send(FRAME, 1);
    await other.queue(0).waitReadable();
    expect(other.queue(0).rxBurst().copy(0)).toEqual(FRAME);
    expect(other.send(FRAME)).toBe(true);
    expect(kernel.interface(tap.name).transmitted).toEqual([FRAME]);
    expect(other.counters).toMatchObject({ rxPackets: 1n, txPackets: 1n });
    expect(tap.counters).toMatchObject({ rxPackets: 0n, txPackets: 0n });

    const uses: readonly (() => unknown)[] = [
      () => tap.queue(1).rxBurst(),
      () => tap.queue(1).transfer(),
      () => tap.queue(2).batches().next(),
      () => tap.queue(1).reclaim(),
    ];
    for (const use of uses) {
      await expect(Promise.resolve().then(use)).rejects.toMatchObject({
        ...state,
        message: expect.stringContaining('shared with other processes'),
        hint: expect.stringContaining('its share is closed'),
      });
    }
    await expect(tap.share({ path: '/run/other', queues: [0, 1] })).rejects.toMatchObject(state);
    expect(tap.queue(0).transferred).toBe(false);
    expect(tap.send(FRAME)).toBe(true);
    await other.close();
  });

  it('has its own link-state changes, and leaves the link to its owner', async () => {
    const { kernel, tap } = await shared();
    const other = await attachTap({ kernel, path: PATH });
    const seen: string[] = [];
    other.on('link', ({ status }) => seen.push(status));
    await other.stop();
    expect([tap.link.status, other.link.status]).toEqual(['up', 'down']);
    await other.start();
    expect([tap.link.status, other.link.status, seen]).toEqual(['up', 'up', []]);
    await tap.stop();
    await other.until('down');
    await tap.start();
    await other.until('up');
    expect(seen).toEqual(['down', 'up']);
    await tap.stop();
    await other.stop();
    await other.start();
    expect([kernel.rtnetlink.link(tap.name)?.up, other.link.status]).toEqual([false, 'down']);
    await other.close();
  });

  it('keeps what waits in it', async () => {
    const { kernel, tap } = await shared();
    kernel.interface(tap.name).send(FRAME, 1);
    const other = await attachTap({ kernel, path: PATH });
    await other.stop();
    await other.start();
    expect(other.queue(0).rxBurst().count).toBe(1);
    await other.close();
  });

  it('comes back when who has it ends, and can be taken again', async () => {
    const { kernel, tap, share } = await shared();
    for (const queues of [undefined, 2]) {
      const other = await attachTap({
        kernel,
        path: PATH,
        ...(queues === undefined ? {} : { queues }),
      });
      expect(other.queueCount).toBe(2);
      const returned = told(share, 'returned');
      await other.close();
      expect(await returned).toMatchObject({ queues: [1, 2] });
      expect(share.holders).toEqual([]);
    }
    expect(tap.queue(1).transferred).toBe(true);
    await share.close();
    expect(tap.queue(1).transferred).toBe(false);
    kernel.interface(tap.name).send(FRAME, 1);
    expect(tap.queue(1).rxBurst().count).toBe(1);
  });

  it('stays with who has it when the share is closed, and is the device’s when they end', async () => {
    const { kernel, tap, share } = await shared();
    const other = await attachTap({ kernel, path: PATH, queues: 1 });
    await share.close();
    expect([share.closed, share.holders.length]).toEqual([true, 1]);
    expect([1, 2].map((index) => tap.queue(index).transferred)).toEqual([true, false]);
    await expect(attachTap({ kernel, path: PATH })).rejects.toMatchObject({ code: 'ENOENT' });
    expect(other.send(FRAME)).toBe(true);
    const again = await tap.share({ path: PATH, queues: [2] });
    const returned = told(share, 'returned');
    await other.close();
    await returned;
    expect(tap.queue(1).transferred).toBe(false);
    await again[Symbol.asyncDispose]();
    await share.close();
    expect([1, 2].map((index) => tap.queue(index).transferred)).toEqual([false, false]);
  });

  it('outlives the device, which outlives it', async () => {
    const { kernel, tap } = await shared();
    const other = await attachTap({ kernel, path: PATH, queues: 1 });
    const last = await attachTap({ kernel, path: PATH, queues: 1 });
    await tap.close();
    kernel.interface(other.name).send(FRAME, 1);
    await other.queue(0).waitReadable();
    expect([other.queue(0).rxBurst().count, other.link.status]).toEqual([1, 'up']);
    await expect(attachTap({ kernel, path: PATH })).rejects.toMatchObject({ code: 'ENOENT' });
    await other.close();
    expect(last.send(FRAME)).toBe(true);
    await last.close();
    expect(kernel.rtnetlink.links).toEqual([]);
  });

  it('goes with the interface, and stays out of a configured device', async () => {
    const { kernel, tap, share } = await shared();
    const other = await attachTap({ kernel, path: PATH });
    await tap.stop();
    await tap.configure({ queues: 3 });
    expect([share.closed, tap.queue(1).transferred]).toEqual([false, true]);
    await tap.configure({ queues: 2 });
    expect([share.closed, share.holders, tap.queue(1).transferred]).toEqual([true, [], false]);
    await expect(other.stop().then(() => other.configure({ queues: 1 }))).rejects.toMatchObject({
      name: 'RangeError',
    });
    await other.configure({ queues: 2, offloads: 'none' });
    const removed = once(other, 'removed');
    kernel.rtnetlink.deleteLink(tap.ifindex);
    await removed;
    expect([tap.state, other.state]).toEqual(['removed', 'removed']);
    await other.close();
  });

  it('is handed on by who has it', async () => {
    const { kernel } = await shared();
    const other = await attachTap({ kernel, path: PATH });
    await other.share({ abstract: 'next', queues: [1] });
    const next = await attachTap({ kernel, abstract: 'next' });
    await other.close();
    expect(next.send(FRAME)).toBe(true);
    await next.close();
  });

  it('is offered until the signal is aborted', async () => {
    const controller = new AbortController();
    const { tap, share } = await shared({ signal: controller.signal });
    controller.abort();
    await share.close();
    expect([share.closed, tap.queue(1).transferred]).toEqual([true, false]);
    await expect(
      tap.share({ path: PATH, queues: [1], signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ name: 'AbortError' });
    expect(tap.queue(1).transferred).toBe(false);
  });

  it('is not offered when the signal is aborted before its turn', async () => {
    const { kernel, tap, share } = await shared();
    await share.close();
    const controller = new AbortController();
    const offered = tap.share({ path: PATH, queues: [1], signal: controller.signal });
    controller.abort();
    await expect(offered).rejects.toMatchObject({ name: 'AbortError' });
    expect(tap.queue(1).transferred).toBe(false);
    await expect(attachTap({ kernel, path: PATH })).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('who may attach', () => {
  const root: HandoverPeer = { pid: 7, uid: 0, gid: 0 };
  const peer: HandoverPeer = { pid: 8, uid: 1234, gid: 5678 };
  const same: HandoverPeer = { pid: 9, uid: OWN, gid: 1 };
  const cases: readonly (readonly [
    what: string,
    allow: ShareOptions['allow'],
    allowed: readonly HandoverPeer[],
  ])[] = [
    ['its own user and root, when nothing is said', undefined, [root, same]],
    ['a user and root', { uid: 1234 }, [root, peer, ...(OWN === 0 ? [same] : [])]],
    ['users', { uid: [1, 1234] }, [root, peer, ...(OWN === 0 ? [same] : [])]],
    ['a group of any user', { gid: 5678 }, [root, peer, ...(OWN === 0 ? [same] : [])]],
    ['a process', { pid: 9 }, [same]],
    ['one who is all of it', { uid: 1234, gid: 5678, pid: 8 }, [peer]],
    ['nobody else', { uid: 1234, gid: 1, pid: 8 }, []],
  ];

  it.for(cases)('is %s', async ([, allow, allowed]) => {
    const { kernel, tap, share } = await shared(allow === undefined ? {} : { allow });
    const refused: unknown[] = [];
    share.on('refused', (who) => refused.push(who));
    for (const who of [root, peer, same]) {
      kernel.handoverPeer = who;
      const attempt = attachTap({ kernel, path: PATH });
      if (allowed.includes(who)) {
        const returned = told(share, 'returned');
        await (await attempt).close();
        await returned;
      } else {
        await expect(attempt).rejects.toMatchObject({
          ...{ name: 'RtapError', code: 'EACCES' },
          message: expect.stringContaining(`user ${who.uid}`),
          hint: expect.stringContaining('allow'),
        });
      }
    }
    expect(refused).toEqual([root, peer, same].filter((who) => !allowed.includes(who)));
    expect(tap.queue(1).transferred).toBe(true);
  });
});

describe('what is not what it has to be', () => {
  it('is refused when there are not so many queues', async () => {
    const { kernel } = await shared();
    await expect(attachTap({ kernel, path: PATH, queues: 3 })).rejects.toMatchObject({
      ...{ code: 'EBUSY', message: expect.stringContaining('2 of 2 queues are free') },
    });
    const other = await attachTap({ kernel, path: PATH });
    await expect(attachTap({ kernel, path: PATH })).rejects.toMatchObject({ code: 'EBUSY' });
    await other.close();
  });

  it.for([
    ['no JSON', 'x'],
    ['another version', '{"rtap":2}'],
    ['no version', '{}'],
    ['no object', '[1]'],
    ['no count', '{"rtap":1,"queues":0}'],
    ['no number', '{"rtap":1,"queues":"1"}'],
  ])('a request that is %s', async ([, request = '']) => {
    const { kernel, share } = await shared();
    const connection = kernel.connectForHandover({ path: PATH });
    const answers: string[] = [];
    const ended = new Promise<void>((resolve) => {
      connection.onMessage((message) => {
        if (message === undefined) resolve();
        else answers.push(new TextDecoder().decode(message.bytes));
      });
    });
    connection.send(new TextEncoder().encode(request));
    await ended;
    expect(answers).toEqual([expect.stringContaining('"code":"ERR_RTAP_PROTOCOL"')]);
    expect(share.holders).toEqual([]);
  });

  it('who ends before the answer has never had a queue', async () => {
    const { kernel, share } = await shared();
    const events: string[] = [];
    share.on('taken', () => events.push('taken'));
    share.on('returned', () => events.push('returned'));
    const connection = kernel.connectForHandover({ path: PATH });
    connection.send(new TextEncoder().encode('{"rtap":1}'));
    connection.close();
    await vi.waitFor(async () => {
      const other = await attachTap({ kernel, path: PATH, queues: 2 });
      await other.close();
    });
    expect(events[0]).toBe('taken');
  });

  const offer = {
    rtap: 1,
    interface: { name: 'rtap0', index: 1, namespace: 4_026_531_840 },
    ...{ queues: [0], offloads: 0, header: 10 },
  };
  it.for([
    ['no JSON', 'x', 4],
    ['another version', { ...offer, rtap: 2 }, 4],
    ['no interface', { ...offer, interface: undefined }, 4],
    ['a long name', { ...offer, interface: { ...offer.interface, name: 'x'.repeat(16) } }, 4],
    ['index 0', { ...offer, interface: { ...offer.interface, index: 0 } }, 4],
    ['no queues', { ...offer, queues: [] }, 3],
    ['queues that are none', { ...offer, queues: [128] }, 4],
    ['too few files', offer, 3],
    ['too many files', offer, 5],
    ['more queues than were asked for', { ...offer, queues: [0, 1] }, 5],
    ['a refusal without a code', { rtap: 1, error: { code: 'no code' } }, 0],
    ['too long', { ...offer, more: 'x'.repeat(65_536) }, 4],
  ] as const)('an offer that has %s', async ([, answer, count]) => {
    const kernel = new FakeKernel();
    let closed = false;
    const files = [{ close: () => (closed = true) }];
    const listener = kernel.listenForHandover({ path: PATH });
    listener.onConnection((connection) => {
      const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
      const bytes = new TextEncoder().encode(text);
      connection.onMessage((message) => {
        if (message !== undefined)
          kernel.answer(connection, bytes, new FakeFiles(files, count - 1));
      });
    });
    await expect(attachTap({ kernel, path: PATH, queues: 1 })).rejects.toMatchObject({
      ...{ name: 'RtapError', code: 'ERR_RTAP_PROTOCOL' },
    });
    expect(closed).toBe(true);
    listener.close();
  });

  it('an interface that is another one', async () => {
    for (const wrong of [{ index: 77 }, { namespace: 5 }]) {
      const kernel = new FakeKernel();
      const tap = await openTap({ kernel, queues: 2 });
      const listener = kernel.listenForHandover({ path: PATH });
      const about = { ...offer, interface: { ...offer.interface, name: tap.name, ...wrong } };
      listener.onConnection((connection) => {
        connection.onMessage((message) => {
          if (message === undefined) return;
          const bytes = new TextEncoder().encode(JSON.stringify(about));
          kernel.answer(connection, bytes, kernel.filesOf(tap.name, [1]));
        });
      });
      await expect(attachTap({ kernel, path: PATH })).rejects.toMatchObject({
        ...{ name: 'RtapError', code: 'ERR_RTAP_IDENTITY' },
      });
      await tap.close();
      expect(kernel.rtnetlink.links, 'no file is left open').toEqual([]);
      listener.close();
    }
  });

  it('who ends without a word, or is waited for no longer', async () => {
    const kernel = new FakeKernel();
    const listener = kernel.listenForHandover({ abstract: 'mute' });
    listener.onConnection((connection) => connection.close());
    await expect(attachTap({ kernel, abstract: 'mute' })).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
    const controller = new AbortController();
    listener.onConnection(() => controller.abort());
    const { signal } = controller;
    await expect(attachTap({ kernel, abstract: 'mute', signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    listener.close();
    await expect(attachTap({ kernel, abstract: 'mute' })).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });
});

describe('files that are given', () => {
  it('are queues, one or several', async () => {
    const kernel = new FakeKernel();
    const tap = await openTap({ kernel, queues: 3 });
    const fds = [1, 2].map((index) => kernel.openQueueFile(tap.name, index));
    await tap.close();
    const other = await attachTap({ kernel, fd: fds });
    expect(other.info()).toMatchObject({
      ...{ name: tap.name, queues: 2, attached: { peer: undefined, queues: undefined } },
      offloads: { granted: [], reason: undefined },
    });
    await expect(attachTap({ kernel, fd: fds })).rejects.toMatchObject({ code: 'EBADF' });
    await other.close();
    expect(kernel.rtnetlink.links).toEqual([]);
  });

  it('go with what is wanted of the offloads', async () => {
    const kernel = new FakeKernel();
    const tap = await openTap({ kernel, queues: 2 });
    const fd = kernel.openQueueFile(tap.name, 1);
    const other = await attachTap({ kernel, fd, offloads: { checksum: true } });
    expect(other.info().offloads.granted).toEqual(['checksum']);
    await Promise.all([tap.close(), other.close()]);
  });

  it('are given back when a later step fails', async () => {
    const { kernel, tap, share } = await shared();
    kernel.failNext('openSubscriptionSocket', 'EMFILE');
    const failing = attachTap({ kernel, path: PATH });
    await expect(failing).rejects.toMatchObject({ code: 'EMFILE' });
    expect(share.holders).toEqual([]);
    await share.close();
    await tap.close();
    expect(kernel.rtnetlink.links).toEqual([]);
  });
});
