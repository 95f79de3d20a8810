/**
 * The pictures of the guides are made of what the kernel and the code do today:
 * `npm test -- conformance/test/docs/pictures -u` draws them anew.
 *
 * @module
 */

import { openTap } from '@rtap/core';
import type { NetworkNamespace } from '@rtap/core';
import { kernel } from '@rtap/native';
import {
  AF_BRIDGE,
  IFF_LOWER_UP,
  IFF_RUNNING,
  IFF_UP,
  messages,
  RTM_DELLINK,
  RTM_NEWLINK,
  RTNLGRP_LINK,
} from '@rtap/netlink';
import { decodeLink } from '@rtap/netlink/link';
import { FakeKernel, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { beginTracking, NetlinkClient, trackLink } from '@rtap/transport';
import { describe, expect } from 'vitest';
import { box, line, picture, text } from './svg.ts';

/** What somebody did, what the kernel sent, and what of it is worth an event. */
interface Scene {
  readonly action: string;
  readonly sent: readonly Sent[];
}
interface Sent {
  readonly message: string;
  readonly kind: 'good' | 'bad' | 'box';
  readonly events: readonly string[];
}

const ACTIONS = [
  'ip link set tap0 up',
  'ip link set tap0 carrier off',
  'ip link set tap0 carrier on',
  'ip link set tap0 mtu 1400',
  'ip link set tap0 master br0',
  'ip link set tap0 nomaster',
  'ip link set tap0 down',
  'ip link delete tap0',
] as const;

/** Does all actions in the namespace and listens; messages that say what the one before said are left out. */
async function record(netns: NetworkNamespace): Promise<Scene[]> {
  await using client = await NetlinkClient.open({ netns });
  await run(netns, 'ip', ['link', 'add', 'br0', 'type', 'bridge']);
  const tap = await kernel.openTap({ name: 'tap0', queues: 1, netns });
  const link = await client.getLink({ name: 'tap0' });
  const socket = await kernel.openSubscriptionSocket({ netns, groups: [RTNLGRP_LINK] });
  let tracked = beginTracking(link);
  let latest = { mtu: link.mtu, gone: false, left: false, up: false, running: false };
  let sent: Sent[] = [];
  const hear = (): void => {
    for (;;) {
      const datagram = socket.receive();
      if (datagram === undefined) return;
      for (const message of messages(datagram.bytes)) {
        if (message.type !== RTM_NEWLINK && message.type !== RTM_DELLINK) continue;
        const heard = decodeLink(message);
        if (heard.index !== link.index) continue;
        const step = trackLink(tracked, heard);
        tracked = step.state;
        const bridge = heard.family === AF_BRIDGE;
        const gone = message.type === RTM_DELLINK;
        const flags = [
          [IFF_UP, 'UP'],
          [IFF_RUNNING, 'RUNNING'],
          [IFF_LOWER_UP, 'LOWER_UP'],
        ] as const;
        const set = flags.filter(([flag]) => (heard.flags & flag) !== 0).map(([, name]) => name);
        const events = step.events.map((event) =>
          event.type === 'link' ? `link: ${event.link.status}` : event.type,
        );
        latest = bridge
          ? { ...latest, left: gone }
          : {
              ...latest,
              gone,
              mtu: heard.mtu,
              up: set.includes('UP'),
              running: set.includes('RUNNING'),
            };
        const said = `${gone ? 'DELLINK' : 'NEWLINK'} ${bridge ? 'AF_BRIDGE' : set.join(' ') || '-'}`;
        const kind = bridge ? 'box' : set.includes('RUNNING') && !gone ? 'good' : 'bad';
        if (sent.at(-1)?.message !== said || events.length > 0) {
          sent.push({ message: said, kind, events });
        }
      }
    }
  };
  const arrived: Record<(typeof ACTIONS)[number], () => boolean> = {
    'ip link set tap0 up': () => latest.running,
    'ip link set tap0 carrier off': () => !latest.running,
    'ip link set tap0 carrier on': () => latest.running,
    'ip link set tap0 mtu 1400': () => latest.mtu === 1400,
    'ip link set tap0 master br0': () => true,
    'ip link set tap0 nomaster': () => latest.left,
    'ip link set tap0 down': () => !latest.up,
    'ip link delete tap0': () => latest.gone,
  };
  const scenes: Scene[] = [];
  for (const action of ACTIONS) {
    sent = [];
    const [program = '', ...args] = action.split(' ');
    // One after the other: each is told before the next begins.
    // oxlint-disable-next-line no-await-in-loop
    await run(netns, program, args);
    // oxlint-disable-next-line no-await-in-loop
    await expect
      .poll(
        () => {
          hear();
          return arrived[action]() ? action : latest;
        },
        { timeout: 10_000 },
      )
      .toBe(action);
    scenes.push({ action, sent });
  }
  socket.close();
  await tap.close();
  return scenes;
}

/** Time runs downwards. */
function drawTimeline(scenes: readonly Scene[]): string {
  const columns = { action: 16, sent: 236, told: 560 };
  const parts = [
    text(columns.action, 30, 'head', 'somebody does'),
    text(columns.sent, 30, 'head', 'the kernel sends'),
    text(columns.told, 30, 'head', 'rtap tells'),
  ];
  let y = 46;
  for (const { action, sent } of scenes) {
    parts.push(
      line(16, y, 704, y),
      text(columns.action, y + 25, '', action.replace('ip link ', '')),
    );
    y += 6;
    if (sent.every(({ events }) => events.length === 0)) {
      parts.push(text(columns.told, y + 19, 'soft', 'nothing'));
    }
    for (const { message, kind, events } of sent) {
      parts.push(box({ x: columns.sent, y, width: 300, height: 26 }, kind, message));
      if (events.length > 0) parts.push(text(columns.told, y + 19, 'head', events.join(', ')));
      y += 31;
    }
    y += 3;
  }
  const title = `What the kernel sends about a TAP device, and what rtap tells of it: ${scenes
    .map(
      ({ action, sent }) =>
        `${action}: ${sent.flatMap(({ events }) => events).join(', ') || 'nothing'}`,
    )
    .join('; ')}`;
  return picture({ width: 720, height: y + 6 }, title, parts);
}

/** A burst of three frames, at the places that it has on the fake kernel. */
async function drawSlab(): Promise<string> {
  const fake = new FakeKernel();
  const tap = await openTap({ kernel: fake });
  for (const length of [60, 342, 98]) fake.interface(tap.name).send(new Uint8Array(length));
  const batch = tap.queue(0).rxBurst();
  const frames = Array.from({ length: batch.count }, (_, index) => ({
    offset: batch.offset(index),
    length: batch.length(index),
  }));
  await tap.close();

  const left = 24;
  const perByte = 1.08;
  const at = (byte: number): number => Math.round(left + byte * perByte);
  const parts = [
    text(left, 30, 'head', 'batch.descriptors'),
    text(left + 160, 30, 'soft', 'a Uint32Array, two words a frame'),
    text(left, 122, 'head', 'batch.slab'),
    text(left + 100, 122, 'soft', 'bytes that native code reads into, 640 KiB'),
    box({ x: left, y: 162, width: 692, height: 44 }, 'box'),
  ];
  for (const [index, { offset, length }] of frames.entries()) {
    const x = left + index * 232;
    parts.push(
      box({ x, y: 42, width: 104, height: 30 }, 'other', `offset ${offset}`),
      box({ x: x + 104, y: 42, width: 104, height: 30 }, 'other', `length ${length}`),
      line(x + 52, 72, at(offset), 162),
      box({ x: at(offset - 10), y: 162, width: at(offset) - at(offset - 10), height: 44 }, 'bad'),
      box({ x: at(offset), y: 162, width: at(offset + length) - at(offset), height: 44 }, 'good'),
      text(at(offset) + 6, 189, 'mono', length < 70 ? `${index}` : `frame ${index}`),
      line(at(offset - 10), 206, at(offset - 10), 218),
      text(at(offset - 10), 234, 'soft', `${offset - 10}`),
    );
  }
  parts.push(
    box({ x: left, y: 252, width: 14, height: 14 }, 'bad'),
    text(left + 22, 265, '', 'virtio-net header, 10 bytes, at a multiple of 64'),
    box({ x: left + 390, y: 252, width: 14, height: 14 }, 'good'),
    text(left + 412, 265, '', 'frame, Ethernet header first'),
  );
  const places = frames.map(({ offset, length }) => `${length} bytes at offset ${offset}`);
  return picture(
    { width: 740, height: 282 },
    `A burst of three frames in the slab: ${places.join(', ')}; each has its virtio-net header in front`,
    parts,
  );
}

describe('pictures', () => {
  test('the timeline of a link', async ({ netns, judges }) => {
    judges('ip');
    const svg = drawTimeline(await record(netns));
    await expect(svg).toMatchFileSnapshot('../../../docs/pictures/link-timeline.svg');
  });

  test('slab and descriptors', async () => {
    await expect(await drawSlab()).toMatchFileSnapshot('../../../docs/pictures/slab.svg');
  });
});
