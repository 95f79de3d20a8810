/**
 * What the in-memory rtnetlink knows of routes: the kernel's rules, as far as tests look.
 *
 * @module
 */

import { AF_INET, AF_INET6, NLM_F_EXCL, RTM_DELROUTE } from '@rtap/netlink';
import type { NetlinkMessage } from '@rtap/netlink';
import type { AddressMessage } from '@rtap/netlink/address';
import { decodeRoute } from '@rtap/netlink/route';
import type { RouteMessage } from '@rtap/netlink/route';
import { isOfNetwork, networkOf, ownOf } from './memory-addresses.ts';
import type { MemoryLink } from './memory-link.ts';
import { DONE, refusal } from './memory-refusal.ts';
import type { Refusal } from './memory-refusal.ts';

/** Metric of a route of IPv6 that was given none (IP6_RT_PRIO_USER). */
const IPV6_METRIC = 1024;
const MAIN_TABLE = 254;

/** The routes of a namespace: those that were added. */
export class MemoryRoutes {
  #routes: readonly RouteMessage[] = [];

  /** All of them, oldest first. */
  get all(): readonly RouteMessage[] {
    return this.#routes;
  }

  /** Adds or deletes one. */
  perform(
    message: NetlinkMessage,
    linkOf: (ifindex: number) => MemoryLink | undefined,
    addresses: readonly AddressMessage[],
  ): Refusal {
    const route = decodeRoute({ ...message, body: message.body.slice() });
    const link = linkOf(route.outputIndex ?? 0);
    if (link === undefined) return refusal('ENODEV');
    if (message.type === RTM_DELROUTE) return this.#delete(route);
    const why = this.#refusalOf(route, link, addresses);
    if (why !== undefined) return why;
    const known = this.#routes.find((other) => isSame(other, route));
    const taken = known !== undefined || isConnected(route, addresses);
    if (taken && (message.flags & NLM_F_EXCL) !== 0) return refusal('EEXIST');
    this.#routes = [...this.#routes.filter((other) => other !== known), route];
    return DONE;
  }

  /** Takes those out of an interface away. */
  takeAway(ifindex: number): void {
    this.#routes = this.#routes.filter(({ outputIndex }) => outputIndex !== ifindex);
  }

  #delete(route: RouteMessage): Refusal {
    // What isn't said doesn't matter, and of several the one with the least metric goes.
    const [first] = this.#routes
      .filter(
        (other) =>
          isToSame(other, route) &&
          other.outputIndex === route.outputIndex &&
          (route.priority === undefined || route.priority === 0 || isSame(other, route)) &&
          (route.gateway === undefined || String(other.gateway) === String(route.gateway)),
      )
      .toSorted((a, b) => metricOf(a) - metricOf(b));
    if (first === undefined) return refusal('ESRCH');
    this.#routes = this.#routes.filter((other) => other !== first);
    return DONE;
  }

  #refusalOf(
    route: RouteMessage,
    link: MemoryLink,
    addresses: readonly AddressMessage[],
  ): Refusal | undefined {
    const six = route.family === AF_INET6;
    if (!link.up) {
      return refusal('ENETDOWN', six ? 'Nexthop device is not up' : 'Device for nexthop is not up');
    }
    const { gateway, preferredSource } = route;
    if (gateway !== undefined && !this.#reaches(gateway, link, addresses)) {
      return six ? refusal('EHOSTUNREACH') : refusal('ENETUNREACH', 'Nexthop has invalid gateway');
    }
    const own = addresses.some((address) => String(ownOf(address)) === String(preferredSource));
    if (preferredSource !== undefined && !own) {
      return refusal('EINVAL', six ? 'Invalid source address' : 'Invalid prefsrc address');
    }
    return undefined;
  }

  /** Whether a gateway is on the link. */
  #reaches(
    gateway: Uint8Array,
    { ifindex }: MemoryLink,
    addresses: readonly AddressMessage[],
  ): boolean {
    const isLinkLocal =
      gateway.length === 16 && gateway[0] === 0xfe && ((gateway[1] ?? 0) & 0xc0) === 0x80;
    return (
      isLinkLocal ||
      addresses.some(
        (address) =>
          address.index === ifindex &&
          isOfNetwork(gateway, networkOf(address), address.prefixLength),
      ) ||
      this.#routes.some(
        ({ outputIndex, gateway: via, destination, destinationLength }) =>
          outputIndex === ifindex &&
          via === undefined &&
          isOfNetwork(gateway, destination ?? new Uint8Array(gateway.length), destinationLength),
      )
    );
  }
}

function metricOf({ family, priority }: RouteMessage): number {
  return priority === undefined || priority === 0
    ? family === AF_INET6
      ? IPV6_METRIC
      : 0
    : priority;
}

function isToSame(route: RouteMessage, other: RouteMessage): boolean {
  return (
    other.family === route.family &&
    other.destinationLength === route.destinationLength &&
    String(other.destination) === String(route.destination) &&
    other.table === route.table
  );
}

function isSame(route: RouteMessage, other: RouteMessage): boolean {
  return isToSame(route, other) && metricOf(route) === metricOf(other);
}

/** Whether the kernel has made it by itself, with an address. */
function isConnected(route: RouteMessage, addresses: readonly AddressMessage[]): boolean {
  const { family, destination, destinationLength, table } = route;
  if (family !== AF_INET || destination === undefined || metricOf(route) !== 0) return false;
  return addresses.some(
    (address) =>
      address.family === family &&
      (table === MAIN_TABLE || table === 0) &&
      address.prefixLength === destinationLength &&
      destinationLength < 32 &&
      isOfNetwork(networkOf(address), destination, destinationLength),
  );
}
