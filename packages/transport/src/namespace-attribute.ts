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

/** An open `NetworkNamespace` and a path are told by a file descriptor, a process by its number. */
export async function tellNamespace(netns: NetworkNamespaceOption): Promise<ToldNamespace> {
  if (typeof netns !== 'string' && 'pid' in netns) {
    return { told: { pid: netns.pid }, close: () => Promise.resolve() };
  }
  // Opened anew, also when it is open already: it stays so until the kernel has looked at it.
  const file = await open(typeof netns === 'string' ? netns : netns.path, 'r');
  return { told: { fd: file.fd }, close: () => file.close() };
}
