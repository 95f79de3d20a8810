/**
 * How requests tell the kernel which network namespace is meant.
 *
 * @module
 */

import { open } from 'node:fs/promises';
import type { NetworkNamespaceOption } from '@rtap/native';

/** A namespace, told by a process in it or by a descriptor, and what keeps that open. */
export interface ToldNamespace {
  /** What tells it. */
  readonly told: { readonly pid: number } | { readonly fd: number };
  /** To be called when the kernel has looked at it. */
  readonly close: () => Promise<void>;
}

/** An open `NetworkNamespace`, a path and a name are told by a file descriptor, a process by its number. */
export async function tellNamespace(netns: NetworkNamespaceOption): Promise<ToldNamespace> {
  if (typeof netns !== 'string' && 'pid' in netns) {
    return { told: { pid: netns.pid }, close: () => Promise.resolve() };
  }
  // Opened anew, also when it is open already: it stays so until the kernel has looked at it.
  const file = await open(pathOf(netns), 'r');
  return { told: { fd: file.fd }, close: () => file.close() };
}

function pathOf(netns: Exclude<NetworkNamespaceOption, { readonly pid: number }>): string {
  if (typeof netns === 'string') return netns;
  if ('path' in netns) return netns.path;
  return 'name' in netns ? `/run/netns/${netns.name}` : `/proc/self/fd/${netns.fd}`;
}
