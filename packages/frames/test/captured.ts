/**
 * Frames that a Linux kernel (6.x) sent, as hex: `a` and `b` are the ends of a veth pair in two
 * network namespaces. To take them anew, as root:
 *
 *     unshare -n sleep 60 & b=$!
 *     ip link add va address 02:00:5e:00:53:01 type veth peer name vb address 02:00:5e:00:53:02
 *     ip link set vb netns $b; ip addr add 192.0.2.1/24 dev va; ip addr add 2001:db8::1/64 dev va
 *     nsenter -t $b -n sh -c 'ip addr add 192.0.2.2/24 dev vb; ip addr add 2001:db8::2/64 dev vb'
 *     ip link set va up; nsenter -t $b -n ip link set vb up; tcpdump -i va -en -xx -vv &
 *     ping -c 1 -s 18 192.0.2.2; ping -c 1 -R 192.0.2.2; ping -c 1 -s 17 2001:db8::2
 *     ping -c 1 -I va ff02::1; ping -c 1 -b 192.0.2.255; echo -n rtap! >/dev/udp/192.0.2.2/9
 *
 * @module
 */

/** Turns hex, with any white space in it, into bytes. */
export function hex(text: string): Uint8Array<ArrayBuffer> {
  const digits = text.replaceAll(/\s/g, '');
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  );
}

/** Turns bytes into hex. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** One end of the pair. */
interface Station {
  readonly mac: Uint8Array;
  readonly ipv4: Uint8Array;
  readonly ipv6: Uint8Array;
}

export const A: Station = {
  mac: hex('02005e005301'),
  ipv4: hex('c0000201'),
  ipv6: hex('20010db8000000000000000000000001'),
};

export const B: Station = {
  mac: hex('02005e005302'),
  ipv4: hex('c0000202'),
  ipv6: hex('20010db8000000000000000000000002'),
};

/** `Request who-has 192.0.2.2 tell 192.0.2.1` */
export const ARP_REQUEST: Uint8Array = hex(`
  ffff ffff ffff 0200 5e00 5301 0806 0001 0800 0604 0001 0200 5e00 5301 c000 0201
  0000 0000 0000 c000 0202`);

/** `Reply 192.0.2.2 is-at 02:00:5e:00:53:02` */
export const ARP_REPLY: Uint8Array = hex(`
  0200 5e00 5301 0200 5e00 5302 0806 0001 0800 0604 0002 0200 5e00 5302 c000 0202
  0200 5e00 5301 c000 0201`);

/** `192.0.2.1 > 192.0.2.2: ICMP echo request, id 8633, seq 1, length 26`, DF, IP id 49238 */
export const ECHO_REQUEST: Uint8Array = hex(`
  0200 5e00 5302 0200 5e00 5301 0800 4500 002e c056 4000 4001 f674 c000 0201 c000
  0202 0800 623f 21b9 0001 fd63 036b 0000 0000 5e26 0500 0000 0000 1011`);

/** `192.0.2.2 > 192.0.2.1: ICMP echo reply, id 8633, seq 1, length 26`, IP id 14568 */
export const ECHO_REPLY: Uint8Array = hex(`
  0200 5e00 5301 0200 5e00 5302 0800 4500 002e 38e8 0000 4001 bde3 c000 0202 c000
  0201 0000 6a3f 21b9 0001 fd63 036b 0000 0000 5e26 0500 0000 0000 1011`);

/** An echo request with options (NOP, record route), of `ping -R` */
export const ECHO_REQUEST_RECORD_ROUTE: Uint8Array = hex(`
  0200 5e00 5302 0200 5e00 5301 0800 4f00 007c c057 4000 4001 0215 c000 0201 c000
  0202 0107 2708 c000 0201 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000
  0000 0000 0000 0000 0000 0800 0f74 21ba 0001 fd63 036b 0000 0000 022f 0500 0000
  0000 1011 1213 1415 1617 1819 1a1b 1c1d 1e1f 2021 2223 2425 2627 2829 2a2b 2c2d
  2e2f 3031 3233 3435 3637`);

/** `192.0.2.1 > 192.0.2.255: ICMP echo request`, to the broadcast MAC address */
export const ECHO_REQUEST_BROADCAST: Uint8Array = hex(`
  ffff ffff ffff 0200 5e00 5301 0800 4500 0054 0000 4000 4001 b5a8 c000 0201 c000
  02ff 0800 635f 21bd 0001 fd63 036b 0000 0000 ae40 0500 0000 0000 1011 1213 1415
  1617 1819 1a1b 1c1d 1e1f 2021 2223 2425 2627 2829 2a2b 2c2d 2e2f 3031 3233 3435
  3637`);

/** `2001:db8::1 > ff02::1:ff00:2: neighbor solicitation, who has 2001:db8::2` */
export const SOLICITATION: Uint8Array = hex(`
  3333 ff00 0002 0200 5e00 5301 86dd 6000 0000 0020 3aff 2001 0db8 0000 0000 0000
  0000 0000 0001 ff02 0000 0000 0000 0000 0001 ff00 0002 8700 6b26 0000 0000 2001
  0db8 0000 0000 0000 0000 0000 0002 0101 0200 5e00 5301`);

/** `2001:db8::2 > 2001:db8::1: neighbor advertisement, Flags [solicited, override]` */
export const ADVERTISEMENT: Uint8Array = hex(`
  0200 5e00 5301 0200 5e00 5302 86dd 6000 0000 0020 3aff 2001 0db8 0000 0000 0000
  0000 0000 0002 2001 0db8 0000 0000 0000 0000 0000 0001 8800 d970 6000 0000 2001
  0db8 0000 0000 0000 0000 0000 0002 0201 0200 5e00 5302`);

/** `fe80::5eff:fe00:5302 > 2001:db8::1: neighbor solicitation`: is it still there? */
export const SOLICITATION_UNICAST: Uint8Array = hex(`
  0200 5e00 5301 0200 5e00 5302 86dd 6000 0000 0020 3aff fe80 0000 0000 0000 0000
  5eff fe00 5302 2001 0db8 0000 0000 0000 0000 0000 0001 8700 baa9 0000 0000 2001
  0db8 0000 0000 0000 0000 0000 0001 0101 0200 5e00 5302`);

/** `:: > ff02::1:ff00:2: neighbor solicitation`: duplicate detection with a nonce (RFC 7527) */
export const SOLICITATION_DUPLICATE: Uint8Array = hex(`
  3333 ff00 0002 0200 5e00 5302 86dd 6000 0000 0020 3aff 0000 0000 0000 0000 0000
  0000 0000 0000 ff02 0000 0000 0000 0000 0001 ff00 0002 8700 21c3 0000 0000 2001
  0db8 0000 0000 0000 0000 0000 0002 0e01 408c 5446 884c`);

/** `2001:db8::1 > 2001:db8::2: echo request, id 8635, seq 1`, flow label 0x34050 */
export const ECHO6_REQUEST: Uint8Array = hex(`
  0200 5e00 5302 0200 5e00 5301 86dd 6003 4050 0019 3a40 2001 0db8 0000 0000 0000
  0000 0000 0001 2001 0db8 0000 0000 0000 0000 0000 0002 8000 b176 21bb 0001 fd63
  036b 0000 0000 3b35 0500 0000 0000 10`);

/** `2001:db8::2 > 2001:db8::1: echo reply, id 8635, seq 1`, flow label 0xc2e60 */
export const ECHO6_REPLY: Uint8Array = hex(`
  0200 5e00 5301 0200 5e00 5302 86dd 600c 2e60 0019 3a40 2001 0db8 0000 0000 0000
  0000 0000 0002 2001 0db8 0000 0000 0000 0000 0000 0001 8100 b076 21bb 0001 fd63
  036b 0000 0000 3b35 0500 0000 0000 10`);

/** `fe80::5eff:fe00:5301 > ff02::1: echo request` */
export const ECHO6_REQUEST_MULTICAST: Uint8Array = hex(`
  3333 0000 0001 0200 5e00 5301 86dd 600d 8ce1 0040 3a01 fe80 0000 0000 0000 0000
  5eff fe00 5301 ff02 0000 0000 0000 0000 0000 0000 0001 8000 1665 21bc 0001 fd63
  036b 0000 0000 d53a 0500 0000 0000 1011 1213 1415 1617 1819 1a1b 1c1d 1e1f 2021
  2223 2425 2627 2829 2a2b 2c2d 2e2f 3031 3233 3435 3637`);

/**
 * `192.0.2.1.4096 > 192.0.2.2.9: [bad udp cksum 0x8422 -> 0x76e2!] UDP, length 5`: the checksum is
 * left to the device, its field holds the pseudo-header's sum
 */
export const UDP: Uint8Array = hex(`
  0200 5e00 5302 0200 5e00 5301 0800 4500 0021 ef43 4000 4011 c784 c000 0201 c000
  0202 1000 0009 000d 8422 7274 6170 21`);

/** `2001:db8::1.4096 > 2001:db8::2.9: [bad udp cksum 0x5b93 -> 0x9f71!] UDP, length 5` */
export const UDP6: Uint8Array = hex(`
  0200 5e00 5302 0200 5e00 5301 86dd 600a 77b2 000d 1140 2001 0db8 0000 0000 0000
  0000 0000 0001 2001 0db8 0000 0000 0000 0000 0000 0002 1000 0009 000d 5b93 7274
  6170 21`);
