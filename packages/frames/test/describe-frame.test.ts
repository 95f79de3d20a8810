import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeFrame } from '../src/index.ts';
import * as captured from './captured.ts';
import { hex } from './captured.ts';
import * as router from './captured-router.ts';

// The words of `tcpdump -n -t -S` (4.99.3) for these frames.
test.each([
  [captured.ARP_REQUEST, 'ARP, Request who-has 192.0.2.2 tell 192.0.2.1, length 28'],
  [captured.ARP_REPLY, 'ARP, Reply 192.0.2.2 is-at 02:00:5e:00:53:02, length 28'],
  [captured.ECHO_REQUEST, 'IP 192.0.2.1 > 192.0.2.2: ICMP echo request, id 8633, seq 1, length 26'],
  [
    captured.SOLICITATION,
    'IP6 2001:db8::1 > ff02::1:ff00:2: ICMP6, neighbor solicitation, who has 2001:db8::2, length 32',
  ],
  [captured.UDP, 'IP 192.0.2.1.4096 > 192.0.2.2.9: UDP, length 5'],
  [
    router.MLD_REPORT,
    'IP6 :: > ff02::16: HBH ICMP6, multicast listener report v2, 3 group record(s), length 68',
  ],
  [
    router.ROUTER_SOLICITATION,
    'IP6 fe80::5eff:fe00:5301 > ff02::2: ICMP6, router solicitation, length 16',
  ],
  [
    router.REDIRECT6,
    'IP6 fe80::5eff:fe00:53fe > 2001:db8::1: ICMP6, redirect, 2001:db8::77 to 2001:db8::77, ' +
      'length 160',
  ],
  [router.FRAGMENT, 'IP 192.0.2.1 > 192.0.2.254: ip-proto-1'],
  [router.FRAGMENT6, 'IP6 2001:db8::1 > 2001:db8::fe: frag (1448|160)'],
  [
    router.TCP_SYN,
    'IP 192.0.2.1.45696 > 198.51.100.1.9: Flags [S], seq 4287036810, win 65520, options ' +
      '[mss 1260,sackOK,TS val 4193490072 ecr 0,nop,wscale 10], length 0',
  ],
  [
    router.TCP_RST,
    'IP 198.51.100.1.9 > 192.0.2.1.45696: Flags [R.], seq 0, ack 4287036811, win 0, length 0',
  ],
] as const)('frame %#, as tcpdump says it', (frame, words) => {
  expect(describeFrame(frame)).toBe(words);
});

// Ours: tcpdump goes into what is quoted.
test.each([
  [router.TIME_EXCEEDED, 'IP 192.0.2.254 > 192.0.2.1: ICMP time exceeded, code 0, length 92'],
  [
    router.FRAGMENTATION_NEEDED,
    'IP 192.0.2.254 > 192.0.2.1: ICMP destination unreachable, code 4, mtu 1300, length 556',
  ],
  [
    hex('ffffffffffff 020000000001 8100 a007 88b5 0102'),
    'vlan 7, p 5, 02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, ethertype 0x88b5, length 2',
  ],
  [hex('0102'), 'no Ethernet frame, length 2'],
  [captured.ECHO_REQUEST.subarray(0, 40), 'IP, malformed, length 26'],
  [captured.ARP_REPLY.subarray(0, 30), 'ARP, malformed, length 16'],
  [router.TCP_DATA6.subarray(0, 60), 'IP6, malformed, length 46'],
])('frame %#, in words of our own', (frame, words) => {
  expect(describeFrame(frame)).toBe(words);
});

test('any bytes have one line', () => {
  const packets = [...Object.values(captured), ...Object.values(router)].filter(
    (value) => value instanceof Uint8Array,
  );
  const sample = fc.oneof(fc.constantFrom(...packets), fc.uint8Array({ maxLength: 120 }));
  const edits = fc.array(fc.tuple(fc.nat(90), fc.nat(255)), { maxLength: 3 });
  fc.assert(
    fc.property(sample, edits, fc.nat(600), (packet, changes, length) => {
      const changed = packet.slice(0, length);
      for (const [at, value] of changes) if (at < changed.length) changed[at] = value;
      expect(describeFrame(changed)).toMatch(/^.+$/);
    }),
    { numRuns: 3000 },
  );
});
