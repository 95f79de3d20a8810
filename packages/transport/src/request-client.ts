/**
 * What every client of rtnetlink does: requests and dumps of any kind.
 *
 * @module
 */

import { inspect } from 'node:util';
import type { InspectOptionsStylized } from 'node:util';
import type { NetlinkMessage, RequestHeader } from '@rtap/netlink';
import { checkInteger, checkObject } from './argument.ts';
import { Conversation } from './conversation.ts';
import { SocketDump } from './dump.ts';
import type { Dump, DumpOptions, DumpRequest } from './dump.ts';
import type { NetlinkWarning, RequestOptions } from './exchange.ts';
import type { NetlinkRequestTransport } from './netlink-transport.ts';
import { change } from './requests.ts';

/** What a {@link NetlinkClient} takes. */
export interface NetlinkClientOptions {
  /** Told what the kernel says of requests that it carries out: warnings in acknowledgements of success. */
  readonly onWarning?: (warning: NetlinkWarning) => void;
}

/** A conversation with rtnetlink on a socket of its own: the part of {@link NetlinkClient} that the others are made of. */
export class RequestClient {
  static {
    Object.defineProperty(RequestClient.prototype, inspect.custom, {
      configurable: true,
      writable: true,
      value(this: RequestClient, _depth: number, options: InspectOptionsStylized): string {
        const { portId, waiting, closed } = this.conversation;
        const state = closed ? 'closed' : `port ${portId}, ${waiting} waiting`;
        return `${options.stylize('NetlinkClient', 'special')} {${state}}`;
      },
    });
  }

  /** @internal */
  protected readonly conversation: Conversation;

  /** Takes over a socket: `close` closes it. */
  constructor(transport: NetlinkRequestTransport, options: NetlinkClientOptions = {}) {
    // The kernel's own words, and requests checked strictly; a kernel that lacks them does without.
    transport.setOption('extAck', true);
    transport.setOption('strictCheck', true);
    this.conversation = new Conversation(transport, options.onWarning);
  }

  /** A dump of any kind; {@link NetlinkClient.links} and {@link NetlinkClient.routes} are two. */
  dump<T>(request: DumpRequest<T>, options: DumpOptions = {}): Dump<T> {
    checkObject('request', request);
    checkObject('options', options);
    if (options.attempts !== undefined) {
      checkInteger('options.attempts', options.attempts, 1, Number.MAX_SAFE_INTEGER);
    }
    return new SocketDump(this.conversation, request, options);
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
    return change(this.conversation, name, flags, encode, options);
  }

  /** Closes the socket, any number of times; requests that wait reject with `ERR_RTAP_CLOSED`. */
  close(): Promise<void> {
    this.conversation.close();
    return Promise.resolve();
  }

  /** The same as {@link NetlinkClient.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
