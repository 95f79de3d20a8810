/**
 * Interfaces: questions and changes as methods.
 *
 * @module
 */

import { IFF_UP, NLM_F_APPEND, NLM_F_CREATE, NLM_F_EXCL } from '@rtap/netlink';
import type { NetworkNamespaceOption } from '@rtap/native';
import type { LinkMessage, LinkRequest } from '@rtap/netlink/link';
import { checkWhich } from './argument.ts';
import type { Dump } from './dump.ts';
import type { RequestOptions } from './exchange.ts';
import { linkDump } from './link-dump.ts';
import type { LinkDumpOptions } from './link-dump.ts';
import {
  changeAlternativeNames,
  changeLink,
  getLink,
  linkIndex,
  moveToNamespace,
  removeLink,
  sendLink,
} from './link-operations.ts';
import type { WhichLink } from './link-operations.ts';
import { RequestClient } from './request-client.ts';

const CREATE_NEW = NLM_F_CREATE | NLM_F_EXCL;

/** The part of {@link NetlinkClient} about interfaces. */
export class LinkClient extends RequestClient {
  /** Asks for one interface, by its index or its name. */
  async getLink(which: WhichLink, options: RequestOptions = {}): Promise<LinkMessage> {
    checkWhich('which', which);
    return getLink(this.conversation, which, options);
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

  /** Sets an interface up. */
  async setLinkUp(which: WhichLink, options: RequestOptions = {}): Promise<void> {
    await changeLink(this.conversation, which, { flags: IFF_UP, change: IFF_UP }, options);
  }

  /** Sets an interface down. */
  async setLinkDown(which: WhichLink, options: RequestOptions = {}): Promise<void> {
    await changeLink(this.conversation, which, { flags: 0, change: IFF_UP }, options);
  }

  /** Sets or clears flags (IFF_*) of an interface, such as IFF_PROMISC or IFF_ALLMULTI; others stay. */
  async setLinkFlags(
    which: WhichLink,
    flags: number,
    enabled: boolean,
    options: RequestOptions = {},
  ): Promise<void> {
    await changeLink(
      this.conversation,
      which,
      { flags: enabled ? flags : 0, change: flags },
      options,
    );
  }

  /** Sets the MTU, in bytes. */
  async setLinkMtu(which: WhichLink, mtu: number, options: RequestOptions = {}): Promise<void> {
    await changeLink(this.conversation, which, { mtu }, options);
  }

  /** Sets the link-layer address: the six bytes of a MAC address. */
  async setLinkAddress(
    which: WhichLink,
    address: Uint8Array,
    options: RequestOptions = {},
  ): Promise<void> {
    await changeLink(this.conversation, which, { address }, options);
  }

  /** Sets the length of the transmit queue, in packets. */
  async setLinkTransmitQueueLength(
    which: WhichLink,
    txQueueLength: number,
    options: RequestOptions = {},
  ): Promise<void> {
    await changeLink(this.conversation, which, { txQueueLength }, options);
  }

  /** Tells an interface whether it has a carrier, where its driver lets itself be told. */
  async setLinkCarrier(
    which: WhichLink,
    carrier: boolean,
    options: RequestOptions = {},
  ): Promise<void> {
    await changeLink(this.conversation, which, { carrier }, options);
  }

  /** Sets the alias, the name for people; an empty one takes it away. */
  async setLinkAlias(which: WhichLink, alias: string, options: RequestOptions = {}): Promise<void> {
    await changeLink(this.conversation, which, { alias }, options);
  }

  /** Sets the group of an interface. */
  async setLinkGroup(which: WhichLink, group: number, options: RequestOptions = {}): Promise<void> {
    await changeLink(this.conversation, which, { group }, options);
  }

  /** Gives an interface another name, 1 to 15 bytes. */
  async renameLink(which: WhichLink, name: string, options: RequestOptions = {}): Promise<void> {
    await changeLink(this.conversation, which, { name }, options);
  }

  /** Puts an interface under a master, such as a bridge; undefined takes it away from the one it has. */
  async setLinkMaster(
    which: WhichLink,
    master: WhichLink | undefined,
    options: RequestOptions = {},
  ): Promise<void> {
    const index = await linkIndex(this.conversation, which, options);
    const wanted = master === undefined ? 0 : await linkIndex(this.conversation, master, options);
    await changeLink(this.conversation, { index }, { master: wanted }, options);
  }

  /** Moves an interface to another network namespace. */
  async moveLink(
    which: WhichLink,
    netns: NetworkNamespaceOption,
    options: RequestOptions = {},
  ): Promise<void> {
    await moveToNamespace(this.conversation, which, netns, options);
  }

  /** Gives an interface alternative names, up to 127 bytes each; fails with EEXIST when one is taken. */
  async addAlternativeNames(
    which: WhichLink,
    names: readonly string[],
    options: RequestOptions = {},
  ): Promise<void> {
    await changeAlternativeNames(
      this.conversation,
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
    await changeAlternativeNames(this.conversation, 'RTM_DELLINKPROP', 0, which, names, options);
  }

  /** Changes an interface: only what is given, in one message. */
  async setLink(request: LinkRequest, options: RequestOptions = {}): Promise<void> {
    checkWhich('request', request);
    await sendLink(this.conversation, 0, request, options);
  }

  /** Creates an interface; fails with EEXIST when the name is taken. */
  async addLink(request: LinkRequest, options: RequestOptions = {}): Promise<void> {
    await sendLink(this.conversation, CREATE_NEW, request, options);
  }

  /** Deletes an interface. */
  async deleteLink(which: WhichLink, options: RequestOptions = {}): Promise<void> {
    await removeLink(this.conversation, which, options);
  }
}
