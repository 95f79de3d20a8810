/**
 * Having the kernel's own IP stack ping this process.
 *
 * @module
 */

import type { NetworkNamespace } from '@rtap/core';
import { findProgram, ping, run } from '@rtap/testkit';

/** What came of pinging. */
export interface PingOutcome {
  /** Who judged: the system's `ping`, or the testkit's. */
  readonly judge: string;
  /** Requests that were to be answered. */
  readonly wanted: number;
  /** Round-trip times of the replies, in milliseconds. */
  readonly times: readonly number[];
}

const COUNT = 3;
/** Milliseconds for each reply. */
const PATIENCE = 3000;

/** Pings an address from a namespace: by the system's `ping` where it is installed, else by the testkit's. */
export async function pingFrom(
  netns: NetworkNamespace,
  address: string,
  signal: AbortSignal,
): Promise<PingOutcome> {
  const program = findProgram('ping');
  if (program === undefined) {
    const { replies } = await ping({ address, netns, count: COUNT, timeout: PATIENCE, signal });
    const times = replies.map((reply) => reply.milliseconds);
    return { judge: 'the testkit’s pinger (no ping is installed)', wanted: COUNT, times };
  }
  // With -w it waits until so many are answered, however busy the machine is.
  const patience = String((COUNT * PATIENCE) / 1000);
  const args = ['-n', '-c', String(COUNT), '-i', '0.2', '-w', patience, address];
  const { stdout, stderr } = await run(netns, program, args, { signal });
  if (!stdout.includes('packets transmitted')) {
    throw new Error(`ping ${address}: ${(stderr || stdout).trim()}`);
  }
  const times = [...stdout.matchAll(/icmp_seq=\d+ .*time=([\d.]+) ms/g)].map((match) =>
    Number(match[1]),
  );
  // Where the last answers came late it has asked more often than it was told.
  return { judge: 'the system’s ping', wanted: COUNT, times: times.slice(0, COUNT) };
}
