/**
 * A request with one answer.
 *
 * @module
 */

import { NLM_F_ACK, NLM_F_MULTI, NetlinkError } from '@rtap/netlink';
import type { Acknowledgement, NetlinkMessage } from '@rtap/netlink';
import { TransportError } from './errors.ts';
import type { Disturbance, Exchange } from './exchange.ts';

/** What a {@link RequestExchange} is made of. */
export interface RequestExchangeOptions {
  readonly name: string;
  readonly sequence: number;
  readonly request: Uint8Array;
  readonly interface: string | undefined;
  readonly resolve: (answers: readonly NetlinkMessage[]) => void;
  readonly reject: (error: unknown) => void;
  readonly warn: (acknowledgement: Acknowledgement) => void;
}

/** A request that ends with its acknowledgement, or with its answer when it asked for no acknowledgement. */
export class RequestExchange implements Exchange {
  readonly name: string;
  readonly sequence: number;
  readonly request: Uint8Array;
  readonly wanting = true;
  readonly #options: RequestExchangeOptions;
  readonly #answers: NetlinkMessage[] = [];

  constructor(options: RequestExchangeOptions) {
    this.name = options.name;
    this.sequence = options.sequence;
    this.request = options.request;
    this.#options = options;
  }

  take(messages: readonly NetlinkMessage[]): boolean {
    // One by one: a long datagram holds more than a call takes arguments.
    for (const message of messages) this.#answers.push(message);
    if ((flagsOf(this.request) & NLM_F_ACK) !== 0) return false;
    if (messages.every((message) => (message.flags & NLM_F_MULTI) !== 0)) return false;
    this.#options.resolve(this.#answers);
    return true;
  }

  end(acknowledgement: Acknowledgement): void {
    if (acknowledgement.errno === 0) {
      this.#options.warn(acknowledgement);
      this.#options.resolve(this.#answers);
      return;
    }
    const { interface: about } = this.#options;
    this.fail(new NetlinkError(acknowledgement, { syscall: this.name, interface: about }));
  }

  disturb(disturbance: Disturbance, cause: unknown): boolean {
    this.fail(
      disturbance === 'overrun'
        ? new TransportError('ERR_RTAP_OVERRUN', 'the kernel dropped answers', { cause })
        : new TransportError('ERR_RTAP_TRUNCATED', 'an answer was cut short'),
    );
    return true;
  }

  fail(error: unknown): void {
    this.#options.reject(error);
  }
}

function flagsOf(request: Uint8Array): number {
  return new Uint16Array(request.slice(6, 8).buffer)[0] ?? 0;
}
