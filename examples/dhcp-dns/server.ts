/**
 * What the server does with a frame.
 *
 * @module
 */

import { formatIpAddress } from '@rtap/frames';
import { buildDatagram, readDatagram } from './datagram.ts';
import type { Datagram, Host } from './datagram.ts';
import { DhcpServer } from './dhcp.ts';
import { answerQuery } from './dns.ts';
import { DOMAIN } from './leases.ts';
import type { Leases } from './leases.ts';

const DNS = 53;
const DHCP_SERVER = 67;
const DHCP_CLIENT = 68;

/** DHCP and DNS of one host. */
export class Server {
  readonly #host: Host;
  readonly #leases: Leases;
  readonly #dhcp: DhcpServer;
  readonly #log: (line: string) => void;

  constructor(host: Host, leases: Leases, log: (line: string) => void) {
    this.#host = host;
    this.#leases = leases;
    this.#dhcp = new DhcpServer(host.ipv4, leases);
    this.#log = log;
  }

  /** Answers a frame by another one; undefined when there is nothing to say. */
  answer(frame: Uint8Array): Uint8Array | undefined {
    const datagram = readDatagram(frame, this.#host);
    if (datagram?.port === DHCP_SERVER) return this.#lend(datagram);
    return datagram?.port === DNS ? this.#resolve(datagram) : undefined;
  }

  #lend({ payload }: Datagram): Uint8Array | undefined {
    const answer = this.#dhcp.answer(payload);
    if (answer === undefined) return undefined;
    const { type, address, name = '', message } = answer;
    this.#log(`${type} ${formatIpAddress(address)} ${name}`.trimEnd());
    const to = { mac: answer.mac, ipv4: answer.destination, port: DHCP_CLIENT };
    return buildDatagram({ ...this.#host, port: DHCP_SERVER }, to, message);
  }

  #resolve({ from, toAll, payload }: Datagram): Uint8Array | undefined {
    if (toAll || !this.#isClient(from.ipv4)) return undefined;
    const answer = answerQuery(payload, (name) =>
      name === `gateway.${DOMAIN}` ? this.#host.ipv4 : this.#leases.find(name),
    );
    return answer && buildDatagram({ ...this.#host, port: DNS }, from, answer);
  }

  /** Whether an address is another host's: not the own one, loopback, a group, or everybody's. */
  #isClient(address: Uint8Array): boolean {
    const [first = 0] = address;
    const isHost = first !== 0 && first !== 127 && first < 224;
    return isHost && Buffer.compare(address, this.#host.ipv4) !== 0;
  }
}
