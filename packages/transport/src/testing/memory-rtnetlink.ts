/**
 * An rtnetlink in memory: a link table that answers requests and tells subscribers of changes.
 *
 * @module
 */

import {
  AF_INET6,
  AF_UNSPEC,
  IFF_ALLMULTI,
  IFF_PROMISC,
  IFF_UP,
  NLMSG_DONE,
  NLM_F_ACK,
  NLM_F_DUMP,
  NLM_F_DUMP_INTR,
  NLM_F_MULTI,
  RTM_DELADDR,
  RTM_DELLINK,
  RTM_DELROUTE,
  RTM_GETADDR,
  RTM_GETLINK,
  RTM_NEWADDR,
  RTM_NEWLINK,
  RTM_NEWROUTE,
  RTNLGRP_IPV4_IFADDR,
  RTNLGRP_IPV6_IFADDR,
  RTNLGRP_LINK,
  AF_INET,
  MessageWriter,
  messages,
} from '@rtap/netlink';
import type { NetlinkMessage, RequestHeader } from '@rtap/netlink';
import { decodeAddress, encodeAddress } from '@rtap/netlink/address';
import type { AddressMessage } from '@rtap/netlink/address';
import { decodeLinkRequest } from '@rtap/netlink/link';
import type { LinkRequest, LinkStatistics } from '@rtap/netlink/link';
import type { RouteMessage } from '@rtap/netlink/route';
import type { NetlinkSocketOptions, NetlinkSockets } from '../netlink-transport.ts';
import { IPV6_MIN_MTU, MemoryAddresses } from './memory-addresses.ts';
import { MemoryFaults } from './memory-faults.ts';
import { farewellMessage, linkMessage, MAX_MTU, MIN_MTU } from './memory-link.ts';
import type { MemoryLink, MemoryLinkOptions } from './memory-link.ts';
import { nameFor } from './memory-names.ts';
import { acknowledgement, DONE, refusal } from './memory-refusal.ts';
import type { Refusal } from './memory-refusal.ts';
import { MemoryRoutes } from './memory-routes.ts';
import { MemoryRequestSocket, MemorySubscriptionSocket } from './memory-socket.ts';

/** More frames than a queue of a TAP device finds memory for (ptr_ring of drivers/net/tun.c). */
const MAX_QUEUE_LENGTH = 524_288;

/** What a {@link MemoryRtnetlink} takes. */
export interface MemoryRtnetlinkOptions {
  /** What the namespace is told by. */
  readonly inode?: bigint;
  /** What an interface has counted, told with it (IFLA_STATS64): fields that are left out are 0. */
  readonly statisticsOf?: (ifindex: number) => Partial<LinkStatistics> | undefined;
  /** Called when an interface has been deleted. */
  readonly onDeleted?: (ifindex: number) => void;
  /** Called when an interface has been moved out. */
  readonly onMoved?: (ifindex: number, move: MemoryMove) => void;
}

/** Where an interface of the in-memory rtnetlink went. */
export interface MemoryMove {
  /** The namespace that it is in now. */
  readonly rtnetlink: MemoryRtnetlink;
  /** Its index there. */
  readonly ifindex: number;
}

/** How {@link MemoryRtnetlink.broadcast} sends. */
export interface MemoryBroadcastOptions {
  /** The sender's port; 0, the kernel, when left out. */
  readonly portId?: number;
  /** The multicast group; RTNLGRP_LINK when left out. */
  readonly group?: number;
}

/**
 * The link part of rtnetlink in memory, for tests without privilege: requests, events, and faults on demand.
 *
 * It does what the kernel does where tests look: an event is delivered before the acknowledgement of the
 * request that caused it, a full receive buffer drops and says so once, filters are run.
 *
 * @example
 * ```ts
 * import { NetlinkClient } from '@rtap/transport';
 * import { MemoryRtnetlink } from '@rtap/transport/testing';
 *
 * const rtnetlink = new MemoryRtnetlink();
 * const ifindex = rtnetlink.addLink({ name: 'eth0', up: true });
 * const client = new NetlinkClient(await rtnetlink.openRequestSocket());
 * console.log((await client.getLink({ index: ifindex })).name); // eth0
 * await client.close();
 * ```
 */
export class MemoryRtnetlink implements NetlinkSockets {
  /** What goes wrong on demand. */
  readonly faults: MemoryFaults = new MemoryFaults();
  readonly #links = new Map<number, MemoryLink>();
  readonly #addresses = new MemoryAddresses();
  readonly #routes = new MemoryRoutes();
  readonly #subscriptions = new Set<MemorySubscriptionSocket>();
  readonly #requests = new Set<MemoryRequestSocket>();
  readonly #inode: bigint;
  #nextIndex = 1;
  #nextPort = 4096;
  readonly #refusals = new Map<number, number>();
  readonly #dumps = new Map<
    number,
    () => readonly ((header: RequestHeader) => Uint8Array | undefined)[]
  >();
  readonly #onDeleted: ((ifindex: number) => void) | undefined;
  readonly #onMoved: ((ifindex: number, move: MemoryMove) => void) | undefined;
  /** The numbers that this namespace has for others. */
  readonly #netnsIds = new Map<MemoryRtnetlink, number>();
  readonly #statisticsOf: (ifindex: number) => Partial<LinkStatistics> | undefined;
  #losing = false;
  #gate: Promise<void> | undefined;

  /** Makes one with an empty link table. */
  constructor(options: MemoryRtnetlinkOptions = {}) {
    this.#inode = options.inode ?? 4_026_531_840n;
    this.#onDeleted = options.onDeleted;
    this.#onMoved = options.onMoved;
    this.#statisticsOf = options.statisticsOf ?? (() => undefined);
  }

  /** The interfaces, in the order of their indexes. */
  get links(): readonly MemoryLink[] {
    return [...this.#links.values()];
  }

  /** The addresses that were added. */
  get addresses(): readonly AddressMessage[] {
    return this.#addresses.all;
  }

  /** The routes that were added; those of an interface go when it is set down. They are told to nobody. */
  get routes(): readonly RouteMessage[] {
    return this.#routes.all;
  }

  /** The sockets that are open: none when nothing leaks. */
  get openSockets(): { readonly requests: number; readonly subscriptions: number } {
    return { requests: this.#requests.size, subscriptions: this.#subscriptions.size };
  }

  /** Opens a request socket. */
  openRequestSocket(options: NetlinkSocketOptions = {}): Promise<MemoryRequestSocket> {
    const socket: MemoryRequestSocket = new MemoryRequestSocket(
      this.#nextPort++,
      options.groups ?? [],
      () => this.#requests.delete(socket),
      (request, from) => this.#serveInTurn(request, from),
    );
    this.#requests.add(socket);
    return Promise.resolve(socket);
  }

  /** Opens a subscription socket. */
  openSubscriptionSocket(options: NetlinkSocketOptions = {}): Promise<MemorySubscriptionSocket> {
    const socket: MemorySubscriptionSocket = new MemorySubscriptionSocket(
      this.#nextPort++,
      options.groups ?? [],
      () => this.#subscriptions.delete(socket),
      (request, from) => this.#serveInTurn(request, from),
    );
    if (options.receiveBuffer !== undefined) socket.setReceiveBuffer(options.receiveBuffer);
    this.#subscriptions.add(socket);
    return Promise.resolve(socket);
  }

  /** There is one namespace. */
  namespaceInode(): Promise<bigint> {
    return Promise.resolve(this.#inode);
  }

  /** The interface of that index or name, if there is one. */
  link(which: number | string): MemoryLink | undefined {
    if (typeof which === 'number') return this.#links.get(which);
    return this.links.find((link) => link.name === which);
  }

  /**
   * Makes an interface and tells of it; returns its index.
   *
   * @throws RangeError when the index that is asked for is taken.
   */
  addLink(
    options: MemoryLinkOptions & { readonly name: string; readonly ifindex?: number },
  ): number {
    const ifindex = options.ifindex ?? this.#freeIndex();
    if (this.#links.has(ifindex)) throw new RangeError(`there is an interface ${ifindex}`);
    const link: MemoryLink = {
      ifindex,
      name: options.name,
      mtu: options.mtu ?? 1500,
      address: options.address ?? Uint8Array.of(2, 0, 0, 0, ifindex >> 8, ifindex & 0xff),
      up: options.up ?? false,
      carrier: options.carrier ?? true,
      carrierChanges: 0,
      promiscuous: options.promiscuous ?? false,
      allMulticast: options.allMulticast ?? false,
      txQueueLength: options.txQueueLength ?? 1000,
      master: options.master ?? 0,
      takesPorts: options.takesPorts ?? true,
    };
    this.#links.set(ifindex, link);
    this.#tell(this.#message(link, { sequence: 0, portId: 0 }));
    return ifindex;
  }

  /** Changes an interface, from outside as it were, and tells of it. */
  changeLink(ifindex: number, changes: MemoryLinkOptions): void {
    const link = this.#require(ifindex);
    const flapped = changes.carrier !== undefined && changes.carrier !== link.carrier;
    const changed: MemoryLink = {
      ...link,
      ...changes,
      carrierChanges: link.carrierChanges + (flapped ? 1 : 0),
    };
    this.#links.set(ifindex, changed);
    if (!changed.up) this.#routes.takeAway(ifindex);
    this.#tell(this.#message(changed, { sequence: 0, portId: 0 }));
    // IPv6 ends with the link, and where it has no room (addrconf_ifdown).
    if ((link.up && !changed.up) || (link.mtu >= IPV6_MIN_MTU && changed.mtu < IPV6_MIN_MTU)) {
      for (const address of this.#addresses.takeAway(ifindex, AF_INET6)) {
        this.#tellAddress(RTM_DELADDR, address);
      }
    }
  }

  /** Deletes an interface: told as the kernel does, down first when it was up. */
  deleteLink(ifindex: number): void {
    const link = this.#takeAway(ifindex);
    this.#tell(farewellMessage(link));
    this.#onDeleted?.(ifindex);
  }

  /**
   * Moves an interface to another namespace, as `ip link set NAME netns PID` does; returns its index there.
   *
   * It is set down first, which is told when it was up, and loses its master and its addresses. It keeps its index
   * unless that is taken there.
   *
   * @throws RangeError when there is no such interface, or its name is taken there.
   */
  moveLink(ifindex: number, to: MemoryRtnetlink): number {
    const { name } = this.#require(ifindex);
    if (to === this) return ifindex;
    if (to.link(name) !== undefined) throw new RangeError(`there is an interface '${name}'`);
    const link = this.#takeAway(ifindex);
    const there = to.#links.has(ifindex) ? to.#freeIndex() : ifindex;
    this.#tell(farewellMessage(link, { ifindex: there, netnsId: this.#netnsIdOf(to) }));
    this.#onMoved?.(ifindex, { rtnetlink: to, ifindex: there });
    to.#arrive({ ...link, ifindex: there, up: false, master: 0 });
    return there;
  }

  /** Tells subscribers once more what they know already, as the kernel often does. */
  repeat(ifindex: number): void {
    this.#tell(this.#message(this.#require(ifindex), { sequence: 0, portId: 0 }));
  }

  /** Whatever the callback changes is lost to all subscribers: their next `receive` throws ENOBUFS. */
  loseEvents(change: () => void): void {
    this.#losing = true;
    try {
      change();
    } finally {
      this.#losing = false;
    }
  }

  /** Answers the next request of a type (`RTM_NEWLINK` ...) with an error number, and does nothing. */
  refuseNext(type: number, errno: number): void {
    this.#refusals.set(type, errno);
  }

  /** Holds all requests back, as a process with the kernel's lock does, until the function it returns is called. */
  hold(): () => void {
    let release = (): void => undefined;
    this.#gate = new Promise((resolve) => {
      release = () => {
        this.#gate = undefined;
        resolve();
      };
    });
    return release;
  }

  /** Sends any bytes to a group's subscribers, from any sender: what a hostile process could do. */
  broadcast(bytes: Uint8Array, options: MemoryBroadcastOptions = {}): void {
    this.#tell(bytes, options.portId ?? 0, options.group ?? RTNLGRP_LINK);
  }

  /**
   * Answers dumps of a further type (`RTM_GETROUTE` ...), with the faults of all dumps.
   *
   * @param elements - makes, each time, one encoder for each element; undefined when it has gone meanwhile.
   */
  answerDumps(
    type: number,
    elements: () => readonly ((header: RequestHeader) => Uint8Array | undefined)[],
  ): void {
    this.#dumps.set(type, elements);
  }

  #message(
    link: MemoryLink,
    header: { readonly sequence: number; readonly portId: number; readonly flags?: number },
  ): Uint8Array {
    return linkMessage(link, { ...header, statistics: this.#statisticsOf(link.ifindex) });
  }

  #require(ifindex: number): MemoryLink {
    const link = this.#links.get(ifindex);
    if (link === undefined) throw new RangeError(`there is no interface ${ifindex}`);
    return link;
  }

  #takeAway(ifindex: number): MemoryLink {
    if (this.#require(ifindex).up) this.changeLink(ifindex, { up: false });
    const link = this.#require(ifindex);
    this.#links.delete(ifindex);
    this.#addresses.takeAway(ifindex);
    this.#routes.takeAway(ifindex);
    return link;
  }

  #arrive(link: MemoryLink): void {
    this.#links.set(link.ifindex, link);
    this.#tell(this.#message(link, { sequence: 0, portId: 0 }));
  }

  #freeIndex(): number {
    while (this.#links.has(this.#nextIndex)) this.#nextIndex += 1;
    return this.#nextIndex++;
  }

  #netnsIdOf(other: MemoryRtnetlink): number {
    const id = this.#netnsIds.get(other) ?? this.#netnsIds.size;
    this.#netnsIds.set(other, id);
    return id;
  }

  #tell(bytes: Uint8Array, portId = 0, group: number = RTNLGRP_LINK): void {
    const losing = this.#losing;
    this.faults.event(() => {
      for (const socket of this.#subscriptions) {
        if (!socket.groups.has(group)) continue;
        if (losing) socket.overrun();
        else socket.deliver({ bytes, portId, groups: 1 << (group - 1), truncated: false });
      }
    });
  }

  async #serveInTurn(
    request: Uint8Array,
    socket: MemoryRequestSocket | MemorySubscriptionSocket,
  ): Promise<void> {
    while (this.#gate !== undefined) await this.#gate;
    this.#serve(request, socket);
  }

  #serve(request: Uint8Array, socket: MemoryRequestSocket | MemorySubscriptionSocket): void {
    for (const message of messages(request)) {
      const answers: Uint8Array[] = [];
      const outcome = this.#perform(message, socket.portId, answers);
      for (const bytes of answers) this.#deliver(bytes, socket);
      if (outcome.errno !== 0 || (message.flags & NLM_F_ACK) !== 0) {
        this.#deliver(acknowledgement(message, socket.portId, outcome), socket);
      }
    }
  }

  #deliver(bytes: Uint8Array, socket: MemoryRequestSocket | MemorySubscriptionSocket): void {
    for (const datagram of this.faults.answer(bytes)) socket.deliver(datagram);
  }

  #perform(message: NetlinkMessage, portId: number, answers: Uint8Array[]): Refusal {
    const errno = this.#refusals.get(message.type);
    if (errno !== undefined) {
      this.#refusals.delete(message.type);
      return { errno };
    }
    switch (message.type) {
      case RTM_GETLINK:
        return this.#get(message, portId, answers);
      case RTM_NEWLINK:
        return this.#set(decodeLinkRequest(message));
      case RTM_DELLINK: {
        const link = this.#find(decodeLinkRequest(message));
        if (link === undefined) return refusal('ENODEV');
        this.deleteLink(link.ifindex);
        return DONE;
      }
      case RTM_GETADDR:
        if ((message.flags & NLM_F_DUMP) !== NLM_F_DUMP) return refusal('EOPNOTSUPP');
        this.#dump(this.#addresses.all, message, portId, answers, (address, flags) =>
          addressMessage(RTM_NEWADDR, address, { flags, sequence: message.sequence, portId }),
        );
        return DONE;
      case RTM_NEWADDR:
      case RTM_DELADDR:
        return this.#setAddress(message);
      case RTM_NEWROUTE:
      case RTM_DELROUTE:
        return this.#routes.perform(
          message,
          (ifindex) => this.#links.get(ifindex),
          this.#addresses.all,
        );
      default: {
        const elements = this.#dumps.get(message.type);
        if (elements === undefined || (message.flags & NLM_F_DUMP) !== NLM_F_DUMP) {
          return refusal('EOPNOTSUPP');
        }
        this.#dump(elements(), message, portId, answers, (encode, flags) =>
          encode({ flags, sequence: message.sequence, portId }),
        );
        return DONE;
      }
    }
  }

  #get(message: NetlinkMessage, portId: number, answers: Uint8Array[]): Refusal {
    const { sequence } = message;
    if ((message.flags & NLM_F_DUMP) === NLM_F_DUMP) {
      this.#dump(this.links, message, portId, answers, ({ ifindex }, flags) => {
        // As it is now, if it is still there: a dump goes on while the table changes.
        const now = this.#links.get(ifindex);
        return now === undefined ? undefined : this.#message(now, { sequence, portId, flags });
      });
      return DONE;
    }
    const link = this.#find(decodeLinkRequest(message));
    if (link === undefined) return refusal('ENODEV');
    answers.push(this.#message(link, { sequence, portId }));
    return DONE;
  }

  /** Tells all elements, in halves that something may happen between. */
  #dump<T>(
    elements: readonly T[],
    { sequence }: NetlinkMessage,
    portId: number,
    answers: Uint8Array[],
    encode: (element: T, flags: number) => Uint8Array | undefined,
  ): void {
    const interrupted = this.faults.takeInterruption();
    const middle = elements.length >> 1;
    for (const [position, element] of elements.entries()) {
      if (position === middle) this.faults.midDump();
      const flag = interrupted && position === middle ? NLM_F_DUMP_INTR : 0;
      const bytes = encode(element, NLM_F_MULTI | flag);
      if (bytes !== undefined) answers.push(bytes);
    }
    const flag = interrupted && elements.length === 0 ? NLM_F_DUMP_INTR : 0;
    const writer = new MessageWriter();
    answers.push(
      writer
        .begin(NLMSG_DONE, NLM_F_MULTI | flag, sequence, portId)
        .u32(0)
        .finish(),
    );
  }

  #setAddress(message: NetlinkMessage): Refusal {
    const { index } = decodeAddress(message);
    const outcome = this.#addresses.perform(message, this.#links.get(index));
    if ('errno' in outcome) return outcome;
    this.#tellAddress(message.type, outcome);
    return DONE;
  }

  #tellAddress(type: number, address: AddressMessage): void {
    const group = address.family === AF_INET ? RTNLGRP_IPV4_IFADDR : RTNLGRP_IPV6_IFADDR;
    this.#tell(addressMessage(type, address, { flags: 0, sequence: 0, portId: 0 }), 0, group);
  }

  #set(wanted: LinkRequest): Refusal {
    const link = this.#find(wanted);
    if (link === undefined || (wanted.family ?? AF_UNSPEC) !== AF_UNSPEC) {
      return refusal('ENODEV');
    }
    const { name: asName = '' } = wanted;
    // One that is empty says nothing.
    const name =
      asName === '' || asName === link.name
        ? undefined
        : nameFor(asName, (other) => this.link(other) !== undefined);
    if (typeof name === 'object') return name;
    const { mtu, address, master, txQueueLength } = wanted;
    // The kernel's is a signed number.
    if (mtu !== undefined && (mtu | 0) < MIN_MTU) {
      return refusal('EINVAL', 'mtu less than device minimum');
    }
    if (mtu !== undefined && mtu > MAX_MTU) {
      return refusal('EINVAL', 'mtu greater than device maximum');
    }
    if (address !== undefined && address.length < 6) return refusal('EINVAL');
    if (address !== undefined && !isUnicast(address)) return refusal('EADDRNOTAVAIL');
    if (master !== undefined && master !== 0) {
      const other = this.#links.get(master);
      if (other === undefined) return refusal('EINVAL');
      if (!other.takesPorts) return refusal('EOPNOTSUPP');
    }
    if ((txQueueLength ?? 0) > MAX_QUEUE_LENGTH) return refusal('EPERM');
    const asked = (flag: number): boolean => ((wanted.change ?? 0) & flag) !== 0;
    const set = (flag: number): boolean => ((wanted.flags ?? 0) & flag) !== 0;
    const before = JSON.stringify(link);
    const changes: MemoryLinkOptions = {
      ...(name === undefined ? {} : { name }),
      ...(mtu === undefined ? {} : { mtu }),
      ...(address === undefined ? {} : { address: address.slice(0, 6) }),
      ...(master === undefined ? {} : { master }),
      ...(wanted.carrier === undefined ? {} : { carrier: wanted.carrier }),
      ...(txQueueLength === undefined ? {} : { txQueueLength }),
      ...(asked(IFF_UP) ? { up: set(IFF_UP) } : {}),
      ...(asked(IFF_PROMISC) ? { promiscuous: set(IFF_PROMISC) } : {}),
      ...(asked(IFF_ALLMULTI) ? { allMulticast: set(IFF_ALLMULTI) } : {}),
    };
    if (JSON.stringify({ ...link, ...changes }) !== before) this.changeLink(link.ifindex, changes);
    return DONE;
  }

  #find(wanted: LinkRequest): MemoryLink | undefined {
    if (wanted.index !== undefined && wanted.index > 0) return this.#links.get(wanted.index);
    return wanted.name === undefined ? undefined : this.link(wanted.name);
  }
}

/** Whether the kernel takes it for the address of an Ethernet interface (`is_valid_ether_addr`). */
function isUnicast(address: Uint8Array): boolean {
  const [first = 1] = address;
  return (first & 1) === 0 && address.subarray(0, 6).some((byte) => byte !== 0);
}

function addressMessage(
  type: number,
  address: AddressMessage,
  header: { readonly flags: number; readonly sequence: number; readonly portId: number },
): Uint8Array {
  const { event: _, unknown, ...fields } = address;
  return encodeAddress(type, { ...fields, raw: unknown }, header);
}
