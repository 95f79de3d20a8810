/**
 * What `ip link` does to an interface, as the requests that it sends.
 *
 * @module
 */

import { open } from 'node:fs/promises';
import type { NetworkNamespaceOption } from '@rtap/native';
import type { LinkRequest } from '@rtap/netlink/link';

/** Which interface: by its index, or by its name, which is looked up first. */
export type WhichLink = { readonly index: number } | { readonly name: string };

/**
 * The attribute that tells a namespace, and what keeps it open.
 *
 * An open `NetworkNamespace` and a path are told by a file descriptor (IFLA_NET_NS_FD), a process by its
 * number (IFLA_NET_NS_PID).
 */
export async function namespaceAttribute(
  netns: NetworkNamespaceOption,
): Promise<{ readonly request: LinkRequest; readonly close: () => Promise<void> }> {
  if (typeof netns !== 'string' && 'pid' in netns) {
    return { request: { netnsPid: netns.pid }, close: () => Promise.resolve() };
  }
  // Opened anew, also when it is open already: it stays so until the kernel has looked at it.
  const file = await open(typeof netns === 'string' ? netns : netns.path, 'r');
  return { request: { netnsFd: file.fd }, close: () => file.close() };
}
