/**
 * Frames in a line of text, in tcpdump's words.
 *
 * @module
 */

import { ArpPacket } from './arp.ts';
import { ETH_P_ARP, ETH_P_IP, ETH_P_IPV6, IPPROTO_HOPOPTS } from './constants.ts';
import { describeUpperLayer } from './describe-upper-layer.ts';
import { EthernetHeader } from './ethernet.ts';
import { formatIpAddress } from './ip-address.ts';
import { Ipv4Header } from './ipv4.ts';
import { Ipv6UpperLayer } from './ipv6-extensions.ts';
import { Ipv6Header } from './ipv6.ts';
import { formatMacAddress } from './mac-address.ts';

/**
 * Describes an Ethernet frame in a line, in the words of `tcpdump -n -t` for ARP, ICMP, neighbour
 * discovery, UDP and TCP (sequence numbers as they stand there, ports without guesses at what is
 * behind them): for tests and debugging. The words may change; nothing is to be parsed out of them.
 *
 * @param length - bytes of the frame; without it all from `offset` on.
 * @returns a line without its end, for any bytes.
 * @example
 * ```ts
 * import * as frames from '@rtap/frames';
 *
 * const source = frames.parseIpAddress('192.0.2.1');
 * const destination = frames.parseIpAddress('192.0.2.2');
 * const payload = frames.buildUdp({ source, destination, sourcePort: 40000, destinationPort: 9 });
 * const frame = frames.buildEthernet({
 *   destination: new Uint8Array(6),
 *   source: new Uint8Array(6),
 *   etherType: frames.ETH_P_IP,
 *   payload: frames.buildIpv4({ source, destination, protocol: frames.IPPROTO_UDP, payload }),
 * });
 * console.log(frames.describeFrame(frame)); // IP 192.0.2.1.40000 > 192.0.2.2.9: UDP, length 0
 * ```
 */
export function describeFrame(
  bytes: Uint8Array,
  offset = 0,
  length: number = bytes.length - offset,
): string {
  const ethernet = new EthernetHeader();
  if (!ethernet.read(bytes, offset, length)) return `no Ethernet frame, length ${length}`;
  const { vlan, etherType, payloadOffset, payloadLength } = ethernet;
  const tag = vlan === undefined ? '' : `vlan ${vlan.identifier}, p ${vlan.priority}, `;
  return tag + describePayload(bytes, etherType, payloadOffset, payloadLength, ethernet);
}

function describePayload(
  bytes: Uint8Array,
  etherType: number,
  offset: number,
  length: number,
  { source, destination }: EthernetHeader,
): string {
  if (etherType === ETH_P_ARP) return describeArp(bytes, offset, length);
  if (etherType === ETH_P_IP) return describeIpv4(bytes, offset, length);
  if (etherType === ETH_P_IPV6) return describeIpv6(bytes, offset, length);
  const type = etherType.toString(16).padStart(4, '0');
  const addresses = `${formatMacAddress(source)} > ${formatMacAddress(destination)}`;
  return `${addresses}, ethertype 0x${type}, length ${length}`;
}

function describeArp(bytes: Uint8Array, offset: number, length: number): string {
  const arp = new ArpPacket();
  if (!arp.read(bytes, offset, length)) return `ARP, malformed, length ${length}`;
  const sender = formatIpAddress(arp.senderIp);
  return arp.operation === 'request'
    ? `ARP, Request who-has ${formatIpAddress(arp.targetIp)} tell ${sender}, length ${length}`
    : `ARP, Reply ${sender} is-at ${formatMacAddress(arp.senderMac)}, length ${length}`;
}

function describeIpv4(bytes: Uint8Array, offset: number, length: number): string {
  const ip = new Ipv4Header();
  if (!ip.read(bytes, offset, length)) return `IP, malformed, length ${length}`;
  const [source, destination] = [formatIpAddress(ip.source), formatIpAddress(ip.destination)];
  if (ip.fragmentOffset !== 0) return `IP ${source} > ${destination}: ip-proto-${ip.protocol}`;
  return `IP ${describeUpperLayer(bytes, ip, source, destination, '')}`;
}

function describeIpv6(bytes: Uint8Array, offset: number, length: number): string {
  const ip = new Ipv6Header();
  const upper = new Ipv6UpperLayer();
  if (!ip.read(bytes, offset, length) || !upper.read(bytes, offset, length)) {
    return `IP6, malformed, length ${length}`;
  }
  const [source, destination] = [formatIpAddress(ip.source), formatIpAddress(ip.destination)];
  const hopByHop = ip.nextHeader === IPPROTO_HOPOPTS ? 'HBH ' : '';
  const { fragmentOffset, payloadLength, isFragment } = upper;
  const fragment = isFragment ? `frag (${fragmentOffset}|${payloadLength}) ` : '';
  if (fragmentOffset !== 0) {
    return `IP6 ${source} > ${destination}: ${hopByHop}${fragment.trimEnd()}`;
  }
  return `IP6 ${describeUpperLayer(bytes, upper, source, destination, hopByHop + fragment)}`;
}
