/**
 * A namespace to test in.
 *
 * @module
 */

import { NetworkNamespace } from '@rtap/native';
import type { NetworkNamespaceCreateOptions } from '@rtap/native';
import { IFF_UP } from '@rtap/netlink';
import { NetlinkClient } from '@rtap/transport';

/**
 * Makes a network namespace whose loopback is up, an anonymous one if nothing else is said; close it when done.
 *
 * @throws what `NetworkNamespace.create` throws.
 */
export async function createTestNamespace(
  options: NetworkNamespaceCreateOptions = {},
): Promise<NetworkNamespace> {
  const netns = await NetworkNamespace.create(options);
  try {
    const client = await NetlinkClient.open({ netns });
    try {
      const loopback = await client.getLink({ name: 'lo' });
      await client.setLink({ index: loopback.index, flags: IFF_UP, change: IFF_UP });
    } finally {
      await client.close();
    }
    return netns;
  } catch (error) {
    await netns.close();
    if (options.name !== undefined) await NetworkNamespace.delete(options.name);
    throw error;
  }
}
