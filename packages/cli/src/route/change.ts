/**
 * `rtap route add`, `replace`, `change`, `append` and `del`.
 *
 * @module
 */

import { AF_INET, AF_INET6 } from '@rtap/netlink';
import type { NetlinkClient, Route, RouteWay } from '@rtap/transport';
import { usageError } from '../frame/cli-error.ts';
import type { CommonOptions } from '../frame/options.ts';
import { protocols, scopes, services, tables } from '../ip/named-numbers.ts';
import { findLink, telling } from '../ip/with-client.ts';
import { parseAddress, parseInteger, Words } from '../ip/words.ts';
import { destinationOf } from './destination.ts';
import { ROUTE_TYPES } from './route-types.ts';

/** What is done with a route. */
export type RouteVerb = 'add' | 'replace' | 'change' | 'append' | 'del';

/** One way of a route, with its interface by name. */
interface NamedWay extends Omit<RouteWay, 'outputIndex'> {
  /** The interface's name. */
  readonly device?: string;
}

/** A route, with interfaces by their names. */
export interface RouteChange {
  /** The destination as it was written, for errors. */
  readonly text: string;
  /** The interface's name. */
  readonly device: string | undefined;
  /** The ways of a multipath route. */
  readonly ways: readonly NamedWay[];
  /** The rest. */
  readonly route: Route;
}

interface Parsed {
  text?: string;
  device?: string;
  ways: NamedWay[];
  route: Route;
}

/** Reads `[ TYPE ] PREFIX via [ inet|inet6 ] ADDRESS dev DEVICE metric N ... nexthop via ADDRESS dev DEVICE weight N ...`. */
export function parseRouteChange(
  args: readonly string[],
  { ipv4 = false, ipv6 = false }: CommonOptions,
): RouteChange {
  const words = new Words(args);
  const parsed: Parsed = { ways: [], route: {} };
  for (let word = words.next(); word !== undefined; word = words.next()) {
    takeWord(parsed, word, words);
  }
  const { text, device, ways, route } = parsed;
  if (text === undefined) throw usageError('to where?', 'such as default via 10.0.0.1');
  const known = route.destination ?? route.gateway ?? ways[0]?.gateway ?? route.preferredSource;
  const bySize = known === undefined ? undefined : known.length === 4 ? AF_INET : AF_INET6;
  const family = ipv4 === ipv6 ? (route.family ?? bySize) : ipv4 ? AF_INET : AF_INET6;
  return { text, device, ways, route: { ...route, ...(family !== undefined && { family }) } };
}

function takeWord(parsed: Parsed, word: string, words: Words): void {
  switch (word) {
    case 'dev':
    case 'oif':
      parsed.device = words.value('dev');
      break;
    case 'nexthop':
      parsed.ways.push(takeWay(words));
      break;
    default: {
      const attribute = takeAttribute(word, words, parsed.route);
      if (attribute !== undefined) parsed.route = { ...parsed.route, ...attribute };
      else takeDestination(parsed, word === 'to' ? words.value(word) : word);
    }
  }
}

function takeAttribute(word: string, words: Words, route: Route): Route | undefined {
  switch (word) {
    case 'via':
      return { gateway: gatewayOf(words.value(word), words) };
    case 'metric':
    case 'priority':
    case 'preference':
      return { priority: words.integer('metric') };
    case 'proto':
    case 'protocol':
      return { protocol: protocols.parse(words.value('proto')) };
    case 'scope':
      return { scope: scopes.parse(words.value(word)) };
    case 'table':
      return { table: tables.parse(words.value(word)) };
    case 'src':
      return { preferredSource: words.ipAddress(word) };
    case 'tos':
    case 'dsfield':
      return { tos: services.parse(words.value('tos')) };
    case 'nhid':
      return { nexthopId: words.integer(word, 1) };
    case 'onlink':
      return { onlink: true };
    case 'mtu':
      return { metrics: { ...route.metrics, mtu: words.integer(word) } };
    case 'advmss':
      return { metrics: { ...route.metrics, advertisedMss: words.integer(word) } };
    default: {
      // A type is told before the destination, and the words local and default are either.
      const type = route.type === undefined ? ROUTE_TYPES[word] : undefined;
      return type === undefined ? undefined : { type };
    }
  }
}

function takeDestination(parsed: Parsed, text: string): void {
  if (parsed.text !== undefined) throw usageError(`"${text}" is one word too many`);
  parsed.text = text;
  const { family, address, length } = destinationOf(text);
  parsed.route = {
    ...parsed.route,
    ...(family !== undefined && { family }),
    ...(address !== undefined && { destination: address, destinationLength: length }),
  };
}

/** A gateway, behind the name of its family when that is another one. */
function gatewayOf(word: string, words: Words): Uint8Array {
  return parseAddress(word === 'inet' || word === 'inet6' ? words.again('via') : word);
}

function takeWay(words: Words): NamedWay {
  let way: NamedWay = {};
  for (;;) {
    switch (words.ahead) {
      case 'via':
        words.next();
        way = { ...way, gateway: gatewayOf(words.again('via'), words) };
        break;
      case 'dev':
        words.next();
        way = { ...way, device: words.again('dev') };
        break;
      case 'weight':
        words.next();
        way = { ...way, weight: parseInteger('weight', words.again('weight'), 1, 256) };
        break;
      case 'onlink':
        words.next();
        way = { ...way, onlink: true };
        break;
      default:
        return way;
    }
  }
}

/** Adds, changes or deletes the route. */
export async function changeRoute(
  client: NetlinkClient,
  verb: RouteVerb,
  { text, device, ways, route }: RouteChange,
): Promise<void> {
  const outputIndex = device === undefined ? undefined : (await findLink(client, device)).index;
  const indexed = await Promise.all(ways.map((way) => wayOf(client, way)));
  const whole = {
    ...route,
    ...(outputIndex !== undefined && { outputIndex }),
    ...(indexed.length > 0 && { ways: indexed }),
  };
  await telling(text, send(client, verb, whole));
}

async function wayOf(client: NetlinkClient, { device, ...way }: NamedWay): Promise<RouteWay> {
  if (device === undefined) return way;
  return { ...way, outputIndex: (await findLink(client, device)).index };
}

async function send(client: NetlinkClient, verb: RouteVerb, route: Route): Promise<void> {
  switch (verb) {
    case 'add':
      return client.addRoute(route);
    case 'replace':
      return client.replaceRoute(route);
    case 'change':
      return client.changeRoute(route);
    case 'append':
      return client.appendRoute(route);
    default:
      return client.deleteRoute(route);
  }
}
