/**
 * What a DHCP client sends.
 *
 * @module
 */

import * as frames from '@rtap/frames';

/** Who asks, and which question it is. */
export interface DhcpAsker {
  readonly mac: Uint8Array;
  /** 32 bits. */
  readonly transaction: number;
}

export const CLIENT: DhcpAsker = {
  mac: frames.parseMacAddress('02:00:00:00:00:99'),
  transaction: 0x12345678,
};

const ALL_STATIONS = frames.parseMacAddress('ff:ff:ff:ff:ff:ff');
const NOBODY = frames.parseIpAddress('0.0.0.0');
const EVERYBODY = frames.parseIpAddress('255.255.255.255');

/** A client's message (RFC 2131 section 2), with its options as codes and values. */
export function dhcpFrame(
  type: number,
  options: readonly (readonly [number, readonly number[]])[],
  { mac, transaction }: DhcpAsker = CLIENT,
): Uint8Array {
  const message = new Uint8Array(300);
  message.set([1, 1, 6]);
  new DataView(message.buffer).setUint32(4, transaction);
  message[10] = 0x80; // to be answered to all
  message.set(mac, 28);
  const all = [[53, [type]] as const, ...options];
  const text = all.flatMap(([code, value]) => [code, value.length, ...value]);
  message.set([99, 130, 83, 99, ...text, 255], 236);
  const ends = { source: NOBODY, destination: EVERYBODY };
  const ports = { sourcePort: 68, destinationPort: 67 };
  const udp = frames.buildUdp({ ...ends, ...ports, payload: message });
  const payload = frames.buildIpv4({ ...ends, protocol: frames.IPPROTO_UDP, payload: udp });
  const etherType = frames.ETH_P_IP;
  return frames.buildEthernet({ source: mac, destination: ALL_STATIONS, etherType, payload });
}
