/**
 * The real kernel, in a network namespace of its own so that the host is untouched.
 *
 * @module
 */

import type { NetworkNamespace, TapDevice } from '@rtap/core';
import { addAddress, findProgram, ping, run } from '@rtap/testkit';
import { NetlinkClient } from '@rtap/transport';
import { createOwnNamespace } from '../own-namespace.ts';
import { HOST } from './responder.ts';
import { KERNEL_ADDRESSES } from './stage.ts';
import type { PingOutcome, Stage } from './stage.ts';

const COUNT = 3;
/** Milliseconds for each reply. */
const PATIENCE = 3000;

/** Makes the namespace. */
export async function openRealStage(): Promise<Stage> {
  const netns = await createOwnNamespace();
  try {
    return new RealStage(netns, await NetlinkClient.open({ netns }));
  } catch (error) {
    await netns.close();
    throw error;
  }
}

class RealStage implements Stage {
  readonly where: { readonly netns: NetworkNamespace };
  readonly outside: NetlinkClient;
  readonly place: string;

  constructor(netns: NetworkNamespace, outside: NetlinkClient) {
    this.where = { netns };
    this.outside = outside;
    this.place = netns.rootless
      ? 'a rootless network namespace: no right of root is used'
      : 'a network namespace of its own';
  }

  async giveAddresses({ ifindex }: TapDevice): Promise<void> {
    for (const address of KERNEL_ADDRESSES) await addAddress({ ...this.where, ifindex, address });
  }

  /** By the system's `ping` where it is installed, else by the testkit's. */
  async ping(_: TapDevice, address: string, signal: AbortSignal): Promise<PingOutcome> {
    const { netns } = this.where;
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

  lookIn({ name }: TapDevice): readonly string[] {
    const enter = `nsenter --net=${this.where.netns.path}`;
    return [
      `${enter} ping ${HOST.ipv4}`,
      `${enter} ip -s link show ${name}`,
      `${enter} ip link set ${name} down`,
    ];
  }

  async close(): Promise<void> {
    await this.outside.close();
    await this.where.netns.close();
  }
}
