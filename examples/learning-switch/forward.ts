/**
 * Where a switch sends a frame (IEEE 802.1D section 7).
 *
 * @module
 */

import type { MacTable } from './mac-table.ts';

/** Bytes that every frame has. */
const HEADER = 14;
/** What is for the other end of one cable only, such as LLDP and pause frames: 01:80:c2:00:00:00 to :0f. */
const LINK_LOCAL = [0x01, 0x80, 0xc2, 0, 0];

/** Learns where a frame came from, and finds the ports that it goes to: none, one, or all others. */
export function portsFor<Port>(
  frame: Uint8Array,
  from: Port,
  ports: readonly Port[],
  table: MacTable<Port>,
): readonly Port[] {
  const destination = frame.subarray(0, 6);
  const source = frame.subarray(6, 12);
  // No station has such a source; to believe it would send what is for a group to one port.
  const isStation = !isGroup(source) && source.some((byte) => byte !== 0);
  if (frame.length < HEADER || !isStation || isLinkLocal(destination)) return [];
  table.learn(source, from);
  const known = table.find(destination);
  return (known === undefined ? ports : [known]).filter((port) => port !== from);
}

function isGroup(mac: Uint8Array): boolean {
  return ((mac[0] ?? 0) & 1) !== 0;
}

function isLinkLocal(mac: Uint8Array): boolean {
  return LINK_LOCAL.every((byte, index) => mac[index] === byte) && (mac[5] ?? 0) < 0x10;
}
