/**
 * What this process may have at most.
 *
 * @module
 */

import type { Finding } from './finding.ts';

/** Queues that a TAP device can have with us, and files of each with io_uring: its own, and the ring. */
const MAX_QUEUES = 128;
const FILES_OF_QUEUE = 2;
/** What Node.js has open, and room for what a program has. */
const OTHER_FILES = 128;
/** What a socket for events asks for (SO_RCVBUF); with CAP_NET_ADMIN it is given whatever the limit says. */
const EVENT_BUFFER = 1024 * 1024;

/** Where limits are read: the content of a file, undefined where there is none. */
export type ReadLimit = (path: string) => string | undefined;

/**
 * Tells the limits that are met first, and which of them are too low.
 *
 * @param mayForce - whether this process has CAP_NET_ADMIN where its sockets are.
 */
export function checkLimits(read: ReadLimit, mayForce: boolean): readonly Finding[] {
  return [
    openFiles(read),
    ...['user', 'net'].map((kind) => namespaces(read, kind)),
    receiveBuffer(read, mayForce),
  ].filter((finding) => finding !== undefined);
}

/** Node.js raises the soft limit to the hard one when it starts, so the hard one counts. */
function openFiles(read: ReadLimit): Finding | undefined {
  const limit = /^Max open files\s+(\d+|unlimited)/m.exec(read('/proc/self/limits') ?? '')?.[1];
  if (limit === undefined) return undefined;
  const needed = MAX_QUEUES * FILES_OF_QUEUE + OTHER_FILES;
  const text = `limit of open files (RLIMIT_NOFILE): ${limit}; a queue is one, with io_uring two`;
  if (limit === 'unlimited' || Number(limit) >= needed) return { verdict: 'ok', text };
  return {
    verdict: 'skipped',
    text: `${text}: too few for a device of ${MAX_QUEUES} queues`,
    fix: `ulimit -n ${needed}; where the hard limit is lower, LimitNOFILE= of the service, --ulimit nofile=${needed} of the container, or /etc/security/limits.conf`,
  };
}

function namespaces(read: ReadLimit, kind: string): Finding | undefined {
  const sysctl = `user.max_${kind}_namespaces`;
  const limit = read(`/proc/sys/${sysctl.replaceAll('.', '/')}`)?.trim();
  if (limit === undefined) return undefined;
  const text = `limit of ${kind} namespaces (${sysctl}): ${limit}`;
  if (limit !== '0') return { verdict: 'ok', text };
  return { verdict: 'skipped', text, fix: `sudo sysctl -w ${sysctl}=10000` };
}

function receiveBuffer(read: ReadLimit, mayForce: boolean): Finding | undefined {
  const limit = read('/proc/sys/net/core/rmem_max')?.trim();
  if (limit === undefined) return undefined;
  const text = `limit of receive buffers (net.core.rmem_max): ${limit} bytes`;
  if (mayForce || Number(limit) >= EVENT_BUFFER) return { verdict: 'ok', text };
  return {
    verdict: 'skipped',
    text: `${text}: link events are lost earlier in a flood, which the tracker repairs by a resync`,
    fix: `sudo sysctl -w net.core.rmem_max=${EVENT_BUFFER}`,
  };
}
