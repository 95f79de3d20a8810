/**
 * Who has which address.
 *
 * @module
 */

/** How long an address is lent, in seconds. */
export const LEASE_TIME = 3600;
/** How long one that was offered is kept for who was offered it, in seconds. */
const OFFER_TIME = 60;
/** How long one is lent to nobody, after a client has found somebody else at it, in seconds. */
const DECLINE_TIME = 600;
/** What clients' names end in. */
export const DOMAIN = 'lan';
/** Who has an address that is left alone: no client has an empty identifier. */
const NOBODY = '';

/** An address, and whose it is. */
export interface Lease {
  readonly address: Uint8Array;
  /** The client, by its identifier. */
  readonly client: string;
  /** What the client calls itself, with the domain. */
  name: string | undefined;
  /** When it ends, in milliseconds. */
  ends: number;
}

/** A pool of addresses. */
export class Leases {
  readonly #pool: readonly Uint8Array[];
  readonly #byAddress = new Map<string, Lease>();

  /** So many addresses from the first one on. */
  constructor(first: Uint8Array, count: number) {
    this.#pool = Array.from({ length: count }, (_, index) => {
      const address = first.slice();
      address[3] = (first[3] ?? 0) + index;
      return address;
    });
  }

  /** Keeps an address for a client: the one that it has or had, the one that it wishes for, or any free one. */
  offer(client: string, wish: Uint8Array | undefined): Lease | undefined {
    const known = [...this.#byAddress.values()].find((lease) => lease.client === client);
    if (known !== undefined) {
      // It had it: the name may be somebody else's by now.
      if (known.ends <= Date.now()) known.name = undefined;
      known.ends = Math.max(known.ends, Date.now() + OFFER_TIME * 1000);
      return known;
    }
    const wanted = this.#pool.find((address) => address.join() === wish?.join());
    const free = [...(wanted === undefined ? [] : [wanted]), ...this.#pool];
    const address = free.find((one) => this.#isFree(one));
    if (address === undefined) return undefined;
    const ends = Date.now() + OFFER_TIME * 1000;
    const lease: Lease = { address, client, name: undefined, ends };
    this.#byAddress.set(address.join(), lease);
    return lease;
  }

  /** Lends a client the address that it asks for; undefined when that isn't its own. */
  take(client: string, address: Uint8Array, name: string | undefined): Lease | undefined {
    const lease = this.#byAddress.get(address.join());
    if (lease?.client !== client) return undefined;
    // A name is whose it was first.
    const holder = name === undefined ? lease : (this.#named(name) ?? lease);
    lease.name = holder === lease ? name : undefined;
    lease.ends = Date.now() + LEASE_TIME * 1000;
    return lease;
  }

  /** The client has no more use for it. */
  release(client: string, address: Uint8Array): void {
    const lease = this.#byAddress.get(address.join());
    if (lease?.client === client) this.#byAddress.delete(address.join());
  }

  /** The client has found somebody else at its address: it is left alone for a while. */
  decline(client: string, address: Uint8Array): void {
    const lease = this.#byAddress.get(address.join());
    if (lease?.client !== client) return;
    const ends = Date.now() + DECLINE_TIME * 1000;
    this.#byAddress.set(address.join(), { ...lease, client: NOBODY, name: undefined, ends });
  }

  /** The address of a name. */
  find(name: string): Uint8Array | undefined {
    return this.#named(name)?.address;
  }

  #named(name: string): Lease | undefined {
    const leases = [...this.#byAddress.values()];
    return leases.find((lease) => lease.name === name && lease.ends > Date.now());
  }

  #isFree(address: Uint8Array): boolean {
    const lease = this.#byAddress.get(address.join());
    return lease === undefined || lease.ends <= Date.now();
  }
}
