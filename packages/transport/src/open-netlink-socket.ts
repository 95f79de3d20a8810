/**
 * The one place of this package that loads the native binding, on first use.
 *
 * @module
 */

import type {
  NetlinkRequestTransport,
  NetlinkSocketOptions,
  NetlinkSockets,
} from './netlink-transport.ts';

/** Opens a socket to ask the real kernel with, through `@rtap/native`. */
export async function openNetlinkSocket(
  options: NetlinkSocketOptions = {},
): Promise<NetlinkRequestTransport> {
  return (await kernelSockets()).openRequestSocket(options);
}

/** The real kernel's sockets, through `@rtap/native`. */
export async function kernelSockets(): Promise<NetlinkSockets> {
  const { kernel } = await import('@rtap/native');
  return kernel;
}
