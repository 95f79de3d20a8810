/**
 * What the filter drops.
 *
 * @module
 */

import {
  ETH_P_IP,
  ETH_P_IPV6,
  EthernetHeader,
  IPPROTO_ICMP,
  IPPROTO_ICMPV6,
  IPPROTO_TCP,
  IPPROTO_UDP,
  Ipv4Header,
  readIpv6UpperLayer,
} from '@rtap/frames';
import type { Ipv6UpperLayer } from '@rtap/frames';

/** A rule, and how often it was right. */
export interface Rule {
  readonly text: string;
  /** Protocols of IP that it is about; none: all. */
  readonly protocols: readonly number[];
  /** The port, on either side. */
  readonly port: number | undefined;
  dropped: number;
}

const PROTOCOLS: Readonly<Record<string, readonly number[]>> = {
  ip: [],
  icmp: [IPPROTO_ICMP, IPPROTO_ICMPV6],
  tcp: [IPPROTO_TCP],
  udp: [IPPROTO_UDP],
};

/** Reads a rule such as `udp 53`. */
export function parseRule(text: string): Rule {
  const [, name = '', number] = /^(ip|icmp|tcp|udp)(?: (\d+))?$/.exec(text) ?? [];
  const protocols = PROTOCOLS[name];
  const port = number === undefined ? undefined : Number(number);
  const isPort = port === undefined || (port <= 0xffff && name !== 'icmp');
  if (protocols === undefined || !isPort) {
    throw new Error(`'${text}' is no rule such as 'udp 53', 'tcp 80', 'icmp' or 'ip'`);
  }
  return { text, protocols, port, dropped: 0 };
}

// Made once, for all frames.
const ethernet = new EthernetHeader();
const ipv4 = new Ipv4Header();

/** What there is to know behind the header of either family. */
type Upper = Pick<
  Ipv6UpperLayer,
  'protocol' | 'payloadOffset' | 'payloadLength' | 'fragmentOffset'
>;

/** The first rule that names a frame. */
export function ruleFor(rules: readonly Rule[], frame: Uint8Array): Rule | undefined {
  if (!ethernet.read(frame)) return undefined;
  const { payloadOffset: start, payloadLength: length } = ethernet;
  let upper: Upper | undefined;
  if (ethernet.etherType === ETH_P_IP) {
    upper = ipv4.read(frame, start, length) ? ipv4 : undefined;
  } else if (ethernet.etherType === ETH_P_IPV6) {
    upper = readIpv6UpperLayer(frame, start, length);
  }
  if (upper === undefined) return undefined;
  const { protocol, payloadOffset, payloadLength, fragmentOffset } = upper;
  const hasPorts =
    (protocol === IPPROTO_TCP || protocol === IPPROTO_UDP) &&
    fragmentOffset === 0 &&
    payloadLength >= 4;
  return rules.find(
    ({ protocols, port }) =>
      (protocols.length === 0 || protocols.includes(protocol)) &&
      (port === undefined || (hasPorts && hasPort(frame, payloadOffset, port))),
  );
}

function hasPort(frame: Uint8Array, offset: number, port: number): boolean {
  const word = (at: number): number => ((frame[at] ?? 0) << 8) | (frame[at + 1] ?? 0);
  return word(offset) === port || word(offset + 2) === port;
}
