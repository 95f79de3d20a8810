import {
  IFF_UP,
  NLMSG_ERROR,
  MessageWriter,
  RTM_DELLINK,
  RTM_NEWLINK,
  RTM_NEWADDR,
} from '@rtap/netlink';
import { encodeLink } from '@rtap/netlink/link';
import { BPF_MAXINSNS, linkFilter } from '@rtap/transport';
import { runFilter } from '@rtap/transport/testing';
import { describe, expect, it } from 'vitest';

function link(type: number, index: number): Uint8Array {
  return encodeLink(type, { index, flags: IFF_UP }, { flags: 0, sequence: 0 });
}

function passes(ifindexes: readonly number[], packet: Uint8Array): boolean {
  const program = linkFilter(ifindexes);
  if (program === undefined) throw new Error('no program');
  return runFilter(program, packet) !== 0;
}

describe('linkFilter', () => {
  it('passes link messages of the interfaces asked for and of no other', () => {
    expect(passes([7, 70_000], link(RTM_NEWLINK, 7))).toBe(true);
    expect(passes([7, 70_000], link(RTM_DELLINK, 70_000))).toBe(true);
    expect(passes([7, 70_000], link(RTM_NEWLINK, 8))).toBe(false);
    expect(passes([7, 70_000], link(RTM_DELLINK, 0x0700_0000))).toBe(false);
  });

  it('passes everything that is no link message: acknowledgements must not be lost', () => {
    const writer = new MessageWriter();
    writer.begin(NLMSG_ERROR, 0, 1, 2);
    writer.i32(0);
    writer.u32(7);
    expect(passes([], writer.finish())).toBe(true);
    writer.begin(RTM_NEWADDR, 0, 1, 2);
    writer.u32(0);
    writer.u32(9);
    expect(passes([7], writer.finish())).toBe(true);
  });

  it('drops all link messages when no interface is asked for', () => {
    expect(passes([], link(RTM_NEWLINK, 1))).toBe(false);
  });

  it('reaches every one of many interfaces, beyond what one jump spans', () => {
    const many = Array.from({ length: 1001 }, (_, position) => 3 * position + 1);
    for (const ifindex of many) {
      expect(passes(many, link(RTM_NEWLINK, ifindex))).toBe(true);
      expect(passes(many, link(RTM_NEWLINK, ifindex + 1))).toBe(false);
    }
  });

  it('says so when the kernel would refuse the program for its length', () => {
    const fits = linkFilter(Array.from({ length: 4000 }, (_, position) => position + 1));
    expect(fits?.length).toBeLessThanOrEqual(BPF_MAXINSNS);
    expect(linkFilter(Array.from({ length: 4096 }, (_, position) => position + 1))).toBeUndefined();
  });
});
