/**
 * Which interface is meant.
 *
 * @module
 */

import type { NetworkNamespaceOption } from '@rtap/native';
import { NetlinkClient } from '@rtap/transport';
import { checkInteger, invalidType } from './argument.ts';

/** An interface, where it is, and by its name or its index. */
export interface WhichInterface {
  /** Its namespace; the process's own when left out. */
  readonly netns?: NetworkNamespaceOption;
  /** Its name, or its index. */
  readonly interface: string | number;
}

/** What is known of it. */
export interface FoundInterface {
  readonly ifindex: number;
  readonly name: string;
  readonly mtu: number;
}

/** Checks how an interface is told. */
export function checkInterface(which: WhichInterface): void {
  if (typeof which.interface === 'string') return;
  if (typeof which.interface !== 'number') {
    throw invalidType('options.interface', 'a name or an index', which.interface);
  }
  checkInteger('options.interface', which.interface, 1, 0x7f_ff_ff_ff);
}

/** Looks it up. */
export async function findInterface(which: WhichInterface): Promise<FoundInterface> {
  const { netns } = which;
  const client = await NetlinkClient.open(netns === undefined ? {} : { netns });
  try {
    const told = which.interface;
    const link = await client.getLink(typeof told === 'string' ? { name: told } : { index: told });
    return { ifindex: link.index, name: link.name ?? `${told}`, mtu: link.mtu ?? 1500 };
  } finally {
    await client.close();
  }
}
