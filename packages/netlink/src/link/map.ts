/**
 * Map: linux/if_link.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`.
 *
 * @module
 */

import { checkValue } from '../body.ts';
import { loadU16, loadU64 } from '../load.ts';
import { putNumber } from '../request.ts';
import type { MessageWriter } from '../writer.ts';

/** Where the hardware of a link is. `struct rtnl_link_ifmap` */
export interface LinkMap {
  /** Start of its memory. */
  readonly memoryStart: bigint;
  /** End of its memory. */
  readonly memoryEnd: bigint;
  /** Its I/O address. */
  readonly baseAddress: bigint;
  /** Its interrupt. */
  readonly irq: number;
  /** Its DMA channel. */
  readonly dma: number;
  /** IF_PORT_* of linux/netdevice.h. */
  readonly port: number;
}

/** Reads a `struct rtnl_link_ifmap`; a longer one is fine. */
export function readLinkMap(
  body: Uint8Array,
  start: number,
  end: number,
  little: boolean,
): LinkMap {
  checkValue(start, end, 28);
  return {
    memoryStart: loadU64(body, start, little),
    memoryEnd: loadU64(body, start + 8, little),
    baseAddress: loadU64(body, start + 16, little),
    irq: loadU16(body, start + 24, little),
    dma: body[start + 26]!,
    port: body[start + 27]!,
  };
}

/** Writes a `struct rtnl_link_ifmap`. */
export function writeLinkMap(writer: MessageWriter, value: LinkMap, at: string): void {
  putNumber(writer, 'u64', `${at}.memoryStart`, value.memoryStart);
  putNumber(writer, 'u64', `${at}.memoryEnd`, value.memoryEnd);
  putNumber(writer, 'u64', `${at}.baseAddress`, value.baseAddress);
  putNumber(writer, 'u16', `${at}.irq`, value.irq);
  putNumber(writer, 'u8', `${at}.dma`, value.dma);
  putNumber(writer, 'u8', `${at}.port`, value.port);
  writer.bytes(new Uint8Array(4));
}
