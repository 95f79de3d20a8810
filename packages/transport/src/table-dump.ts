/**
 * The dump of a watched table, of its own namespace and of those that have an id there.
 *
 * @module
 */

import { NetlinkError } from '@rtap/netlink';
import type { NetlinkMessage } from '@rtap/netlink';
import { errorCode } from './errors.ts';
import { KeyedTable } from './keyed-table.ts';
import type { NetlinkClient } from './netlink-client.ts';
import type { TableFamily } from './table-family.ts';

/** Interfaces that come and go interrupt dumps, and each try is cheap. */
const DUMP_ATTEMPTS = 30;
/** The index of the loopback interface of each namespace. */
const LOOPBACK = 1;
/** Stands for the watch's own namespace among the ids, which are 0 and above. */
export const OWN = -1;

/** Tables by namespace id. */
export type Tables<T> = Map<number, KeyedTable<T>>;

/** Dumps the table, and those of other namespaces when that is wanted and can be. */
export async function dumpTables<T>(
  client: NetlinkClient,
  family: TableFamily<T>,
  allNamespaces: boolean,
): Promise<Tables<T>> {
  if (family.silent !== undefined) await untilUnlocked(client);
  const tables: Tables<T> = new Map([[OWN, await dumpTable(client, family, undefined)]]);
  if (!allNamespaces || family.dumpsOthers === false) return tables;
  for (const { netnsId = OWN } of await client.netnsIds({ attempts: DUMP_ATTEMPTS }).toArray()) {
    if (netnsId < 0) continue;
    try {
      tables.set(netnsId, await dumpTable(client, family, netnsId));
    } catch (error) {
      // Gone meanwhile, or not ours to look into: events tell what they tell.
      if (!(error instanceof NetlinkError)) throw error;
    }
  }
  return tables;
}

/** Decodes a copy of the message's own bytes: a table must not hold on to the datagrams around them. */
export function compact<T>(decode: (message: NetlinkMessage) => T): (message: NetlinkMessage) => T {
  return (message) => decode({ ...message, body: message.body.slice() });
}

/**
 * Waits until the kernel has done what it has begun.
 *
 * It tells of an interface or an address first and lets go of routes after, under one lock (rtnl), which the
 * dump of routes doesn't take and a question for an interface does.
 */
async function untilUnlocked(client: NetlinkClient): Promise<void> {
  try {
    await client.getLink({ index: LOOPBACK });
  } catch (error) {
    // The answer doesn't matter.
    if (errorCode(error) !== 'ENODEV') throw error;
  }
}

async function dumpTable<T>(
  client: NetlinkClient,
  family: TableFamily<T>,
  targetNetnsId: number | undefined,
): Promise<KeyedTable<T>> {
  const { name, encode, added, decode, whole, member } = family;
  const table = new KeyedTable(family);
  const dump = client.dump(
    {
      name,
      encode: (header) => encode(header, targetNetnsId),
      type: added,
      decode: compact(decode),
      filter: (item: T) => whole?.(item) !== false && member?.(item) !== false,
    },
    { attempts: DUMP_ATTEMPTS },
  );
  for await (const item of dump) table.fill(item);
  return table;
}
