/**
 * A namespace that an interface is to go to.
 *
 * @module
 */

import { open } from 'node:fs/promises';
import type { NetnsPlace } from '../frame/netns-option.ts';

/** How a request tells the namespace: IFLA_NET_NS_FD or IFLA_NET_NS_PID. */
export type TargetNamespace = { readonly netnsFd?: number } | { readonly netnsPid?: number };

/** Runs something with what tells a namespace to the kernel; it stays open meanwhile. */
export async function inOtherNamespace<T>(
  netns: NetnsPlace | undefined,
  run: (target: TargetNamespace) => Promise<T>,
): Promise<T> {
  if (netns === undefined) return run({});
  if (typeof netns !== 'string') return run({ netnsPid: netns.pid });
  const file = await open(netns, 'r');
  try {
    return await run({ netnsFd: file.fd });
  } finally {
    await file.close();
  }
}
