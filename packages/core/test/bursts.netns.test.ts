import { once } from 'node:events';
import {
  buildEthernet,
  buildUdp,
  buildIpv4,
  parseIpAddress,
  parseMacAddress,
  respond,
} from '@rtap/frames';
import { addAddress, ipJson, ping, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { openTap } from '@rtap/core';
import type { EngineName, NetworkNamespace, TapDevice } from '@rtap/core';
import { beforeEach, describe, expect } from 'vitest';

const HOST = {
  mac: parseMacAddress('02:00:00:00:00:02'),
  ipv4: parseIpAddress('10.9.0.2'),
  ipv6: parseIpAddress('fd09::2'),
};

const ENGINES: readonly EngineName[] = ['syscall', 'io_uring'];
let engine: EngineName = 'syscall';

/** Opens a device whose other end, the kernel's stack, has addresses, and answers on it. */
async function answering(
  netns: NetworkNamespace,
  name: string,
  queues = 1,
): Promise<{ tap: TapDevice; answered: Promise<void> }> {
  const tap = await openTap({ netns, name, queues, engine });
  const { ifindex } = tap;
  await addAddress({ netns, ifindex, address: '10.9.0.1/24' });
  await addAddress({ netns, ifindex, address: 'fd09::1/64' });
  const answer = async (): Promise<void> => {
    for await (const batch of tap.batches()) {
      for (let index = 0; index < batch.count; index += 1) {
        batch.setLength(index, respond(batch.slab, HOST, batch.offset(index), batch.length(index)));
      }
      tap.queue(0).txBurst(batch);
    }
  };
  return { tap, answered: answer() };
}

describe.each(ENGINES)('frames by %s, judged by the kernel and its tools', (name) => {
  beforeEach<{ netns: NetworkNamespace }>(async ({ netns, skip }) => {
    engine = name;
    const tap = await openTap({ netns, engine, start: false });
    const { reason } = tap.info().engine;
    await tap.close();
    if (reason !== undefined) skip(`kernel lacks io_uring: ${reason}`);
  });

  test.for(['10.9.0.2', 'fd09::2'])(
    "the system's ping of %s is answered",
    async (address, { netns, judges }) => {
      judges('ping');
      const { tap, answered } = await answering(netns, 'io0', 2);
      const { code, stdout } = await run(netns, 'ping', [
        '-n',
        '-c',
        '5',
        '-i',
        '0.01',
        '-w',
        '10',
        address,
      ]);
      // With -w it waits for so many answers, however busy the machine is, and may have more then.
      expect(stdout).toContain(' 0% packet loss');
      expect(code).toBe(0);
      await tap.close();
      await answered;
    },
  );

  test.for(['10.9.0.2', 'fd09::2'])(
    "the testkit's pinger agrees for %s",
    async (address, { netns }) => {
      const { tap, answered } = await answering(netns, 'io1');
      const { transmitted, replies } = await ping({ address, netns, count: 3 });
      expect(transmitted).toBe(3);
      expect(replies.map((reply) => reply.sequence)).toEqual([1, 2, 3]);
      await tap.close();
      await answered;
      // And nobody answers when nobody is there.
      const other = await openTap({ netns, engine, name: 'io1' });
      await addAddress({ netns, ifindex: other.ifindex, address: '10.9.0.1/24' });
      const none = await ping({ address: '10.9.0.2', netns, count: 1, timeout: 50 });
      expect(none.replies).toEqual([]);
      await other.close();
    },
  );

  test('tcpdump sees what is sent, byte for byte', async ({ netns, judges }) => {
    judges('tcpdump');
    const tap = await openTap({ netns, engine, name: 'io2' });
    const dump = await netns.exec(
      'tcpdump',
      ['-i', 'io2', '-n', '-e', '-xx', '-l', '-c', '3', '--immediate-mode', 'udp', 'port', '4242'],
      { stdio: 'pipe' },
    );
    if (dump.stdout === null || dump.stderr === null) throw new TypeError('no output');
    let text = '';
    dump.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    await once(dump.stderr, 'data');
    const address = { source: HOST.ipv4, destination: parseIpAddress('10.9.0.1') };
    const frames = [18, 100, 1400].map((size) =>
      buildEthernet({
        destination: parseMacAddress('02:00:00:00:00:01'),
        source: HOST.mac,
        etherType: 0x0800,
        payload: buildIpv4({
          ...address,
          protocol: 17,
          payload: buildUdp({
            ...address,
            sourcePort: 4242,
            destinationPort: 4242,
            payload: new Uint8Array(size).fill(size),
          }),
        }),
      }),
    );
    const batch = tap.createBatch();
    for (const frame of frames) batch.push(frame);
    expect(tap.queue(0).txBurst(batch)).toBe(3);
    await dump.exited;
    const seen = text
      .split(/^(?=\d\d:)/m)
      .map((packet) =>
        [...packet.matchAll(/^\s+0x[0-9a-f]+:\s+([0-9a-f ]+)$/gm)]
          .map((line) => line[1]?.replaceAll(' ', ''))
          .join(''),
      );
    expect(seen).toEqual(frames.map((frame) => Buffer.from(frame).toString('hex')));
    await tap.close();
  });

  test('a burst from the middle sends what is there, and nothing that was there before', async ({
    netns,
  }) => {
    const tap = await openTap({ netns, engine, name: 'io7' });
    const batch = tap.createBatch();
    for (let count = 0; count < 10; count += 1) batch.push(new Uint8Array(60));
    batch.clear();
    for (let count = 0; count < 3; count += 1) batch.push(new Uint8Array(60));
    expect(tap.queue(0).txBurst(batch, 1)).toBe(2);
    expect(tap.counters.txPackets).toBe(2n);
    await tap.close();
  });

  test('the counters are what ip counts', async ({ netns, judges }) => {
    judges('ip', 'ping');
    const { tap, answered } = await answering(netns, 'io3');
    await run(netns, 'ping', ['-n', '-c', '20', '-i', '0.002', '10.9.0.2']);
    const stats = async (): Promise<unknown> => {
      const links = await ipJson(netns, ['-s', 'link', 'show', 'dev', 'io3']);
      const { rx, tx } = Array.isArray(links) ? links[0].stats64 : {};
      return { rx: [rx.packets, rx.bytes], tx: [tx.packets, tx.bytes] };
    };
    const ours = (): unknown => {
      const { rxPackets, rxBytes, txPackets, txBytes } = tap.counters;
      // What the kernel transmits is what we receive.
      return {
        rx: [Number(txPackets), Number(txBytes)],
        tx: [Number(rxPackets), Number(rxBytes)],
      };
    };
    await expect
      .poll(async () => [await stats(), ours()])
      .toSatisfy(([theirs, mine]) => {
        return JSON.stringify(theirs) === JSON.stringify(mine);
      });
    expect(Number(tap.counters.txPackets)).toBeGreaterThanOrEqual(21);
    await tap.close();
    await answered;
  });

  test('a link that is down takes no frame and ends no reader', async ({ netns, judges }) => {
    judges('ip', 'ping');
    const { tap, answered } = await answering(netns, 'io4');
    await run(netns, 'ip', ['link', 'set', 'dev', 'io4', 'down']);
    await tap.until('down');
    expect(tap.send(new Uint8Array(60))).toBe(false);
    const batch = tap.createBatch();
    batch.push(new Uint8Array(60));
    expect(() => tap.queue(0).txBurst(batch)).toThrow(expect.objectContaining({ code: 'EIO' }));
    await run(netns, 'ip', ['link', 'set', 'dev', 'io4', 'up']);
    await tap.until('up');
    expect(tap.send(new Uint8Array(60))).toBe(true);
    const { stdout } = await run(netns, 'ping', ['-n', '-c', '1', '-w', '10', '10.9.0.2']);
    expect(stdout).toContain('1 received');
    await tap.close();
    await answered;
  });

  test('frames of all sizes up to the largest MTU come whole', async ({ netns, judges }) => {
    judges('ip', 'ping');
    const { tap, answered } = await answering(netns, 'io5');
    await run(netns, 'ip', ['link', 'set', 'dev', 'io5', 'mtu', '65521']);
    for (const size of [0, 1472, 9000, 65_493]) {
      const { stdout } = await run(netns, 'ping', [
        '-n',
        '-c',
        '1',
        '-w',
        '10',
        '-s',
        String(size),
        '10.9.0.2',
      ]);
      expect(stdout).toContain('1 received');
    }
    await tap.close();
    await answered;
  });

  test('a shared slab works as well', async ({ netns }) => {
    const tap = await openTap({ netns, engine, name: 'io6', sharedBuffers: true });
    await addAddress({ netns, ifindex: tap.ifindex, address: '10.9.0.1/24' });
    const pinging = ping({ address: '10.9.0.2', netns, count: 1, timeout: 200 });
    for await (const batch of tap.batches()) {
      expect(batch.slab.buffer).toBeInstanceOf(SharedArrayBuffer);
      expect(batch.count).toBeGreaterThan(0);
      break;
    }
    await pinging;
    await tap.close();
  });
});
