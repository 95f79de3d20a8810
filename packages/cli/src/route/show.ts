/**
 * `rtap route show`.
 *
 * @module
 */

import { formatIpAddress } from '@rtap/frames';
import { AF_INET, AF_INET6, AF_UNSPEC, RTM_F_CLONED, RT_TABLE_MAIN } from '@rtap/netlink';
import type { RouteMessage } from '@rtap/netlink/route';
import { errorCode } from '@rtap/transport';
import type { NetlinkClient, RouteDumpOptions } from '@rtap/transport';
import { CliError, usageError } from '../frame/cli-error.ts';
import type { CommonOptions } from '../frame/options.ts';
import { linksAt } from '../ip/known-links.ts';
import { protocols, scopes, tables } from '../ip/named-numbers.ts';
import { findLink } from '../ip/with-client.ts';
import { Words, choose } from '../ip/words.ts';
import { destinationOf } from './destination.ts';
import type { Destination } from './destination.ts';
import { ROUTE_TYPES } from './route-types.ts';
import { shownRoute } from './shown-route.ts';
import type { RouteContext, ShownRoute } from './shown-route.ts';

/** Which routes to show. */
export interface RouteFilter {
  /** Those of this table; undefined: of all. */
  readonly table: number | undefined;
  /** Those by way of this interface. */
  readonly device?: string;
  readonly protocol?: number;
  readonly scope?: number;
  readonly type?: number;
  /** Those to exactly this destination. */
  readonly destination?: Destination;
  /** What is shown instead of routes. */
  readonly cached: boolean;
}

/** Reads `[ to ] PREFIX table TABLE|all dev DEVICE proto PROTOCOL scope SCOPE type TYPE`. */
export function parseRouteFilter(args: readonly string[]): RouteFilter {
  const words = new Words(args);
  let filter: RouteFilter = { table: RT_TABLE_MAIN, cached: false };
  for (let word = words.next(); word !== undefined; word = words.next()) {
    filter = takeRouteWord(filter, word, words);
  }
  return filter;
}

function takeRouteWord(filter: RouteFilter, word: string, words: Words): RouteFilter {
  switch (word) {
    case 'table': {
      const table = words.value(word);
      if (table === 'cache') return { ...filter, table: undefined, cached: true };
      return { ...filter, table: table === 'all' ? undefined : tables.parse(table) };
    }
    case 'cache':
    case 'cached':
      return { ...filter, table: undefined, cached: true };
    case 'dev':
    case 'oif':
      return { ...filter, device: words.value('dev') };
    case 'proto':
    case 'protocol':
      return { ...filter, protocol: protocols.parse(words.value('proto')) };
    case 'scope':
      return { ...filter, scope: scopes.parse(words.value(word)) };
    case 'type':
      return { ...filter, type: choose('type of a route', words.value(word), ROUTE_TYPES) };
    default: {
      const type = ROUTE_TYPES[word];
      if (type !== undefined) return { ...filter, type };
      const prefix = word === 'to' || word === 'exact' ? words.value('to') : word;
      if (filter.destination !== undefined) throw usageError(`"${prefix}" is one too many`);
      return { ...filter, destination: destinationOf(prefix) };
    }
  }
}

/** What `rtap route show` shows. */
export async function shownRoutes(
  client: NetlinkClient,
  filter: RouteFilter,
  options: CommonOptions,
): Promise<readonly ShownRoute[]> {
  const { device, protocol, scope, type, table, cached, destination } = filter;
  const index = device === undefined ? undefined : (await findLink(client, device)).index;
  const routes = await dump(client, {
    family: familyOf(filter, options),
    cached,
    ...(table !== undefined && { table }),
    ...(index !== undefined && { outputIndex: index }),
    ...(protocol !== undefined && { protocol }),
    ...(type !== undefined && { type }),
  });
  const items = routes.filter(
    (route) =>
      // Of multipath routes by way of an interface ip says nothing.
      (index === undefined || route.outputIndex === index) &&
      (scope === undefined || route.scope === scope) &&
      (destination === undefined || isTo(route, destination)),
  );
  const links = await linksAt(
    client,
    items.flatMap((route) => [
      route.outputIndex,
      ...(route.multipath ?? []).map((way) => way.index),
    ]),
  );
  const asked = new Set<'table' | 'dev' | 'protocol' | 'scope'>();
  if (table !== undefined || cached) asked.add('table');
  if (device !== undefined) asked.add('dev');
  if (protocol !== undefined) asked.add('protocol');
  if (scope !== undefined) asked.add('scope');
  const context: RouteContext = { links, details: options.details ?? false, asked };
  return items.map((route) => shownRoute(route, context));
}

/** As ip has it: IPv4, but for all tables both. */
function familyOf(filter: RouteFilter, { ipv4 = false, ipv6 = false }: CommonOptions): number {
  if (ipv4 !== ipv6) return ipv4 ? AF_INET : AF_INET6;
  if (filter.destination?.family !== undefined) return filter.destination.family;
  return filter.table === undefined ? AF_UNSPEC : AF_INET;
}

async function dump(
  client: NetlinkClient,
  options: RouteDumpOptions,
): Promise<readonly RouteMessage[]> {
  const { family } = options;
  const families = family === AF_UNSPEC ? [AF_INET, AF_INET6] : [family ?? AF_INET];
  const all: RouteMessage[] = [];
  for (const each of families) {
    try {
      // One dump at a time, as the kernel has it.
      // oxlint-disable-next-line no-await-in-loop
      all.push(...(await client.routes({ ...options, family: each }).toArray()));
    } catch (error) {
      const { table } = options;
      if (errorCode(error) !== 'ENOENT' || table === undefined) throw error;
      throw new CliError(`Table "${tables.nameOf(table)}" does not exist`, { cause: error });
    }
  }
  return all.filter(({ flags }) => ((flags & RTM_F_CLONED) !== 0) === (options.cached ?? false));
}

function isTo(route: RouteMessage, { address, length }: Destination): boolean {
  if (route.destinationLength !== length) return false;
  if (route.destination === undefined) return length === 0;
  return address !== undefined && formatIpAddress(route.destination) === formatIpAddress(address);
}
