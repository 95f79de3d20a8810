import { describe, expect, it } from 'vitest';
import {
  AF_INET,
  decodeAddress,
  decodeLink,
  decodeNeighbour,
  decodeNetnsId,
  decodeNexthop,
  decodeRoute,
  decodeRule,
  encodeAddress,
  encodeLink,
  encodeNeighbour,
  encodeNetnsId,
  encodeNexthop,
  encodeRoute,
  encodeRule,
  messages,
  MessageWriter,
  NEXTHOP_GRP_TYPE_RES,
  RTM_DELADDR,
  RTM_DELLINK,
  RTM_DELNEIGH,
  RTM_DELNEXTHOP,
  RTM_DELNSID,
  RTM_DELROUTE,
  RTM_DELRULE,
  RTM_NEWADDR,
  RTM_NEWLINK,
  RTM_NEWNEIGH,
  RTM_NEWNEXTHOP,
  RTM_NEWNSID,
  RTM_NEWROUTE,
  RTM_NEWRULE,
  type NetlinkMessage,
} from '../src/index.ts';
import { addressText } from './family.ts';
import { eventGoldens } from './golden.ts';

/** Names of the recorded interfaces. */
const LINKS = ['', 'lo', 'vb', 'va-renamed', 'br0', 'tapc', 'ifbm', 'ifbn'];
const SCOPES: Readonly<Record<number, string>> = { 0: 'global', 253: 'link', 254: 'host' };
const TABLES: Readonly<Record<number, string>> = { 254: 'main', 255: 'local' };
const TYPES = ['unspec', 'unicast', 'local', 'broadcast', 'anycast', 'multicast'];
const STATES: Readonly<Record<number, string>> = {
  0x20: 'FAILED',
  0x40: 'NOARP',
  0x80: 'PERMANENT',
};

const deleted = (event: string): string => (event === 'delete' ? 'Deleted ' : '');
const words = (...parts: readonly (string | number | undefined | false)[]): string =>
  parts.filter((part) => part !== undefined && part !== false && part !== '').join(' ');
const said = (name: string, value: string | number | undefined): string | undefined =>
  value === undefined ? undefined : `${name} ${value}`;

/** What `ip -d monitor all` prints of a message, its first line or what begins it, and the message again. */
function tell(message: NetlinkMessage): { text: string; again: Uint8Array } | undefined {
  const { type } = message;
  switch (type) {
    case RTM_NEWLINK:
    case RTM_DELLINK: {
      const link = decodeLink(message, 'little');
      const peer = link.link ? `@${LINKS[link.link]}` : '';
      const start = `${deleted(link.event)}${link.index}: ${link.name}${peer}:`;
      return {
        text: `[LINK]${start} mtu ${link.mtu}`,
        again: encodeLink(type, link, message, 'little'),
      };
    }
    case RTM_NEWADDR:
    case RTM_DELADDR: {
      const address = decodeAddress(message, 'little');
      const { family, prefixLength, index, event } = address;
      const bytes = address.local ?? address.address!;
      const net = `${family === AF_INET ? 'inet' : 'inet6'} ${addressText(bytes)}/${prefixLength}`;
      const start = `[ADDR]${deleted(event)}${index}: ${LINKS[index]}`;
      return {
        text: words(start, net, said('scope', SCOPES[address.scope])),
        again: encodeAddress(type, address, message, 'little'),
      };
    }
    case RTM_NEWROUTE:
    case RTM_DELROUTE: {
      const route = decodeRoute(message, 'little');
      const { destination, destinationLength: length, gateway, outputIndex, metrics } = route;
      const bits = route.family === AF_INET ? 32 : 128;
      const prefix = length === bits ? '' : `/${length}`;
      const text = words(
        `[ROUTE]${deleted(route.event)}${TYPES[route.routeType]}`,
        `${addressText(destination!)}${prefix}`,
        said('nhid', route.nexthopId),
        gateway && said('via', addressText(gateway)),
        outputIndex !== undefined && said('dev', LINKS[outputIndex]),
        said('table', TABLES[route.table]),
        said('proto', { 2: 'kernel', 3: 'boot' }[route.protocol]),
        said('scope', SCOPES[route.scope]),
        route.preferredSource && said('src', addressText(route.preferredSource)),
        said('metric', route.priority),
        said('mtu', metrics?.mtu),
        said('pref', route.preference === undefined ? undefined : 'medium'),
      );
      return { text, again: encodeRoute(type, route, message, 'little') };
    }
    case RTM_NEWNEIGH:
    case RTM_DELNEIGH: {
      const neighbour = decodeNeighbour(message, 'little');
      const { destination, linkLayerAddress: address, state } = neighbour;
      const text = words(
        destination && addressText(destination),
        said('dev', LINKS[neighbour.index]),
        address && said('lladdr', addressText(address)),
        STATES[state],
      );
      return {
        text: `[NEIGH]${deleted(neighbour.event)}${text}`,
        again: encodeNeighbour(type, neighbour, message, 'little'),
      };
    }
    case RTM_NEWRULE:
    case RTM_DELRULE: {
      const rule = decodeRule(message, 'little');
      const { source, destination } = rule;
      const text = words(
        `[RULE]${deleted(rule.event)}${rule.priority}:`,
        said('from', source === undefined ? 'all' : `${addressText(source)}/${rule.sourceLength}`),
        destination && said('to', `${addressText(destination)}/${rule.destinationLength}`),
        said('lookup', rule.table),
        said('proto', { 0: 'unspec', 2: 'kernel' }[rule.protocol ?? 0]),
      );
      return { text, again: encodeRule(type, rule, message, 'little') };
    }
    case RTM_NEWNEXTHOP:
    case RTM_DELNEXTHOP: {
      const nexthop = decodeNexthop(message, 'little');
      const { group, gateway, outputIndex } = nexthop;
      const members = group?.map(({ id, weight }) => (weight === 0 ? id : `${id},${weight + 1}`));
      const text = words(
        `[NEXTHOP]${deleted(nexthop.event)}id ${nexthop.id}`,
        said('group', members?.join('/')),
        nexthop.groupType === NEXTHOP_GRP_TYPE_RES && 'type resilient',
        said('buckets', nexthop.resilientGroup?.buckets),
        gateway && said('via', addressText(gateway)),
        outputIndex !== undefined && said('dev', LINKS[outputIndex]),
        // What is told of the timers stands before it.
        nexthop.resilientGroup === undefined && said('scope', SCOPES[nexthop.scope]),
      );
      return { text, again: encodeNexthop(type, nexthop, message, 'little') };
    }
    case RTM_NEWNSID:
    case RTM_DELNSID: {
      const id = decodeNetnsId(message, 'little');
      const text = `[NSID]${deleted(id.event)}nsid ${id.netnsId}`;
      return { text, again: encodeNetnsId(type, id, message, 'little') };
    }
    default:
      return undefined;
  }
}

/** What the monitor printed, an entry a message, blanks as one, and flags of links left out. */
function printed(text: string): string[] {
  return text
    .split(/^(?=\[)/m)
    .filter((entry) => entry !== '' && !entry.startsWith('[NETCONF]'))
    .map((entry) => entry.replaceAll(/\s+/g, ' ').replace(/ <[^>]*>/, ''));
}

describe('events, judged by ip monitor', () => {
  const steps = eventGoldens().filter(({ text }) => printed(text).length > 0);

  it.each(steps.map((step) => [step.action, step] as const))('%s', (_, { received, text }) => {
    const told = received
      .flatMap((datagram) => [...messages(datagram, 'little')])
      .flatMap((message) => {
        const ours = tell(message);
        if (ours === undefined) return [];
        const { type, flags, sequence, portId, body } = message;
        const writer = new MessageWriter('little').begin(type, flags, sequence, portId);
        expect(ours.again).toEqual(writer.bytes(body).finish());
        return [ours.text];
      });
    const theirs = printed(text);
    expect(told).toHaveLength(theirs.length);
    expect(theirs.map((entry, at) => entry.slice(0, told[at]?.length))).toEqual(told);
  });

  it('are of all families that have events', () => {
    const types = steps.flatMap(({ received }) =>
      received.flatMap((datagram) => [...messages(datagram, 'little')].map(({ type }) => type)),
    );
    expect([...new Set(types)].filter((type) => type !== 81).toSorted((a, b) => a - b)).toEqual([
      ...[RTM_NEWLINK, RTM_DELLINK, RTM_NEWADDR, RTM_DELADDR, RTM_NEWROUTE, RTM_DELROUTE],
      ...[RTM_NEWNEIGH, RTM_DELNEIGH, RTM_NEWRULE, RTM_DELRULE, RTM_NEWNSID, RTM_DELNSID],
      ...[RTM_NEWNEXTHOP, RTM_DELNEXTHOP],
    ]);
  });
});
