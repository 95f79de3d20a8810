/**
 * Requests and the matching of their answers.
 *
 * @module
 */

import {
  NLMSG_DONE,
  NLMSG_ERROR,
  NLMSG_NOOP,
  NetlinkError,
  decodeAcknowledgement,
  messages,
} from '@rtap/netlink';
import type { NetlinkMessage } from '@rtap/netlink';
import { checkInteger, checkObject, invalidArgumentType } from './argument.ts';
import { TransportError, errorCode } from './errors.ts';
import type { NetlinkRequestTransport } from './netlink-transport.ts';

/** What every request takes. */
export interface RequestOptions {
  /** Gives up waiting for the answer; what the kernel was asked to do may be done all the same. */
  readonly signal?: AbortSignal;
  /** Milliseconds to wait for the answer, 30,000 when left out, Infinity for ever; the kernel's lock can be held for long. */
  readonly timeout?: number;
  /** The interface that the request is about, for the error's `interface`. */
  readonly interface?: string;
}

interface Pending {
  readonly name: string;
  readonly sequence: number;
  readonly request: Uint8Array;
  readonly interface: string | undefined;
  readonly answers: NetlinkMessage[];
  readonly resolve: (answers: readonly NetlinkMessage[]) => void;
  readonly reject: (error: unknown) => void;
}

const DEFAULT_TIMEOUT = 30_000;
/**
 * Requests with the kernel at once. It serves them one by one, so more gain nothing, and the answers of very
 * many would overrun the socket's receive buffer.
 */
const MOST_AT_ONCE = 4;

/** A conversation on one socket: any number of requests, each with its own answer. */
export class Conversation {
  readonly #transport: NetlinkRequestTransport;
  readonly #waiting: Pending[] = [];
  readonly #asked = new Map<number, Pending>();
  #sequence = 0;
  #receiving = false;
  #closed = false;

  /** Takes over a socket: `close` closes it. */
  constructor(transport: NetlinkRequestTransport) {
    this.#transport = transport;
  }

  /**
   * Asks, and waits for the acknowledgement.
   *
   * @param name - what an error calls the request.
   * @param encode - makes the request with the sequence number it is given.
   * @returns the messages that came before the acknowledgement; their bytes are the caller's.
   * @throws NetlinkError when the kernel refuses; TransportError when no answer can come.
   */
  async ask(
    name: string,
    encode: (sequence: number) => Uint8Array,
    options: RequestOptions,
  ): Promise<readonly NetlinkMessage[]> {
    const { signal, timeout } = checkRequestOptions(options);
    signal?.throwIfAborted();
    if (this.#closed) throw closedError();
    // 0 is what events carry.
    this.#sequence = (this.#sequence % 0xffff_ffff) + 1;
    const sequence = this.#sequence;
    const request = encode(sequence);

    let timer: NodeJS.Timeout | undefined;
    let onAbort: (() => void) | undefined;
    try {
      return await new Promise((resolve, reject) => {
        if (timeout !== Infinity) {
          timer = setTimeout(() => reject(timeoutError(name, timeout)), timeout);
        }
        onAbort = () => reject(signal?.reason);
        signal?.addEventListener('abort', onAbort, { once: true });
        this.#waiting.push({
          name,
          sequence,
          request,
          interface: options.interface,
          answers: [],
          resolve,
          reject,
        });
        this.#sendNext();
      });
    } finally {
      clearTimeout(timer);
      if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
      this.#forget(sequence);
    }
  }

  /** Closes the socket, any number of times; requests that wait reject with `ERR_RTAP_CLOSED`. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#transport.close();
    this.#rejectAll(closedError());
  }

  /** Sends what waits, as far as there is room. */
  #sendNext(): void {
    while (this.#asked.size < MOST_AT_ONCE && !this.#closed) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#asked.set(next.sequence, next);
      this.#transport.send(next.request).then(() => this.#receive(), next.reject);
    }
  }

  #forget(sequence: number): void {
    this.#asked.delete(sequence);
    const position = this.#waiting.findIndex((pending) => pending.sequence === sequence);
    if (position >= 0) this.#waiting.splice(position, 1);
    this.#sendNext();
  }

  /** Receives for as long as somebody waits. */
  #receive(): void {
    if (this.#receiving || this.#asked.size === 0 || this.#closed) return;
    this.#receiving = true;
    this.#transport.receive().then(
      (datagram) => {
        this.#receiving = false;
        // Any process may send to our port; only port 0 is the kernel.
        if (datagram.portId === 0) this.#take(datagram.bytes, datagram.truncated);
        this.#receive();
      },
      (error: unknown) => {
        this.#receiving = false;
        this.#rejectAsked(
          errorCode(error) === 'ENOBUFS'
            ? new TransportError('ERR_RTAP_OVERRUN', 'the kernel dropped answers', { cause: error })
            : error,
        );
      },
    );
  }

  #take(bytes: Uint8Array, truncated: boolean): void {
    if (truncated) {
      this.#rejectAsked(new TransportError('ERR_RTAP_TRUNCATED', 'an answer was cut short'));
      return;
    }
    try {
      for (const message of messages(bytes)) this.#answer(message);
    } catch (error) {
      this.#rejectAsked(error);
    }
  }

  #answer(message: NetlinkMessage): void {
    if (message.portId !== this.#transport.portId || message.type === NLMSG_NOOP) return;
    const pending = this.#asked.get(message.sequence);
    if (pending === undefined) return;
    if (message.type !== NLMSG_ERROR && message.type !== NLMSG_DONE) {
      pending.answers.push(message);
      return;
    }
    const acknowledgement = decodeAcknowledgement(message, pending.request);
    this.#asked.delete(message.sequence);
    if (acknowledgement.errno === 0) {
      pending.resolve(pending.answers);
      return;
    }
    pending.reject(
      new NetlinkError(acknowledgement, { syscall: pending.name, interface: pending.interface }),
    );
  }

  /** What was with the kernel gets no answer any more; what still waits has its turn. */
  #rejectAsked(error: unknown): void {
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    for (const pending of asked) pending.reject(error);
  }

  #rejectAll(error: unknown): void {
    for (const pending of this.#waiting.splice(0)) pending.reject(error);
    this.#rejectAsked(error);
  }
}

/** The longest that a timer of Node's waits. */
const LONGEST_TIMEOUT = 0x7fff_ffff;

function checkRequestOptions(options: RequestOptions): {
  readonly signal: AbortSignal | undefined;
  readonly timeout: number;
} {
  checkObject('options', options);
  const { timeout = DEFAULT_TIMEOUT, signal } = options;
  if (timeout !== Infinity) checkInteger('options.timeout', timeout, 1, LONGEST_TIMEOUT);
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw invalidArgumentType('options.signal', 'an instance of AbortSignal', signal);
  }
  return { signal, timeout };
}

function timeoutError(name: string, timeout: number): TransportError {
  return new TransportError('ERR_RTAP_TIMEOUT', `${name}: no answer in ${timeout} ms`, {
    hint: 'another process may hold the kernel’s rtnl lock',
  });
}

function closedError(): TransportError {
  return new TransportError('ERR_RTAP_CLOSED', 'the netlink client was closed');
}
