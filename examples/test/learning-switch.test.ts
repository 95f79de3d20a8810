/**
 * Where the learning switch sends frames, whatever is in them.
 *
 * @module
 */

import { buildArp, buildEthernet, parseIpAddress, parseMacAddress } from '@rtap/frames';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { portsFor } from '../learning-switch/forward.ts';
import { MacTable } from '../learning-switch/mac-table.ts';
import { RUNS, hostileFrames } from './hostile.ts';

const PORTS = ['a', 'b', 'c'];
const A = parseMacAddress('02:00:00:00:00:0a');
const B = parseMacAddress('02:00:00:00:00:0b');
const ALL = parseMacAddress('ff:ff:ff:ff:ff:ff');

function frame(source: Uint8Array, destination: Uint8Array): Uint8Array {
  return buildEthernet({ source, destination, etherType: 0x88b5 });
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a learning switch', () => {
  test('sends any frame to one port or to all others, and never back', () => {
    const who = { senderMac: A, senderIp: parseIpAddress('10.0.0.1') };
    const arp = buildArp({ operation: 'request', ...who, targetIp: parseIpAddress('10.0.0.2') });
    const valid = [
      frame(A, B),
      buildEthernet({ source: A, destination: ALL, etherType: 0x806, payload: arp }),
    ];
    const traffic = fc.array(fc.tuple(fc.constantFrom(...PORTS), hostileFrames(valid)), {
      maxLength: 10,
    });
    fc.assert(
      fc.property(traffic, (all) => {
        const table = new MacTable<string>();
        for (const [from, bytes] of all) {
          const before = bytes.slice();
          const to = portsFor(bytes, from, PORTS, table);
          expect(to).not.toContain(from);
          expect(new Set(to).size).toBe(to.length);
          if (bytes.length < 14 || ((bytes[6] ?? 0) & 1) !== 0) expect(to).toEqual([]);
          expect(Buffer.compare(bytes, before)).toBe(0);
        }
      }),
      RUNS,
    );
  });

  test('sends what is for a station that it has seen to its port only', () => {
    const table = new MacTable<string>();
    expect(portsFor(frame(A, B), 'a', PORTS, table)).toEqual(['b', 'c']);
    expect(portsFor(frame(B, A), 'b', PORTS, table)).toEqual(['a']);
    expect(portsFor(frame(A, B), 'a', PORTS, table)).toEqual(['b']);
    expect(portsFor(frame(A, ALL), 'a', PORTS, table)).toEqual(['b', 'c']);
    // Both are behind one port.
    expect(portsFor(frame(B, A), 'a', PORTS, table)).toEqual([]);
  });

  test.each<[string, Uint8Array]>([
    ['a group address as its source', frame(ALL, B)],
    ['no source', frame(new Uint8Array(6), B)],
    ['spanning tree as its destination', frame(A, parseMacAddress('01:80:c2:00:00:00'))],
    ['LLDP as its destination', frame(A, parseMacAddress('01:80:c2:00:00:0e'))],
    ['no whole header', frame(A, B).subarray(0, 13)],
  ])('drops a frame with %s', (_, bytes) => {
    const table = new MacTable<string>();
    expect(portsFor(bytes, 'a', PORTS, table)).toEqual([]);
    // Nothing was learned of it.
    expect(portsFor(frame(B, bytes.slice(6, 12)), 'b', PORTS, table)).toEqual(['a', 'c']);
  });

  test('remembers 8192 addresses, and forgets those that were not seen for longest', () => {
    const table = new MacTable<string>();
    table.learn(B, 'b');
    table.learn(A, 'a');
    const address = (index: number): Uint8Array =>
      Uint8Array.of(2, 1, index >>> 24, index >>> 16, index >>> 8, index);
    for (let index = 0; index < 8190; index += 1) table.learn(address(index), 'c');
    table.learn(A, 'a');
    expect([table.find(A), table.find(B)]).toEqual(['a', 'b']);
    table.learn(address(8190), 'c');
    expect([table.find(A), table.find(B)]).toEqual(['a', undefined]);
    for (let index = 8191; index < 100_000; index += 1) table.learn(address(index), 'c');
    expect(table.find(A)).toBeUndefined();
    const known = Array.from({ length: 100_000 }, (_, index) => table.find(address(index)));
    expect(known.filter((port) => port !== undefined)).toHaveLength(8192);
  });

  test('forgets a station after five minutes', () => {
    vi.useFakeTimers({ now: 0 });
    const table = new MacTable<string>();
    table.learn(A, 'a');
    vi.setSystemTime(299_999);
    expect(table.find(A)).toBe('a');
    vi.setSystemTime(300_000);
    expect(table.find(A)).toBeUndefined();
  });
});
