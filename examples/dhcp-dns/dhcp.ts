/**
 * The server's side of DHCP (RFC 2131), with options of RFC 2132.
 *
 * @module
 */

import { ADDRESS_OF_ALL, MAC_OF_ALL, isStation } from './datagram.ts';
import { DOMAIN, LEASE_TIME } from './leases.ts';
import type { Leases } from './leases.ts';

/** Where the options begin: behind `struct bootp` and the magic cookie. */
const OPTIONS = 240;
const COOKIE = [99, 130, 83, 99];
const BOOTREQUEST = 1;
const BOOTREPLY = 2;

const MESSAGE_TYPES = ['', 'DISCOVER', 'OFFER', 'REQUEST', 'DECLINE', 'ACK', 'NAK', 'RELEASE'];

/** Least and most bytes of the options that are read. */
const OPTION_LENGTHS: readonly (readonly [code: number, least: number, most: number])[] = [
  [50, 4, 4], // the address that is wished for
  [53, 1, 1], // the type of the message
  [54, 4, 4], // the server that is meant
  [61, 2, 255], // the identifier of the client
];

/** An option, as its code and its bytes. */
type Option = readonly [code: number, value: Iterable<number>];

/** What is to be sent, and where. */
export interface DhcpAnswer {
  readonly type: 'OFFER' | 'ACK' | 'NAK';
  readonly message: Uint8Array;
  readonly mac: Uint8Array;
  readonly destination: Uint8Array;
  /** The address that it is about. */
  readonly address: Uint8Array;
  /** The name that the client has with it. */
  readonly name: string | undefined;
}

/** A server for one network, 10.0.0.0/24. */
export class DhcpServer {
  readonly #own: Uint8Array;
  readonly #leases: Leases;

  constructor(own: Uint8Array, leases: Leases) {
    this.#own = own;
    this.#leases = leases;
  }

  /** Answers a message of a client; undefined when there is nothing to say. */
  answer(request: Uint8Array): DhcpAnswer | undefined {
    const options = readOptions(request);
    if (options === undefined) return undefined;
    const client = (options.get(61) ?? request.subarray(28, 34)).join();
    const current = request.slice(12, 16);
    const wish = options.get(50);
    const server = options.get(54);
    const [type = 0] = options.get(53) ?? [];
    if (server !== undefined && server.join() !== this.#own.join()) return undefined;
    switch (MESSAGE_TYPES[type]) {
      case 'DISCOVER': {
        const lease = this.#leases.offer(client, wish);
        return lease && this.#reply('OFFER', request, options, lease.address);
      }
      case 'REQUEST': {
        const address = wish ?? current;
        if (isZero(address)) return undefined;
        const lease = this.#leases.take(client, address, nameOf(options.get(12)));
        if (lease === undefined) return this.#reply('NAK', request, options, address);
        return { ...this.#reply('ACK', request, options, lease.address), name: lease.name };
      }
      case 'DECLINE':
        if (wish !== undefined) this.#leases.decline(client, wish);
        return undefined;
      case 'RELEASE':
        this.#leases.release(client, current);
        return undefined;
      default:
        return undefined;
    }
  }

  #reply(
    type: DhcpAnswer['type'],
    request: Uint8Array,
    asked: ReadonlyMap<number, Uint8Array>,
    address: Uint8Array,
  ): DhcpAnswer {
    const isRefusal = type === 'NAK';
    const identifier = asked.get(61);
    const options: readonly Option[] = [
      [53, [MESSAGE_TYPES.indexOf(type)]],
      [54, this.#own],
      ...(isRefusal ? [] : this.#settings()),
    ];
    // The identifier goes back as it came (RFC 6842).
    const all = identifier === undefined ? options : [...options, [61, identifier] as const];
    const text = all.flatMap(([code, value]) => [code, [...value].length, ...value]);
    const message = new Uint8Array(Math.max(300, OPTIONS + text.length + 1));
    // Hardware, transaction, flags and MAC address are the client's.
    message.set(request.subarray(0, 12));
    message.set(request.subarray(28, 44), 28);
    message[0] = BOOTREPLY;
    message.fill(0, 3, 4); // hops
    message.fill(0, 8, 10); // seconds
    if (!isRefusal) message.set(address, 16);
    message.set(COOKIE, 236);
    message.set([...text, 255], OPTIONS);

    // Who has the address already is reached at it, whatever else it says.
    const renews = !isRefusal && request.subarray(12, 16).join() === address.join();
    const broadcast = isRefusal || ((request[10] ?? 0) & 0x80) !== 0;
    const toAll = broadcast && !renews;
    return {
      type,
      message,
      address,
      name: undefined,
      mac: toAll ? MAC_OF_ALL : request.slice(28, 34),
      destination: toAll ? ADDRESS_OF_ALL : address,
    };
  }

  #settings(): readonly Option[] {
    const seconds = new Uint8Array(4);
    new DataView(seconds.buffer).setUint32(0, LEASE_TIME);
    return [
      [51, seconds],
      [1, [255, 255, 255, 0]],
      [3, this.#own],
      [6, this.#own],
      [15, new TextEncoder().encode(DOMAIN)],
    ];
  }
}

/** The options of a request of an Ethernet host on this network; undefined when it is none. */
function readOptions(request: Uint8Array): ReadonlyMap<number, Uint8Array> | undefined {
  const isEthernet = request[1] === 1 && request[2] === 6;
  if (request.length < OPTIONS || request[0] !== BOOTREQUEST || !isEthernet) return undefined;
  // Through a relay, or from no station.
  if (!isZero(request.subarray(24, 28)) || !isStation(request.subarray(28, 34))) return undefined;
  if (COOKIE.some((byte, index) => request[236 + index] !== byte)) return undefined;
  const options = new Map<number, Uint8Array>();
  for (let at = OPTIONS; at < request.length && request[at] !== 255;) {
    const code = request[at] ?? 0;
    const length = code === 0 ? -1 : (request[at + 1] ?? 0);
    const end = at + 2 + length;
    if (end > request.length) return undefined;
    if (code !== 0) options.set(code, request.slice(at + 2, end));
    at = end;
  }
  const isSound = OPTION_LENGTHS.every(([code, least, most]) => {
    const length = options.get(code)?.length ?? least;
    return length >= least && length <= most;
  });
  return isSound ? options : undefined;
}

/** A host name in the network's domain, if it is one (RFC 1123). */
function nameOf(option: Uint8Array | undefined): string | undefined {
  const name = Buffer.from(option ?? [])
    .toString('latin1')
    .toLowerCase();
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name) ? `${name}.${DOMAIN}` : undefined;
}

function isZero(address: Uint8Array): boolean {
  return address.every((byte) => byte === 0);
}
