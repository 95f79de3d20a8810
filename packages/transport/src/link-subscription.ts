/**
 * One filtered link subscription, shared by everything that watches interfaces of one namespace.
 *
 * A socket a device would cost every sender of a link event; one socket with a filter costs it nothing that
 * can be measured. Nothing is lost without being made up for: after an overrun, a truncated or a malformed
 * datagram, what follows is dropped until the kernel's own answer to RTM_GETLINK stands in the stream.
 *
 * @module
 */

import {
  MalformedError,
  NLMSG_ERROR,
  NetlinkError,
  RTM_DELLINK,
  RTM_NEWLINK,
  decodeAcknowledgement,
  messages,
} from '@rtap/netlink';
import type { Acknowledgement, NetlinkMessage } from '@rtap/netlink';
import { decodeLink } from '@rtap/netlink/link';
import type { LinkMessage, LinkRequest } from '@rtap/netlink/link';
import { tellReceived } from './channels.ts';
import { TransportError, errorCode } from './errors.ts';
import { linkFilter } from './link-filter.ts';
import { LinkSnapshots } from './link-snapshots.ts';
import type { Datagram, NetlinkSubscriptionTransport } from './netlink-transport.ts';
import { throwLater } from './throw-later.ts';

/** Why events may have been lost. */
export type ResyncReason = 'overrun' | 'truncated' | 'malformed';

/** What a watcher of one interface is told, synchronously and in the kernel's order. */
export interface LinkWatcher {
  /** A link message of the interface: an event, or the answer to a snapshot. */
  onLink(message: LinkMessage): void;
  /** A snapshot found no such interface here. */
  onGone(): void;
  /** Events may have been lost, and the snapshot that makes up for them has just been delivered. */
  onResync(reason: ResyncReason): void;
}

/** One watcher's place in a subscription. */
export interface LinkWatch {
  /** Asks the kernel for the interface's state; resolves when it has been delivered, in order with the events. */
  snapshot(): Promise<void>;
  /**
   * Changes the interface, and asks for its state after that as {@link LinkWatch.snapshot} does: one datagram, so
   * that answer and events stand in the kernel's order. When the acknowledgement is lost the change is asked for
   * once more, so it must be one that may be done twice.
   *
   * @throws NetlinkError when the kernel refuses the change.
   */
  change(changes: LinkRequest, options?: { readonly interface?: string }): Promise<void>;
  /** Delivers now what has arrived, without waiting for the event loop to notice. */
  drain(): void;
  /** Whether the kernel filters; false when it refused, so that events of all interfaces come in. */
  readonly filtered: boolean;
  /** Ends the watch: its watcher is called no more. */
  close(): void;
}

const ENODEV = 19;
/** A message of one interface with very many virtual functions is larger than 64 KB, not than this. */
const LARGEST_DATAGRAM = 4 * 1024 * 1024;
const FIRST_DATAGRAM = 32 * 1024;
const RETRY_MILLISECONDS = 100;

/** The subscription itself; {@link watchLink} hands out places in the shared one. */
export class LinkSubscription {
  readonly #socket: NetlinkSubscriptionTransport;
  readonly #watchers = new Map<number, Set<LinkWatcher>>();
  readonly #snapshots: LinkSnapshots;
  /** Interfaces whose events are dropped until a snapshot says what is true. */
  readonly #lost = new Map<number, ResyncReason>();
  /** Those of them that a snapshot of ours is on its way for. */
  readonly #recovering = new Set<number>();
  #filtered = true;
  #datagramSize = FIRST_DATAGRAM;
  /** Snapshots that a watcher waits for: as long as there are any, the event loop goes on. */
  #awaited = 0;
  #draining = false;
  #closed = false;

  /** Takes over a socket that has joined RTNLGRP_LINK. */
  constructor(socket: NetlinkSubscriptionTransport) {
    this.#socket = socket;
    this.#snapshots = new LinkSnapshots(socket);
    // Why a change is refused is to be told in words.
    socket.setOption('extAck', true);
    socket.onReadable(() => this.drain());
  }

  /** Begins to watch an interface; `onClose` is called once, when the watch is closed. */
  watch(ifindex: number, watcher: LinkWatcher, onClose: () => void): LinkWatch {
    const watchers = this.#watchers.get(ifindex) ?? new Set();
    watchers.add(watcher);
    if (watchers.size === 1) {
      this.#watchers.set(ifindex, watchers);
      this.#attachFilter();
    }
    let open = true;
    const filtered = (): boolean => this.#filtered;
    return {
      snapshot: () => this.#untilAnswered(this.#snapshot(ifindex)),
      change: (changes, options) =>
        this.#untilAnswered(this.#snapshot(ifindex, changes, options?.interface)),
      drain: () => this.drain(),
      get filtered() {
        return filtered();
      },
      close: () => {
        if (!open) return;
        open = false;
        watchers.delete(watcher);
        if (watchers.size === 0) {
          this.#watchers.delete(ifindex);
          this.#lost.delete(ifindex);
          if (!this.#closed) this.#attachFilter();
        }
        onClose();
      },
    };
  }

  /** Reads the socket until it is empty, and delivers. */
  drain(): void {
    // A listener may call back into here; the outer loop goes on with what is left.
    if (this.#draining || this.#closed) return;
    this.#draining = true;
    // Read to the end first: after an overrun the kernel drops all, answers too, until the socket is empty.
    this.#snapshots.hold();
    try {
      while (!this.#closed && this.#receive());
    } finally {
      this.#draining = false;
      if (!this.#closed) this.#snapshots.resume();
    }
  }

  /** Closes the socket; watchers hear nothing more. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.onReadable(undefined);
    this.#socket.close();
    this.#snapshots.reject(
      new TransportError('ERR_RTAP_CLOSED', 'the link subscription was closed'),
    );
  }

  /** The socket alone lets the process end, which would leave who waits without an answer. */
  async #untilAnswered(answer: Promise<void>): Promise<void> {
    this.#awaited += 1;
    if (this.#awaited === 1) this.#socket.ref();
    try {
      await answer;
    } finally {
      this.#awaited -= 1;
      if (this.#awaited === 0) this.#socket.unref();
    }
  }

  #snapshot(ifindex: number, changes?: LinkRequest, about?: string): Promise<void> {
    if (this.#closed) {
      return Promise.reject(
        new TransportError('ERR_RTAP_CLOSED', 'the link subscription was closed'),
      );
    }
    return new Promise((resolve, reject) => {
      const what = { ...(changes && { changes }), ...(about !== undefined && { about }) };
      this.#snapshots.ask({ ifindex, ...what, resolve, reject });
    });
  }

  /** Takes one datagram; false when there is none left. */
  #receive(): boolean {
    let datagram: Datagram | undefined;
    try {
      datagram = this.#socket.receive();
    } catch (error) {
      if (errorCode(error) !== 'ENOBUFS') throw error;
      this.#resync('overrun');
      return true;
    }
    if (datagram === undefined) return false;
    tellReceived(this.#socket, datagram);
    // Any process may send to our port; only port 0 is the kernel.
    if (datagram.portId !== 0) return true;
    if (datagram.truncated) {
      this.#datagramSize = Math.min(this.#datagramSize * 2, LARGEST_DATAGRAM);
      this.#socket.growReceive(this.#datagramSize);
      this.#resync('truncated');
      return true;
    }
    try {
      for (const message of messages(datagram.bytes)) this.#dispatch(message);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      this.#resync('malformed');
    }
    return true;
  }

  #dispatch(message: NetlinkMessage): void {
    const own = message.portId === this.#socket.portId;
    if (message.type === NLMSG_ERROR) {
      if (own) this.#acknowledged(message);
      return;
    }
    if (message.type !== RTM_NEWLINK && message.type !== RTM_DELLINK) return;
    const link = decodeLink(message);
    const answered = own ? this.#snapshots.take(message.sequence) : undefined;
    if (answered !== undefined) {
      this.#deliver(link.index, (watcher) => watcher.onLink(link));
      this.#answered(answered.ifindex);
      answered.resolve();
      this.#snapshots.settled();
    } else if (!this.#lost.has(link.index)) {
      this.#deliver(link.index, (watcher) => watcher.onLink(link));
    }
  }

  #acknowledged(message: NetlinkMessage): void {
    const acknowledgement = decodeAcknowledgement(message);
    const refused = acknowledgement.errno !== 0;
    const change = this.#snapshots.acknowledge(acknowledgement.sequence, refused);
    if (change === undefined) {
      if (refused) this.#refused(acknowledgement);
      return;
    }
    if (!refused) return;
    const { snapshot, request } = change;
    const error = new NetlinkError(decodeAcknowledgement(message, request), {
      syscall: 'RTM_NEWLINK',
      interface: snapshot.about,
    });
    snapshot.reject(error);
    this.#snapshots.settled();
  }

  /** A question has no answer. */
  #refused(acknowledgement: Acknowledgement): void {
    const answered = this.#snapshots.take(acknowledgement.sequence);
    if (answered === undefined) return;
    if (acknowledgement.errno === ENODEV) {
      this.#deliver(answered.ifindex, (watcher) => watcher.onGone());
      this.#answered(answered.ifindex);
      answered.resolve();
    } else {
      answered.reject(new NetlinkError(acknowledgement, { syscall: 'RTM_GETLINK' }));
    }
    this.#snapshots.settled();
  }

  /** What was lost of this interface is made up for. */
  #answered(ifindex: number): void {
    const reason = this.#lost.get(ifindex);
    if (reason === undefined) return;
    this.#lost.delete(ifindex);
    this.#deliver(ifindex, (watcher) => watcher.onResync(reason));
  }

  #deliver(ifindex: number, tell: (watcher: LinkWatcher) => void): void {
    const watchers = this.#watchers.get(ifindex);
    if (watchers === undefined) return;
    for (const watcher of [...watchers]) {
      // One that was closed by a listener before it is told no more.
      if (!watchers.has(watcher)) continue;
      try {
        tell(watcher);
      } catch (error) {
        throwLater(error);
      }
    }
  }

  #resync(reason: ResyncReason): void {
    this.#snapshots.askAgain();
    for (const ifindex of this.#watchers.keys()) {
      this.#lost.set(ifindex, reason);
      this.#askForLost(ifindex);
    }
  }

  /** Asks until there is an answer; whatever others ask for and give up on, this one is asked again. */
  #askForLost(ifindex: number): void {
    if (this.#recovering.has(ifindex)) return;
    this.#recovering.add(ifindex);
    this.#snapshot(ifindex).then(
      () => this.#recovering.delete(ifindex),
      () => {
        this.#recovering.delete(ifindex);
        // The kernel had no memory for it: until it has, the last known truth stands.
        setTimeout(() => {
          if (!this.#closed && this.#lost.has(ifindex)) this.#askForLost(ifindex);
        }, RETRY_MILLISECONDS).unref();
      },
    );
  }

  #attachFilter(): void {
    const program = linkFilter(this.#watchers.keys());
    try {
      this.#socket.attachFilter(program ?? []);
      this.#filtered = program !== undefined;
    } catch (error) {
      // Too long a program or no memory for it: all passes, and is looked at here.
      if (errorCode(error) === undefined) throw error;
      this.#socket.attachFilter([]);
      this.#filtered = false;
    }
  }
}
