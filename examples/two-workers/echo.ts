/**
 * UDP, sent back to where it came from.
 *
 * @module
 */

import {
  ETH_P_IP,
  EthernetHeader,
  IPPROTO_UDP,
  Ipv4Header,
  UdpHeader,
  checksum,
} from '@rtap/frames';

/** Who answers. */
interface Host {
  readonly mac: Uint8Array;
  readonly ipv4: Uint8Array;
}

/** What changes places in an echo, as offsets in the frame; checksums stay true. */
const places = [
  { from: 0, to: 6, length: 6 }, // MAC addresses
  { from: 26, to: 30, length: 4 }, // IP addresses
  { from: 34, to: 36, length: 2 }, // ports
];

// Made once, for all frames.
const ethernet = new EthernetHeader();
const ip = new Ipv4Header();
const udp = new UdpHeader();

/** Turns UDP for the host, over IPv4 without options, into its echo; returns its length, 0 when it is something else. */
export function echo(frame: Uint8Array, host: Host): number {
  if (!ethernet.read(frame) || ethernet.etherType !== ETH_P_IP) return 0;
  const { payloadOffset, payloadLength } = ethernet;
  // A tag or options would be in the way.
  if (payloadOffset !== 14 || !ip.read(frame, payloadOffset, payloadLength)) return 0;
  if (ip.headerLength !== 20 || ip.isFragment || ip.protocol !== IPPROTO_UDP) return 0;
  if (checksum(frame, payloadOffset, 20) !== 0 || !udp.read(frame, 34, ip.payloadLength)) return 0;
  const isWhole =
    udp.checksum === 0 || checksum(frame, 34, ip.payloadLength, ip.pseudoHeaderSum) === 0;
  if (!isWhole || !isForHost(host) || !canBeAnswered()) return 0;
  for (const { from, to, length } of places) {
    const kept = frame.slice(from, from + length);
    frame.copyWithin(from, to, to + length);
    frame.set(kept, to);
  }
  return frame.length;
}

function isForHost({ mac, ipv4 }: Host): boolean {
  return (
    Buffer.compare(ethernet.destination, mac) === 0 && Buffer.compare(ip.destination, ipv4) === 0
  );
}

/** Whether it came from one station's address, and not from everybody's or the own one; and from a port. */
function canBeAnswered(): boolean {
  const [first = 0] = ip.source;
  const isStation = ((ethernet.source[0] ?? 0) & 1) === 0;
  const isHost = first !== 0 && first !== 127 && first < 224;
  return (
    isStation && isHost && Buffer.compare(ip.source, ip.destination) !== 0 && udp.sourcePort !== 0
  );
}
