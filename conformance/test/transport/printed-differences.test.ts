import { IFLA_IFNAME } from '@rtap/netlink';
import type { LinkMessage } from '@rtap/netlink/link';
import { describe, expect, test } from 'vitest';
import { differences, judge, listDifferences } from './printed/differences.ts';
import { printedLink } from './printed/link.ts';

describe('the judge of what iproute2 prints', () => {
  const link: LinkMessage = {
    event: 'new',
    family: 0,
    deviceType: 1,
    index: 7,
    flags: 0x1003,
    change: 0,
    name: 'some',
    mtu: 1500,
    unknown: [],
  };
  const ours = printedLink(link, new Map([[7, link]]));
  const printed = structuredClone(ours);

  test('finds no fault with what is the same', () => {
    expect(differences({ before: printed, after: printed }, ours)).toEqual([]);
  });

  test.for([
    ['a field that is printed and not known', { ...printed, extra: 1 }],
    ['a field inside that is not known', { ...printed, linkinfo: { info_kind: 'new' } }],
    ['a field that is not printed', { ...printed, mtu: undefined }],
    ['another value', { ...printed, mtu: 1501 }],
    ['another type', { ...printed, mtu: '1500' }],
    ['a flag less', { ...printed, flags: ['NO-CARRIER', 'BROADCAST', 'MULTICAST'] }],
    ['another order', { ...printed, flags: Object(printed).flags.toReversed() }],
  ] as const)('finds %s', ([, wrong]) => {
    expect(differences({ before: wrong, after: wrong }, ours)).not.toEqual([]);
  });

  test('lets move what moves, and nothing else', () => {
    expect(differences({ before: { x: 1 }, after: { x: 3 } }, { x: 2 })).toEqual([]);
    expect(differences({ before: { x: 1 }, after: { x: 3 } }, { x: 4 })).toHaveLength(1);
    expect(differences({ before: { x: 'a' }, after: { x: 'b' } }, { x: 'a' })).toHaveLength(1);
  });

  test('finds what is missing in a list, and what is too many', () => {
    const list = [{ name: 'a' }, { name: 'b' }];
    const key = (element: object): string => Object(element).name;
    const both = { before: list, after: list };
    expect(listDifferences(both, list.toReversed(), key)).toEqual([]);
    expect(listDifferences(both, list.slice(1), key)).toHaveLength(1);
    expect(listDifferences(both, [...list, { name: 'c' }], key)).toHaveLength(1);
    expect(() => listDifferences(both, [...list, { name: 'b' }], key)).toThrow('twice');
  });

  test('does not ask again when nothing has moved: the first answer counts', async () => {
    let asked = 0;
    const { differences: found } = await judge(
      async () => [{ x: 1 }],
      async () => {
        asked += 1;
        return [{ x: 2 }];
      },
      () => 'one',
    );
    expect([asked, found.length]).toEqual([1, 1]);
  });

  test('does not overlook attributes that we do not know', () => {
    const unknown = [{ type: IFLA_IFNAME, value: Uint8Array.of(1) }];
    expect(() => printedLink({ ...link, unknown }, new Map())).toThrow('unknown attributes');
  });
});
