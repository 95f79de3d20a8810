/**
 * Routes, neighbours, nexthops and rules as lines that can be compared: made of what we have decoded, and of what
 * `ip -j -N -d` prints.
 *
 * @module
 */

import type { AddressMessage } from '@rtap/netlink/address';
import type { LinkMessage } from '@rtap/netlink/link';
import type { NeighbourMessage } from '@rtap/netlink/neighbour';
import type { NexthopMessage } from '@rtap/netlink/nexthop';
import type { RouteMessage } from '@rtap/netlink/route';
import type { RuleMessage } from '@rtap/netlink/rule';

/** What `ip -j` prints of one object, or of a way of a route or a member of a group. */
export interface Shown {
  readonly type?: string;
  readonly dst?: string;
  readonly src?: string;
  readonly tos?: string;
  readonly nhid?: number;
  readonly gateway?: string;
  readonly via?: { readonly host: string };
  readonly dev?: string;
  readonly weight?: number;
  readonly table?: string;
  readonly protocol?: string;
  readonly scope?: string;
  readonly prefsrc?: string;
  readonly metric?: number;
  readonly metrics?: readonly { readonly mtu?: number }[];
  readonly flags?: readonly string[];
  readonly nexthops?: readonly Shown[];
  readonly lladdr?: string;
  readonly state?: readonly string[];
  readonly router?: null;
  readonly id?: number;
  readonly group?: readonly Shown[];
  readonly priority?: number;
  readonly iif?: string;
  readonly iif_detached?: null;
  readonly unresolved?: null;
  readonly goto?: number;
  readonly ifindex?: number;
  readonly ifname?: string;
  readonly mac?: string;
  readonly mtu?: number;
  readonly operstate?: string;
  readonly address?: string;
  readonly link?: string;
  readonly addr_info?: readonly Shown[];
  readonly local?: string;
  readonly prefixlen?: number;
  readonly label?: string;
  readonly secondary?: boolean;
  readonly tentative?: boolean;
}

const AF_INET = 2;
/** The flags that ip has a name for: RTNH_F_*. */
const FLAG_NAMES = new Map([
  [1, 'dead'],
  [2, 'pervasive'],
  [4, 'onlink'],
  [8, 'offload'],
  [16, 'linkdown'],
  [32, 'unresolved'],
]);
const STATE_NAMES = new Map([
  [0, 'NONE'],
  [1, 'INCOMPLETE'],
  [2, 'REACHABLE'],
  [4, 'STALE'],
  [8, 'DELAY'],
  [16, 'PROBE'],
  [32, 'FAILED'],
  [64, 'NOARP'],
  [128, 'PERMANENT'],
]);

/** An address in text, as its bytes with dots; nothing for nothing. */
function bytesOf(text: string | undefined): string {
  if (text === undefined) return '';
  if (!text.includes(':')) return text;
  const [head = '', tail] = text.split('::');
  const words = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((word) => parseInt(word, 16));
  const [first, last] = [words(head), words(tail ?? '')];
  const middle = Array.from({ length: 8 - first.length - last.length }, () => 0);
  return [...first, ...middle, ...last].flatMap((word) => [word >> 8, word & 0xff]).join('.');
}

const flagsOf = (flags: number): string =>
  [...FLAG_NAMES].flatMap(([bit, name]) => ((flags & bit) === 0 ? [] : [name])).join(',');
const sorted = (names: readonly string[]): string =>
  [...FLAG_NAMES.values()].filter((name) => names.includes(name)).join(',');

/** A route of ours. */
export function routeLine(route: RouteMessage, names: ReadonlyMap<number, string>): string {
  const gateway = (way: Pick<RouteMessage, 'gateway' | 'via'>): string =>
    way.via === undefined ? (way.gateway?.join('.') ?? '') : way.via.subarray(2).join('.');
  const ways = route.multipath?.map(
    (way) => `${gateway(way)} ${names.get(way.index)} ${way.hops + 1} ${flagsOf(way.flags)}`,
  );
  return line({
    destination: `${route.destination?.join('.') ?? 'default'}/${route.destinationLength}`,
    family: route.family,
    type: route.routeType,
    tos: route.tos,
    nhid: route.nexthopId ?? '',
    gateway: gateway(route),
    dev: names.get(route.outputIndex ?? 0) ?? '',
    table: route.table,
    protocol: route.protocol,
    scope: route.scope,
    source: route.preferredSource?.join('.') ?? '',
    metric: route.priority ?? '',
    flags: flagsOf(route.flags),
    mtu: route.metrics?.mtu ?? '',
    ways: ways?.toSorted().join(' / ') ?? '',
  });
}

/** A route of ip's. */
export function shownRouteLine(shown: Shown, family: number): string {
  const [prefix = '', length] = String(shown.dst).split('/');
  const whole = family === AF_INET ? 32 : 128;
  const gateway = (way: Shown): string => bytesOf(way.via?.host ?? way.gateway);
  const ways = shown.nexthops?.map(
    (way: Shown) => `${gateway(way)} ${way.dev} ${way.weight} ${sorted(way.flags ?? [])}`,
  );
  const none = prefix === 'default';
  return line({
    destination: `${none ? 'default' : bytesOf(prefix)}/${none ? 0 : (length ?? whole)}`,
    family,
    type: shown.type,
    tos: Number(shown.tos ?? 0),
    nhid: shown.nhid ?? '',
    gateway: gateway(shown),
    dev: shown.dev ?? '',
    table: shown.table,
    protocol: shown.protocol,
    scope: shown.scope,
    source: bytesOf(shown.prefsrc),
    metric: shown.metric ?? '',
    flags: sorted(shown.flags ?? []),
    mtu: shown.metrics?.[0]?.mtu ?? '',
    ways: ways?.toSorted().join(' / ') ?? '',
  });
}

/** A neighbour of ours. */
export function neighbourLine(item: NeighbourMessage, names: ReadonlyMap<number, string>): string {
  const mac = item.linkLayerAddress;
  return line({
    destination: item.destination?.join('.') ?? '',
    dev: names.get(item.index) ?? '',
    mac: mac === undefined ? '' : Buffer.from(mac).toString('hex'),
    state: STATE_NAMES.get(item.state) ?? item.state,
    router: (item.flags & 0x80) !== 0,
  });
}

/** A neighbour of ip's. */
export function shownNeighbourLine(shown: Shown): string {
  return line({
    destination: bytesOf(shown.dst),
    dev: shown.dev,
    mac: (shown.lladdr ?? '').replaceAll(':', ''),
    state: shown.state?.[0] ?? 'NONE',
    router: 'router' in shown,
  });
}

/** A nexthop of ours. */
export function nexthopLine(item: NexthopMessage, names: ReadonlyMap<number, string>): string {
  return line({
    id: item.id,
    gateway: item.gateway?.join('.') ?? '',
    dev: names.get(item.outputIndex ?? 0) ?? '',
    group: item.group?.map(({ id, weight }) => `${id}x${weight + 1}`).join('/') ?? '',
    flags: flagsOf(item.flags),
  });
}

/** A nexthop of ip's. */
export function shownNexthopLine(shown: Shown): string {
  return line({
    id: shown.id,
    gateway: bytesOf(shown.gateway),
    dev: shown.dev ?? '',
    group:
      shown.group?.map((member: Shown) => `${member.id}x${member.weight ?? 1}`).join('/') ?? '',
    flags: sorted(shown.flags ?? []),
  });
}

/** A rule of ours. */
export function ruleLine(rule: RuleMessage): string {
  return line({
    priority: rule.priority ?? 0,
    source: rule.source === undefined ? 'all' : rule.source.join('.'),
    input: rule.inputName ?? '',
    detached: (rule.flags & 8) !== 0,
    unresolved: (rule.flags & 4) !== 0,
    goto: rule.goto ?? '',
  });
}

/** A rule of ip's. */
export function shownRuleLine(shown: Shown): string {
  return line({
    priority: shown.priority,
    source: shown.src === 'all' ? 'all' : bytesOf(shown.src),
    input: shown.iif ?? '',
    detached: 'iif_detached' in shown,
    unresolved: 'unresolved' in shown,
    goto: shown.goto ?? '',
  });
}

/** A link of ours. */
export function linkLine(link: LinkMessage, names: ReadonlyMap<number, string>): string {
  const up = (link.flags & 1) !== 0;
  const peer = link.link === undefined || link.link === 0 ? '' : names.get(link.link);
  return line({
    index: link.index,
    name: link.name,
    mtu: link.mtu,
    state: link.operState?.toUpperCase(),
    address: Buffer.from(link.address ?? []).toString('hex'),
    peer,
    up,
    lower: (link.flags & 0x10000) !== 0,
  });
}

/** A link of ip's. */
export function shownLinkLine(shown: Shown): string {
  const flags = new Set(shown.flags);
  return line({
    index: shown.ifindex,
    name: shown.ifname,
    mtu: shown.mtu,
    state: shown.operstate?.toUpperCase(),
    address: (shown.address ?? '').replaceAll(':', ''),
    peer: shown.link ?? '',
    up: flags.has('UP'),
    lower: flags.has('LOWER_UP'),
  });
}

/** An address of ours. */
export function addressLine(item: AddressMessage): string {
  return line({
    index: item.index,
    local: (item.local ?? item.address)?.join('.'),
    length: item.prefixLength,
    label: item.label ?? '',
    secondary: item.family === AF_INET && (item.flags & 1) !== 0,
    tentative: (item.flags & 0x40) !== 0,
  });
}

/** The addresses of ip's, of one interface. */
export function shownAddressLines(shown: Shown): string[] {
  return (shown.addr_info ?? []).map((info) =>
    line({
      index: shown.ifindex,
      local: bytesOf(info.local),
      length: info.prefixlen,
      label: info.label ?? '',
      secondary: info.secondary ?? false,
      tentative: info.tentative ?? false,
    }),
  );
}

function line(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ');
}
