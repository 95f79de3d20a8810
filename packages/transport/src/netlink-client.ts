/**
 * A client of rtnetlink: questions and changes as methods.
 *
 * @module
 */

import {
  AF_UNSPEC,
  IFF_UP,
  MalformedError,
  NLM_F_ACK,
  NLM_F_APPEND,
  NLM_F_CREATE,
  NLM_F_EXCL,
  NLM_F_REPLACE,
  NLM_F_REQUEST,
  RTEXT_FILTER_SKIP_STATS,
  RTEXT_FILTER_VF,
  RTM_DELADDR,
  RTM_DELLINK,
  RTM_DELLINKPROP,
  RTM_GETADDR,
  RTM_GETLINK,
  RTM_NEWADDR,
  RTM_NEWLINK,
  RTM_NEWLINKPROP,
} from '@rtap/netlink';
import type { NetlinkMessage, RequestHeader } from '@rtap/netlink';
import type { NetworkNamespaceOption } from '@rtap/native';
import { encodeAddress } from '@rtap/netlink/address';
import type { AddressMessage } from '@rtap/netlink/address';
import { decodeLink, encodeLink } from '@rtap/netlink/link';
import type { LinkMessage, LinkRequest } from '@rtap/netlink/link';
import { checkIndex, checkInteger, checkObject, checkWhich } from './argument.ts';
import { addressRequest } from './address-operations.ts';
import type { InterfaceAddress } from './address-operations.ts';
import { Conversation } from './conversation.ts';
import { SocketDump } from './dump.ts';
import type { Dump, DumpOptions, DumpRequest } from './dump.ts';
import { errorCode } from './errors.ts';
import type { NetlinkWarning, RequestOptions } from './exchange.ts';
import { addressFamily, linkFamily } from './families.ts';
import { namespaceAttribute } from './link-operations.ts';
import type { WhichLink } from './link-operations.ts';
import type { NetlinkRequestTransport, NetlinkSocketOptions } from './netlink-transport.ts';
import { openNetlinkSocket } from './open-netlink-socket.ts';

const CREATE_NEW = NLM_F_CREATE | NLM_F_EXCL;
/** Where a link message has its index. */
const INDEX_OFFSET = 20;
/** A question whose answer was too long is asked again as often as the buffer can grow. */
const MOST_TRUNCATIONS = 8;

/** What a {@link NetlinkClient} takes. */
export interface NetlinkClientOptions {
  /** Told what the kernel says of requests that it carries out: warnings in acknowledgements of success. */
  readonly onWarning?: (warning: NetlinkWarning) => void;
}

/** Which links to dump: see {@link NetlinkClient.links}. */
export interface LinkDumpOptions extends DumpOptions {
  /** Only those that have this master, by its index. */
  readonly master?: number;
  /** Only those of this kind, such as `veth`. */
  readonly kind?: string;
  /** Of the namespace with this id, instead of the socket's own. */
  readonly targetNetnsId?: number;
  /** What to tell in addition and what to leave out (RTEXT_FILTER_*); RTEXT_FILTER_VF when left out. */
  readonly extensionMask?: number;
}

/** Which addresses to dump: see {@link NetlinkClient.addresses}. */
export interface AddressDumpOptions extends DumpOptions {
  /** Only those of this interface. */
  readonly index?: number;
  /** Only AF_INET, or only AF_INET6. */
  readonly family?: number;
  /** Of the namespace with this id, instead of the socket's own. */
  readonly targetNetnsId?: number;
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
  readonly #transport: NetlinkRequestTransport;
  readonly #conversation: Conversation;

  /** Takes over a socket: `close` closes it. */
  constructor(transport: NetlinkRequestTransport, options: NetlinkClientOptions = {}) {
    // The kernel's own words, and requests checked strictly; a kernel that lacks them does without.
    transport.setOption('extAck', true);
    transport.setOption('strictCheck', true);
    this.#transport = transport;
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
    return this.#getLink(which, options);
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
    const { master, kind, targetNetnsId, extensionMask = RTEXT_FILTER_VF, ...rest } = options;
    return this.dump(
      {
        name: linkFamily.name,
        encode: (header) =>
          encodeLink(
            RTM_GETLINK,
            {
              extensionMask,
              ...(targetNetnsId !== undefined && { targetNetnsId }),
              ...(master !== undefined && { master }),
              ...(kind !== undefined && { info: { kind } }),
            },
            header,
          ),
        type: RTM_NEWLINK,
        decode: linkFamily.decode,
        filter: (link) =>
          (master === undefined || link.master === master) &&
          (kind === undefined || link.info?.kind === kind),
      },
      rest,
    );
  }

  /** All addresses, or those of an interface or a family. */
  addresses(options: AddressDumpOptions = {}): Dump<AddressMessage> {
    const { index, family = AF_UNSPEC, targetNetnsId, ...rest } = options;
    return this.dump(
      {
        name: addressFamily.name,
        encode: (header) =>
          encodeAddress(
            RTM_GETADDR,
            {
              family,
              ...(index !== undefined && { index }),
              ...(targetNetnsId !== undefined && { targetNetnsId }),
            },
            header,
          ),
        type: RTM_NEWADDR,
        decode: addressFamily.decode,
        filter: (address) =>
          (index === undefined || address.index === index) &&
          (family === AF_UNSPEC || address.family === family),
      },
      rest,
    );
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
    await this.#change(which, { flags: IFF_UP, change: IFF_UP }, options);
  }

  /** Sets an interface down. */
  async setLinkDown(which: WhichLink, options: RequestOptions = {}): Promise<void> {
    await this.#change(which, { flags: 0, change: IFF_UP }, options);
  }

  /** Sets or clears flags (IFF_*) of an interface, such as IFF_PROMISC or IFF_ALLMULTI; others stay. */
  async setLinkFlags(
    which: WhichLink,
    flags: number,
    enabled: boolean,
    options: RequestOptions = {},
  ): Promise<void> {
    await this.#change(which, { flags: enabled ? flags : 0, change: flags }, options);
  }

  /** Sets the MTU, in bytes. */
  async setLinkMtu(which: WhichLink, mtu: number, options: RequestOptions = {}): Promise<void> {
    await this.#change(which, { mtu }, options);
  }

  /** Sets the link-layer address: the six bytes of a MAC address. */
  async setLinkAddress(
    which: WhichLink,
    address: Uint8Array,
    options: RequestOptions = {},
  ): Promise<void> {
    await this.#change(which, { address }, options);
  }

  /** Sets the length of the transmit queue, in packets. */
  async setLinkTransmitQueueLength(
    which: WhichLink,
    txQueueLength: number,
    options: RequestOptions = {},
  ): Promise<void> {
    await this.#change(which, { txQueueLength }, options);
  }

  /** Sets the alias, the name for people; an empty one takes it away. */
  async setLinkAlias(which: WhichLink, alias: string, options: RequestOptions = {}): Promise<void> {
    await this.#change(which, { alias }, options);
  }

  /** Sets the group of an interface. */
  async setLinkGroup(which: WhichLink, group: number, options: RequestOptions = {}): Promise<void> {
    await this.#change(which, { group }, options);
  }

  /** Gives an interface another name, 1 to 15 bytes. */
  async renameLink(which: WhichLink, name: string, options: RequestOptions = {}): Promise<void> {
    await this.#change(which, { name }, options);
  }

  /** Puts an interface under a master, such as a bridge; undefined takes it away from the one it has. */
  async setLinkMaster(
    which: WhichLink,
    master: WhichLink | undefined,
    options: RequestOptions = {},
  ): Promise<void> {
    const index = await this.#indexOf(which, options);
    const wanted = master === undefined ? 0 : await this.#indexOf(master, options);
    await this.#change({ index }, { master: wanted }, options);
  }

  /** Moves an interface to another network namespace. */
  async moveLink(
    which: WhichLink,
    netns: NetworkNamespaceOption,
    options: RequestOptions = {},
  ): Promise<void> {
    const { request, close } = await namespaceAttribute(netns);
    try {
      await this.#change(which, request, options);
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
    await this.#alternativeNames(RTM_NEWLINKPROP, CREATE_NEW | NLM_F_APPEND, which, names, options);
  }

  /** Takes alternative names away. */
  async deleteAlternativeNames(
    which: WhichLink,
    names: readonly string[],
    options: RequestOptions = {},
  ): Promise<void> {
    await this.#alternativeNames(RTM_DELLINKPROP, 0, which, names, options);
  }

  /** Changes an interface: only what is given, in one message. */
  async setLink(request: LinkRequest, options: RequestOptions = {}): Promise<void> {
    checkWhich('request', request);
    await this.request(
      'RTM_NEWLINK',
      0,
      (header) => encodeLink(RTM_NEWLINK, request, header),
      options,
    );
  }

  /** Creates an interface; fails with EEXIST when the name is taken. */
  async addLink(request: LinkRequest, options: RequestOptions = {}): Promise<void> {
    checkObject('request', request);
    await this.request(
      'RTM_NEWLINK',
      CREATE_NEW,
      (header) => encodeLink(RTM_NEWLINK, request, header),
      options,
    );
  }

  /** Deletes an interface. */
  async deleteLink(which: WhichLink, options: RequestOptions = {}): Promise<void> {
    const index = await this.#indexOf(which, options);
    await this.request(
      'RTM_DELLINK',
      0,
      (header) => encodeLink(RTM_DELLINK, { index }, header),
      about(which, options),
    );
  }

  /** Gives an interface an address; fails with EEXIST when it has it already. */
  async addAddress(address: InterfaceAddress, options: RequestOptions = {}): Promise<void> {
    await this.#address('RTM_NEWADDR', CREATE_NEW, address, options);
  }

  /** Gives an interface an address; one that it has already is changed to what is asked. */
  async replaceAddress(address: InterfaceAddress, options: RequestOptions = {}): Promise<void> {
    await this.#address('RTM_NEWADDR', NLM_F_CREATE | NLM_F_REPLACE, address, options);
  }

  /** Takes an address away; fails with EADDRNOTAVAIL when the interface doesn't have it. */
  async deleteAddress(address: InterfaceAddress, options: RequestOptions = {}): Promise<void> {
    await this.#address('RTM_DELADDR', 0, address, options);
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
    return this.#conversation.ask(
      name,
      (sequence) => encode({ flags: NLM_F_REQUEST | NLM_F_ACK | flags, sequence }),
      options,
    );
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

  async #getLink(request: LinkRequest & WhichLink, options: RequestOptions): Promise<LinkMessage> {
    const answers = await this.#question(
      'RTM_GETLINK',
      (header) => encodeLink(RTM_GETLINK, request, header),
      about(request, options),
    );
    const answer = answers.find((message) => message.type === RTM_NEWLINK);
    if (answer === undefined) {
      throw new MalformedError('RTM_GETLINK was answered without a link', 0);
    }
    const link = decodeLink(answer);
    if (link.index <= 0) {
      throw new MalformedError(`RTM_GETLINK was answered with index ${link.index}`, INDEX_OFFSET);
    }
    return link;
  }

  /** Asks for one message, which needs no acknowledgement; again, when there was no room for the answer. */
  async #question(
    name: string,
    encode: (header: RequestHeader) => Uint8Array,
    options: RequestOptions,
  ): Promise<readonly NetlinkMessage[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#conversation.ask(
          name,
          (sequence) => encode({ flags: NLM_F_REQUEST, sequence }),
          options,
        );
      } catch (error) {
        const grows = this.#transport.growReceive !== undefined && attempt < MOST_TRUNCATIONS;
        if (!grows || errorCode(error) !== 'ERR_RTAP_TRUNCATED') throw error;
      }
    }
  }

  async #indexOf(which: WhichLink, options: RequestOptions): Promise<number> {
    checkWhich('which', which);
    if ('index' in which) return which.index;
    const extensionMask = RTEXT_FILTER_VF | RTEXT_FILTER_SKIP_STATS;
    const { name } = which;
    return (await this.#getLink({ extensionMask, name }, options)).index;
  }

  async #change(which: WhichLink, changes: LinkRequest, options: RequestOptions): Promise<void> {
    const index = await this.#indexOf(which, options);
    await this.setLink({ index, ...changes }, about(which, options));
  }

  async #alternativeNames(
    type: number,
    flags: number,
    which: WhichLink,
    alternativeNames: readonly string[],
    options: RequestOptions,
  ): Promise<void> {
    const index = await this.#indexOf(which, options);
    await this.request(
      type === RTM_NEWLINKPROP ? 'RTM_NEWLINKPROP' : 'RTM_DELLINKPROP',
      flags,
      (header) => encodeLink(type, { index, alternativeNames }, header),
      about(which, options),
    );
  }

  async #address(
    name: 'RTM_NEWADDR' | 'RTM_DELADDR',
    flags: number,
    address: InterfaceAddress,
    options: RequestOptions,
  ): Promise<void> {
    checkObject('address', address);
    checkIndex('address.index', address.index);
    const type = name === 'RTM_DELADDR' ? RTM_DELADDR : RTM_NEWADDR;
    const request = addressRequest(address, type === RTM_DELADDR);
    await this.request(name, flags, (header) => encodeAddress(type, request, header), options);
  }
}

/** The options, with the interface's name for errors when it is told by that. */
function about(which: WhichLink, options: RequestOptions): RequestOptions {
  checkObject('options', options);
  return 'name' in which ? { interface: which.name, ...options } : options;
}
