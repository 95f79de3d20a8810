/**
 * A client of rtnetlink: questions and changes as methods.
 *
 * @module
 */

import type { NetworkNamespaceOption } from '@rtap/native';
import type { NetnsIdMessage } from '@rtap/netlink/netns-id';
import type { Dump, DumpOptions } from './dump.ts';
import type { RequestOptions } from './exchange.ts';
import type { NetlinkSocketOptions } from './netlink-transport.ts';
import { getNetnsId, netnsIdDump, setNetnsId } from './netns-id-operations.ts';
import { openNetlinkSocket } from './open-netlink-socket.ts';
import type { NetlinkClientOptions } from './request-client.ts';
import { RouteClient } from './route-client.ts';

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
export class NetlinkClient extends RouteClient {
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

  /** All ids that the namespace has for others. */
  netnsIds(options: DumpOptions = {}): Dump<NetnsIdMessage> {
    return this.dump(netnsIdDump, options);
  }

  /** The id that this namespace has for another one; undefined when it has none. */
  async getNetnsId(
    netns: NetworkNamespaceOption,
    options: RequestOptions = {},
  ): Promise<number | undefined> {
    return getNetnsId(this.conversation, netns, options);
  }

  /** Gives another namespace an id in this one; fails with EEXIST when it has one, or the id is taken. */
  async setNetnsId(
    netns: NetworkNamespaceOption,
    netnsId: number,
    options: RequestOptions = {},
  ): Promise<void> {
    await setNetnsId(this.conversation, netns, netnsId, options);
  }
}
