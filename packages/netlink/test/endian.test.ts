import { describe, expect, it } from 'vitest';
import {
  decodeAddress,
  decodeLink,
  messages,
  RTM_NEWADDR,
  RTM_NEWLINK,
  type LinkMessage,
} from '../src/index.ts';
import { golden } from './golden.ts';

/** Widths of the numbers in link attributes, from linux/if_link.h; absent: bytes as they are. */
const LINK_WIDTHS = new Map<number, 2 | 4 | 8>([
  ...[
    4, 5, 10, 13, 27, 30, 31, 32, 35, 37, 40, 41, 45, 47, 48, 49, 50, 51, 58, 59, 60, 61, 63, 64,
  ].map((type) => [type, 4] as const),
  [68, 2],
  [69, 2],
  [23, 8],
]);
const LINK_NESTS: ReadonlySet<number> = new Set([18, 52]);
/** The same of address attributes, from linux/if_addr.h. */
const ADDRESS_WIDTHS = new Map<number, 4 | 8>([6, 8, 9, 10].map((type) => [type, 4]));

/** Rewrites little-endian messages as a big-endian machine would have sent them, in place. */
function swap(datagram: Uint8Array): Uint8Array {
  const bytes = datagram.slice();
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length;) {
    const length = view.getUint32(at, true);
    const type = view.getUint16(at + 4, true);
    for (const [offset, width] of [
      [0, 4],
      [4, 2],
      [6, 2],
      [8, 4],
      [12, 4],
    ] as const) {
      reverse(bytes, at + offset, width);
    }
    if (type === RTM_NEWLINK) {
      reverse(bytes, at + 18, 2);
      for (const offset of [20, 24, 28]) reverse(bytes, at + offset, 4);
      swapAttributes(bytes, at + 32, at + length, LINK_WIDTHS, LINK_NESTS);
    } else if (type === RTM_NEWADDR) {
      reverse(bytes, at + 20, 4);
      swapAttributes(bytes, at + 24, at + length, ADDRESS_WIDTHS, new Set());
    }
    at += (length + 3) & ~3;
  }
  return bytes;
}

function swapAttributes(
  bytes: Uint8Array,
  from: number,
  to: number,
  widths: ReadonlyMap<number, number>,
  nests: ReadonlySet<number>,
): void {
  const view = new DataView(bytes.buffer);
  for (let at = from; at < to;) {
    const length = view.getUint16(at, true);
    const type = view.getUint16(at + 2, true) & 0x3fff;
    reverse(bytes, at, 2);
    reverse(bytes, at + 2, 2);
    if (nests.has(type)) swapAttributes(bytes, at + 4, at + length, new Map(), new Set());
    const width = widths.get(type) ?? length;
    if (widths.has(type)) {
      for (let word = at + 4; word < at + length; word += width) reverse(bytes, word, width);
    }
    at += (length + 3) & ~3;
  }
}

function reverse(bytes: Uint8Array, at: number, width: number): void {
  bytes.subarray(at, at + width).reverse();
}

/** Fields and counters; what is not decoded keeps its bytes, so its values may differ. */
function plain(link: LinkMessage): unknown {
  const unknown = link.unknown.map(({ type, value }) => [type, value.length]);
  return { ...link, stats64: link.stats64, unknown };
}

describe('big-endian copies of recorded dumps', () => {
  it('links decode to the same', () => {
    for (const datagram of golden('link_dump_full').received) {
      const little = [...messages(datagram, 'little')];
      const big = [...messages(swap(datagram), 'big')];
      expect(big).toHaveLength(little.length);
      for (const [index, message] of little.entries()) {
        const other = big[index];
        if (other === undefined) throw new Error('no message');
        const { body: _, ...header } = message;
        expect(other).toMatchObject(header);
        if (message.type !== RTM_NEWLINK) continue;
        expect(plain(decodeLink(other, 'big'))).toEqual(plain(decodeLink(message, 'little')));
      }
    }
  });

  it('addresses decode to the same', () => {
    for (const datagram of golden('addr_dump').received) {
      const big = [...messages(swap(datagram), 'big')];
      for (const [index, message] of [...messages(datagram, 'little')].entries()) {
        const other = big[index];
        if (message.type !== RTM_NEWADDR || other === undefined) continue;
        expect(decodeAddress(other, 'big')).toEqual(decodeAddress(message, 'little'));
      }
    }
  });
});
