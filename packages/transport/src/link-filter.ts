/**
 * The kernel-side filter of a link subscription.
 *
 * A storm on other interfaces must cost this process nothing, so the kernel drops what isn't asked for.
 * Everything that is not a link message passes: a filter on the ifindex alone would also drop
 * acknowledgements and errors on the same socket.
 *
 * @module
 */

import { RTM_DELLINK, RTM_NEWLINK } from '@rtap/netlink';
import type { BpfInstruction } from './netlink-transport.ts';

/** The most instructions that the kernel takes in one filter (BPF_MAXINSNS, `linux/bpf_common.h`). */
export const BPF_MAXINSNS = 4096;

// linux/bpf_common.h: class | size | mode, or class | operation | source.
const LD_HALF_ABSOLUTE = 0x00 | 0x08 | 0x20;
const LD_WORD_ABSOLUTE = 0x00 | 0x00 | 0x20;
const JUMP_IF_EQUAL = 0x05 | 0x10 | 0x00;
const RETURN = 0x06 | 0x00;

const NLMSG_TYPE_OFFSET = 4;
/** nlmsghdr (16 bytes), then ifi_family, padding and ifi_type. */
const IFI_INDEX_OFFSET = 20;
const WHOLE_PACKET = 0xffff_ffff;
/** A conditional jump reaches 255 instructions, so the comparisons come in blocks with an exit each. */
const BLOCK = 250;

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

// BPF loads are big-endian, netlink is in host order.
function htons(value: number): number {
  return littleEndian ? ((value & 0xff) << 8) | (value >>> 8) : value;
}

function htonl(value: number): number {
  if (!littleEndian) return value >>> 0;
  return new DataView(Uint32Array.of(value).buffer).getUint32(0, false);
}

/**
 * Builds the classic BPF program that passes link messages of these interfaces, and all that is no link message.
 *
 * @param ifindexes - the interfaces; about 4,000 fit in what the kernel takes ({@link BPF_MAXINSNS}).
 * @returns the program, or undefined when it would be too long for the kernel.
 */
export function linkFilter(ifindexes: Iterable<number>): readonly BpfInstruction[] | undefined {
  const program: BpfInstruction[] = [
    { code: LD_HALF_ABSOLUTE, jt: 0, jf: 0, k: NLMSG_TYPE_OFFSET },
    { code: JUMP_IF_EQUAL, jt: 2, jf: 0, k: htons(RTM_NEWLINK) },
    { code: JUMP_IF_EQUAL, jt: 1, jf: 0, k: htons(RTM_DELLINK) },
    { code: RETURN, jt: 0, jf: 0, k: WHOLE_PACKET },
    { code: LD_WORD_ABSOLUTE, jt: 0, jf: 0, k: IFI_INDEX_OFFSET },
  ];
  const wanted = [...ifindexes];
  for (let start = 0; start < wanted.length; start += BLOCK) {
    const block = wanted.slice(start, start + BLOCK);
    block.forEach((ifindex, position) => {
      // A hit goes to the block's exit; the last one that misses steps over it.
      const left = block.length - 1 - position;
      program.push({ code: JUMP_IF_EQUAL, jt: left, jf: left === 0 ? 1 : 0, k: htonl(ifindex) });
    });
    program.push({ code: RETURN, jt: 0, jf: 0, k: WHOLE_PACKET });
  }
  program.push({ code: RETURN, jt: 0, jf: 0, k: 0 });
  return program.length <= BPF_MAXINSNS ? program : undefined;
}
