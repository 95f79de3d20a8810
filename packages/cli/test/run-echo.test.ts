/**
 * What `--mode icmpecho` makes of frames, whatever is in them.
 *
 * @module
 */

import * as frames from '@rtap/frames';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EchoResponder } from '../src/run/echo-responder.ts';

const MAC = frames.parseMacAddress('02:00:00:00:00:02');
const KERNEL = frames.parseMacAddress('02:00:00:00:00:01');
const SOURCE = frames.parseIpAddress('10.0.0.1');
const ANY = frames.parseIpAddress('203.0.113.77');

/** An echo request of that many bytes, in fragments that carry `step` bytes each at most. */
function fragments(bytes: number, step: number, sequence = 1): readonly Uint8Array[] {
  const message = frames.buildIcmpEcho({
    ...{ type: 'request', identifier: 7, sequence },
    payload: Uint8Array.from({ length: bytes }, (_, index) => index),
  });
  const count = Math.ceil(message.length / step);
  return Array.from({ length: count }, (_, index) =>
    frames.buildEthernet({
      destination: MAC,
      source: KERNEL,
      etherType: frames.ETH_P_IP,
      payload: frames.buildIpv4({
        ...{ source: SOURCE, destination: ANY, protocol: frames.IPPROTO_ICMP },
        ...{ identification: 99, fragmentOffset: index * step, moreFragments: index < count - 1 },
        payload: message.subarray(index * step, (index + 1) * step),
      }),
    }),
  );
}

describe('fragments', () => {
  test('of a request become those of the reply, whose checksum is right', () => {
    const responder = new EchoResponder(MAC);
    // With all carries that a checksum can have.
    for (let sequence = 0; sequence < 0xffff; sequence += 0x155) {
      const parts = fragments(4000, 1480, sequence).map((frame) => {
        expect(responder.answer(frame, 0, frame.length)).toBe(frame.length);
        const header = frames.readIpv4(frame, 14);
        expect([header?.source, header?.destination]).toEqual([ANY, SOURCE]);
        expect(frames.checksum(frame, 14, 20)).toBe(0);
        return frame.subarray(34);
      });
      const reply = Uint8Array.from(parts.flatMap((part) => [...part]));
      expect(frames.readIcmpEcho(reply)).toMatchObject({ type: 'reply', identifier: 7, sequence });
      expect(frames.checksum(reply)).toBe(0);
    }
  });

  test('that are shorter than they say are not answered', () => {
    const responder = new EchoResponder(MAC);
    const [first] = fragments(4000, 1480);
    expect(first && responder.answer(first, 0, first.length - 1)).toBe(0);
    expect(first && responder.answer(first, 0, first.length)).toBe(first?.length);
  });

  test('of what is no request are not answered', () => {
    const responder = new EchoResponder(MAC);
    const [, second] = fragments(4000, 1480);
    expect(second && responder.answer(second, 0, second.length)).toBe(0);
  });
});

test('a frame of any bytes is answered by no more bytes than it has, or is left as it is', () => {
  const types = [frames.ETH_P_ARP, frames.ETH_P_IP, frames.ETH_P_IPV6, frames.ETH_P_8021Q];
  const starts = [[0x45], [0x60], [0, 1, 8, 0, 6, 4, 0, 1]];
  const responder = new EchoResponder(MAC);
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 150 }),
      fc.constantFrom(...types),
      fc.constantFrom(...starts),
      fc.constantFrom(frames.IPPROTO_ICMP, frames.IPPROTO_ICMPV6, frames.IPPROTO_FRAGMENT),
      (bytes, type, start, protocol) => {
        const slab = new Uint8Array(bytes.length + 20).fill(0xee);
        slab.set(bytes, 10);
        if (bytes.length > 40) {
          slab.set(MAC, 10);
          slab.set([type >> 8, type & 0xff, ...start], 22);
          slab[10 + 14 + (start[0] === 0x45 ? 9 : 6)] = protocol;
        }
        const before = slab.slice();
        const length = responder.answer(slab, 10, bytes.length);
        expect(length).toBeGreaterThanOrEqual(0);
        expect(length).toBeLessThanOrEqual(bytes.length);
        if (length === 0) expect(slab).toEqual(before);
        expect(slab.subarray(0, 10)).toEqual(before.subarray(0, 10));
        expect(slab.subarray(bytes.length + 10)).toEqual(before.subarray(bytes.length + 10));
      },
    ),
    { numRuns: 5000 },
  );
});
