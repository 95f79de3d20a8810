/**
 * What the echo of the two workers makes of frames, whatever is in them.
 *
 * @module
 */

import * as frames from '@rtap/frames';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { echo } from '../two-workers/echo.ts';
import { RUNS, edited, hostileFrames, isSound, patched, tagged } from './hostile.ts';

const HOST = {
  mac: frames.parseMacAddress('02:00:00:00:00:02'),
  ipv4: frames.parseIpAddress('10.0.0.2'),
};
const ASKER = {
  mac: frames.parseMacAddress('02:00:00:00:00:01'),
  ipv4: frames.parseIpAddress('10.0.0.1'),
};
const ALL = frames.parseIpAddress('255.255.255.255');

interface Datagram {
  readonly from?: Uint8Array;
  readonly to?: Uint8Array;
  readonly mac?: Uint8Array;
  readonly sourcePort?: number;
  readonly options?: Uint8Array;
}

function datagram(more: Datagram = {}): Uint8Array {
  const { from = ASKER.ipv4, to = HOST.ipv4, mac = HOST.mac, sourcePort = 4000, options } = more;
  const ends = { source: from, destination: to };
  const ports = { sourcePort, destinationPort: 7 };
  const payload = frames.buildUdp({ ...ends, ...ports, payload: Uint8Array.of(1, 2, 3) });
  const protocol = frames.IPPROTO_UDP;
  return frames.buildEthernet({
    ...{ source: ASKER.mac, destination: mac, etherType: frames.ETH_P_IP },
    payload: frames.buildIpv4({ ...ends, protocol, options, payload }),
  });
}

describe('the echo of two workers', () => {
  test('is a sound datagram from the host to who asked, or the frame stays as it is', () => {
    let answered = 0;
    fc.assert(
      fc.property(hostileFrames([datagram()]), (frame) => {
        const before = frame.slice();
        if (echo(frame, HOST) === 0) {
          expect(Buffer.compare(frame, before)).toBe(0);
          return;
        }
        answered += 1;
        expect(isSound(frame)).toBe(true);
        const places = [before.subarray(6, 12), HOST.mac, before.subarray(26, 30)];
        expect([frame.subarray(0, 6), frame.subarray(6, 12), frame.subarray(30, 34)]).toEqual(
          places,
        );
        expect(frame.subarray(26, 30)).toEqual(HOST.ipv4);
        expect((frame[0] ?? 0) & 1).toBe(0);
      }),
      RUNS,
    );
    expect(answered).toBeGreaterThan(100);
  });

  test('is not made of a frame that is cut off anywhere', () => {
    const whole = datagram();
    for (let length = 0; length < whole.length; length += 1) {
      expect(echo(whole.slice(0, length), HOST)).toBe(0);
    }
  });

  test.each<[string, Uint8Array]>([
    ['for all stations', datagram({ mac: new Uint8Array(6).fill(0xff) })],
    ['for all addresses', datagram({ to: ALL })],
    ['from all addresses', datagram({ from: ALL })],
    ['from the host itself', datagram({ from: HOST.ipv4 })],
    ['from no port', datagram({ sourcePort: 0 })],
    ['behind a VLAN tag', tagged(datagram())],
    // They look like a header of UDP, and change nothing of the sum.
    ['behind options', datagram({ options: Uint8Array.of(0xff, 0xf0, 0, 7, 0, 8, 0, 0) })],
    ['in fragments', patched(datagram(), 20, 0x20)],
    ['with a wrong checksum', edited(datagram(), 44, 9)],
    ['from a group of stations', edited(datagram(), 6, 3)],
  ])('is not made of a datagram %s', (_, frame) => {
    expect(echo(frame, HOST)).toBe(0);
  });
});
