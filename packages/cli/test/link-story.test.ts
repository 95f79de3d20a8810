/**
 * What `rtap monitor` makes of a watched table, and how it is written for people.
 *
 * @module
 */

import { PassThrough } from 'node:stream';
import type { LinkMessage } from '@rtap/netlink/link';
import { describe, expect, it, vi } from 'vitest';
import { colorsOf } from '../src/frame/colors.ts';
import { linkLineText } from '../src/monitor/link-line-text.ts';
import type { LinkLine } from '../src/monitor/link-line.ts';
import { LinkStory } from '../src/monitor/link-story.ts';

const UP = 0x11043;
const DOWN = 0x1002;

function link(index: number, name: string, more: Partial<LinkMessage> = {}): LinkMessage {
  return {
    ...{ event: 'new', family: 0, deviceType: 1, index, flags: DOWN, change: 0, name, mtu: 1500 },
    ...{ carrier: false, operState: 'down', address: Uint8Array.of(2, 0, 0, 0, 0, index) },
    unknown: [],
    ...more,
  };
}

const snapshot = (...items: readonly LinkMessage[]) =>
  ({ type: 'snapshot', items, namespaces: new Map() }) as const;
const event = (item: LinkMessage) =>
  ({
    type: item.event,
    item,
    previous: undefined,
    nsid: undefined,
  }) as const;

const brief = (lines: readonly LinkLine[]): string[] =>
  lines.map((line) => [line.event, line.name, line.status].filter(Boolean).join(' '));

describe('a story of links', () => {
  it('begins with a snapshot, and tells of changes only', () => {
    const story = new LinkStory();
    expect(brief(story.take(snapshot(link(1, 'a'), link(2, 'b'))))).toEqual([
      'snapshot a down',
      'snapshot b down',
    ]);
    expect(story.take(event(link(1, 'a')))).toEqual([]);
    const up = { flags: UP, carrier: true, operState: 'up' } as const;
    expect(story.take(event(link(1, 'a', up)))).toEqual([
      {
        ...{ event: 'link', ifindex: 1, name: 'a', status: 'up', carrier: true, operState: 'up' },
        time: expect.any(String),
      },
    ]);
    expect(story.take(event(link(1, 'c', { ...up, mtu: 1400 })))).toEqual([
      expect.objectContaining({ event: 'renamed', name: 'c', previous: 'a' }),
      expect.objectContaining({ event: 'mtu', mtu: 1400, previous: 1500 }),
    ]);
    const moved = { event: 'delete', newIndex: 9, newNetnsId: 3 } as const;
    expect(story.take(event(link(1, 'c', moved)))).toEqual([
      expect.objectContaining({ event: 'link', status: 'down' }),
      expect.objectContaining({ event: 'moved', newIfindex: 9, netnsId: 3 }),
    ]);
    // Back again.
    expect(brief(story.take(event(link(1, 'c'))))).toEqual(['snapshot c down']);
  });

  it('says that it lost some, and what has become of all', () => {
    const story = new LinkStory();
    story.take(snapshot(link(1, 'a', { flags: UP }), link(2, 'b'), link(3, 'c')));
    expect(story.take({ type: 'resync', reason: 'overrun' })).toEqual([
      { event: 'resync', reason: 'overrun', time: expect.any(String) },
    ]);
    expect(brief(story.take({ type: 'lost', count: 7 }))).toEqual(['resync']);
    expect(
      brief(story.take(snapshot(link(2, 'b', { flags: UP }), link(3, 'c'), link(4, 'd')))),
    ).toEqual(['link a down', 'removed a down', 'link b up', 'snapshot d down']);
  });

  it('does not call it a loss when the kernel has changed something without a word', () => {
    const story = new LinkStory();
    story.take(snapshot(link(1, 'a')));
    expect(story.take({ type: 'resync', reason: 'silent' })).toEqual([]);
    expect(brief(story.take(snapshot(link(1, 'a', { flags: UP }))))).toEqual(['link a up']);
  });

  it('is about the names that were given, from the moment on that one has them', () => {
    const story = new LinkStory(['a', 'z', 'other']);
    expect(brief(story.take(snapshot(link(1, 'a'), link(2, 'b'))))).toEqual(['snapshot a down']);
    expect(story.awaited).toEqual(['z', 'other']);
    expect(brief(story.take(event(link(2, 'z'))))).toEqual(['snapshot z down']);
    expect(brief(story.take(event(link(1, 'no-more', { flags: UP }))))).toEqual([
      'renamed no-more up',
      'link no-more up',
    ]);
    expect(story.take(event(link(3, 'c')))).toEqual([]);
    const named = link(3, 'c', { alternativeNames: ['other'] });
    expect(brief(story.take(event(named)))).toEqual(['snapshot c down']);
    expect(story.awaited).toEqual([]);
  });
});

describe('a line for people', () => {
  const line: LinkLine = {
    ...{ event: 'snapshot', ifindex: 3, name: 'tap0', status: 'up', carrier: true },
    ...{ operState: 'up', mtu: 1500, macAddress: '02:00:00:00:00:01' },
    time: '2026-01-01T12:34:56.789Z',
  };

  it.each<[LinkLine, string]>([
    [line, 'is up, carrier on, state up, mtu 1500, address 02:00:00:00:00:01'],
    [{ ...line, event: 'link', status: 'down' }, 'link down, carrier on, state up'],
    [{ ...line, event: 'renamed', previous: 'tap1' }, 'renamed, was tap1'],
    [{ ...line, event: 'mtu', previous: 9000 }, 'mtu 1500, was 9000'],
    [{ ...line, event: 'moved', netnsId: 7 }, 'moved to another namespace (id 7)'],
    [{ ...line, event: 'removed' }, 'removed'],
  ])('says what happened: %#', (told, text) => {
    expect(linkLineText(told, colorsOf(new PassThrough()))).toBe(`12:34:56.789  3: tap0  ${text}`);
  });

  it('has colour on a terminal, unless NO_COLOR is set', () => {
    const terminal = Object.assign(new PassThrough(), { isTTY: true });
    vi.stubEnv('NO_COLOR', '');
    expect(linkLineText(line, colorsOf(terminal))).toContain('\u001B[32mup');
    vi.stubEnv('NO_COLOR', '1');
    expect(linkLineText(line, colorsOf(terminal))).not.toContain('\u001B');
    vi.unstubAllEnvs();
  });
});
