/**
 * A classic BPF interpreter: the in-memory sockets filter with the very program that the kernel would run.
 *
 * @module
 */

import type { BpfInstruction } from '../netlink-transport.ts';

const LD_WORD_ABSOLUTE = 0x20;
const LD_HALF_ABSOLUTE = 0x28;
const LD_BYTE_ABSOLUTE = 0x30;
const JUMP_IF_EQUAL = 0x15;
const JUMP_IF_GREATER = 0x25;
const RETURN = 0x06;

/**
 * Runs a filter on a packet, as the kernel's `sk_filter` does.
 *
 * @returns how many bytes of the packet pass: 0 drops it. A load beyond the packet drops it as well.
 * @throws RangeError for an instruction that the filters of this package don't use, or a program that runs out.
 */
export function runFilter(program: readonly BpfInstruction[], packet: Uint8Array): number {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  let accumulator = 0;
  for (let counter = 0; counter < program.length; counter += 1) {
    const instruction = program[counter];
    if (instruction === undefined) break;
    const { code, jt, jf, k } = instruction;
    switch (code) {
      case LD_WORD_ABSOLUTE:
        if (k + 4 > packet.length) return 0;
        accumulator = view.getUint32(k, false);
        break;
      case LD_HALF_ABSOLUTE:
        if (k + 2 > packet.length) return 0;
        accumulator = view.getUint16(k, false);
        break;
      case LD_BYTE_ABSOLUTE:
        if (k + 1 > packet.length) return 0;
        accumulator = view.getUint8(k);
        break;
      case JUMP_IF_EQUAL:
        counter += accumulator === k ? jt : jf;
        break;
      case JUMP_IF_GREATER:
        counter += accumulator > k ? jt : jf;
        break;
      case RETURN:
        return k;
      default:
        throw new RangeError(`BPF instruction ${counter} has code 0x${code.toString(16)}`);
    }
  }
  throw new RangeError('the BPF program ends without a return');
}
