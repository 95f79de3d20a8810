/**
 * A client of rtnetlink: questions and changes as methods.
 *
 * @module
 */

import {
  MalformedError,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_EXCL,
  NLM_F_REPLACE,
  NLM_F_REQUEST,
  RTM_DELLINK,
  RTM_GETLINK,
  RTM_NEWADDR,
  RTM_NEWLINK,
} from '@rtap/netlink';
import type { NetlinkMessage, RequestHeader } from '@rtap/netlink';
import { encodeAddress } from '@rtap/netlink/address';
import type { AddressRequest } from '@rtap/netlink/address';
import { decodeLink, encodeLink } from '@rtap/netlink/link';
import type { LinkMessage, LinkRequest } from '@rtap/netlink/link';
import { checkIndex, checkObject, checkWhich } from './argument.ts';
import { Conversation } from './conversation.ts';
import type { RequestOptions } from './conversation.ts';
import type { NetlinkRequestTransport, NetlinkSocketOptions } from './netlink-transport.ts';
import { openNetlinkSocket } from './open-netlink-socket.ts';

const CREATE_NEW = NLM_F_CREATE | NLM_F_EXCL;

/**
 * A conversation with rtnetlink: requests from any number of callers at once, each with its own answer.
 *
 * Answers are matched by the socket's own port and the sequence number; datagrams of any sender but the
 * kernel are ignored. What the kernel refuses rejects with a `NetlinkError` that carries its own words.
 */
export class NetlinkClient {
  readonly #conversation: Conversation;

  /** Takes over a socket: `close` closes it. */
  constructor(transport: NetlinkRequestTransport) {
    // The kernel's own words, and requests checked strictly; a kernel that lacks them does without.
    transport.setOption('extAck', true);
    transport.setOption('strictCheck', true);
    this.#conversation = new Conversation(transport);
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
    options: Pick<NetlinkSocketOptions, 'netns' | 'receiveBuffer'> = {},
  ): Promise<NetlinkClient> {
    return new NetlinkClient(await openNetlinkSocket(options));
  }

  /** Asks for one interface, by its index or its name. */
  async getLink(
    which: { readonly index: number } | { readonly name: string },
    options: RequestOptions = {},
  ): Promise<LinkMessage> {
    checkWhich('which', which);
    checkObject('options', options);
    const answers = await this.request(
      'RTM_GETLINK',
      0,
      (header) => encodeLink(RTM_GETLINK, which, header),
      { ...('name' in which ? { interface: which.name } : {}), ...options },
    );
    const answer = answers.find((message) => message.type === RTM_NEWLINK);
    if (answer === undefined)
      throw new MalformedError('RTM_GETLINK was answered without a link', 0);
    return decodeLink(answer);
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
  async deleteLink(
    which: { readonly index: number } | { readonly name: string },
    options: RequestOptions = {},
  ): Promise<void> {
    checkWhich('which', which);
    await this.request(
      'RTM_DELLINK',
      0,
      (header) => encodeLink(RTM_DELLINK, which, header),
      options,
    );
  }

  /** Gives an interface an address; one that it has already is changed to what is asked. */
  async addAddress(request: AddressRequest, options: RequestOptions = {}): Promise<void> {
    checkObject('request', request);
    checkIndex('request.index', request.index);
    await this.request(
      'RTM_NEWADDR',
      NLM_F_CREATE | NLM_F_REPLACE,
      (header) => encodeAddress(RTM_NEWADDR, request, header),
      options,
    );
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
}
