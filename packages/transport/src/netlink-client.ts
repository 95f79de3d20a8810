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
import { addressDump } from './address-dump.ts';
import type { AddressDumpOptions } from './address-dump.ts';
import { changeAddress } from './address-operations.ts';
import type { InterfaceAddress } from './address-operations.ts';
import { checkInteger, checkObject, checkWhich } from './argument.ts';
import { Conversation } from './conversation.ts';
import { SocketDump } from './dump.ts';
import type { Dump, DumpOptions, DumpRequest } from './dump.ts';
import type { NetlinkWarning, RequestOptions } from './exchange.ts';
import { linkDump } from './link-dump.ts';
import type { LinkDumpOptions } from './link-dump.ts';
import {
  changeAlternativeNames,
  changeLink,
  sendLink,
  getLink,
  linkIndex,
  namespaceAttribute,
  removeLink,
} from './link-operations.ts';
import type { WhichLink } from './link-operations.ts';
import type { NetlinkRequestTransport, NetlinkSocketOptions } from './netlink-transport.ts';
import { openNetlinkSocket } from './open-netlink-socket.ts';
import { change } from './requests.ts';

const CREATE_NEW = NLM_F_CREATE | NLM_F_EXCL;

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

  /** A dump of any kind; {@link NetlinkClient.links} and {@link NetlinkClient.addresses} are two. */
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
    const { request, close } = await namespaceAttribute(netns);
    try {
      await changeLink(this.#conversation, which, request, options);
    } finally {
      await close();
    }
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
