/**
 * Routes, rules and nexthops: questions and changes as methods.
 *
 * @module
 */

import { NLM_F_APPEND, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from '@rtap/netlink';
import type { NexthopMessage } from '@rtap/netlink/nexthop';
import type { RouteMessage } from '@rtap/netlink/route';
import type { RuleMessage } from '@rtap/netlink/rule';
import type { Dump } from './dump.ts';
import type { RequestOptions } from './exchange.ts';
import { NeighbourClient } from './neighbour-client.ts';
import { nexthopDump } from './nexthop-dump.ts';
import type { NexthopDumpOptions } from './nexthop-dump.ts';
import { changeNexthop, getNexthop, removeNexthop } from './nexthop-operations.ts';
import type { Nexthop } from './nexthop-operations.ts';
import { routeDump } from './route-dump.ts';
import type { RouteDumpOptions } from './route-dump.ts';
import { changeRoute } from './route-operations.ts';
import { getRoute } from './route-query.ts';
import type { RouteQuery } from './route-query.ts';
import type { Route } from './route.ts';
import { ruleDump } from './rule-dump.ts';
import type { RuleDumpOptions } from './rule-dump.ts';
import { changeRule } from './rule-operations.ts';
import type { Rule } from './rule-operations.ts';

const CREATE_NEW = NLM_F_CREATE | NLM_F_EXCL;
const CREATE_OR_REPLACE = NLM_F_CREATE | NLM_F_REPLACE;

/** The part of {@link NetlinkClient} about routes, rules and nexthops. */
export class RouteClient extends NeighbourClient {
  /**
   * All routes, or some of them.
   *
   * @example
   * ```ts
   * import { AF_INET, RT_TABLE_MAIN } from '@rtap/netlink';
   * import { NetlinkClient } from '@rtap/transport';
   *
   * const client = await NetlinkClient.open();
   * for await (const route of client.routes({ family: AF_INET, table: RT_TABLE_MAIN })) {
   *   const destination = route.destination?.join('.') ?? 'default';
   *   console.log(`${destination}/${route.destinationLength}`, route.gateway?.join('.'));
   * }
   * await client.close();
   * ```
   */
  routes(options: RouteDumpOptions = {}): Dump<RouteMessage> {
    return this.dump(routeDump(options), options);
  }

  /** Asks for the route that a packet takes. */
  async getRoute(query: RouteQuery, options: RequestOptions = {}): Promise<RouteMessage> {
    return getRoute(this.conversation, query, options);
  }

  /**
   * Adds a route; fails with EEXIST when there is one of the same destination, metric and type of service.
   *
   * @example
   * ```ts
   * import { NetlinkClient } from '@rtap/transport';
   *
   * const client = await NetlinkClient.open();
   * const { index } = await client.getLink({ name: 'lo' });
   * // ip route add 198.51.100.0/24 via 192.0.2.1 dev lo
   * const route = {
   *   destination: Uint8Array.of(198, 51, 100, 0),
   *   destinationLength: 24,
   *   gateway: Uint8Array.of(192, 0, 2, 1),
   *   outputIndex: index,
   * };
   * // The kernel's own words: Nexthop has invalid gateway
   * await client.addRoute(route).catch((error) => console.log(error.message));
   * await client.close();
   * ```
   */
  async addRoute(route: Route, options: RequestOptions = {}): Promise<void> {
    await changeRoute(this.conversation, 'RTM_NEWROUTE', CREATE_NEW, route, options);
  }

  /** Adds a route, or puts it in the place of one of the same destination, metric and type of service. */
  async replaceRoute(route: Route, options: RequestOptions = {}): Promise<void> {
    await changeRoute(this.conversation, 'RTM_NEWROUTE', CREATE_OR_REPLACE, route, options);
  }

  /** Changes a route of the same destination, metric and type of service; fails with ENOENT when there is none. */
  async changeRoute(route: Route, options: RequestOptions = {}): Promise<void> {
    await changeRoute(this.conversation, 'RTM_NEWROUTE', NLM_F_REPLACE, route, options);
  }

  /** Adds a route behind others of the same destination, metric and type of service; in IPv6 a gateway becomes one more way of them. */
  async appendRoute(route: Route, options: RequestOptions = {}): Promise<void> {
    await changeRoute(
      this.conversation,
      'RTM_NEWROUTE',
      NLM_F_CREATE | NLM_F_APPEND,
      route,
      options,
    );
  }

  /** Adds a route before others of the same destination, metric and type of service; IPv4 only. */
  async prependRoute(route: Route, options: RequestOptions = {}): Promise<void> {
    await changeRoute(this.conversation, 'RTM_NEWROUTE', NLM_F_CREATE, route, options);
  }

  /** Deletes a route: the first that fits what is given; fails with ESRCH when none does. */
  async deleteRoute(route: Route, options: RequestOptions = {}): Promise<void> {
    await changeRoute(this.conversation, 'RTM_DELROUTE', 0, route, options);
  }

  /** All routing rules, or some of them, in the order in which they are looked at. */
  rules(options: RuleDumpOptions = {}): Dump<RuleMessage> {
    return this.dump(ruleDump(options), options);
  }

  /** Adds a routing rule; fails with EEXIST when it is there. */
  async addRule(rule: Rule, options: RequestOptions = {}): Promise<void> {
    await changeRule(this.conversation, 'RTM_NEWRULE', CREATE_NEW, rule, options);
  }

  /** Deletes a routing rule: the first that fits what is given; fails with ENOENT when none does. */
  async deleteRule(rule: Rule, options: RequestOptions = {}): Promise<void> {
    await changeRule(this.conversation, 'RTM_DELRULE', 0, rule, options);
  }

  /** All nexthops and groups of them, or some. */
  nexthops(options: NexthopDumpOptions = {}): Dump<NexthopMessage> {
    return this.dump(nexthopDump(options), options);
  }

  /** Asks for one nexthop or group; fails with ENOENT when it is not there. */
  async getNexthop(id: number, options: RequestOptions = {}): Promise<NexthopMessage> {
    return getNexthop(this.conversation, id, options);
  }

  /** Adds a nexthop, or a group of them; fails with EEXIST when the id is taken. */
  async addNexthop(nexthop: Nexthop, options: RequestOptions = {}): Promise<void> {
    await changeNexthop(this.conversation, CREATE_NEW, nexthop, options);
  }

  /** Adds a nexthop or a group, or puts it in the place of the one that has the id; routes follow. */
  async replaceNexthop(nexthop: Nexthop, options: RequestOptions = {}): Promise<void> {
    await changeNexthop(this.conversation, CREATE_OR_REPLACE, nexthop, options);
  }

  /** Deletes a nexthop or a group, and the routes that use it. */
  async deleteNexthop(id: number, options: RequestOptions = {}): Promise<void> {
    await removeNexthop(this.conversation, id, options);
  }
}
