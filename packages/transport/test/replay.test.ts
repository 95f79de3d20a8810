import { readFileSync } from 'node:fs';
import { LinkSubscription, NetlinkClient, beginTracking, trackLink } from '@rtap/transport';
import type { TrackedLink } from '@rtap/transport';
import { ReplaySubscription, ReplayTransport, readRecording } from '@rtap/transport/testing';
import { describe, expect, it } from 'vitest';

// Recorded between iproute2 6.1 and Linux 6.18; `.json`: what `ip` printed of those very bytes.
const recording = (name: string): string =>
  readFileSync(new URL(`recordings/${name}`, import.meta.url), 'utf8');

interface Printed {
  readonly ifindex: number;
  readonly ifname: string;
  readonly mtu: number;
  readonly operstate: string;
  readonly flags: readonly string[];
  readonly addr_info: readonly { readonly local: string; readonly prefixlen: number }[];
}

describe('ReplayTransport', () => {
  it('answers a client as the kernel answered ip, judged by what ip printed', async () => {
    const socket = new ReplayTransport(recording('addr_dump.jsonl'));
    const client = new NetlinkClient(socket);
    const links = await client.links().toArray();
    const addresses = await client.addresses().toArray();
    const truth = JSON.parse(recording('addr_dump.json')) as Printed[];
    expect(truth.length).toBeGreaterThan(10);
    expect(
      links.map(({ index, name, mtu, operState }) => [index, name, mtu, operState?.toUpperCase()]),
    ).toEqual(truth.map((link) => [link.ifindex, link.ifname, link.mtu, link.operstate]));
    const told = (index: number): string[] =>
      addresses
        .filter((address) => address.index === index)
        .map(({ prefixLength, family }) => `${family} ${prefixLength}`);
    for (const { ifindex, addr_info: infos } of truth) {
      expect(told(ifindex)).toEqual(
        infos.map(({ local, prefixlen }) => `${local.includes(':') ? 10 : 2} ${prefixlen}`),
      );
    }
    expect(socket.left).toBe(0);
    await client.close();
  });

  it('replays a refusal in the words of the kernel', async () => {
    const client = new NetlinkClient(new ReplayTransport(recording('err_type.jsonl')));
    await expect(
      client.addLink({ name: 'zz', info: { kind: 'nosuchtype' } }),
    ).rejects.toMatchObject({ code: 'EOPNOTSUPP', extack: { message: 'Unknown device type' } });
    await expect(client.setLinkMtu({ index: 1 }, 1400)).rejects.toMatchObject({
      code: 'ERR_RTAP_NOT_RECORDED',
    });
    await client.close();
  });
});

describe('ReplaySubscription', () => {
  it('gives a tracker the events of a carrier that comes and goes, judged by ip after each', () => {
    const socket = new ReplaySubscription(recording('tap_carrier_slow.jsonl'));
    const subscription = new LinkSubscription(socket);
    let tracked: TrackedLink | undefined;
    const statuses: string[] = [];
    subscription.watch(
      2,
      {
        onLink(message) {
          if (tracked === undefined) {
            tracked = beginTracking(message);
            return;
          }
          const { state, events } = trackLink(tracked, message);
          tracked = state;
          for (const event of events) if (event.type === 'link') statuses.push(event.link.status);
        },
        onGone: () => undefined,
        onResync: () => undefined,
      },
      () => undefined,
    );
    let judged = 0;
    for (let line = socket.play(); line !== undefined; line = socket.play()) {
      const truth = Object(line).truth_after as Printed[] | undefined;
      const flags = truth?.find(({ ifname }) => ifname === 'tapc')?.flags;
      if (flags === undefined) continue;
      judged += 1;
      const up = flags.includes('UP') && flags.includes('LOWER_UP');
      expect(tracked?.link.status).toBe(up ? 'up' : 'down');
    }
    expect(judged).toBe(9);
    expect(statuses).toEqual(['up', 'down', 'up', 'down', 'up', 'down', 'up']);
    subscription.close();
    expect(() => socket.receive()).toThrow('ERR_RTAP_CLOSED');
  });

  it('reads who sent a datagram, and whether it was cut', () => {
    const [line] = readRecording(
      '{"from_pid":4711,"from_groups":1,"msg_flags":32,"hex":"00ff"}\n\n{"ev":"setsockopt"}\n',
    );
    expect(line).toEqual({
      kind: 'received',
      datagram: { bytes: Uint8Array.of(0, 255), portId: 4711, groups: 1, truncated: true },
    });
  });
});
