import { kernel } from '@rtap/native';
import type { NetworkNamespace } from '@rtap/native';
import { createTestNamespace, ipJson } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import type { RouteMessage } from '@rtap/netlink/route';
import {
  routeFamily,
  watchAddresses,
  watchLinks,
  watchNeighbours,
  watchNexthops,
  watchRoutes,
  watchRules,
} from '@rtap/transport';
import type { TableWatch } from '@rtap/transport';
import { describe, expect } from 'vitest';
import {
  addressLine,
  linkLine,
  shownAddressLines,
  shownLinkLine,
  neighbourLine,
  nexthopLine,
  routeLine,
  ruleLine,
  shownNeighbourLine,
  shownNexthopLine,
  shownRouteLine,
  shownRuleLine,
} from './as-ip-shows.ts';
import type { Shown } from './as-ip-shows.ts';

/** Rounds of random changes; RTAP_SOAK=1 makes ten times as many. */
const ROUNDS = process.env['RTAP_SOAK'] === undefined ? 40 : 400;
/** Changes that come without a break. */
const BURST = 6;
/** For things to settle: changes without a word are found out by dumps that are kept apart. */
const SETTLED = { timeout: 15_000, interval: 30 };

/** Numbers that look random, the same ones each time (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Runs commands of ip in one process; those that the kernel refuses are passed over. */
async function batch(netns: NetworkNamespace, lines: readonly string[]): Promise<void> {
  const child = await netns.exec('ip', ['-force', '-batch', '-'], { stdio: 'pipe' });
  child.stdin?.end(`${lines.join('\n')}\n`);
  child.stdout?.resume();
  child.stderr?.resume();
  await child.exited;
}

async function shown(netns: NetworkNamespace, args: readonly string[]): Promise<readonly Shown[]> {
  const printed = await ipJson(netns, ['-N', '-d', ...args]);
  if (!Array.isArray(printed)) throw new TypeError('ip printed no list');
  return printed;
}

async function linkNames(netns: NetworkNamespace): Promise<ReadonlyMap<number, string>> {
  return new Map(
    (await shown(netns, ['link', 'show'])).map((link) => [link.ifindex ?? 0, link.ifname ?? '']),
  );
}

/** What ip shows of all tables. */
async function routesShown(netns: NetworkNamespace): Promise<string[]> {
  const lines: string[] = [];
  for (const [option, family] of [
    ['-4', 2],
    ['-6', 10],
  ] as const) {
    const routes = await shown(netns, [option, 'route', 'show', 'table', 'all']);
    lines.push(...routes.map((route) => shownRouteLine(route, family)));
  }
  return lines.toSorted();
}

const SETUP = [
  'link set lo up',
  ...[0, 1].flatMap((n) => [
    `link add name d${n} type veth peer name p${n}`,
    `link set p${n} up`,
    `link set d${n} up`,
    `address add 10.${n}.0.1/24 dev d${n}`,
    `address add 2001:db8:${n}::1/64 dev d${n} nodad`,
  ]),
];

type Pick = (below: number) => number;

/** A change of routes alone: told in full. */
function routeChange(pick: Pick): string {
  const dev = `d${pick(2)}`;
  const of = (...words: readonly string[]): string => words[pick(words.length)]!;
  const verb = of('add', 'append', 'append', 'prepend', 'replace', 'change', 'del', 'add');
  const verb6 = of('add', 'append', 'append', 'replace', 'change', 'del');
  const hop = (): string => `10.${pick(2)}.0.${2 + pick(3)}`;
  const hop6 = (): string => `2001:db8:${pick(2)}::${2 + pick(3)}`;
  const to = `10.${100 + pick(3)}.0.0/16`;
  const to6 = `2001:db8:${of('a', 'b', 'c')}::/48`;
  // The kernel's dump of IPv6 leaves out what stands between the ways of a multipath route (fib6_dump_node).
  const direct6 = `2001:db8:${of('d', 'e')}::/48`;
  const metric = of('', ' metric 7');
  const options = of('', ' proto static', ' mtu 1400', ' table 1000', ' tos 0x10');
  return of(
    `route ${verb} ${to} via ${hop()}${metric}${options}`,
    `route ${verb} ${to} via ${hop()}${metric}`,
    `route ${verb} ${to} dev ${dev}${metric}`,
    `route ${verb} ${to} via 10.0.0.2 dev d0 onlink`,
    `route ${verb} ${to}${metric} nexthop via ${hop()} nexthop via ${hop()} weight 3`,
    `route ${verb} unreachable ${to}${metric}`,
    `route ${verb} ${to} via inet6 ${hop6()} dev ${dev}`,
    `route del ${to}${metric}`,
    `route ${verb6} ${to6} via ${hop6()}${metric}`,
    `route ${verb6} ${to6} via ${hop6()}`,
    `route ${verb6} ${direct6} dev ${dev}${metric}`,
    `route ${verb6} ${to6}${metric} nexthop via ${hop6()} nexthop via ${hop6()} weight 2`,
    `route ${verb6} blackhole ${direct6}${metric}`,
    `route ${verb6} ${to6} via ${hop6()} table 1000 mtu 1400`,
    `route del ${to6} via ${hop6()}`,
    `route del ${to6}${metric}`,
    `route del ${direct6}${metric}`,
  );
}

/** Some change of links, addresses, routes, nexthops, rules or neighbours. */
function anyChange(pick: Pick): string {
  const n = pick(2);
  const dev = `d${n}`;
  const of = (...words: readonly string[]): string => words[pick(words.length)]!;
  const hop = (): string => `10.${pick(2)}.0.${2 + pick(3)}`;
  const hop6 = (): string => `2001:db8:${pick(2)}::${2 + pick(3)}`;
  const to = `10.${100 + pick(3)}.0.0/16`;
  const to6 = `2001:db8:${of('a', 'b', 'c')}::/48`;
  const mac = `lladdr 02:00:00:00:00:0${pick(9)}`;
  return of(
    `link set ${dev} ${of('down', 'up', 'up')}`,
    `link set p${n} ${of('down', 'up', 'up')}`,
    `link set ${dev} mtu ${of('1500', '1400')}`,
    `link del ${dev}`,
    `link add name ${dev} type veth peer name p${n}`,
    `link add name ${dev} type veth peer name p${n}`,
    `link set ${dev} name x${n}`,
    `link set x${n} name ${dev}`,
    `address ${of('add', 'add', 'del')} 10.${n}.0.1/24 dev ${dev}`,
    `address ${of('add', 'del')} 10.${n}.0.77/24 dev ${dev}`,
    `address ${of('add', 'add', 'del')} 2001:db8:${n}::1/64 dev ${dev} nodad`,
    `route append ${to} via ${hop()} src 10.${n}.0.77`,
    `route append ${to} nhid ${1 + pick(4)}`,
    `route append ${to6} via ${hop6()} src 2001:db8:${n}::1`,
    `route append 2001:db8:f::/48 nhid ${5 + pick(2)}`,
    `nexthop ${of('add', 'replace', 'del')} id ${1 + pick(2)} via ${hop()} dev ${dev}`,
    `nexthop ${of('add', 'replace')} id ${3 + pick(2)} group 1/2`,
    `nexthop del id ${1 + pick(6)}`,
    `nexthop ${of('add', 'replace')} id 5 via ${hop6()} dev ${dev}`,
    `nexthop add id 6 group 5`,
    `neigh ${of('add', 'replace', 'del')} ${hop()} ${mac} dev ${dev}`,
    `neigh replace ${hop6()} ${mac} dev ${dev} nud ${of('stale', 'noarp', 'permanent')} router`,
    `neigh flush dev ${dev} nud all`,
    `rule ${of('add', 'del')} from 10.${n}.0.0/24 iif ${dev} lookup 1000 priority ${500 + pick(2)}`,
    `rule ${of('add', 'del')} priority ${600 + pick(2)} goto ${602 + pick(2)}`,
    `rule ${of('add', 'del')} priority ${602 + pick(2)} nop`,
    ...Array.from({ length: 12 }, () => routeChange(pick)),
  );
}

const PATIENT = { timeout: 180_000 };
const same = { missing: [], surplus: [] };

describe('tables of routing, judged by ip', () => {
  test.for([1, 2, 3])(
    'are true after random changes, seed %i',
    PATIENT,
    async (seed, { judges, netns }) => {
      judges('ip');
      expect(netns.path).not.toBe('');
      await using own = await createTestNamespace();
      await batch(own, SETUP);
      const where = { sockets: kernel, netns: own };
      const routes = await watchRoutes(where);
      const neighbours = await watchNeighbours(where);
      const nexthops = await watchNexthops(where);
      const rules = await watchRules(where);
      const links = await watchLinks(where);
      const addresses = await watchAddresses(where);
      const pick = random(seed);
      const done: string[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const burst = Array.from({ length: BURST }, () => anyChange(pick));
        done.push(...burst);
        await batch(own, burst);
        const poll = { ...SETTLED, message: done.slice(-3 * BURST).join('\n') };
        await expect.poll(() => routesApart(own, routes), poll).toEqual(same);
        await expect
          .poll(async () => {
            const names = await linkNames(own);
            const truth = await shown(own, ['neigh', 'show', 'nud', 'all']);
            const held = neighbours.items.map((item) => neighbourLine(item, names));
            return apart(truth.filter(isTold).map(shownNeighbourLine), held);
          }, poll)
          .toEqual(same);
        await expect
          .poll(async () => {
            const names = await linkNames(own);
            const truth = (await shown(own, ['nexthop', 'show'])).map(shownNexthopLine);
            const held = nexthops.items.map((item) => nexthopLine(item, names));
            return apart(truth, held);
          }, poll)
          .toEqual(same);
        await expect
          .poll(async () => {
            const truth = [
              ...(await shown(own, ['-4', 'rule', 'show'])),
              ...(await shown(own, ['-6', 'rule', 'show'])),
            ].map(shownRuleLine);
            return apart(truth, rules.items.map(ruleLine));
          }, poll)
          .toEqual(same);
        await expect
          .poll(async () => {
            const shownLinks = await shown(own, ['address', 'show']);
            const names = new Map(shownLinks.map((link) => [link.ifindex ?? 0, link.ifname ?? '']));
            const ours = [
              ...links.items.map((item) => linkLine(item, names)),
              ...addresses.items.map(addressLine),
            ];
            const truth = [
              ...shownLinks.map(shownLinkLine),
              ...shownLinks.flatMap(shownAddressLines),
            ];
            return apart(truth, ours);
          }, poll)
          .toEqual(same);
      }
      for (const watch of [links, addresses]) watch.close();
      for (const watch of [routes, neighbours, nexthops, rules]) watch.close();
    },
  );

  test.for([4, 5, 6])(
    'follow changes of routes by their events, seed %i',
    PATIENT,
    async (seed, { judges, netns }) => {
      judges('ip');
      expect(netns.path).not.toBe('');
      await using own = await createTestNamespace();
      await batch(own, SETUP);
      await using watch = await watchRoutes({ sockets: kernel, netns: own });
      const follower = new Map<number | string, string>();
      void follow(watch, follower);
      const pick = random(seed);
      const done: string[] = [];
      for (let round = 0; round < 2 * ROUNDS; round += 1) {
        const burst = Array.from({ length: BURST }, () => routeChange(pick));
        done.push(...burst);
        await batch(own, burst);
        const poll = { ...SETTLED, message: done.slice(-3 * BURST).join('\n') };
        await expect.poll(() => routesApart(own, watch), poll).toEqual(same);
        // Whoever follows the events knows the same.
        const known = new Map(
          watch.items.map((item) => [routeFamily.key(item), routeFamily.silent?.state(item)]),
        );
        await expect.poll(() => follower, poll).toEqual(known);
      }
    },
  );
});

async function follow(
  watch: TableWatch<RouteMessage>,
  known: Map<number | string, string>,
): Promise<void> {
  const keep = (item: RouteMessage): void => {
    known.set(routeFamily.key(item), routeFamily.silent?.state(item) ?? '');
  };
  for await (const event of watch) {
    if (event.type === 'snapshot') {
      known.clear();
      for (const item of event.items) keep(item);
    } else if (event.type === 'new') keep(event.item);
    else if (event.type === 'delete') known.delete(routeFamily.key(event.item));
  }
}

async function routesApart(
  netns: NetworkNamespace,
  watch: TableWatch<RouteMessage>,
): Promise<ReturnType<typeof apart>> {
  const names = await linkNames(netns);
  const truth = await routesShown(netns);
  return apart(
    truth,
    watch.items.map((route) => routeLine(route, names)),
  );
}

/** Not what the kernel makes without a word: what needs no resolving, and has no address of one station. */
function isTold({ state, lladdr = '' }: Shown): boolean {
  const group = (parseInt(lladdr.slice(0, 2), 16) & 1) === 1;
  return !state?.includes('NOARP') || !(group || /^[0:]*$/.test(lladdr));
}

/** Lines that the kernel has and we haven't, and the other way round. */
function apart(
  truth: readonly string[],
  held: readonly string[],
): { readonly missing: readonly string[]; readonly surplus: readonly string[] } {
  // Sets: the kernel has the same IPv6 route twice when one replaces another beside it.
  const [theirs, ours] = [new Set(truth), new Set(held)];
  return {
    missing: [...theirs].filter((each) => !ours.has(each)),
    surplus: [...ours].filter((each) => !theirs.has(each)),
  };
}
