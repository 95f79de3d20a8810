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
  /** Requests sent. */
  readonly transmitted: number;
  /** Round-trip times of the replies, in milliseconds. */
  readonly times: readonly number[];
}

const COUNT = 3;

/** Pings an address from a namespace: by the system's `ping` where it is installed, else by the testkit's. */
export async function pingFrom(
  netns: NetworkNamespace,
  address: string,
  signal: AbortSignal,
): Promise<PingOutcome> {
  const program = findProgram('ping');
  if (program === undefined) {
    const { transmitted, replies } = await ping({ address, netns, count: COUNT, signal });
    const times = replies.map((reply) => reply.milliseconds);
    return { judge: 'the testkit’s pinger (no ping is installed)', transmitted, times };
  }
  const args = ['-n', '-c', String(COUNT), '-i', '0.2', '-W', '1', address];
  const { stdout, stderr } = await run(netns, program, args, { signal });
  const transmitted = /(\d+) packets transmitted/.exec(stdout)?.[1];
  if (transmitted === undefined) throw new Error(`ping ${address}: ${(stderr || stdout).trim()}`);
  const times = [...stdout.matchAll(/icmp_seq=\d+ .*time=([\d.]+) ms/g)].map((match) =>
    Number(match[1]),
  );
  return { judge: 'the system’s ping', transmitted: Number(transmitted), times };
}
