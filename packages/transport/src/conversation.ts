/**
 * One socket to ask the kernel with, and the matching of answers with what was asked.
 *
 * @module
 */

import {
  NLMSG_DONE,
  NLMSG_ERROR,
  NLMSG_NOOP,
  decodeAcknowledgement,
  messages,
} from '@rtap/netlink';
import type { Acknowledgement, NetlinkMessage } from '@rtap/netlink';
import { requests, tellReceived, tellSent } from './channels.ts';
import { DumpExchange } from './dump-exchange.ts';
import { TransportError, errorCode, timeoutError } from './errors.ts';
import { checkRequestOptions } from './exchange.ts';
import type { Disturbance, Exchange, NetlinkWarning, RequestOptions } from './exchange.ts';
import type { NetlinkRequestTransport } from './netlink-transport.ts';
import { RequestExchange } from './request-exchange.ts';
import { throwLater } from './throw-later.ts';

/**
 * Requests with the kernel at once. It serves them one by one, so more gain nothing, and the answers of very
 * many would overrun the socket's receive buffer.
 */
const MOST_AT_ONCE = 4;
/** Where the growth of a datagram's buffer begins and ends; see {@link NetlinkRequestTransport.growReceive}. */
const FIRST_DATAGRAM = 32 * 1024;
const LARGEST_DATAGRAM = 4 * 1024 * 1024;

/** {@link RequestOptions}, with what is left out filled in. */
interface CheckedRequestOptions extends Omit<RequestOptions, 'signal' | 'timeout'> {
  readonly signal: AbortSignal | undefined;
  readonly timeout: number;
}

/** A conversation on one socket: any number of requests, each with its own answer, and one dump beside them. */
export class Conversation {
  readonly #transport: NetlinkRequestTransport;
  readonly #onWarning: ((warning: NetlinkWarning) => void) | undefined;
  readonly #waiting: RequestExchange[] = [];
  /** What is with the kernel, the dump among it. */
  readonly #asked = new Map<number, Exchange>();
  #requests = 0;
  readonly #waitingDumps: DumpExchange[] = [];
  #dump: DumpExchange | undefined;
  #sequence = 0;
  #datagramSize = FIRST_DATAGRAM;
  #receiving = false;
  #closed = false;

  /** Takes over a socket: `close` closes it. */
  constructor(transport: NetlinkRequestTransport, onWarning?: (warning: NetlinkWarning) => void) {
    this.#transport = transport;
    this.#onWarning = onWarning;
  }

  /** Port of the socket. */
  get portId(): number {
    return this.#transport.portId;
  }

  /** How many requests and dumps are not at their end. */
  get waiting(): number {
    return this.#waiting.length + this.#waitingDumps.length + this.#asked.size;
  }

  /** Whether it was closed. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Whether there is more room for an answer after one that was cut. */
  get grows(): boolean {
    return this.#transport.growReceive !== undefined;
  }

  /**
   * Asks, and waits for the answer: up to the acknowledgement when the request asks for one (NLM_F_ACK), else
   * the first message.
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
    const sequence = this.#nextSequence();
    const request = encode(sequence);
    const run = (): Promise<readonly NetlinkMessage[]> =>
      this.#exchange(name, sequence, request, { ...options, signal, timeout });
    if (!requests.hasSubscribers) return run();
    return requests.tracePromise(run, {
      ...{ name, interface: options.interface, sequence },
      ...{ socket: this.#transport.portId, bytes: request },
    });
  }

  async #exchange(
    name: string,
    sequence: number,
    request: Uint8Array,
    options: CheckedRequestOptions,
  ): Promise<readonly NetlinkMessage[]> {
    const { signal, timeout } = options;
    let timer: NodeJS.Timeout | undefined;
    let onAbort: (() => void) | undefined;
    try {
      return await new Promise((resolve, reject) => {
        if (timeout !== Infinity) {
          timer = setTimeout(() => reject(timeoutError(name, timeout)), timeout);
        }
        onAbort = () => reject(signal?.reason);
        signal?.addEventListener('abort', onAbort, { once: true });
        this.#waiting.push(
          new RequestExchange({
            name,
            sequence,
            request,
            interface: options.interface,
            resolve,
            reject,
            warn: (acknowledgement) => this.#warn(name, acknowledgement, options.onWarning),
          }),
        );
        this.#sendNext();
      });
    } finally {
      clearTimeout(timer);
      if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
      this.#forget(sequence);
    }
  }

  /**
   * Asks for a dump. The kernel runs one at a time on a socket, so it may have to wait for its turn.
   *
   * @returns the dump: {@link DumpExchange.next} until it says undefined, {@link DumpExchange.release} always.
   * @param strict - false: asked with strict checking switched off.
   */
  dump(
    name: string,
    encode: (sequence: number) => Uint8Array,
    options: RequestOptions & { readonly strict?: boolean },
  ): DumpExchange {
    if (this.#closed) throw closedError();
    const sequence = this.#nextSequence();
    const exchange = new DumpExchange({
      name,
      sequence,
      request: encode(sequence),
      options,
      receive: () => this.#receive(),
      done: () => this.#dumpDone(exchange),
      warn: (acknowledgement) => this.#warn(name, acknowledgement, options.onWarning),
    });
    this.#waitingDumps.push(exchange);
    this.#startDump();
    return exchange;
  }

  /** Closes the socket, any number of times; requests that wait reject with `ERR_RTAP_CLOSED`. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#transport.close();
    for (const waiting of this.#waiting.splice(0)) waiting.fail(closedError());
    for (const waiting of this.#waitingDumps.splice(0)) waiting.fail(closedError());
    this.#failAsked(closedError());
  }

  #nextSequence(): number {
    // 0 is what events carry.
    this.#sequence = (this.#sequence % 0xffff_ffff) + 1;
    return this.#sequence;
  }

  /** Sends what waits, as far as there is room. */
  #sendNext(): void {
    while (this.#requests < MOST_AT_ONCE && !this.#closed) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#requests += 1;
      this.#asked.set(next.sequence, next);
      tellSent(this.#transport, next.request);
      this.#transport.send(next.request).then(
        () => this.#receive(),
        (error: unknown) => next.fail(error),
      );
    }
  }

  #forget(sequence: number): void {
    this.#remove(sequence);
    const position = this.#waiting.findIndex((waiting) => waiting.sequence === sequence);
    if (position >= 0) this.#waiting.splice(position, 1);
    this.#sendNext();
  }

  #remove(sequence: number): void {
    const exchange = this.#asked.get(sequence);
    if (exchange === undefined) return;
    this.#asked.delete(sequence);
    if (exchange instanceof RequestExchange) this.#requests -= 1;
  }

  #startDump(): void {
    if (this.#dump !== undefined || this.#closed) return;
    const dump = this.#waitingDumps.shift();
    if (dump === undefined) return;
    this.#dump = dump;
    dump.start();
    this.#asked.set(dump.sequence, dump);
    this.#sendDump(dump).then(
      () => this.#receive(),
      (error: unknown) => {
        this.#asked.delete(dump.sequence);
        dump.fail(error);
      },
    );
  }

  async #sendDump(dump: DumpExchange): Promise<void> {
    // The kernel looks at the option when the dump begins, which is before `send` resolves.
    const lenient = !dump.strict && this.#transport.setOption('strictCheck', false);
    tellSent(this.#transport, dump.request);
    try {
      await this.#transport.send(dump.request);
    } finally {
      if (lenient && !this.#closed) this.#transport.setOption('strictCheck', true);
    }
  }

  #dumpDone(dump: DumpExchange): void {
    this.#asked.delete(dump.sequence);
    const position = this.#waitingDumps.indexOf(dump);
    if (position >= 0) this.#waitingDumps.splice(position, 1);
    if (this.#dump === dump) this.#dump = undefined;
    this.#startDump();
  }

  /** Receives for as long as somebody wants something. */
  #receive(): void {
    if (this.#receiving || this.#closed || !this.#wanted()) return;
    this.#receiving = true;
    this.#transport.receive().then(
      (datagram) => {
        this.#receiving = false;
        tellReceived(this.#transport, datagram);
        // Any process may send to our port; only port 0 is the kernel.
        if (datagram.portId === 0) this.#take(datagram.bytes, datagram.truncated);
        this.#receive();
      },
      (error: unknown) => {
        this.#receiving = false;
        if (errorCode(error) === 'ENOBUFS') this.#disturb('overrun', error);
        else this.#failAsked(error);
        this.#receive();
      },
    );
  }

  #wanted(): boolean {
    for (const exchange of this.#asked.values()) if (exchange.wanting) return true;
    return false;
  }

  #take(bytes: Uint8Array, truncated: boolean): void {
    if (truncated) {
      this.#datagramSize = Math.min(this.#datagramSize * 2, LARGEST_DATAGRAM);
      this.#transport.growReceive?.(this.#datagramSize);
      // Whose the cut message was can't be told. The end of a dump may still be among the others.
      this.#disturb('truncated', undefined);
    }
    const taken = new Map<Exchange, NetlinkMessage[]>();
    try {
      for (const message of messages(bytes)) this.#sort(message, taken);
    } catch (error) {
      if (!truncated) this.#failAsked(error);
    }
    this.#hand(taken);
  }

  #sort(message: NetlinkMessage, taken: Map<Exchange, NetlinkMessage[]>): void {
    if (message.portId !== this.#transport.portId || message.type === NLMSG_NOOP) return;
    const exchange = this.#asked.get(message.sequence);
    if (exchange === undefined) return;
    if (message.type !== NLMSG_ERROR && message.type !== NLMSG_DONE) {
      const before = taken.get(exchange);
      if (before === undefined) taken.set(exchange, [message]);
      else before.push(message);
      return;
    }
    const acknowledgement = decodeAcknowledgement(message, exchange.request);
    this.#hand(taken);
    // NLMSG_DONE is a message of the dump too: the flag may be on it alone.
    if (message.type === NLMSG_DONE) exchange.take([message]);
    this.#remove(message.sequence);
    exchange.end(acknowledgement);
  }

  #hand(taken: Map<Exchange, NetlinkMessage[]>): void {
    for (const [exchange, held] of taken) {
      if (exchange.take(held)) this.#remove(exchange.sequence);
    }
    taken.clear();
  }

  #disturb(disturbance: Disturbance, cause: unknown): void {
    for (const exchange of [...this.#asked.values()]) {
      if (exchange.disturb(disturbance, cause)) this.#remove(exchange.sequence);
    }
  }

  /** What was with the kernel gets no answer any more; what still waits has its turn. */
  #failAsked(error: unknown): void {
    for (const exchange of [...this.#asked.values()]) {
      this.#remove(exchange.sequence);
      exchange.fail(error);
    }
  }

  #warn(
    syscall: string,
    { message, attribute }: Acknowledgement,
    listener = this.#onWarning,
  ): void {
    if (message === undefined || listener === undefined) return;
    try {
      listener({ syscall, message, ...(attribute !== undefined && { attribute }) });
    } catch (error) {
      throwLater(error);
    }
  }
}

function closedError(): TransportError {
  return new TransportError('ERR_RTAP_CLOSED', 'the netlink client was closed');
}
