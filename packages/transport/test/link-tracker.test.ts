import { AF_BRIDGE, IFF_LOWER_UP, IFF_RUNNING, IFF_UP } from '@rtap/netlink';
import type { LinkMessage } from '@rtap/netlink/link';
import { LINK_DOWN, beginTracking, trackLink, trackRemoval } from '@rtap/transport';
import type { LinkEvent, TrackedLink } from '@rtap/transport';
import { describe, expect, it } from 'vitest';

const UP = IFF_UP | IFF_RUNNING | IFF_LOWER_UP;

function message(changes: Partial<LinkMessage> = {}): LinkMessage {
  return {
    event: 'new',
    family: 0,
    deviceType: 1,
    index: 7,
    flags: 0,
    change: 0,
    name: 'rtap0',
    stats64: undefined,
    unknown: [],
    ...changes,
  };
}

const DOWN: TrackedLink = { ifindex: 7, name: 'rtap0', link: LINK_DOWN, present: true };

function follow(from: TrackedLink, ...messages: readonly LinkMessage[]): LinkEvent[] {
  let state = from;
  const events: LinkEvent[] = [];
  for (const each of messages) {
    const tracked = trackLink(state, each);
    state = tracked.state;
    events.push(...tracked.events);
  }
  return events;
}

describe('trackLink', () => {
  it.each([
    [0, 'down'],
    [IFF_UP, 'down'],
    [IFF_RUNNING, 'down'],
    [IFF_UP | IFF_RUNNING, 'up'],
  ] as const)('flags 0x%x are %s: up is IFF_UP and IFF_RUNNING', (flags, status) => {
    expect(beginTracking(message({ flags })).link.status).toBe(status);
  });

  it('tells each change of status once, and swallows what is repeated', () => {
    const events = follow(
      DOWN,
      message({ flags: UP }),
      message({ flags: UP, mtu: 9000 }),
      message({ flags: UP, operState: 'up' }),
      message({ flags: IFF_UP }),
      message({ flags: IFF_UP }),
      message({ flags: UP }),
    );
    expect(events.map((event) => event.type === 'link' && event.link.status)).toEqual([
      'up',
      'down',
      'up',
    ]);
  });

  it('does not wait for operState: right after up it is unknown while IFF_RUNNING is set', () => {
    const [event] = follow(DOWN, message({ flags: UP, operState: 'unknown' }));
    expect(event).toMatchObject({ type: 'link', link: { status: 'up', operState: 'unknown' } });
  });

  it('keeps what a message leaves out', () => {
    const up = beginTracking(
      message({ flags: UP, carrier: true, operState: 'up', carrierChanges: 3 }),
    );
    const { state } = trackLink(up, message({ flags: UP }));
    expect(state.link).toEqual({ status: 'up', carrier: true, operState: 'up', carrierChanges: 3 });
  });

  it('takes RTM_DELLINK of AF_BRIDGE for what it is: the interface left its bridge', () => {
    const up = beginTracking(message({ flags: UP }));
    const { state, events } = trackLink(
      up,
      message({ event: 'delete', family: AF_BRIDGE, flags: UP }),
    );
    expect(events).toEqual([]);
    expect(state).toBe(up);
  });

  it('ignores other interfaces', () => {
    expect(
      follow(DOWN, message({ index: 8, flags: UP }), message({ index: 8, event: 'delete' })),
    ).toEqual([]);
  });

  it('tells a rename, and follows the interface by its index', () => {
    expect(
      follow(DOWN, message({ name: 'wan' }), message({ name: 'wan', flags: UP })),
    ).toMatchObject([{ type: 'renamed', name: 'wan', previous: 'rtap0' }, { type: 'link' }]);
  });

  it('tells another MTU and another address, once, and nothing of what it hears first', () => {
    const address = Uint8Array.of(2, 0, 0, 0, 0, 1);
    const other = Uint8Array.of(2, 0, 0, 0, 0, 2);
    const events = follow(
      DOWN,
      message({ mtu: 1500, address }),
      message({ mtu: 1500, address: address.slice() }),
      message({ mtu: 9000, address: other }),
      message(),
      message({ mtu: 9000, address: other.slice(), flags: UP }),
    );
    expect(events.slice(0, -1)).toEqual([
      { type: 'mtu', mtu: 9000, previous: 1500 },
      { type: 'macAddress', address: other, previous: address },
    ]);
    expect(events.at(-1)?.type).toBe('link');
  });

  it('keeps an address of its own, whatever becomes of the message', () => {
    const bytes = Uint8Array.of(2, 0, 0, 0, 0, 1);
    const first = beginTracking(message({ address: bytes }));
    bytes.fill(0xff);
    const [event] = trackLink(first, message({ address: bytes })).events;
    expect(event).toMatchObject({ type: 'macAddress', previous: Uint8Array.of(2, 0, 0, 0, 0, 1) });
  });

  it('tells one down and one removal of an interface that was up, whether or not it is told down first', () => {
    const up = beginTracking(message({ flags: UP }));
    const types = ['link', 'removed'];
    expect(follow(up, message({ event: 'delete' })).map(({ type }) => type)).toEqual(types);
    expect(
      follow(up, message(), message({ event: 'delete' }), message({ event: 'delete' })).map(
        ({ type }) => type,
      ),
    ).toEqual(types);
  });

  it('hears no more of an index that is used again after the removal', () => {
    expect(
      follow(DOWN, message({ event: 'delete' }), message({ flags: UP })).map(({ type }) => type),
    ).toEqual(['removed']);
  });

  it('tells a move from a removal', () => {
    const events = follow(DOWN, message({ event: 'delete', newNetnsId: 0, newIndex: 12 }));
    expect(events).toEqual([{ type: 'moved', ifindex: 12, netnsId: 0 }]);
  });
});

describe('trackRemoval', () => {
  it('ends an interface once', () => {
    const up = beginTracking(message({ flags: UP, carrierChanges: 5 }));
    const first = trackRemoval(up);
    expect(first.events.map(({ type }) => type)).toEqual(['link', 'removed']);
    expect(first.state.link).toEqual({ ...LINK_DOWN, carrierChanges: 5 });
    expect(trackRemoval(first.state).events).toEqual([]);
  });
});
