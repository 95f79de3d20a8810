/**
 * Map: linux/if_link.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import { checkValue, padded } from '../body.ts';
import { loadU64 } from '../load.ts';
import { putNumber } from '../request.ts';
import type { MessageSource } from '../source.ts';
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
export function readLinkMap(source: MessageSource, start: number, end: number): LinkMap {
  checkValue(source, start, end, 28);
  if (end - start < 32) return readLinkMap(padded(source, start, end, 32), 0, 32);
  const { view, little } = source;
  return {
    memoryStart: loadU64(view, start, little),
    memoryEnd: loadU64(view, start + 8, little),
    baseAddress: loadU64(view, start + 16, little),
    irq: view.getUint16(start + 24, little),
    dma: view.getUint8(start + 26),
    port: view.getUint8(start + 27),
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
