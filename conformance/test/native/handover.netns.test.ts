import { kernel } from '@rtap/native';
import type { HandoverConnection, HandoverMessage } from '@rtap/native';
import { run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';

import { ip, nativeErrorOf, withResolvers } from './judges.ts';

const fixture = new URL('fixtures/handover.ts', import.meta.url).pathname;

describe('files that are handed over', () => {
  test('with none left wait for one, or are told to be missing', async ({ netns }) => {
    const args = ['-c', 'ulimit -n 256; exec "$0" "$@"', process.execPath, fixture];
    const { code, stdout, stderr } = await run(netns, 'sh', args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe('accepted: false\n0: 0\n1: 1\n2: 1\nnothing left\n');
  });

  test('come to a listener whose errors are not hidden', async ({ netns }) => {
    const { code, stderr } = await run(netns, process.execPath, [fixture, 'throwing']);
    expect(stderr).toContain('Error: of the listener');
    expect(code).toBe(1);
  });

  test('with a socket to subscribe by, which is clean each time', async ({ netns, judges }) => {
    judges('ip');
    const tap = await kernel.openTap({ name: 'hand0', queues: 1, netns });
    const requests = await kernel.openRequestSocket({ netns });
    const subscription = await kernel.openSubscriptionSocket({ netns });
    const address = { abstract: `rtap-clean-${process.pid}` };
    const listener = kernel.listenForHandover(address);
    const [accepted, received] = [
      withResolvers<HandoverConnection>(),
      withResolvers<HandoverMessage | undefined>(),
    ];
    listener.onConnection(accepted.resolve);
    const theirs = kernel.connectForHandover(address);
    theirs.onMessage(received.resolve);
    const ours = await accepted.promise;
    const sockets = [requests, subscription];
    ours.send(Uint8Array.of(1), { queues: tap.queues, netns, sockets });
    const { files } = (await received.promise) ?? expect.fail('a message');
    const { ifindex, namespaceInode } = tap;
    const about = { files, queues: 1, ifindex, namespaceInode, offloads: 0 };
    const attached = await kernel.attachTap({ received: about });
    const open = attached.openSubscriptionSocket ?? expect.fail('a socket');
    const LINKS = 1;

    const first = await open();
    first.joinGroup(LINKS);
    await ip(netns, 'link set hand0 up');
    expect(first.receive()?.groups).toBe(LINKS);
    first.close();
    const wrong = await nativeErrorOf(() => open({ groups: [LINKS, 99_999] }));
    expect([wrong.code, wrong.syscall]).toEqual(['EINVAL', 'setsockopt NETLINK_ADD_MEMBERSHIP']);
    const second = await open();
    await ip(netns, 'link set hand0 down');
    expect(second.receive()).toBeUndefined();

    for (const one of [second, ours, theirs, listener, requests, subscription]) one.close();
    await attached.close();
    await tap.close();
  });
});
