import { tracingChannel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import { execFile } from 'node:child_process';
import { inspect, promisify } from 'node:util';
import {
  NLM_F_ACK,
  NLM_F_REQUEST,
  NLMSG_DONE,
  RTM_NEWLINK,
  encodeLink,
  messages,
} from '@rtap/netlink';
import { NetlinkClient, netlinkChannelNames } from '@rtap/transport';
import type { NetlinkDatagram, NetlinkRequestTrace } from '@rtap/transport';
import { MemoryRtnetlink } from '@rtap/transport/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeDatagram } from '../src/describe-netlink.ts';

async function withClient(use: (client: NetlinkClient) => Promise<unknown>): Promise<void> {
  const rtnetlink = new MemoryRtnetlink();
  rtnetlink.addLink({ name: 'rtap0' });
  const client = new NetlinkClient(await rtnetlink.openRequestSocket());
  await use(client);
  await client.close();
}

function datagram(bytes: Uint8Array, more: Partial<NetlinkDatagram> = {}): NetlinkDatagram {
  return {
    ...{ direction: 'sent', socket: 7, sender: 7, groups: 0, truncated: false, bytes },
    ...more,
  };
}

describe('the channel of datagrams', () => {
  it('tells what is sent and what comes', async () => {
    const told: NetlinkDatagram[] = [];
    const listener = (message: unknown): void => {
      const one = message as NetlinkDatagram;
      told.push({ ...one, bytes: one.bytes.slice() });
    };
    subscribe(netlinkChannelNames.datagram, listener);
    await withClient((client) => client.getLink({ name: 'rtap0' }));
    unsubscribe(netlinkChannelNames.datagram, listener);
    expect(told.map(({ direction, sender, socket }) => [direction, sender === socket])).toEqual([
      ['sent', true],
      ['received', false],
    ]);
    expect([...messages(told[1]!.bytes)][0]?.type).toBe(RTM_NEWLINK);
    await withClient((client) => client.getLink({ name: 'rtap0' }));
    expect(told).toHaveLength(2);
  });
});

describe('the tracing channel of requests', () => {
  it('tells of each its begin and its end, with what came of it', async () => {
    const told: [string, NetlinkRequestTrace][] = [];
    const channel = tracingChannel(netlinkChannelNames.request);
    const subscribers = Object.fromEntries(
      (['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const).map((name) => [
        name,
        (trace: unknown) => told.push([name, trace as NetlinkRequestTrace]),
      ]),
    ) as unknown as Parameters<typeof channel.subscribe>[0];
    channel.subscribe(subscribers);
    await withClient(async (client) => {
      await client.getLink({ name: 'rtap0' }, { interface: 'rtap0' });
      await expect(client.getLink({ name: 'nosuch' })).rejects.toThrow('ENODEV');
    });
    channel.unsubscribe(subscribers);
    const ends = ['start', 'end', 'asyncStart', 'asyncEnd'];
    expect(told.map(([name]) => name)).toEqual([
      ...ends,
      ...['start', 'end', 'error', 'asyncStart', 'asyncEnd'],
    ]);
    const [, first] = told[3]!;
    expect(first).toBe(told[0]?.[1]);
    expect(first).toMatchObject({ name: 'RTM_GETLINK', interface: 'rtap0', sequence: 1 });
    expect(first.result).toHaveLength(1);
    expect(told.at(-1)?.[1].error).toMatchObject({ code: 'ENODEV' });
  });
});

describe('describeDatagram', () => {
  const header = { flags: NLM_F_REQUEST | NLM_F_ACK, sequence: 9 };

  it('names types, flags and attributes', () => {
    const address = Uint8Array.of(2, 0, 0, 0, 0, 1);
    const request = { index: 5, flags: 1, change: 1, name: 'a b', mtu: 1400, address };
    expect(describeDatagram(datagram(encodeLink(RTM_NEWLINK, request, header)))).toEqual([
      "rtap netlink 7 > RTM_NEWLINK seq=9 port=0 REQUEST|ACK index=5 flags=UP change=UP name='a b' mtu=1400 address=02:00:00:00:00:01",
    ]);
  });

  it('says what is no message, what is not the kernel, and what was cut', () => {
    const request = encodeLink(RTM_NEWLINK, { index: 5 }, header);
    const cut = request.subarray(0, 20);
    const received = { direction: 'received', sender: 12, groups: 1 } as const;
    expect(describeDatagram(datagram(request, received))[0]).toMatch(
      /^rtap netlink 7 < \(from port 12: ignored\) \(event\) RTM_NEWLINK /,
    );
    expect(describeDatagram(datagram(cut))[0]).toMatch(/MalformedError: .*, 20 bytes: 20:00/);
    expect(describeDatagram(datagram(cut, { truncated: true }))[0]).toContain('was cut off');
  });

  it('puts any bytes on one line a message, and never throws', () => {
    const type = fc.integer({ min: 0, max: 130 });
    fc.assert(
      fc.property(type, fc.uint8Array({ maxLength: 200 }), (number, body) => {
        const bytes = new Uint8Array(16 + body.length);
        new DataView(bytes.buffer).setUint32(0, bytes.length, true);
        new DataView(bytes.buffer).setUint16(4, number === 0 ? NLMSG_DONE : number, true);
        bytes.set(body, 16);
        const lines = describeDatagram(datagram(bytes));
        expect(lines).toEqual([expect.stringContaining(' seq=0 port=0')]);
        expect(lines[0]).not.toContain('\n');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('RTAP_DEBUG=netlink', () => {
  const program = `
    import { NetlinkClient } from '@rtap/transport';
    import { MemoryRtnetlink } from '@rtap/transport/testing';
    const rtnetlink = new MemoryRtnetlink();
    rtnetlink.addLink({ name: 'rtap0' });
    const client = new NetlinkClient(await rtnetlink.openRequestSocket());
    await client.getLink({ name: 'rtap0' });
    await client.close();
  `;
  const run = async (debug: string): Promise<string> => {
    const options = { cwd: import.meta.dirname, env: { ...process.env, RTAP_DEBUG: debug } };
    const args = ['--input-type=module', '--eval', program];
    return (await promisify(execFile)(process.execPath, args, options)).stderr;
  };

  it('prints a line a message, the first one too, and nothing without it', async () => {
    const [asked, answered] = (await run('device,netlink')).split('\n');
    expect(asked).toMatch(
      /^rtap netlink \d+ > RTM_GETLINK seq=1 port=0 REQUEST index=0 name='rtap0'/,
    );
    expect(answered).toMatch(/^rtap netlink \d+ < RTM_NEWLINK seq=1 port=\d+ .*name='rtap0'/);
    expect(await run('device')).toBe('');
  });
});

describe('inspect', () => {
  it('shows a client by its port and what waits', async () => {
    await withClient(async (client) => {
      expect(inspect(client)).toMatch(/^NetlinkClient \{port \d+, 0 waiting\}$/);
      const asking = client.getLink({ name: 'rtap0' });
      expect(inspect(client)).toMatch(/1 waiting/);
      await asking;
      await client.close();
      expect(inspect(client)).toBe('NetlinkClient {closed}');
    });
  });
});
