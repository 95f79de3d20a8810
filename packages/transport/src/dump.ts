/**
 * Dumps: everything of a kind, as an async iterable that never shows an element twice.
 *
 * @module
 */

import type { NetlinkMessage, RequestHeader } from '@rtap/netlink';
import { NLM_F_DUMP, NLM_F_REQUEST } from '@rtap/netlink';
import type { Conversation } from './conversation.ts';
import type { DumpExchange } from './dump-exchange.ts';
import { TransportError, errorCode } from './errors.ts';
import type { Disturbance, RequestOptions } from './exchange.ts';

/**
 * What to do when the kernel says that a dump isn't one consistent picture (NLM_F_DUMP_INTR, on any of its
 * messages), or some of it was lost on the way.
 *
 * - `'retry'`: asks again. Nothing is yielded before a run has come whole, so that no element is seen twice;
 *   rejects with `ERR_RTAP_INTERRUPTED` when no run did.
 * - `'partial'`: asks again as well, and when no run came whole yields what the last one had;
 *   {@link Dump.disturbance} tells.
 * - `'stream'`: yields each datagram's elements as they come and never asks again; {@link Dump.disturbance}
 *   tells at the end. For tables that are too large to be held. Other dumps of the client wait until this one
 *   has been left, so one must not be awaited in the body of its loop.
 */
export type InterruptedPolicy = 'retry' | 'partial' | 'stream';

/** What every dump takes. */
export interface DumpOptions extends RequestOptions {
  /** What to do when it is interrupted; `'retry'` when left out. */
  readonly interrupted?: InterruptedPolicy;
  /** How often to ask at most, 10 when left out. */
  readonly attempts?: number;
}

/** What is to be dumped, and how its messages are read. */
export interface DumpRequest<T> {
  /** What errors call the request, such as `RTM_GETLINK`. */
  readonly name: string;
  /** Makes the request, one message. */
  readonly encode: (header: RequestHeader) => Uint8Array;
  /** The type of the messages that are elements, such as RTM_NEWLINK. */
  readonly type: number;
  /** Reads one. */
  readonly decode: (message: NetlinkMessage) => T;
  /** Whether it was asked for: for what a kernel without strict checking doesn't filter itself. */
  readonly filter?: (element: T) => boolean;
}

const MOST_ATTEMPTS = 10;

/**
 * A dump that can be iterated; each iteration asks the kernel anew.
 *
 * One runs at a time on a client's socket, others wait for their turn; requests go on beside it. Leaving the
 * iteration early (`break`) is fine. The bytes in the elements are the caller's.
 *
 * @example
 * ```ts
 * import { NetlinkClient } from '@rtap/transport';
 *
 * const client = await NetlinkClient.open();
 * for await (const link of client.links()) console.log(link.index, link.name);
 * await client.close();
 * ```
 */
export interface Dump<T> extends AsyncIterable<T> {
  /**
   * Why what the last iteration yielded may be inconsistent or incomplete; undefined when it is one
   * consistent picture. Always undefined after an iteration that ended well under the policy `'retry'`.
   */
  readonly disturbance: Disturbance | undefined;
  /** How often the kernel was asked in the last iteration. */
  readonly attempts: number;
  /** All elements, as an array. */
  toArray(): Promise<T[]>;
  /**
   * Asks the kernel, and yields the elements.
   *
   * @throws NetlinkError when the kernel refuses or breaks off (also by an error in NLMSG_DONE);
   * TransportError: `ERR_RTAP_INTERRUPTED`, `ERR_RTAP_TIMEOUT`, `ERR_RTAP_CLOSED`; the signal's reason;
   * MalformedError.
   */
  [Symbol.asyncIterator](): AsyncGenerator<T, void, undefined>;
}

/** The dump of a client's socket. */
export class SocketDump<T> implements Dump<T> {
  readonly #conversation: Conversation;
  readonly #request: DumpRequest<T>;
  readonly #options: DumpOptions;
  #disturbance: Disturbance | undefined;
  #attempts = 0;

  constructor(conversation: Conversation, request: DumpRequest<T>, options: DumpOptions) {
    this.#conversation = conversation;
    this.#request = request;
    this.#options = options;
  }

  get disturbance(): Disturbance | undefined {
    return this.#disturbance;
  }

  get attempts(): number {
    return this.#attempts;
  }

  async toArray(): Promise<T[]> {
    const elements: T[] = [];
    for await (const element of this) elements.push(element);
    return elements;
  }

  /** @yields the elements, in the kernel's order. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    const { interrupted = 'retry', attempts = MOST_ATTEMPTS, signal } = this.#options;
    this.#attempts = 0;
    let strict = true;
    for (;;) {
      this.#attempts += 1;
      const last = this.#attempts >= attempts;
      const exchange = this.#conversation.dump(
        this.#request.name,
        (sequence) => this.#request.encode({ flags: NLM_F_REQUEST | NLM_F_DUMP, sequence }),
        { ...this.#options, strict },
      );
      try {
        if (interrupted === 'stream') {
          for (let next = await exchange.next(); next !== undefined; next = await exchange.next()) {
            yield* this.#elements(next);
          }
          this.#disturbance = exchange.disturbance;
          return;
        }
        const held = await collect(exchange, interrupted === 'partial' && last);
        this.#disturbance = exchange.disturbance;
        if (this.#disturbance === undefined || (interrupted === 'partial' && last)) {
          for (const messages of held) {
            for (const element of this.#elements(messages)) {
              signal?.throwIfAborted();
              yield element;
            }
          }
          return;
        }
        if (last) throw interruptedError(this.#request.name, this.#attempts, this.#disturbance);
      } catch (error) {
        // A kernel that checks strictly, and refuses what it would have overlooked: what it then doesn't
        // filter is filtered here.
        if (!strict || exchange.begun || errorCode(error) !== 'EINVAL') throw error;
        strict = false;
        this.#attempts -= 1;
      } finally {
        exchange.release();
      }
    }
  }

  *#elements(messages: readonly NetlinkMessage[]): Generator<T, void, undefined> {
    const { type, decode, filter } = this.#request;
    for (const message of messages) {
      if (message.type !== type) continue;
      const element = decode(message);
      if (filter === undefined || filter(element)) yield element;
    }
  }
}

/** Reads a dump to its end; what is of no use any more because it was interrupted isn't kept. */
async function collect(
  exchange: DumpExchange,
  anyway: boolean,
): Promise<readonly (readonly NetlinkMessage[])[]> {
  const held: (readonly NetlinkMessage[])[] = [];
  for (let next = await exchange.next(); next !== undefined; next = await exchange.next()) {
    if (exchange.disturbance === undefined || anyway) held.push(next);
    else held.length = 0;
  }
  return held;
}

function interruptedError(name: string, attempts: number, why: Disturbance): TransportError {
  return new TransportError(
    'ERR_RTAP_INTERRUPTED',
    `${name}: the dump was ${why === 'interrupted' ? why : `disturbed (${why})`} ${attempts} times`,
    { hint: "what is dumped changes all the time: ask more often, or take interrupted: 'partial'" },
  );
}
