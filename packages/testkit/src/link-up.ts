/**
 * Waiting until an interface carries frames.
 *
 * @module
 */

import { kernel } from '@rtap/native';
import type { NetworkNamespaceOption } from '@rtap/native';
import type { LinkMessage } from '@rtap/netlink/link';
import { watchLink } from '@rtap/transport';

/** Milliseconds that the kernel's link watch may take. */
const PATIENCE = 10_000;

/**
 * Resolves when an interface is operationally up: the kernel gets to that up to a second after its carrier is there,
 * and a bridge lets nothing through a port before.
 */
export async function untilLinkUp(
  netns: NetworkNamespaceOption,
  ifindex: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  let resolve = (): void => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const up = new Promise<void>((...both) => {
    [resolve, reject] = both;
  });
  // What fails before anybody waits is told by that.
  up.catch(() => undefined);
  const onLink = ({ operState }: LinkMessage): void => {
    if (operState === 'up') resolve();
  };
  const onGone = (): void => reject(new Error('the interface is gone'));
  const watcher = { onLink, onGone, onResync: () => undefined };
  const watch = await watchLink({ sockets: kernel, netns, ifindex, watcher });
  const onAbort = (): void => reject(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  // Keeps the process alive, too: a watch doesn't.
  const timer = setTimeout(() => reject(new Error('the interface does not come up')), PATIENCE);
  try {
    signal?.throwIfAborted();
    await Promise.all([watch.snapshot(), up]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    watch.close();
  }
}
