/** The reference's defect about who sends: the fake kernel sends what a hostile process could. @module */

import { RTM_DELLINK, RTM_NEWLINK } from '@rtap/netlink';
import { encodeLink } from '@rtap/netlink/link';
import { openTap } from '@rtap/core';
import { FakeKernel } from '@rtap/testkit';
import { describe, expect, it } from 'vitest';
import { record } from './judges.ts';

describe('who sends', () => {
  it('L13: only the kernel is believed: what another port sends changes nothing', async () => {
    const kernel = new FakeKernel();
    const tap = await openTap({ kernel });
    const events = record(tap);
    const message = (type: number, mtu: number): Uint8Array =>
      encodeLink(
        type,
        { index: tap.ifindex, flags: 0, change: 0, name: tap.name, mtu },
        { flags: 0, sequence: 0, portId: 0 },
      );
    for (const type of [RTM_NEWLINK, RTM_DELLINK]) {
      for (const portId of [4711, process.pid, 0xffff_ffff]) {
        kernel.rtnetlink.broadcast(message(type, 1400), { portId });
      }
    }
    await tap.linkUpdate();
    expect(events).toEqual([]);
    expect([tap.state, tap.link.status, tap.mtu]).toEqual(['started', 'up', 1500]);
    // The same bytes from port 0 are believed, so they were none that mean nothing.
    kernel.rtnetlink.broadcast(message(RTM_NEWLINK, 1400));
    await expect.poll(() => events).toContain('down');
    kernel.rtnetlink.broadcast(message(RTM_DELLINK, 1400));
    await expect.poll(() => events).toContain('removed');
    expect(events).toEqual(['mtu 1400', 'down', 'removed']);
    await tap.close();
  });
});
