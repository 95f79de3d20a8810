import { AssertionError } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { buildIpv4, buildUdp, parseIpAddress } from '@rtap/frames';
import { NetworkNamespace, kernel } from '@rtap/native';
import { NetlinkClient } from '@rtap/transport';
import { describe, expect } from 'vitest';

import {
  capture,
  createTestNamespace,
  expectFrames,
  expectNoFrames,
  expectNoLeaks,
  run,
  sendFrames,
} from '../src/index.ts';
import type { Capture } from '../src/index.ts';
import { test as base } from '../src/vitest.ts';

interface Wire {
  readonly netns: NetworkNamespace;
  readonly capture: Capture;
  readonly send: (...ports: readonly number[]) => Promise<void>;
}

/** A wire on which nothing is but datagrams that the test sends. */
const test = base.extend<{ readonly wire: Wire }>({
  wire: async ({ netns: _ }, use) => {
    await using netns = await createTestNamespace();
    await using wire = await capture({ netns, interface: 'lo', outgoing: false });
    const send = (...ports: readonly number[]): Promise<void> =>
      sendFrames({ netns, interface: 'lo', frames: ports.map(datagram) }).then(() => undefined);
    await use({ netns, capture: wire, send });
  },
});

function datagram(port: number): Uint8Array {
  const [source, destination] = [parseIpAddress('192.0.2.1'), parseIpAddress('192.0.2.2')];
  const udp = { source, destination, sourcePort: port, destinationPort: 9 };
  const payload = buildIpv4({
    source,
    destination,
    protocol: 17,
    payload: buildUdp({ ...udp, payload: new Uint8Array(1) }),
  });
  const frame = new Uint8Array(14 + payload.length);
  frame.set([8, 0], 12);
  frame.set(payload, 14);
  return frame;
}

/** What an assertion says when it fails. */
async function failureOf(assertion: Promise<unknown>): Promise<AssertionError> {
  const error = await assertion.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof AssertionError) return error;
  throw new Error('it did not fail by an AssertionError', { cause: error });
}

describe('expectFrames', () => {
  test('waits for each, in their order, whatever is between', async ({
    wire: { capture: wire, send },
  }) => {
    const waiting = expectFrames(wire, ['192.0.2.1.1 >', /\.3 > .*UDP/, datagram(4), () => true]);
    await send(3, 1, 2);
    await send(3, 4);
    await send(5);
    const ports = (await waiting).map(({ bytes }) => bytes[35]);
    expect(ports).toEqual([1, 3, 4, 5]);
    expect(await expectFrames(wire, [])).toEqual([]);
  });

  test('says what is missing, and what came instead', async ({ wire: { capture: wire, send } }) => {
    await send(1, 2);
    const error = await failureOf(
      expectFrames(wire, ['192.0.2.1.2 >', '192.0.2.1.1 >'], { within: 20 }),
    );
    expect(error.message.replaceAll(/\d+\.\d{3} ms/g, 'N ms').split('\n')).toEqual([
      'lo: 1 of 2 frames came:',
      "  came: '192.0.2.1.2 >'",
      "  missing: '192.0.2.1.1 >'",
      '2 frames were seen:',
      '  N ms host: IP 192.0.2.1.1 > 192.0.2.2.9: UDP, length 1',
      '  N ms host: IP 192.0.2.1.2 > 192.0.2.2.9: UDP, length 1',
    ]);
  });

  test('ends by a stop, a signal, and takes what came while JavaScript was busy', async ({
    wire: { netns, capture: wire, send },
    judges,
  }) => {
    judges('ping', 'nsenter');
    await send(1);
    const controller = new AbortController();
    const aborted = expectFrames(wire, ['no'], { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    const late = expectFrames(wire, ['ICMP echo reply'], { within: 50 });
    const command = 'ping -c1 127.0.0.1 && sleep 0.1';
    execFileSync('nsenter', [`--net=${netns.path}`, 'sh', '-c', command], { stdio: 'ignore' });
    await late;
    const stopped = failureOf(expectFrames(wire, [() => false]));
    await wire.stop();
    expect((await stopped).message).toContain('3 frames were seen');
    expect(await expectFrames(wire, ['UDP'])).toHaveLength(1);
  });

  test('refuses what is no matcher, and no time', async ({ wire: { capture: wire } }) => {
    const wrong = JSON.parse('1');
    for (const call of [
      () => expectFrames(wrong, []),
      () => expectFrames(wire, wrong),
      () => expectFrames(wire, [wrong]),
      () => expectNoFrames(wire, wrong),
      () => expectNoLeaks(wrong),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    }
    const range = { code: 'ERR_OUT_OF_RANGE' };
    await expect(expectFrames(wire, ['UDP'], { within: -1 })).rejects.toMatchObject(range);
    await expect(expectNoLeaks(() => 0, { times: 0 })).rejects.toMatchObject(range);
  });
});

test('expectNoFrames sees what has come, and what comes', async ({
  wire: { capture: wire, send },
}) => {
  await expectNoFrames(wire);
  await send(1);
  await expectNoFrames(wire, '192.0.2.1.2 >');
  expect((await failureOf(expectNoFrames(wire))).message).toContain('a frame came that should not');
  const comes = failureOf(expectNoFrames(wire, '192.0.2.1.2 >', { within: 20_000 }));
  await send(3, 2);
  expect((await comes).message).toContain('192.0.2.1.3 > 192.0.2.2.9');
  await expectNoFrames(wire, '192.0.2.1.4 >', { within: 1 });
});

describe('expectNoLeaks', () => {
  test('names what is left: files, devices, namespaces, interfaces', async ({ netns }) => {
    const open: (() => unknown)[] = [];
    const close = async (): Promise<void> => {
      for (const each of open.splice(0)) await each();
    };
    const client = await NetlinkClient.open({ netns });
    let count = 0;
    const leaking: readonly (readonly [RegExp, () => unknown])[] = [
      [
        /^ {2}file \/etc\/hostname$/m,
        () => {
          const fd = openSync('/etc/hostname', 'r');
          open.push(() => closeSync(fd));
        },
      ],
      [
        /^ {2}file net:\[\d+\]$/m,
        async () => {
          const other = await NetworkNamespace.create();
          open.push(() => other.close());
        },
      ],
      [
        /^ {2}file \/dev\/net\/tun of leak\d+$/m,
        async () => {
          const tap = await kernel.openTap({ netns, name: `leak${(count += 1)}`, queues: 1 });
          open.push(() => tap.close());
        },
      ],
      [
        /^left behind:\n {2}interface leak\d+ \(\d+\)$/,
        async () => {
          const name = `leak${(count += 1)}`;
          await client.addLink({ name, info: { kind: 'bridge' } });
          open.push(() => client.deleteLink({ name }));
        },
      ],
      [
        /^ {2}child process \d+ \(sleep\)$/m,
        async () => {
          const sleep = await netns.exec('sleep', ['1000'], { stdio: 'ignore' });
          open.push(() => {
            sleep.kill('SIGKILL');
            return sleep.exited;
          });
        },
      ],
    ];
    for (const [words, action] of leaking) {
      const error = await failureOf(expectNoLeaks(action, { namespaces: [netns], within: 0 }));
      expect(error.message).toMatch(words);
      await close();
      await expectNoLeaks(
        async () => {
          await action();
          await close();
        },
        { namespaces: [netns], times: 2 },
      );
    }
    await client.close();
  });

  test('takes a file for another one of its kind', async () => {
    let last = await NetworkNamespace.create();
    await expectNoLeaks(
      async () => {
        const next = await NetworkNamespace.create();
        await last.close();
        last = next;
      },
      { times: 3 },
    );
    await last.close();
  });

  test('throws what the action throws, and ends with its signal', async ({ netns }) => {
    await expect(
      expectNoLeaks(() => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    const controller = new AbortController();
    const fds: number[] = [];
    const leak = (): void => {
      fds.push(openSync('/etc/hostname', 'r'));
      if (fds.length === 2) setImmediate(() => controller.abort(new Error('enough')));
    };
    const { signal } = controller;
    await expect(expectNoLeaks(leak, { signal, within: 60_000 })).rejects.toThrow('enough');
    for (const fd of fds) closeSync(fd);
    expect((await run(netns, 'true')).code).toBe(0);
  });
});
