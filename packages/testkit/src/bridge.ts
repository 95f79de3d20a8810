/**
 * Bridges: the way to bring any frame into a device, whatever its size and destination.
 *
 * @module
 */

import type { NetworkNamespace } from '@rtap/native';
import { run } from './run.ts';

/** Which interfaces to connect. */
export interface TestBridge {
  /** The namespace that they are in. */
  readonly netns: NetworkNamespace;
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

/**
 * Connects interfaces by a bridge that sends nothing by itself: no IPv6, no multicast queries, no spanning tree.
 *
 * The interfaces are to be set up afterwards, or have said their IPv6 greetings already. A frame that a TAP device
 * transmits while all are up is in the queues of the others when `txBurst` returns.
 * `ip` makes it, so `ip` is needed.
 *
 * @throws Error with what `ip` wrote.
 */
export async function createBridge(options: TestBridge): Promise<void> {
  const { netns, name, ports, mtu = 1500 } = options;
  const settings = ['stp_state', '0', 'forward_delay', '0', 'mcast_snooping', '0'];
  await ip(netns, ['link', 'add', name, 'type', 'bridge', ...settings]);
  for (const port of ports) {
    await ip(netns, ['link', 'set', 'dev', port, 'addrgenmode', 'none', 'mtu', `${mtu}`]);
    await ip(netns, ['link', 'set', 'dev', port, 'master', name]);
  }
  await ip(netns, ['link', 'set', 'dev', name, 'addrgenmode', 'none', 'mtu', `${mtu}`, 'up']);
}

async function ip(netns: NetworkNamespace, args: readonly string[]): Promise<void> {
  const { code, stderr } = await run(netns, 'ip', args);
  if (code !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr.trim()}`);
}
