/**
 * A client of rtnetlink: questions and changes as methods.
 *
 * @module
 */

import { IFF_UP, NLM_F_APPEND, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from '@rtap/netlink';
import type { NetlinkMessage, RequestHeader } from '@rtap/netlink';
import type { NetworkNamespaceOption } from '@rtap/native';
import type { AddressMessage } from '@rtap/netlink/address';
import type { LinkMessage, LinkRequest } from '@rtap/netlink/link';
import type { NeighbourMessage } from '@rtap/netlink/neighbour';
import type { NetnsIdMessage } from '@rtap/netlink/netns-id';
import type { NexthopMessage } from '@rtap/netlink/nexthop';
import type { RouteMessage } from '@rtap/netlink/route';
import type { RuleMessage } from '@rtap/netlink/rule';
import { addressDump } from './address-dump.ts';
import type { AddressDumpOptions } from './address-dump.ts';
import { changeAddress } from './address-operations.ts';
import type { InterfaceAddress } from './address-operations.ts';
import { checkInteger, checkObject, checkWhich } from './argument.ts';
import { Conversation } from './conversation.ts';
import { SocketDump } from './dump.ts';
import type { Dump, DumpOptions, DumpRequest } from './dump.ts';
import type { NetlinkWarning, RequestOptions } from './exchange.ts';
import { changeForwardingEntry, getForwardingEntry } from './forwarding-operations.ts';
import type { ForwardingEntry, WhichForwardingEntry } from './forwarding-operations.ts';
import { linkDump } from './link-dump.ts';
import type { LinkDumpOptions } from './link-dump.ts';
import {
  changeAlternativeNames,
  changeLink,
  sendLink,
  getLink,
  linkIndex,
  moveToNamespace,
  removeLink,
} from './link-operations.ts';
import type { WhichLink } from './link-operations.ts';
import { forwardingDump, neighbourDump } from './neighbour-dump.ts';
import type { ForwardingDumpOptions, NeighbourDumpOptions } from './neighbour-dump.ts';
import { changeNeighbour, getNeighbour } from './neighbour-operations.ts';
import type { Neighbour, WhichNeighbour } from './neighbour-operations.ts';
import type { NetlinkRequestTransport, NetlinkSocketOptions } from './netlink-transport.ts';
import { getNetnsId, netnsIdDump, setNetnsId } from './netns-id-operations.ts';
import { nexthopDump } from './nexthop-dump.ts';
import type { NexthopDumpOptions } from './nexthop-dump.ts';
import { changeNexthop, getNexthop, removeNexthop } from './nexthop-operations.ts';
import type { Nexthop } from './nexthop-operations.ts';
import { openNetlinkSocket } from './open-netlink-socket.ts';
import { change } from './requests.ts';
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

/** What a {@link NetlinkClient} takes. */
export interface NetlinkClientOptions {
  /** Told what the kernel says of requests that it carries out: warnings in acknowledgements of success. */
  readonly onWarning?: (warning: NetlinkWarning) => void;
}

/**
 * A conversation with rtnetlink: requests from any number of callers at once, each with its own answer, and
 * one dump at a time beside them.
 *
 * Answers are matched by the socket's own port and the sequence number; datagrams of any sender but the
 * kernel are ignored. What the kernel refuses rejects with a `NetlinkError` that carries its own words.
 *
 * Methods that take {@link WhichLink} look a name up first and send what iproute2 would send; the README has
 * a table of what is added to what is given.
 */
export class NetlinkClient {
  readonly #conversation: Conversation;

  /** Takes over a socket: `close` closes it. */
  constructor(transport: NetlinkRequestTransport, options: NetlinkClientOptions = {}) {
    // The kernel's own words, and requests checked strictly; a kernel that lacks them does without.
    transport.setOption('extAck', true);
    transport.setOption('strictCheck', true);
    this.#conversation = new Conversation(transport, options.onWarning);
  }

  /**
   * Opens a client on a socket of its own.
   *
   * @example
   * ```ts
   * import { NetlinkClient } from '@rtap/transport';
   *
   * const client = await NetlinkClient.open();
   * const loopback = await client.getLink({ name: 'lo' });
   * console.log(loopback.index, loopback.mtu);
   * await client.close();
   * ```
   */
  static async open(
    options: Pick<NetlinkSocketOptions, 'netns' | 'receiveBuffer'> & NetlinkClientOptions = {},
  ): Promise<NetlinkClient> {
    const { onWarning, ...where } = options;
    return new NetlinkClient(
      await openNetlinkSocket(where),
      onWarning === undefined ? {} : { onWarning },
    );
  }

  /** Asks for one interface, by its index or its name. */
  async getLink(which: WhichLink, options: RequestOptions = {}): Promise<LinkMessage> {
    checkWhich('which', which);
    return getLink(this.#conversation, which, options);
  }

  /**
   * All interfaces, or some of them; those that a kernel without strict checking sends besides are left out.
   *
   * @example
   * ```ts
   * import { NetlinkClient } from '@rtap/transport';
   *
   * const client = await NetlinkClient.open();
   * for await (const link of client.links({ kind: 'veth' })) console.log(link.name, link.operState);
   * await client.close();
   * ```
   */
  links(options: LinkDumpOptions = {}): Dump<LinkMessage> {
    return this.dump(linkDump(options), options);
  }

  /** All addresses, or those of an interface or a family. */
  addresses(options: AddressDumpOptions = {}): Dump<AddressMessage> {
    return this.dump(addressDump(options), options);
  }

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

  /** All neighbours, or some of them; or what is answered for as for our own addresses (`proxy`). */
  neighbours(options: NeighbourDumpOptions = {}): Dump<NeighbourMessage> {
    return this.dump(neighbourDump(options), options);
  }

  /** All entries of forwarding databases of bridges and VXLANs, or some of them. */
  forwardingEntries(options: ForwardingDumpOptions = {}): Dump<NeighbourMessage> {
    return this.dump(forwardingDump(options), options);
  }

  /** All routing rules, or some of them, in the order in which they are looked at. */
  rules(options: RuleDumpOptions = {}): Dump<RuleMessage> {
    return this.dump(ruleDump(options), options);
  }

  /** All nexthops and groups of them, or some. */
  nexthops(options: NexthopDumpOptions = {}): Dump<NexthopMessage> {
    return this.dump(nexthopDump(options), options);
  }

  /** All ids that the namespace has for others. */
  netnsIds(options: DumpOptions = {}): Dump<NetnsIdMessage> {
    return this.dump(netnsIdDump, options);
  }

  /** A dump of any kind; {@link NetlinkClient.links} and {@link NetlinkClient.routes} are two. */
  dump<T>(request: DumpRequest<T>, options: DumpOptions = {}): Dump<T> {
    checkObject('request', request);
    checkObject('options', options);
    if (options.attempts !== undefined) {
      checkInteger('options.attempts', options.attempts, 1, Number.MAX_SAFE_INTEGER);
    }
    return new SocketDump(this.#conversation, request, options);
  }

  /** Sets an interface up. */
  async setLinkUp(which: WhichLink, options: RequestOptions = {}): Promise<void> {
    await changeLink(this.#conversation, which, { flags: IFF_UP, change: IFF_UP }, options);
  }

  /** Sets an interface down. */
  async setLinkDown(which: WhichLink, options: RequestOptions = {}): Promise<void> {
    await changeLink(this.#conversation, which, { flags: 0, change: IFF_UP }, options);
  }

  /** Sets or clears flags (IFF_*) of an interface, such as IFF_PROMISC or IFF_ALLMULTI; others stay. */
  async setLinkFlags(
    which: WhichLink,
    flags: number,
    enabled: boolean,
    options: RequestOptions = {},
  ): Promise<void> {
    await changeLink(
      this.#conversation,
      which,
      { flags: enabled ? flags : 0, change: flags },
      options,
    );
  }

  /** Sets the MTU, in bytes. */
  async setLinkMtu(which: WhichLink, mtu: number, options: RequestOptions = {}): Promise<void> {
    await changeLink(this.#conversation, which, { mtu }, options);
  }

  /** Sets the link-layer address: the six bytes of a MAC address. */
  async setLinkAddress(
    which: WhichLink,
    address: Uint8Array,
    options: RequestOptions = {},
  ): Promise<void> {
    await changeLink(this.#conversation, which, { address }, options);
  }

  /** Sets the length of the transmit queue, in packets. */
  async setLinkTransmitQueueLength(
    which: WhichLink,
    txQueueLength: number,
    options: RequestOptions = {},
  ): Promise<void> {
    await changeLink(this.#conversation, which, { txQueueLength }, options);
  }

  /** Tells an interface whether it has a carrier, where its driver lets itself be told. */
  async setLinkCarrier(
    which: WhichLink,
    carrier: boolean,
    options: RequestOptions = {},
  ): Promise<void> {
    await changeLink(this.#conversation, which, { carrier }, options);
  }

  /** Sets the alias, the name for people; an empty one takes it away. */
  async setLinkAlias(which: WhichLink, alias: string, options: RequestOptions = {}): Promise<void> {
    await changeLink(this.#conversation, which, { alias }, options);
  }

  /** Sets the group of an interface. */
  async setLinkGroup(which: WhichLink, group: number, options: RequestOptions = {}): Promise<void> {
    await changeLink(this.#conversation, which, { group }, options);
  }

  /** Gives an interface another name, 1 to 15 bytes. */
  async renameLink(which: WhichLink, name: string, options: RequestOptions = {}): Promise<void> {
    await changeLink(this.#conversation, which, { name }, options);
  }

  /** Puts an interface under a master, such as a bridge; undefined takes it away from the one it has. */
  async setLinkMaster(
    which: WhichLink,
    master: WhichLink | undefined,
    options: RequestOptions = {},
  ): Promise<void> {
    const index = await linkIndex(this.#conversation, which, options);
    const wanted = master === undefined ? 0 : await linkIndex(this.#conversation, master, options);
    await changeLink(this.#conversation, { index }, { master: wanted }, options);
  }

  /** Moves an interface to another network namespace. */
  async moveLink(
    which: WhichLink,
    netns: NetworkNamespaceOption,
    options: RequestOptions = {},
  ): Promise<void> {
    await moveToNamespace(this.#conversation, which, netns, options);
  }

  /** Gives an interface alternative names, up to 127 bytes each; fails with EEXIST when one is taken. */
  async addAlternativeNames(
    which: WhichLink,
    names: readonly string[],
    options: RequestOptions = {},
  ): Promise<void> {
    await changeAlternativeNames(
      this.#conversation,
      'RTM_NEWLINKPROP',
      CREATE_NEW | NLM_F_APPEND,
      which,
      names,
      options,
    );
  }

  /** Takes alternative names away. */
  async deleteAlternativeNames(
    which: WhichLink,
    names: readonly string[],
    options: RequestOptions = {},
  ): Promise<void> {
    await changeAlternativeNames(this.#conversation, 'RTM_DELLINKPROP', 0, which, names, options);
  }

  /** Changes an interface: only what is given, in one message. */
  async setLink(request: LinkRequest, options: RequestOptions = {}): Promise<void> {
    checkWhich('request', request);
    await sendLink(this.#conversation, 0, request, options);
  }

  /** Creates an interface; fails with EEXIST when the name is taken. */
  async addLink(request: LinkRequest, options: RequestOptions = {}): Promise<void> {
    await sendLink(this.#conversation, CREATE_NEW, request, options);
  }

  /** Deletes an interface. */
  async deleteLink(which: WhichLink, options: RequestOptions = {}): Promise<void> {
    await removeLink(this.#conversation, which, options);
  }

  /** Gives an interface an address; fails with EEXIST when it has it already. */
  async addAddress(address: InterfaceAddress, options: RequestOptions = {}): Promise<void> {
    await changeAddress(this.#conversation, 'RTM_NEWADDR', CREATE_NEW, address, options);
  }

  /** Gives an interface an address; one that it has already is changed to what is asked. */
  async replaceAddress(address: InterfaceAddress, options: RequestOptions = {}): Promise<void> {
    await changeAddress(
      this.#conversation,
      'RTM_NEWADDR',
      NLM_F_CREATE | NLM_F_REPLACE,
      address,
      options,
    );
  }

  /** Takes an address away; fails with EADDRNOTAVAIL when the interface doesn't have it. */
  async deleteAddress(address: InterfaceAddress, options: RequestOptions = {}): Promise<void> {
    await changeAddress(this.#conversation, 'RTM_DELADDR', 0, address, options);
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
   * // ip route add unreachable 192.0.2.0/24; RTN_UNREACHABLE is 7
   * const route = { destination: Uint8Array.of(192, 0, 2, 0), destinationLength: 24, type: 7 };
   * await client.addRoute(route).catch((error) => console.log(error.message));
   * // ip route add 198.51.100.0/24 dev lo
   * const direct = { destination: Uint8Array.of(198, 51, 100, 0), destinationLength: 24 };
   * await client.addRoute({ ...direct, outputIndex: index }).catch((error) => console.log(error.message));
   * await client.close();
   * ```
   */
  async addRoute(route: Route, options: RequestOptions = {}): Promise<void> {
    await changeRoute(this.#conversation, 'RTM_NEWROUTE', CREATE_NEW, route, options);
  }

  /** Adds a route, or puts it in the place of one of the same destination, metric and type of service. */
  async replaceRoute(route: Route, options: RequestOptions = {}): Promise<void> {
    await changeRoute(this.#conversation, 'RTM_NEWROUTE', CREATE_OR_REPLACE, route, options);
  }

  /** Changes a route of the same destination, metric and type of service; fails with ENOENT when there is none. */
  async changeRoute(route: Route, options: RequestOptions = {}): Promise<void> {
    await changeRoute(this.#conversation, 'RTM_NEWROUTE', NLM_F_REPLACE, route, options);
  }

  /** Adds a route behind others of the same destination, metric and type of service; in IPv6 a gateway becomes one more way of them. */
  async appendRoute(route: Route, options: RequestOptions = {}): Promise<void> {
    await changeRoute(
      this.#conversation,
      'RTM_NEWROUTE',
      NLM_F_CREATE | NLM_F_APPEND,
      route,
      options,
    );
  }

  /** Adds a route before others of the same destination, metric and type of service; IPv4 only. */
  async prependRoute(route: Route, options: RequestOptions = {}): Promise<void> {
    await changeRoute(this.#conversation, 'RTM_NEWROUTE', NLM_F_CREATE, route, options);
  }

  /** Deletes a route: the first that fits what is given; fails with ESRCH when none does. */
  async deleteRoute(route: Route, options: RequestOptions = {}): Promise<void> {
    await changeRoute(this.#conversation, 'RTM_DELROUTE', 0, route, options);
  }

  /** Asks for the route that a packet takes. */
  async getRoute(query: RouteQuery, options: RequestOptions = {}): Promise<RouteMessage> {
    return getRoute(this.#conversation, query, options);
  }

  /** Adds a neighbour; fails with EEXIST when it is there. */
  async addNeighbour(neighbour: Neighbour, options: RequestOptions = {}): Promise<void> {
    await changeNeighbour(this.#conversation, 'RTM_NEWNEIGH', CREATE_NEW, neighbour, options);
  }

  /** Adds a neighbour, or changes it. */
  async replaceNeighbour(neighbour: Neighbour, options: RequestOptions = {}): Promise<void> {
    await changeNeighbour(
      this.#conversation,
      'RTM_NEWNEIGH',
      CREATE_OR_REPLACE,
      neighbour,
      options,
    );
  }

  /** Changes a neighbour; fails with ENOENT when it is not there. */
  async changeNeighbour(neighbour: Neighbour, options: RequestOptions = {}): Promise<void> {
    await changeNeighbour(this.#conversation, 'RTM_NEWNEIGH', NLM_F_REPLACE, neighbour, options);
  }

  /** Deletes a neighbour; fails with ENOENT when it is not there. */
  async deleteNeighbour(neighbour: Neighbour, options: RequestOptions = {}): Promise<void> {
    await changeNeighbour(this.#conversation, 'RTM_DELNEIGH', 0, neighbour, options);
  }

  /** Asks for one neighbour; fails with ENOENT when it is not there. */
  async getNeighbour(
    which: WhichNeighbour,
    options: RequestOptions = {},
  ): Promise<NeighbourMessage> {
    return getNeighbour(this.#conversation, which, options);
  }

  /** Adds an entry to a forwarding database; fails with EEXIST when it is there. */
  async addForwardingEntry(entry: ForwardingEntry, options: RequestOptions = {}): Promise<void> {
    await changeForwardingEntry(this.#conversation, 'RTM_NEWNEIGH', CREATE_NEW, entry, options);
  }

  /** Adds an entry to a forwarding database, or changes it. */
  async replaceForwardingEntry(
    entry: ForwardingEntry,
    options: RequestOptions = {},
  ): Promise<void> {
    await changeForwardingEntry(
      this.#conversation,
      'RTM_NEWNEIGH',
      CREATE_OR_REPLACE,
      entry,
      options,
    );
  }

  /** Adds one more tunnel end to an entry of a VXLAN. */
  async appendForwardingEntry(entry: ForwardingEntry, options: RequestOptions = {}): Promise<void> {
    await changeForwardingEntry(
      this.#conversation,
      'RTM_NEWNEIGH',
      NLM_F_CREATE | NLM_F_APPEND,
      entry,
      options,
    );
  }

  /** Deletes an entry of a forwarding database; fails with ENOENT when it is not there. */
  async deleteForwardingEntry(entry: ForwardingEntry, options: RequestOptions = {}): Promise<void> {
    await changeForwardingEntry(this.#conversation, 'RTM_DELNEIGH', 0, entry, options);
  }

  /** Asks for one entry of a forwarding database. */
  async getForwardingEntry(
    which: WhichForwardingEntry,
    options: RequestOptions = {},
  ): Promise<NeighbourMessage> {
    return getForwardingEntry(this.#conversation, which, options);
  }

  /** Adds a routing rule; fails with EEXIST when it is there. */
  async addRule(rule: Rule, options: RequestOptions = {}): Promise<void> {
    await changeRule(this.#conversation, 'RTM_NEWRULE', CREATE_NEW, rule, options);
  }

  /** Deletes a routing rule: the first that fits what is given; fails with ENOENT when none does. */
  async deleteRule(rule: Rule, options: RequestOptions = {}): Promise<void> {
    await changeRule(this.#conversation, 'RTM_DELRULE', 0, rule, options);
  }

  /** Adds a nexthop, or a group of them; fails with EEXIST when the id is taken. */
  async addNexthop(nexthop: Nexthop, options: RequestOptions = {}): Promise<void> {
    await changeNexthop(this.#conversation, CREATE_NEW, nexthop, options);
  }

  /** Adds a nexthop or a group, or puts it in the place of the one that has the id; routes follow. */
  async replaceNexthop(nexthop: Nexthop, options: RequestOptions = {}): Promise<void> {
    await changeNexthop(this.#conversation, CREATE_OR_REPLACE, nexthop, options);
  }

  /** Deletes a nexthop or a group, and the routes that use it. */
  async deleteNexthop(id: number, options: RequestOptions = {}): Promise<void> {
    await removeNexthop(this.#conversation, id, options);
  }

  /** Asks for one nexthop or group; fails with ENOENT when it is not there. */
  async getNexthop(id: number, options: RequestOptions = {}): Promise<NexthopMessage> {
    return getNexthop(this.#conversation, id, options);
  }

  /** The id that this namespace has for another one; undefined when it has none. */
  async getNetnsId(
    netns: NetworkNamespaceOption,
    options: RequestOptions = {},
  ): Promise<number | undefined> {
    return getNetnsId(this.#conversation, netns, options);
  }

  /** Gives another namespace an id in this one; fails with EEXIST when it has one, or the id is taken. */
  async setNetnsId(
    netns: NetworkNamespaceOption,
    netnsId: number,
    options: RequestOptions = {},
  ): Promise<void> {
    await setNetnsId(this.#conversation, netns, netnsId, options);
  }

  /**
   * Sends a request of any kind and waits for its acknowledgement.
   *
   * @param name - what the error calls it: `RTM_NEWLINK` and so on.
   * @param flags - message flags besides NLM_F_REQUEST and NLM_F_ACK.
   * @param encode - makes the bytes, one message.
   * @returns the messages that came before the acknowledgement; their bytes are the caller's.
   * @throws NetlinkError when the kernel refuses; TransportError when no answer can come.
   */
  async request(
    name: string,
    flags: number,
    encode: (header: RequestHeader) => Uint8Array,
    options: RequestOptions = {},
  ): Promise<readonly NetlinkMessage[]> {
    return change(this.#conversation, name, flags, encode, options);
  }

  /** Closes the socket, any number of times; requests that wait reject with `ERR_RTAP_CLOSED`. */
  close(): Promise<void> {
    this.#conversation.close();
    return Promise.resolve();
  }

  /** The same as {@link NetlinkClient.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
