/**
 * Frames in a line each, for people who look at a failed test.
 *
 * @module
 */

import {
  ETH_P_ARP,
  ETH_P_IP,
  ETH_P_IPV6,
  IPPROTO_ICMP,
  IPPROTO_ICMPV6,
  IPPROTO_UDP,
  formatIpAddress,
  formatMacAddress,
  readArp,
  readEthernet,
  readIcmpEcho,
  readIcmpv6Echo,
  readIpv4,
  readIpv6,
  readUdp,
} from '@rtap/frames';
import type { CapturedFrame } from './capture.ts';

/** How many frames a description has: the last ones. */
const SHOWN = 20;

/** Bytes of what isn't known that are shown. */
const BYTES_SHOWN = 32;

/** What a frame is, in one line. */
export function describeFrame(bytes: Uint8Array): string {
  const ethernet = readEthernet(bytes);
  if (ethernet === undefined) return `${bytes.length} bytes: ${hex(bytes)}`;
  const addresses = `${formatMacAddress(ethernet.source)} > ${formatMacAddress(ethernet.destination)}`;
  const { etherType, payloadOffset, payloadLength } = ethernet;
  const what =
    (etherType === ETH_P_ARP && describeArp(bytes, payloadOffset, payloadLength)) ||
    (etherType === ETH_P_IP && describeIpv4(bytes, payloadOffset, payloadLength)) ||
    (etherType === ETH_P_IPV6 && describeIpv6(bytes, payloadOffset, payloadLength)) ||
    `type 0x${etherType.toString(16).padStart(4, '0')}: ${hex(bytes.subarray(payloadOffset))}`;
  return `${addresses} ${what}, ${bytes.length} bytes`;
}

/** Frames with their times since the first, one in a line, the last ones of many. */
export function describeFrames(frames: readonly CapturedFrame[]): string {
  if (frames.length === 0) return 'no frames were seen';
  const first = frames[0]?.timestamp ?? 0n;
  const left = Math.max(0, frames.length - SHOWN);
  const lines = frames.slice(left).map(({ bytes, timestamp, type }) => {
    const milliseconds = (Number(timestamp - first) / 1e6).toFixed(3);
    return `  ${milliseconds} ms ${type}: ${describeFrame(bytes)}`;
  });
  const more = left > 0 ? [`  (${left} before these)`] : [];
  return [`${frames.length} frames were seen:`, ...more, ...lines].join('\n');
}

function describeArp(bytes: Uint8Array, offset: number, length: number): string | undefined {
  const arp = readArp(bytes, offset, length);
  if (arp === undefined) return undefined;
  const [sender, target] = [arp.senderIp, arp.targetIp].map(formatIpAddress);
  if (arp.operation === 'request') return `ARP who has ${target}? ${sender} asks`;
  return `ARP ${sender} is at ${formatMacAddress(arp.senderMac)}`;
}

function describeIpv4(bytes: Uint8Array, offset: number, length: number): string | undefined {
  const ip = readIpv4(bytes, offset, length);
  if (ip === undefined) return undefined;
  const { payloadOffset, payloadLength, protocol } = ip;
  const echo =
    protocol === IPPROTO_ICMP ? readIcmpEcho(bytes, payloadOffset, payloadLength) : undefined;
  const ends = `${formatIpAddress(ip.source)} > ${formatIpAddress(ip.destination)}`;
  if (echo !== undefined) return `${ends} ICMP echo ${echo.type} ${echo.sequence}`;
  return describeTransport(bytes, payloadOffset, payloadLength, protocol, ends);
}

function describeIpv6(bytes: Uint8Array, offset: number, length: number): string | undefined {
  const ip = readIpv6(bytes, offset, length);
  if (ip === undefined) return undefined;
  const { payloadOffset, payloadLength } = ip;
  const ends = `${formatIpAddress(ip.source)} > ${formatIpAddress(ip.destination)}`;
  const echo =
    ip.nextHeader === IPPROTO_ICMPV6
      ? readIcmpv6Echo(bytes, payloadOffset, payloadLength)
      : undefined;
  if (echo !== undefined) return `${ends} ICMPv6 echo ${echo.type} ${echo.sequence}`;
  if (ip.nextHeader === IPPROTO_ICMPV6) return `${ends} ICMPv6 type ${bytes[payloadOffset] ?? '?'}`;
  return describeTransport(bytes, payloadOffset, payloadLength, ip.nextHeader, ends);
}

function describeTransport(
  bytes: Uint8Array,
  offset: number,
  length: number,
  protocol: number,
  ends: string,
): string {
  const udp = protocol === IPPROTO_UDP ? readUdp(bytes, offset, length) : undefined;
  if (udp === undefined) return `${ends} protocol ${protocol}`;
  return `${ends} UDP ${udp.sourcePort} > ${udp.destinationPort}`;
}

function hex(bytes: Uint8Array): string {
  const shown = Buffer.from(bytes.subarray(0, BYTES_SHOWN)).toString('hex');
  return bytes.length > BYTES_SHOWN ? `${shown}...` : shown;
}
