/**
 * Raw ICMP sockets, for a pinger that needs no other program.
 *
 * @module
 */

import { isIP } from 'node:net';

import { checkBytes, checkListener, checkOptions, checkText, outOfRange } from './argument.ts';
import type { IcmpSocket as NativeIcmp, Poll } from './binding.d.ts';
import { closedError, nativeError } from './errors.ts';
import { binding } from './load.ts';
import { namespaceArguments } from './namespace.ts';
import type { NetworkNamespaceOption } from './namespace.ts';

/** How a raw ICMP socket is opened. */
export interface IcmpSocketOptions {
  /** 4: ICMP over IPv4. 6: ICMPv6. */
  readonly family: 4 | 6;
  /** Where. @default the process's own namespace */
  readonly netns?: NetworkNamespaceOption;
}

/** A received ICMP message. */
export interface IcmpMessage {
  /** Its bytes, the caller's: of IPv4 with the IP header, of IPv6 without. */
  readonly bytes: Uint8Array;
  /** Who sent it; a link-local address with `%` and its ifindex. */
  readonly address: string;
}

/** A raw ICMP socket: it sees all ICMP messages that its namespace receives. */
export interface IcmpSocket {
  /**
   * Sends one message, from its type byte on. The checksum of IPv4 is the caller's, that of IPv6 the
   * kernel's. A link-local address has `%` and an ifindex behind it.
   *
   * @throws NativeError: ENETUNREACH, EAFNOSUPPORT for an address of the other family.
   */
  send(message: Uint8Array, address: string): void;
  /** Receives the next message; undefined when there is none. */
  receive(): IcmpMessage | undefined;
  /**
   * Calls `listener` on each turn of the event loop that finds something, until `undefined` is given;
   * keeps the loop alive meanwhile.
   */
  onReadable(listener: (() => void) | undefined): void;
  /** Closes it, any number of times. */
  close(): void;
}

/**
 * Opens a raw ICMP socket.
 *
 * @throws NativeError (EPERM) without CAP_NET_RAW.
 */
export async function openIcmpSocket(options: IcmpSocketOptions): Promise<IcmpSocket> {
  checkOptions('options', options);
  const { family } = options;
  if (family !== 4 && family !== 6) throw outOfRange('options.family', '4 or 6', family);
  const namespace = namespaceArguments(options.netns);
  try {
    return new RawSocket(await binding().openIcmpSocket(family === 6, ...namespace));
  } catch (error) {
    throw nativeError(error);
  }
}

class RawSocket implements IcmpSocket {
  readonly #native: NativeIcmp;
  #poll: Poll | undefined;
  #listener: (() => void) | undefined;
  #closed = false;

  constructor(native: NativeIcmp) {
    this.#native = native;
  }

  send(message: Uint8Array, address: string): void {
    checkBytes('message', message);
    checkText('address', address);
    // Node takes names of interfaces behind the `%`, too; those of another namespace mean nothing here.
    if (isIP(address) === 0 || /%.*[^0-9]/.test(address)) {
      throw outOfRange('address', 'an IP address', address);
    }
    this.#run(() => this.#native.send(message, address));
  }

  receive(): IcmpMessage | undefined {
    return this.#run(() => this.#native.receive()) ?? undefined;
  }

  onReadable(listener: (() => void) | undefined): void {
    checkListener('listener', listener);
    if (listener === undefined) {
      this.#listener = undefined;
      this.#poll?.stop();
      return;
    }
    this.#run(() => {
      this.#poll ??= this.#native.poll((status) => {
        // A pending error stops libuv; the next call on the socket tells and clears it.
        if (status < 0) this.#poll?.startReadable();
        this.#listener?.();
      });
      if (this.#listener === undefined) this.#poll.startReadable();
    });
    this.#listener = listener;
  }

  close(): void {
    this.#closed = true;
    this.#listener = undefined;
    this.#poll?.close();
    this.#native.close();
  }

  #run<T>(operation: () => T): T {
    if (this.#closed) throw closedError('the ICMP socket');
    try {
      return operation();
    } catch (error) {
      throw nativeError(error);
    }
  }
}
