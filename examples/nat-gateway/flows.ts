/**
 * Who inside has which port outside, and for how long.
 *
 * @module
 */

import { IPPROTO_ICMP, IPPROTO_TCP } from '@rtap/frames';

/** One host's port, and the one that it has outside. */
export interface Flow {
  readonly protocol: number;
  /** Inside. */
  readonly address: Uint8Array;
  readonly port: number;
  /** Outside. */
  readonly outerPort: number;
  /** When it ends if nothing more is heard of it, in milliseconds. */
  ends: number;
  /** Seen of TCP: the connection is being closed. */
  closing: boolean;
}

/** Milliseconds without a packet: RFC 5382 (TCP, closing or not), RFC 4787 (UDP), RFC 5508 (ICMP). */
const ESTABLISHED = 7440_000;
const CLOSING = 240_000;
const DATAGRAMS = 120_000;
const ECHOES = 60_000;
/** Ports that are given away. */
const FIRST_PORT = 32_768;
const LAST_PORT = 60_999;
const FIN_OR_RST = 0x05;

/** The flows of one outer address. */
export class Flows {
  readonly #byInside = new Map<string, Flow>();
  readonly #byOuterPort = new Map<number, Flow>();
  #next = FIRST_PORT;

  /** How many there are. */
  get size(): number {
    return this.#byInside.size;
  }

  /** The flow of a host's port, a new one when there is none; undefined when no port is left. */
  from(protocol: number, address: Uint8Array, port: number): Flow | undefined {
    const key = `${protocol} ${address.join('.')} ${port}`;
    const known = this.#byInside.get(key);
    if (known !== undefined && known.ends > Date.now()) return known;
    if (known !== undefined) this.#forget(key, known);
    const outerPort = this.#freePort(protocol);
    if (outerPort === undefined) return undefined;
    const flow = { protocol, address: address.slice(), port, outerPort, ends: 0, closing: false };
    this.#byInside.set(key, flow);
    this.#byOuterPort.set(outerKey(protocol, outerPort), flow);
    return flow;
  }

  /** The flow that has a port outside. */
  to(protocol: number, outerPort: number): Flow | undefined {
    const flow = this.#byOuterPort.get(outerKey(protocol, outerPort));
    return flow !== undefined && flow.ends > Date.now() ? flow : undefined;
  }

  /** A packet of it has passed. */
  heard(flow: Flow, tcpFlags: number): void {
    flow.closing ||= (tcpFlags & FIN_OR_RST) !== 0;
    flow.ends = Date.now() + patience(flow);
  }

  /** Lets go of those that have ended. */
  sweep(): void {
    const now = Date.now();
    for (const [key, flow] of this.#byInside) if (flow.ends <= now) this.#forget(key, flow);
  }

  #forget(key: string, { protocol, outerPort }: Flow): void {
    this.#byInside.delete(key);
    this.#byOuterPort.delete(outerKey(protocol, outerPort));
  }

  #freePort(protocol: number): number | undefined {
    for (let tries = FIRST_PORT; tries <= LAST_PORT; tries += 1) {
      const port = this.#next;
      this.#next = port === LAST_PORT ? FIRST_PORT : port + 1;
      if (!this.#byOuterPort.has(outerKey(protocol, port))) return port;
    }
    return undefined;
  }
}

function outerKey(protocol: number, port: number): number {
  return protocol * 0x1_0000 + port;
}

function patience({ protocol, closing }: Flow): number {
  if (protocol === IPPROTO_ICMP) return ECHOES;
  if (protocol !== IPPROTO_TCP) return DATAGRAMS;
  return closing ? CLOSING : ESTABLISHED;
}
