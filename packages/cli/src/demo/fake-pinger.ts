/**
 * The kernel's IP stack as far as a ping needs one: what the fake kernel has no stack for.
 *
 * @module
 */

import {
  ETH_P_ARP,
  ETH_P_IP,
  ETH_P_IPV6,
  IPPROTO_ICMP,
  IPPROTO_ICMPV6,
  buildArp,
  buildEthernet,
  buildIcmpEcho,
  buildIcmpv6Echo,
  buildIpv4,
  buildIpv6,
  buildNeighbourSolicitation,
  multicastMacAddress,
  parseIpAddress,
  readArp,
  readEthernet,
  readIcmpEcho,
  readIcmpv6Echo,
  readIpv4,
  readIpv6,
  readNeighbourDiscovery,
  solicitedNodeAddress,
} from '@rtap/frames';
import type { FakeInterface } from '@rtap/testkit';
import { KERNEL_ADDRESSES } from './stage.ts';

const BROADCAST = new Uint8Array(6).fill(0xff);
const IDENTIFIER = 77;
/** Milliseconds for each answer. */
const PATIENCE = 3000;
/** Hop limit of neighbour discovery (RFC 4861 section 7.1). */
const ON_LINK = 255;

/** Pings an address through a fake interface. */
export class FakePinger {
  readonly #interface: FakeInterface;
  readonly #mac: Uint8Array;
  readonly #target: Uint8Array;
  readonly #source: Uint8Array;
  readonly #signal: AbortSignal;
  #targetMac: Uint8Array = BROADCAST;
  #onFrame: ((frame: Uint8Array) => void) | undefined;

  /** Takes the interface's frames until it is closed. */
  constructor(fake: FakeInterface, mac: Uint8Array, address: string, signal: AbortSignal) {
    this.#interface = fake;
    this.#mac = mac;
    this.#target = parseIpAddress(address);
    const [ipv4, ipv6] = KERNEL_ADDRESSES.map((text) => parseIpAddress(text.split('/')[0] ?? ''));
    this.#source = (this.#target.length === 4 ? ipv4 : ipv6) ?? this.#target;
    this.#signal = signal;
    fake.onTransmit((frame) => this.#onFrame?.(frame));
  }

  /** Asks who has the address: ARP, or a neighbour solicitation. */
  async resolve(): Promise<void> {
    const mac = this.#target.length === 4 ? this.#askByArp() : this.#askBySolicitation();
    this.#targetMac = await mac;
  }

  /** Sends an echo request; resolves with the milliseconds to its reply. */
  async echo(sequence: number): Promise<number> {
    const start = performance.now();
    await this.#answerTo(this.#echoRequest(sequence), (frame) =>
      this.#isReply(frame, sequence) ? true : undefined,
    );
    return performance.now() - start;
  }

  /** Gives the interface free. */
  close(): void {
    this.#interface.onTransmit(undefined);
  }

  #askByArp(): Promise<Uint8Array> {
    const request = buildArp({
      operation: 'request',
      senderMac: this.#mac,
      senderIp: this.#source,
      targetIp: this.#target,
    });
    return this.#answerTo(this.#frame(BROADCAST, ETH_P_ARP, request), (frame) => {
      const ethernet = readEthernet(frame);
      if (ethernet?.etherType !== ETH_P_ARP) return undefined;
      const arp = readArp(frame, ethernet.payloadOffset, ethernet.payloadLength);
      return arp?.operation === 'reply' ? arp.senderMac.slice() : undefined;
    });
  }

  #askBySolicitation(): Promise<Uint8Array> {
    const destination = solicitedNodeAddress(this.#target);
    const payload = buildNeighbourSolicitation({
      source: this.#source,
      target: this.#target,
      mac: this.#mac,
    });
    const packet = buildIpv6({
      source: this.#source,
      destination,
      nextHeader: IPPROTO_ICMPV6,
      hopLimit: ON_LINK,
      payload,
    });
    const frame = this.#frame(multicastMacAddress(destination), ETH_P_IPV6, packet);
    return this.#answerTo(frame, (answer) => {
      const ip = this.#ipv6(answer);
      if (ip === undefined) return undefined;
      const message = readNeighbourDiscovery(answer, ip.payloadOffset, ip.payloadLength);
      return message?.type === 'advertisement' ? message.mac?.slice() : undefined;
    });
  }

  #echoRequest(sequence: number): Uint8Array {
    const [source, destination] = [this.#source, this.#target];
    const echo = { type: 'request', identifier: IDENTIFIER, sequence } as const;
    if (destination.length === 4) {
      const payload = buildIcmpEcho(echo);
      const packet = buildIpv4({ source, destination, protocol: IPPROTO_ICMP, payload });
      return this.#frame(this.#targetMac, ETH_P_IP, packet);
    }
    const payload = buildIcmpv6Echo({ ...echo, source, destination });
    const packet = buildIpv6({ source, destination, nextHeader: IPPROTO_ICMPV6, payload });
    return this.#frame(this.#targetMac, ETH_P_IPV6, packet);
  }

  #isReply(frame: Uint8Array, sequence: number): boolean {
    const isIpv4 = this.#target.length === 4;
    const ip = isIpv4 ? this.#ipv4(frame) : this.#ipv6(frame);
    if (ip === undefined) return false;
    const read = isIpv4 ? readIcmpEcho : readIcmpv6Echo;
    const echo = read(frame, ip.payloadOffset, ip.payloadLength);
    return echo?.type === 'reply' && echo.identifier === IDENTIFIER && echo.sequence === sequence;
  }

  #ipv4(frame: Uint8Array): ReturnType<typeof readIpv4> {
    const ethernet = readEthernet(frame);
    if (ethernet?.etherType !== ETH_P_IP) return undefined;
    return readIpv4(frame, ethernet.payloadOffset, ethernet.payloadLength);
  }

  #ipv6(frame: Uint8Array): ReturnType<typeof readIpv6> {
    const ethernet = readEthernet(frame);
    if (ethernet?.etherType !== ETH_P_IPV6) return undefined;
    return readIpv6(frame, ethernet.payloadOffset, ethernet.payloadLength);
  }

  #frame(destination: Uint8Array, etherType: number, payload: Uint8Array): Uint8Array {
    return buildEthernet({ destination, source: this.#mac, etherType, payload });
  }

  /** Sends a frame and waits for the first that `judge` takes for its answer. */
  #answerTo<T>(frame: Uint8Array, judge: (answer: Uint8Array) => T | undefined): Promise<T> {
    const patience = AbortSignal.any([this.#signal, AbortSignal.timeout(PATIENCE)]);
    return new Promise<T>((resolve, reject) => {
      const onAbort = (): void =>
        reject(this.#signal.aborted ? this.#signal.reason : new Error('nobody answered'));
      patience.addEventListener('abort', onAbort, { once: true });
      this.#onFrame = (answer) => {
        const found = judge(answer);
        if (found === undefined) return;
        patience.removeEventListener('abort', onAbort);
        resolve(found);
      };
      if (!this.#interface.send(frame)) reject(new Error('the link is down'));
    });
  }
}
