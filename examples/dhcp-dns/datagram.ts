/**
 * UDP datagrams, and the frames that carry them.
 *
 * @module
 */

import {
  ETH_P_IP,
  IPPROTO_UDP,
  buildEthernet,
  buildIpv4,
  buildUdp,
  checksum,
  pseudoHeaderSum,
  readEthernet,
  readIpv4,
  readUdp,
} from '@rtap/frames';

/** A host on the wire. */
export interface Host {
  readonly mac: Uint8Array;
  readonly ipv4: Uint8Array;
}

/** Where a datagram came from, or is to go. */
export interface Peer extends Host {
  readonly port: number;
}

/** A datagram that was received. */
export interface Datagram {
  readonly from: Peer;
  /** The port that it is for. */
  readonly port: number;
  /** Whether it is for every host, and not for this one alone. */
  readonly toAll: boolean;
  /** A view of the frame. */
  readonly payload: Uint8Array;
}

export const MAC_OF_ALL: Uint8Array = new Uint8Array(6).fill(0xff);
export const ADDRESS_OF_ALL: Uint8Array = new Uint8Array(4).fill(0xff);

/** Reads a frame with a datagram for the host; undefined for all else: tagged, a fragment, damaged, for others. */
export function readDatagram(frame: Uint8Array, host: Host): Datagram | undefined {
  const ethernet = readEthernet(frame);
  if (ethernet?.etherType !== ETH_P_IP || ethernet.vlan !== undefined) return undefined;
  if (!isOneOf(ethernet.destination, host.mac, MAC_OF_ALL) || !isStation(ethernet.source)) {
    return undefined;
  }
  const ip = readIpv4(frame, ethernet.payloadOffset, ethernet.payloadLength);
  if (ip?.protocol !== IPPROTO_UDP || ip.isFragment) return undefined;
  if (checksum(frame, ethernet.payloadOffset, ip.headerLength) !== 0) return undefined;
  if (!isOneOf(ip.destination, host.ipv4, ADDRESS_OF_ALL)) return undefined;
  const udp = readUdp(frame, ip.payloadOffset, ip.payloadLength);
  // Who has no port wants no answer.
  if (udp === undefined || udp.sourcePort === 0) return undefined;
  const length = udp.payloadOffset - ip.payloadOffset + udp.payloadLength;
  const initial = pseudoHeaderSum(ip.source, ip.destination, IPPROTO_UDP, length);
  // A checksum of 0: none was made.
  if (udp.checksum !== 0 && checksum(frame, ip.payloadOffset, length, initial) !== 0) {
    return undefined;
  }
  return {
    from: { mac: ethernet.source, ipv4: ip.source, port: udp.sourcePort },
    port: udp.destinationPort,
    toAll: isOneOf(ip.destination, ADDRESS_OF_ALL),
    payload: frame.subarray(udp.payloadOffset, udp.payloadOffset + udp.payloadLength),
  };
}

/** Builds the frame of a datagram. */
export function buildDatagram(from: Peer, to: Peer, payload: Uint8Array): Uint8Array {
  const addresses = { source: from.ipv4, destination: to.ipv4 };
  const udp = buildUdp({ ...addresses, sourcePort: from.port, destinationPort: to.port, payload });
  const packet = buildIpv4({ ...addresses, protocol: IPPROTO_UDP, payload: udp });
  const ends = { source: from.mac, destination: to.mac };
  return buildEthernet({ ...ends, etherType: ETH_P_IP, payload: packet });
}

/** Whether a MAC address is one station's: no group, and not nobody's. */
export function isStation(mac: Uint8Array): boolean {
  return ((mac[0] ?? 0) & 1) === 0 && mac.some((byte) => byte !== 0);
}

function isOneOf(address: Uint8Array, ...others: readonly Uint8Array[]): boolean {
  return others.some((other) => Buffer.compare(address, other) === 0);
}
