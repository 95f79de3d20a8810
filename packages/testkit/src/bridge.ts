/**
 * Bridges: the way to bring any frame into a device, whatever its size and destination.
 *
 * @module
 */

import type { NetworkNamespaceOption } from '@rtap/native';
import { IFF_UP } from '@rtap/netlink';
import { NetlinkClient } from '@rtap/transport';
import { checkArray, checkInteger, checkOptions } from './argument.ts';

/** Which interfaces to connect. */
export interface TestBridge {
  /** The namespace that they are in. */
  readonly netns: NetworkNamespaceOption;
  /** The bridge's name, 1 to 15 bytes. */
  readonly name: string;
  /** The interfaces, by their names, down as yet: what one transmits, all others get. */
  readonly ports: readonly string[];
  /**
   * The MTU of bridge and ports, in bytes.
   *
   * @default 1500
   */
  readonly mtu?: number;
}

/** Makes no addresses (IN6_ADDR_GEN_MODE_NONE, linux/if_link.h), so the kernel sends nothing by itself. */
const NO_ADDRESSES = 1;

/** Creates a bridge that forwards at once, whatever the frame: no spanning tree, no multicast queries. */
export async function addBridge(
  client: NetlinkClient,
  name: string,
  ports: readonly string[],
): Promise<void> {
  const data = { stpState: 0, forwardDelay: 0, multicastSnooping: false };
  await client.addLink({ name, info: { kind: 'bridge', data } });
  for (const port of ports) await client.setLinkMaster({ name: port }, { name });
}

/**
 * Connects interfaces by a bridge that sends nothing by itself: no IPv6, no multicast queries, no spanning tree.
 *
 * The interfaces are to be set up afterwards, or have said their IPv6 greetings already. A frame that a TAP device
 * transmits while all are up is in the queues of the others when `txBurst` returns. {@link createTopology} makes
 * bridges with addresses, and what they connect.
 *
 * @throws TypeError, RangeError before anything is made; NetlinkError for what the kernel refuses; NativeError EPERM.
 */
export async function createBridge(options: TestBridge): Promise<void> {
  checkOptions('options', options);
  const { netns, name, ports, mtu = 1500 } = options;
  checkArray('options.ports', ports);
  checkInteger('options.mtu', mtu, 68, 65_535);
  const quiet = { mtu, afSpec: { inet6: { addressGenerationMode: NO_ADDRESSES } } };
  const client = await NetlinkClient.open({ netns });
  try {
    for (const port of ports) await client.setLink({ name: port, ...quiet });
    await addBridge(client, name, ports);
    await client.setLink({ name, ...quiet, flags: IFF_UP, change: IFF_UP });
  } finally {
    await client.close();
  }
}
