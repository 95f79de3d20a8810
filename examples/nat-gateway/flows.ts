/**
 * Who inside has which port outside, and for how long.
 *
 * @module
 */

import { IPPROTO_ICMP, IPPROTO_TCP } from '@rtap/frames';
import { readU16 } from './rewrite.ts';

/** One host's port, and the one that it has outside. */
export interface Flow {
  /** Inside. */
  readonly address: Uint8Array;
  readonly port: number;
  /** Outside. */
  readonly outerPort: number;
  /** When it ends if nothing more is heard of it, in milliseconds. */
  ends: number;
  /** Of TCP: where the connection is in its life. */
  state: 'opening' | 'established' | 'closing';
}

/** Milliseconds without a packet: RFC 5382 (TCP, and while it opens or closes), RFC 4787 (UDP), RFC 5508 (ICMP). */
const ESTABLISHED = 7440_000;
const TRANSITORY = 240_000;
const DATAGRAMS = 120_000;
const ECHOES = 60_000;
/** Ports that are given away. */
const FIRST_PORT = 32_768;
const LAST_PORT = 60_999;
const PORTS = LAST_PORT - FIRST_PORT + 1;
/** When all are taken: of how many flows the first to end is given up. */
const CANDIDATES = 32;

const FIN_OR_RST = 0x05;
const SYN = 0x02;

/** The flows of one protocol and one outer address. */
export class Flows {
  readonly #protocol: number;
  readonly #byInside = new Map<number, Flow>();
  readonly #byOuterPort = new Map<number, Flow>();
  #next = FIRST_PORT;

  constructor(protocol: number) {
    this.#protocol = protocol;
  }

  /** How many there are. */
  get size(): number {
    return this.#byInside.size;
  }

  /** The flow of a host's port; undefined when there is none. */
  of(address: Uint8Array, port: number): Flow | undefined {
    return living(this.#byInside.get(insideKey(address, port)));
  }

  /** The flow of a host's port, a new one when there is none. */
  from(address: Uint8Array, port: number): Flow {
    const key = insideKey(address, port);
    const known = this.#byInside.get(key);
    if (known !== undefined && living(known) !== undefined) return known;
    if (known !== undefined) this.#forget(known);
    const outerPort = this.#takePort();
    const flow: Flow = { address: address.slice(), port, outerPort, ends: 0, state: 'opening' };
    this.#byInside.set(key, flow);
    this.#byOuterPort.set(outerPort, flow);
    return flow;
  }

  /** The flow that has a port outside; undefined when none has. */
  to(outerPort: number): Flow | undefined {
    return living(this.#byOuterPort.get(outerPort));
  }

  /** A packet of it goes out. */
  sent(flow: Flow, tcpFlags: number): void {
    // The next connection from the same port.
    if ((tcpFlags & SYN) !== 0) flow.state = 'opening';
    this.#heard(flow, tcpFlags);
  }

  /** A packet of it has come in. */
  received(flow: Flow, tcpFlags: number): void {
    // Nobody is kept for hours for a question without an answer.
    if (flow.state === 'opening') flow.state = 'established';
    this.#heard(flow, tcpFlags);
  }

  /** Lets go of those that have ended. */
  sweep(): void {
    for (const flow of this.#byInside.values()) if (living(flow) === undefined) this.#forget(flow);
  }

  #heard(flow: Flow, tcpFlags: number): void {
    if ((tcpFlags & FIN_OR_RST) !== 0) flow.state = 'closing';
    flow.ends = Date.now() + this.#patience(flow);
  }

  #patience({ state }: Flow): number {
    if (this.#protocol === IPPROTO_ICMP) return ECHOES;
    if (this.#protocol !== IPPROTO_TCP) return DATAGRAMS;
    return state === 'established' ? ESTABLISHED : TRANSITORY;
  }

  #forget({ address, port, outerPort }: Flow): void {
    this.#byInside.delete(insideKey(address, port));
    this.#byOuterPort.delete(outerPort);
  }

  /** The next free port; when there is none, that of a flow which is given up for it. */
  #takePort(): number {
    if (this.size < PORTS) {
      let port = this.#nextPort();
      while (this.#byOuterPort.has(port)) port = this.#nextPort();
      return port;
    }
    // The one that ends first of the next few: one without an answer, if there is one.
    const next = Array.from({ length: CANDIDATES }, () => this.#byOuterPort.get(this.#nextPort()));
    const given = next
      .filter((flow) => flow !== undefined)
      .reduce((first, flow) => (flow.ends < first.ends ? flow : first));
    this.#forget(given);
    return given.outerPort;
  }

  #nextPort(): number {
    const port = this.#next;
    this.#next = port === LAST_PORT ? FIRST_PORT : port + 1;
    return port;
  }
}

function living(flow: Flow | undefined): Flow | undefined {
  return flow !== undefined && flow.ends > Date.now() ? flow : undefined;
}

/** One number for both: 48 bits. */
function insideKey(address: Uint8Array, port: number): number {
  return (readU16(address, 0) * 0x1_0000 + readU16(address, 2)) * 0x1_0000 + port;
}
