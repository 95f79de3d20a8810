/**
 * A TAP device that stays when nobody has it open.
 *
 * @module
 */

import type { NetworkNamespaceOption } from '@rtap/native';
import { openDevice } from '../open-device.ts';
import { withClient } from '../ip/with-client.ts';
import type { NewLink } from './add.ts';
import { setLinks } from './set.ts';
import { usageError } from '../frame/cli-error.ts';

/** Makes the device, as `ip tuntap add NAME mode tap` does; what else is said of it is set then. */
export async function addTap(
  { request, queues = 1, below, netns, master }: NewLink,
  where: NetworkNamespaceOption | undefined,
): Promise<void> {
  if (below !== undefined || request.txQueues !== undefined || request.rxQueues !== undefined) {
    throw usageError('a tap has no interface below, and queues by "type tap queues N"');
  }
  const place = netns ?? where;
  const tap = await openDevice({
    queues,
    start: false,
    ...(request.name !== undefined && { name: request.name }),
    ...(place !== undefined && { netns: place }),
  });
  const { name } = tap;
  const { name: _, info: __, ...changes } = request;
  try {
    if (Object.keys(changes).length > 0 || master !== undefined) {
      await withClient(place, (client) =>
        setLinks(client, { subject: { device: name }, request: changes, master, netns: undefined }),
      );
    }
    // Last: nothing is left of what could not be made as it was asked for.
    await tap.setPersist(true);
  } finally {
    await tap.close();
  }
}
