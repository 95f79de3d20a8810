/**
 * Names of other network namespaces, by the ids that one has for them.
 *
 * @module
 */

import { readdirSync } from 'node:fs';
import { NAMED_NAMESPACES } from '../frame/netns-option.ts';
import { errorCode } from '@rtap/transport';
import type { NetlinkClient } from '@rtap/transport';

/** Names of namespaces by their ids, for text: JSON has the ids. */
export type NamespaceNames = ReadonlyMap<number, string>;

/** Asks for the ids of all namespaces that have a name, when one of the links tells an id. */
export async function namespaceNames(
  client: NetlinkClient,
  links: readonly { readonly link_netnsid?: number | undefined }[],
): Promise<NamespaceNames> {
  const names = new Map<number, string>();
  if (links.every((link) => link.link_netnsid === undefined)) return names;
  for (const name of named()) {
    const id = await idOf(client, `${NAMED_NAMESPACES}/${name}`);
    if (id !== undefined) names.set(id, name);
  }
  return names;
}

function named(): readonly string[] {
  try {
    return readdirSync(NAMED_NAMESPACES);
  } catch {
    return [];
  }
}

async function idOf(client: NetlinkClient, path: string): Promise<number | undefined> {
  try {
    return await client.getNetnsId(path);
  } catch (error) {
    // A name that is left of a namespace that was never there, or is gone meanwhile.
    if (['EINVAL', 'ENOENT', 'EACCES', 'EPERM'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}
