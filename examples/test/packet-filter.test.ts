/**
 * What the packet filter drops, whatever is in the frames.
 *
 * @module
 */

import * as frames from '@rtap/frames';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRule, ruleFor } from '../packet-filter/rules.ts';
import { RUNS, edited, hostileFrames, patched, tagged } from './hostile.ts';

const { ETH_P_IP, ETH_P_IPV6, IPPROTO_FRAGMENT, IPPROTO_TCP, IPPROTO_UDP } = frames;
const MAC = frames.parseMacAddress('02:00:00:00:00:01');
const V4 = {
  source: frames.parseIpAddress('10.0.0.1'),
  destination: frames.parseIpAddress('10.0.0.2'),
};
const V6 = {
  source: frames.parseIpAddress('2001:db8::1'),
  destination: frames.parseIpAddress('2001:db8::2'),
};

function ethernet(etherType: number, payload: Uint8Array): Uint8Array {
  return frames.buildEthernet({ source: MAC, destination: MAC, etherType, payload });
}

function ipv4(payload: Uint8Array, more: Partial<frames.Ipv4Fields> = {}): Uint8Array {
  return ethernet(ETH_P_IP, frames.buildIpv4({ ...V4, protocol: IPPROTO_UDP, payload, ...more }));
}

/** A fragment of UDP over IPv6. */
function fragment6(fragmentOffset: number, payload: Uint8Array): Uint8Array {
  const nextHeader = IPPROTO_UDP;
  const part = frames.buildIpv6Fragment({ nextHeader, fragmentOffset, identification: 1, payload });
  const header = { ...V6, nextHeader: IPPROTO_FRAGMENT, payload: part };
  return ethernet(ETH_P_IPV6, frames.buildIpv6(header));
}

const dns4 = frames.buildUdp({ ...V4, sourcePort: 4000, destinationPort: 53 });
const dns6 = frames.buildUdp({ ...V6, sourcePort: 4000, destinationPort: 53 });
const http = frames.buildTcp({ ...V4, sourcePort: 4000, destinationPort: 80, sequence: 1 });

function dropped(rule: string, frame: Uint8Array): boolean {
  return ruleFor([parseRule(rule)], frame) !== undefined;
}

describe('a packet filter', () => {
  test('finds a rule for any frame, or none, and leaves the frame as it is', () => {
    const valid = [
      ipv4(dns4),
      ipv4(http, { protocol: IPPROTO_TCP }),
      ipv4(dns4, { options: Uint8Array.of(1, 1, 1, 0) }),
      fragment6(0, dns6),
      ethernet(ETH_P_IPV6, frames.buildIpv6({ ...V6, nextHeader: IPPROTO_UDP, payload: dns6 })),
    ];
    const rules = ['udp 53', 'tcp 80', 'udp 0', 'icmp', 'ip 53', 'ip'].map(parseRule);
    const met = new Set<string>();
    fc.assert(
      fc.property(hostileFrames(valid), (frame) => {
        const before = frame.slice();
        const rule = ruleFor(rules, frame);
        met.add(rule?.text ?? 'none');
        expect(Buffer.compare(frame, before)).toBe(0);
        if (rule?.port !== undefined) {
          // The port stands in the frame, behind all headers of IP.
          const { port } = rule;
          const found = frame.findIndex(
            (byte, at) => at >= 34 && byte === port >> 8 && frame[at + 1] === (port & 0xff),
          );
          expect(found).toBeGreaterThan(0);
        }
      }),
      RUNS,
    );
    expect(met).toEqual(new Set(['none', 'udp 53', 'tcp 80', 'udp 0', 'icmp', 'ip']));
  });

  test.each<[string, string, Uint8Array, boolean]>([
    ['udp 53', 'DNS', ipv4(dns4), true],
    ['udp 53', 'DNS behind a VLAN tag', tagged(ipv4(dns4)), true],
    ['udp 53', 'DNS behind two VLAN tags', tagged(tagged(ipv4(dns4))), false],
    ['udp 53', 'DNS over IPv6, in its first fragment', fragment6(0, dns6), true],
    ['udp 54', 'DNS', ipv4(dns4), false],
    ['tcp 53', 'DNS', ipv4(dns4), false],
    ['udp 53', 'a later fragment with such bytes', ipv4(dns4, { fragmentOffset: 8 }), false],
    ['udp', 'a later fragment', ipv4(dns4, { fragmentOffset: 8 }), true],
    ['udp 53', 'a later fragment of IPv6 with such bytes', fragment6(8, dns6), false],
    ['udp', 'a later fragment of IPv6', fragment6(8, dns6), true],
    ['udp 0', 'UDP without a byte', ipv4(new Uint8Array(0)), false],
    ['udp 53', 'what stands behind a packet', patched(ipv4(dns4), 16, 0, 22), false],
    ['ip', 'a packet that is longer than its frame', ipv4(dns4).subarray(0, -1), false],
    ['ip', 'a header of 16 bytes', edited(ipv4(dns4), 14, 0x44), false],
    ['ip', '14 bytes', ipv4(dns4).subarray(0, 14), false],
  ])('%s, and %s', (rule, _, frame, expected) => {
    expect(dropped(rule, frame)).toBe(expected);
  });

  test.each(['udp 65536', 'udp -1', 'sctp 1', 'udp  53', '', 'icmp 8', 'UDP 53', 'udp 0x35'])(
    'takes no rule %j',
    (text) => {
      expect(() => parseRule(text)).toThrow(/is no rule/);
    },
  );
});
