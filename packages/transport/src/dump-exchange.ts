/**
 * One run of a dump: from the request to NLMSG_DONE.
 *
 * @module
 */

import { NLMSG_DONE, NLM_F_DUMP_INTR, NetlinkError } from '@rtap/netlink';
import type { Acknowledgement, NetlinkMessage } from '@rtap/netlink';
import { timeoutError } from './errors.ts';
import { checkRequestOptions } from './exchange.ts';
import type { Disturbance, Exchange, RequestOptions } from './exchange.ts';

/** What a {@link DumpExchange} is made of. */
export interface DumpExchangeOptions {
  readonly name: string;
  readonly sequence: number;
  readonly request: Uint8Array;
  readonly options: RequestOptions & { readonly strict?: boolean };
  /** Called when it wants to receive. */
  readonly receive: () => void;
  /** Called once, when the kernel is done with it: the next dump may begin. */
  readonly done: () => void;
  readonly warn: (acknowledgement: Acknowledgement) => void;
}

/** Datagrams that are read before anybody asks for them; the kernel goes on only as they are read. */
const READ_AHEAD = 2;
/** The end may be among what was lost: so many milliseconds without anything more count as the end then. */
const QUIET_AFTER_LOSS = 1000;

/**
 * A run of a dump, read as it is asked for.
 *
 * The kernel holds it open until its end has been read, so one that nobody wants any more is read on and
 * thrown away.
 */
export class DumpExchange implements Exchange {
  readonly name: string;
  readonly sequence: number;
  readonly request: Uint8Array;
  /** Whether the kernel is to check the request strictly. */
  readonly strict: boolean;
  readonly #options: DumpExchangeOptions;
  readonly #timeout: number;
  readonly #held: (readonly NetlinkMessage[])[] = [];
  #disturbance: Disturbance | undefined;
  #started = false;
  #begun = false;
  #lossy = false;
  #released = false;
  #ended = false;
  #error: unknown;
  #wake: (() => void) | undefined;
  #drainTimer: NodeJS.Timeout | undefined;

  constructor(options: DumpExchangeOptions) {
    this.name = options.name;
    this.sequence = options.sequence;
    this.request = options.request;
    this.strict = options.options.strict ?? true;
    this.#timeout = checkRequestOptions(options.options).timeout;
    this.#options = options;
  }

  get wanting(): boolean {
    return !this.#ended && (this.#released || this.#held.length < READ_AHEAD);
  }

  /** What has happened to it so far, if anything: it isn't one consistent picture then. */
  get disturbance(): Disturbance | undefined {
    return this.#disturbance;
  }

  /** Its turn has come: it is sent now. */
  start(): void {
    this.#started = true;
  }

  /** Whether the kernel has sent anything of it. */
  get begun(): boolean {
    return this.#begun;
  }

  /**
   * Waits for the messages of the next datagram; undefined at the end.
   *
   * @throws NetlinkError when the kernel refuses, or breaks off; TransportError; the signal's reason.
   */
  async next(): Promise<readonly NetlinkMessage[] | undefined> {
    const { signal } = this.#options.options;
    for (;;) {
      signal?.throwIfAborted();
      const held = this.#held.shift();
      this.#options.receive();
      if (held !== undefined) return held;
      if (this.#ended) {
        if (this.#error !== undefined) throw this.#error;
        return undefined;
      }
      await this.#untilMore(signal);
    }
  }

  /** Nobody wants the rest: it is read on and thrown away, so that the next dump can begin. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#held.length = 0;
    if (this.#ended) return;
    if (!this.#started) {
      this.#end(undefined);
      return;
    }
    this.#endWhenQuiet();
    this.#options.receive();
  }

  take(messages: readonly NetlinkMessage[]): boolean {
    this.#begun = true;
    for (const message of messages) {
      if ((message.flags & NLM_F_DUMP_INTR) !== 0) this.#disturbance ??= 'interrupted';
    }
    if (!this.#released) {
      const [first] = messages;
      if (first !== undefined && first.type !== NLMSG_DONE) this.#held.push(messages);
      this.#wake?.();
    }
    return false;
  }

  end(acknowledgement: Acknowledgement): void {
    const { errno } = acknowledgement;
    if (errno === 0) this.#options.warn(acknowledgement);
    const { interface: about } = this.#options.options;
    this.#end(
      errno === 0
        ? undefined
        : new NetlinkError(acknowledgement, { syscall: this.name, interface: about }),
    );
  }

  disturb(disturbance: Disturbance): boolean {
    // The kernel goes on with it all the same.
    this.#disturbance ??= disturbance;
    this.#lossy = true;
    if (this.#released) this.#endWhenQuiet();
    else this.#wake?.();
    return false;
  }

  fail(error: unknown): void {
    this.#end(error);
  }

  #end(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    clearTimeout(this.#drainTimer);
    this.#options.done();
    this.#wake?.();
  }

  /** How long nothing may come; undefined: for ever. */
  get #patience(): number | undefined {
    const patience = this.#lossy ? Math.min(this.#timeout, QUIET_AFTER_LOSS) : this.#timeout;
    return patience === Infinity ? undefined : patience;
  }

  /** An end that never comes must not keep the next dump from beginning. */
  #endWhenQuiet(): void {
    clearTimeout(this.#drainTimer);
    if (this.#patience === undefined) return;
    this.#drainTimer = setTimeout(() => this.#end(undefined), this.#patience).unref();
  }

  async #untilMore(signal: AbortSignal | undefined): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    let onAbort: (() => void) | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        this.#wake = resolve;
        if (this.#patience !== undefined) {
          timer = setTimeout(() => {
            if (this.#lossy) this.#end(undefined);
            else reject(timeoutError(this.name, this.#timeout));
          }, this.#patience);
        }
        onAbort = () => reject(signal?.reason);
        signal?.addEventListener('abort', onAbort, { once: true });
      });
    } finally {
      this.#wake = undefined;
      clearTimeout(timer);
      if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
    }
  }
}
