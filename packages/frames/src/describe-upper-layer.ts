/**
 * What an IP packet carries, in tcpdump's words; internal.
 *
 * @module
 */

import { readU8 } from './bytes.ts';
import { IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_TCP, IPPROTO_UDP } from './constants.ts';
import { IcmpError } from './icmp-error.ts';
import { IcmpEcho } from './icmp.ts';
import { Icmpv6Error } from './icmpv6-error.ts';
import { Icmpv6Echo } from './icmpv6.ts';
import { formatIpAddress } from './ip-address.ts';
import { readMulticastListenerReport } from './multicast-listener.ts';
import { NeighbourDiscoveryMessage } from './neighbour-discovery.ts';
import { RouterDiscoveryMessage } from './router-discovery.ts';
import { readTcpOptions, type TcpOption } from './tcp-options.ts';
import { TcpHeader } from './tcp.ts';
import { UdpHeader } from './udp.ts';

/** Where a message stands, and what it is. */
export interface UpperLayer {
  readonly protocol: number;
  readonly payloadOffset: number;
  readonly payloadLength: number;
}

/** Describes what a packet carries, behind its addresses and `before`. */
export function describeUpperLayer(
  bytes: Uint8Array,
  upper: UpperLayer,
  source: string,
  destination: string,
  before: string,
): string {
  const { protocol, payloadOffset: offset, payloadLength: length } = upper;
  const addresses = `${source} > ${destination}: ${before}`;
  switch (protocol) {
    case IPPROTO_ICMP:
      return `${addresses}ICMP ${describeIcmp(bytes, offset, length)}, length ${length}`;
    case IPPROTO_ICMPV6:
      return `${addresses}ICMP6, ${describeIcmpv6(bytes, offset, length)}, length ${length}`;
    case IPPROTO_UDP: {
      const udp = new UdpHeader();
      if (!udp.read(bytes, offset, length)) return `${addresses}UDP, malformed, length ${length}`;
      const ports = `${source}.${udp.sourcePort} > ${destination}.${udp.destinationPort}`;
      return `${ports}: ${before}UDP, length ${udp.payloadLength}`;
    }
    case IPPROTO_TCP: {
      const tcp = new TcpHeader();
      if (!tcp.read(bytes, offset, length)) return `${addresses}TCP, malformed, length ${length}`;
      const ports = `${source}.${tcp.sourcePort} > ${destination}.${tcp.destinationPort}`;
      return `${ports}: ${before}${describeTcp(tcp)}`;
    }
    default:
      return `${addresses}ip-proto-${protocol} ${length}`;
  }
}

function describeIcmp(bytes: Uint8Array, offset: number, length: number): string {
  const echo = new IcmpEcho();
  if (echo.read(bytes, offset, length)) return describeEcho(echo);
  const error = new IcmpError();
  if (error.read(bytes, offset, length)) {
    const mtu = error.mtu === 0 ? '' : `, mtu ${error.mtu}`;
    return `${error.type.replaceAll('-', ' ')}, code ${error.code}${mtu}`;
  }
  return length === 0 ? 'malformed' : `type ${readU8(bytes, offset)}`;
}

function describeIcmpv6(bytes: Uint8Array, offset: number, length: number): string {
  const echo = new Icmpv6Echo();
  if (echo.read(bytes, offset, length)) return describeEcho(echo);
  const neighbour = new NeighbourDiscoveryMessage();
  if (neighbour.read(bytes, offset, length)) {
    const target = formatIpAddress(neighbour.target);
    return neighbour.type === 'solicitation'
      ? `neighbor solicitation, who has ${target}`
      : `neighbor advertisement, tgt is ${target}`;
  }
  const router = new RouterDiscoveryMessage();
  if (router.read(bytes, offset, length)) {
    const { type, target, destination } = router;
    if (target === undefined || destination === undefined) return type.replace('-', ' ');
    return `redirect, ${formatIpAddress(destination)} to ${formatIpAddress(target)}`;
  }
  const report = readMulticastListenerReport(bytes, offset, length);
  if (report?.version === 2) {
    return `multicast listener report v2, ${report.records.length} group record(s)`;
  }
  const error = new Icmpv6Error();
  if (!error.read(bytes, offset, length)) {
    return length === 0 ? 'malformed' : `type ${readU8(bytes, offset)}`;
  }
  if (error.type === 'packet-too-big') return `packet too big, mtu ${error.mtu}`;
  return `${error.type.replaceAll('-', ' ')}, code ${error.code}`;
}

function describeEcho(echo: IcmpEcho | Icmpv6Echo): string {
  return `echo ${echo.type}, id ${echo.identifier}, seq ${echo.sequence}`;
}

function describeTcp(tcp: TcpHeader): string {
  const letters = [
    tcp.fin ? 'F' : '',
    tcp.syn ? 'S' : '',
    tcp.rst ? 'R' : '',
    tcp.psh ? 'P' : '',
    tcp.ack ? '.' : '',
    tcp.urg ? 'U' : '',
    tcp.ece ? 'E' : '',
    tcp.cwr ? 'W' : '',
    tcp.ae ? 'e' : '',
  ].join('');
  const { sequence, payloadLength: length } = tcp;
  const parts = [`Flags [${letters === '' ? 'none' : letters}]`];
  const end = (sequence + length) >>> 0;
  if (length > 0) parts.push(`seq ${sequence}:${end}`);
  else if (tcp.syn || tcp.fin || tcp.rst) parts.push(`seq ${sequence}`);
  if (tcp.ack) parts.push(`ack ${tcp.acknowledgement}`);
  parts.push(`win ${tcp.window}`);
  if (tcp.urg) parts.push(`urg ${tcp.urgentPointer}`);
  const options = readTcpOptions(tcp.options);
  if (options.length > 0) parts.push(`options [${options.map(describeOption).join()}]`);
  parts.push(`length ${length}`);
  return parts.join(', ');
}

function describeOption(option: TcpOption): string {
  switch (option.kind) {
    case 'no-operation':
      return 'nop';
    case 'maximum-segment-size':
      return `mss ${option.value}`;
    case 'window-scale':
      return `wscale ${option.shift}`;
    case 'sack-permitted':
      return 'sackOK';
    case 'sack': {
      const blocks = option.blocks.map(({ left, right }) => `{${left}:${right}}`).join('');
      return `sack ${option.blocks.length} ${blocks}`;
    }
    case 'timestamps':
      return `TS val ${option.value} ecr ${option.echoReply}`;
    default:
      return `unknown-${option.number}`;
  }
}
