/**
 * Super-frames, as a kernel with offloads hands them over.
 *
 * @module
 */

import {
  buildEthernet,
  buildIpv4,
  buildIpv6,
  buildTcp,
  buildUdp,
  IPPROTO_TCP,
  IPPROTO_UDP,
  parseIpAddress,
  pseudoHeaderSum,
  writePartialChecksum,
} from '@rtap/frames';
import { checkInteger, checkOptions } from './argument.ts';
import { HEADER_LENGTH } from './virtio-net-header.ts';

/** What {@link buildSuperFrame} makes; everything can be left out. */
export interface SuperFrameOptions {
  /**
   * Version of IP.
   *
   * @default 4
   */
  readonly version?: 4 | 6;
  /**
   * What is on top of it.
   *
   * @default 'tcp'
   */
  readonly protocol?: 'tcp' | 'udp';
  /**
   * Bytes of payload in all, 1 to 65,000.
   *
   * @default 10000
   */
  readonly payload?: number;
  /**
   * Bytes of payload in each segment (`gso_size`); 0: one frame whose checksum is still to be made.
   *
   * @default 1000
   */
  readonly gsoSize?: number;
  /**
   * Control bits of TCP; `cwr` makes the kind of super-frame that ECN has.
   *
   * @default ['ack']
   */
  readonly flags?: readonly ('ack' | 'psh' | 'fin' | 'cwr')[];
  /** Number of a VLAN, which it then has a tag of. */
  readonly vlan?: number;
}

/** A frame and its virtio-net header. */
export interface SuperFrame {
  /** From its Ethernet header on. */
  readonly frame: Uint8Array<ArrayBuffer>;
  /** 10 bytes, in the byte order of the host. */
  readonly header: Uint8Array<ArrayBuffer>;
}

const NEEDS_CSUM = 1;
const [GSO_TCPV4, GSO_TCPV6, GSO_UDP_L4, GSO_ECN] = [1, 4, 5, 0x80];

/**
 * Makes a super-frame of TCP or UDP, its checksum left to be made, and the virtio-net header that says so: what a
 * FakeInterface's `send` takes, and `txBurst` as well.
 *
 * @throws TypeError, RangeError.
 */
export function buildSuperFrame(options: SuperFrameOptions = {}): SuperFrame {
  checkOptions('options', options);
  const { version = 4, protocol = 'tcp', flags = ['ack'], vlan } = options;
  const payload = checkInteger('options.payload', options.payload ?? 10_000, 1, 65_000);
  const gsoSize = checkInteger('options.gsoSize', options.gsoSize ?? 1000, 0, 0xffff);
  const tcp = protocol === 'tcp';
  const source = parseIpAddress(version === 4 ? '10.0.0.1' : 'fd00::1');
  const destination = parseIpAddress(version === 4 ? '10.0.0.2' : 'fd00::2');
  const ends = { source, destination, sourcePort: 4000, destinationPort: 5000 };
  const bytes = Uint8Array.from({ length: payload }, (_, index) => (index * 7) & 0xff);
  const bits = Object.fromEntries(flags.map((flag) => [flag, true]));
  const message = tcp
    ? buildTcp({ ...ends, ...bits, sequence: 0xffff_fff0, window: 512, payload: bytes })
    : buildUdp({ ...ends, payload: bytes });
  const number = tcp ? IPPROTO_TCP : IPPROTO_UDP;
  const checksumOffset = tcp ? 16 : 6;
  const sum = pseudoHeaderSum(source, destination, number, message.length);
  writePartialChecksum(message, 0, checksumOffset, sum);
  const packet =
    version === 4
      ? buildIpv4({ ...ends, protocol: number, identification: 0xfffe, payload: message })
      : buildIpv6({ ...ends, nextHeader: number, payload: message });
  const frame = buildEthernet({
    destination: Uint8Array.of(2, 0, 0, 0, 0, 2),
    source: Uint8Array.of(2, 0, 0, 0, 0, 1),
    etherType: version === 4 ? 0x0800 : 0x86dd,
    payload: packet,
    ...(vlan !== undefined && { vlan: { identifier: vlan } }),
  });
  const transport = frame.length - message.length;
  const header = new Uint8Array(HEADER_LENGTH);
  const ofTcp = (version === 4 ? GSO_TCPV4 : GSO_TCPV6) | (flags.includes('cwr') ? GSO_ECN : 0);
  header.set([NEEDS_CSUM, gsoSize === 0 ? 0 : tcp ? ofTcp : GSO_UDP_L4]);
  const headers = transport + (message.length - payload);
  const words = Uint16Array.of(headers, gsoSize, transport, checksumOffset);
  header.set(new Uint8Array(words.buffer), 2);
  return { frame, header };
}
