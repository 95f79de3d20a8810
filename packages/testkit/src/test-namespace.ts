/**
 * A namespace to test in.
 *
 * @module
 */

import { NetworkNamespace } from '@rtap/native';
import { IFF_UP } from '@rtap/netlink';
import { NetlinkClient } from '@rtap/transport';

/** Makes an anonymous network namespace whose loopback is up; close it when done. */
export async function createTestNamespace(): Promise<NetworkNamespace> {
  const netns = await NetworkNamespace.create();
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
    throw error;
  }
}
