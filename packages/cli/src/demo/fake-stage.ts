/**
 * The testkit's fake kernel: no root, no TAP device, any system that Node runs on.
 *
 * @module
 */

import type { TapDevice } from '@rtap/core';
import { parseIpAddress } from '@rtap/frames';
import { FakeKernel } from '@rtap/testkit';
import { NetlinkClient } from '@rtap/transport';
import { FakePinger } from './fake-pinger.ts';
import { KERNEL_ADDRESSES } from './stage.ts';
import type { PingOutcome, Stage } from './stage.ts';

const COUNT = 3;

/** Makes the kernel. */
export async function openFakeStage(): Promise<Stage> {
  const kernel = new FakeKernel();
  return new FakeStage(kernel, new NetlinkClient(await kernel.openRequestSocket()));
}

class FakeStage implements Stage {
  readonly where: { readonly kernel: FakeKernel };
  readonly outside: NetlinkClient;
  readonly place = 'a kernel in memory';

  constructor(kernel: FakeKernel, outside: NetlinkClient) {
    this.where = { kernel };
    this.outside = outside;
  }

  async giveAddresses({ ifindex }: TapDevice): Promise<void> {
    for (const address of KERNEL_ADDRESSES) {
      const [text = '', length] = address.split('/');
      const local = parseIpAddress(text);
      await this.outside.replaceAddress({ index: ifindex, local, prefixLength: Number(length) });
    }
  }

  async ping(tap: TapDevice, address: string, signal: AbortSignal): Promise<PingOutcome> {
    const mac = this.where.kernel.rtnetlink.link(tap.ifindex)?.address;
    if (mac === undefined) throw new Error('the interface is gone');
    const pinger = new FakePinger(this.where.kernel.interface(tap.name), mac, address, signal);
    const times: number[] = [];
    try {
      await pinger.resolve();
      for (let sequence = 1; sequence <= COUNT; sequence += 1) {
        times.push(await pinger.echo(sequence));
      }
    } finally {
      pinger.close();
    }
    return { judge: 'the fake kernel’s pinger', wanted: COUNT, times };
  }

  lookIn(): readonly string[] {
    return [];
  }

  close(): Promise<void> {
    return this.outside.close();
  }
}
