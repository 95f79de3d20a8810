/**
 * The socket of a watched table: drained to its end at each wake-up, with room made after each loss.
 *
 * @module
 */

import { MalformedError, messages } from '@rtap/netlink';
import type { NetlinkMessage } from '@rtap/netlink';
import { tellReceived } from './channels.ts';
import { errorCode } from './errors.ts';
import type { ResyncReason } from './link-subscription.ts';
import type { Datagram, NetlinkSubscriptionTransport } from './netlink-transport.ts';

const FIRST_DATAGRAM = 32 * 1024;
const LARGEST_DATAGRAM = 4 * 1024 * 1024;
const FIRST_RECEIVE_BUFFER = 1024 * 1024;
const LARGEST_RECEIVE_BUFFER = 32 * 1024 * 1024;

/** What a {@link TableSocket} hands on. */
export interface TableSocketListener {
  /** A message of the kernel, from the namespace with that id, or from the socket's own. */
  readonly onMessage: (message: NetlinkMessage, nsid: number | undefined) => void;
  /** Messages may have been lost. */
  readonly onLoss: (reason: ResyncReason) => void;
}

/** A subscription socket, read message by message. */
export class TableSocket {
  readonly #socket: NetlinkSubscriptionTransport;
  readonly #listener: TableSocketListener;
  #datagramSize = FIRST_DATAGRAM;
  #receiveBuffer = FIRST_RECEIVE_BUFFER;
  #closed = false;

  constructor(socket: NetlinkSubscriptionTransport, listener: TableSocketListener) {
    this.#socket = socket;
    this.#listener = listener;
  }

  /** Calls on each wake-up. */
  onReadable(listener: () => void): void {
    this.#socket.onReadable(listener);
  }

  ref(): void {
    if (!this.#closed) this.#socket.ref();
  }

  unref(): void {
    if (!this.#closed) this.#socket.unref();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.onReadable(undefined);
    this.#socket.close();
  }

  /** Reads until it is empty, or closed. */
  drain(): void {
    while (!this.#closed) {
      let datagram: Datagram | undefined;
      try {
        datagram = this.#socket.receive();
      } catch (error) {
        if (errorCode(error) !== 'ENOBUFS') throw error;
        this.#listener.onLoss('overrun');
        this.#socket.setReceiveBuffer(this.#receiveBuffer);
        this.#receiveBuffer = Math.min(this.#receiveBuffer * 2, LARGEST_RECEIVE_BUFFER);
        continue;
      }
      if (datagram === undefined) return;
      tellReceived(this.#socket, datagram);
      // Any process may send to our port; only port 0 is the kernel.
      if (datagram.portId === 0) this.#take(datagram);
    }
  }

  #take(datagram: Datagram): void {
    if (datagram.truncated) {
      this.#datagramSize = Math.min(this.#datagramSize * 2, LARGEST_DATAGRAM);
      this.#socket.growReceive(this.#datagramSize);
      this.#listener.onLoss('truncated');
      return;
    }
    try {
      for (const message of messages(datagram.bytes)) {
        this.#listener.onMessage(message, datagram.nsid);
      }
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      this.#listener.onLoss('malformed');
    }
  }
}
