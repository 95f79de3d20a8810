/**
 * Link-state-change (LSC) of one device: the transport's tracker, fed by the shared subscription.
 *
 * @module
 */

import type { NetworkNamespaceOption } from '@rtap/native';
import type { LinkMessage, LinkRequest } from '@rtap/netlink/link';
import { trackLink, watchLink } from '@rtap/transport';
import type {
  LinkEvent,
  LinkWatch,
  NetlinkSockets,
  ResyncReason,
  TrackedLink,
} from '@rtap/transport';
import { NotHereError } from './device-errors.ts';

/** Whom LSC tells. */
export interface LinkStateChangeListener {
  /** What is known has changed, and what happened; no events while it is settling. */
  changed(state: TrackedLink, events: readonly LinkEvent[]): void;
  /** A question about the interface was answered by ENODEV: it is gone, or has moved. Nothing else is told after it. */
  notHere(): void;
  /** Events may have been lost; what is known is true again. */
  resynced(reason: ResyncReason): void;
}

/** What LSC needs to be enabled. */
export interface LinkStateChangeOptions {
  /** The kernel's sockets. */
  readonly sockets: NetlinkSockets;
  /** Where the interface is. */
  readonly netns: NetworkNamespaceOption | undefined;
  /** The inode of that namespace. */
  readonly namespaceInode: bigint;
  /** What is known of it. */
  readonly known: TrackedLink;
  /** Whom to tell. */
  readonly listener: LinkStateChangeListener;
}

/**
 * LSC while it is enabled.
 *
 * It begins silent: what comes in is followed but not told, until {@link LinkStateChange.settle} has asked the
 * kernel and made its answer the truth that the first event is measured against.
 */
export class LinkStateChange {
  readonly #watch: LinkWatch;
  readonly #listener: LinkStateChangeListener;
  #state: TrackedLink;
  #settled = false;
  #gone = false;

  private constructor(watch: LinkWatch, options: LinkStateChangeOptions) {
    this.#watch = watch;
    this.#listener = options.listener;
    this.#state = options.known;
  }

  /** Subscribes; when it resolves no change is missed any more. */
  static async enable(options: LinkStateChangeOptions): Promise<LinkStateChange> {
    let lsc: LinkStateChange | undefined;
    const watch = await watchLink({
      sockets: options.sockets,
      ifindex: options.known.ifindex,
      namespaceInode: options.namespaceInode,
      ...(options.netns === undefined ? {} : { netns: options.netns }),
      watcher: {
        onLink: (message) => lsc?.take(message),
        onGone: () => lsc?.gone(),
        onResync: (reason) => lsc?.resynced(reason),
      },
    });
    lsc = new LinkStateChange(watch, options);
    return lsc;
  }

  /** Whether the kernel keeps other interfaces' events away from this process. */
  get filtered(): boolean {
    return this.#watch.filtered;
  }

  /**
   * Asks the kernel, makes its answer the truth, and tells every change from then on.
   *
   * @param changes - what is to be changed first; nothing falls between.
   * @throws NotHereError when the interface is not there; NetlinkError when the change is refused.
   */
  async settle(changes?: LinkRequest): Promise<TrackedLink> {
    await this.#ask(changes);
    this.#settled = true;
    return this.#state;
  }

  /**
   * Asks the kernel; what has changed is told as an event is.
   *
   * @param changes - what is to be changed first.
   * @throws NotHereError when the interface is not there; NetlinkError when the change is refused.
   */
  async update(changes?: LinkRequest): Promise<TrackedLink> {
    await this.#ask(changes);
    return this.#state;
  }

  /** Delivers at once what has arrived. */
  drain(): void {
    this.#watch.drain();
  }

  /** Unsubscribes: nothing is told any more. */
  disable(): void {
    this.#watch.close();
  }

  private take(message: LinkMessage): void {
    const { state, events } = trackLink(this.#state, message);
    if (state === this.#state) return;
    this.#state = state;
    this.#listener.changed(state, this.#settled ? events : events.filter(isFarewell));
  }

  private resynced(reason: ResyncReason): void {
    if (this.#settled && !this.#gone) this.#listener.resynced(reason);
  }

  private gone(): void {
    if (this.#gone) return;
    this.#gone = true;
    if (this.#settled) this.#listener.notHere();
  }

  async #ask(changes: LinkRequest | undefined): Promise<void> {
    try {
      if (changes === undefined) await this.#watch.snapshot();
      else await this.#watch.change(changes, { interface: this.#state.name });
    } catch (error) {
      // A farewell ends the watch, and with it what was asked.
      this.#requirePresent();
      throw error;
    }
    this.#requirePresent();
  }

  #requirePresent(): void {
    if (this.#gone || !this.#state.present) throw new NotHereError();
  }
}

/** What is told at any time. */
function isFarewell(event: LinkEvent): boolean {
  return event.type === 'removed' || event.type === 'moved';
}
