/**
 * Queueing disciplines, filters and chains as `tc -j -s` prints them, made of what we have decoded:
 * everything but the options of a kind, which we keep as bytes.
 *
 * @module
 */

import { AttributeReader } from '@rtap/netlink';
import type { TrafficControlMessage } from '@rtap/netlink';
import type { NameOf } from './text.ts';

const ROOT = 0xffffffff;
const ETHER_TYPES: Readonly<Record<number, string>> = { 3: 'all', 0x800: 'ip', 0x86dd: 'ipv6' };

/** A handle: major and minor number in hexadecimal, a minor number of 0 left out. */
function handle(value: number): string {
  const minor = value & 0xffff;
  return `${(value >>> 16).toString(16)}:${minor === 0 ? '' : minor.toString(16)}`;
}

/** TCA_STATS_QUEUE of TCA_STATS2: queue length, backlog, drops, requeues, overlimits. */
function requeues(stats2: Uint8Array | undefined): number | undefined {
  if (stats2 === undefined) return undefined;
  const reader = new AttributeReader(stats2);
  while (reader.next()) {
    if (reader.type !== 3) continue;
    const value = reader.bytes();
    return new DataView(value.buffer, value.byteOffset).getUint32(12, true);
  }
  return undefined;
}

function place(message: TrafficControlMessage): object {
  return message.parent === ROOT ? { root: true } : { parent: handle(message.parent) };
}

/** One queueing discipline, as `tc -j -s qdisc show`. */
export function printedDiscipline(message: TrafficControlMessage, nameOf: NameOf): object {
  const { stats } = message;
  return {
    kind: message.kind,
    handle: handle(message.handle) === '0:' ? '0:' : handle(message.handle),
    dev: nameOf(message.index),
    ...place(message),
    offloaded: message.offloaded || undefined,
    refcnt: message.info === 1 ? undefined : message.info,
    ingress_block: message.ingressBlock,
    egress_block: message.egressBlock,
    bytes: Number(stats?.bytes),
    packets: stats?.packets,
    drops: stats?.drops,
    overlimits: stats?.overlimits,
    requeues: requeues(message.stats2),
    backlog: stats?.backlog,
    qlen: stats?.queueLength,
  };
}

/** One filter, as `tc -j filter show dev`. */
export function printedFilter(message: TrafficControlMessage): object {
  const swapped = message.info & 0xffff;
  const protocol = ((swapped & 0xff) << 8) | (swapped >>> 8);
  return {
    ...place(message),
    protocol: ETHER_TYPES[protocol],
    pref: message.info >>> 16,
    kind: message.kind,
    chain: message.chain,
  };
}

/** One class, as a line of `tc class show dev`, up to what its kind prints. */
export function printedClass(message: TrafficControlMessage): string {
  const parent = message.parent === ROOT ? 'root' : `parent ${handle(message.parent)}`;
  const leaf = message.info === 0 ? '' : ` leaf ${handle(message.info)}`;
  return `class ${message.kind} ${handle(message.handle)} ${parent}${leaf} `;
}
