/**
 * The examples that join network namespaces do what they say, and end.
 *
 * @module
 */

import { capture, expectFrames, expectNoFrames, ping, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';
import { giveAddress, startExample } from './program.ts';

describe('examples/learning-switch', () => {
  test('joins namespaces, and sends each only what is for it', async ({ createTestNamespace }) => {
    const [a, b, c] = [
      await createTestNamespace(),
      await createTestNamespace(),
      await createTestNamespace(),
    ];
    const paths = [a, b, c].map(({ path }) => path);
    const program = await startExample(a, 'learning-switch', paths);
    expect(await program.line()).toBe('rtap0, rtap0, rtap0 are up, end with Ctrl-C');
    for (const [index, netns] of [a, b, c].entries()) {
      await giveAddress(netns, `10.0.0.${index + 1}/24`);
    }
    // Once, so that the switch has learned who is where.
    for (const address of ['10.0.0.2', '10.0.0.3']) {
      expect((await ping({ netns: a, address, count: 1 })).replies).toHaveLength(1);
    }
    const [atB, atC] = [
      await capture({ netns: b, interface: 'rtap0', outgoing: false }),
      await capture({ netns: c, interface: 'rtap0', outgoing: false, promiscuous: true }),
    ];
    expect((await ping({ netns: a, address: '10.0.0.2', count: 3 })).replies).toHaveLength(3);
    await expectFrames(atB, ['ICMP echo request', 'ICMP echo request', 'ICMP echo request']);
    await expectNoFrames(atC, 'ICMP');
    await Promise.all([atB.stop(), atC.stop()]);
    const said = await program.end();
    expect(said).toEqual([
      ...[1, 2, 3].map(() => expect.stringMatching(/^rtap0: \d+ frames came, \d+ went$/)),
      0,
    ]);
  });

  test('carries TCP in super-frames', async ({ createTestNamespace, judges }) => {
    judges('iperf3');
    const [a, b] = [await createTestNamespace(), await createTestNamespace()];
    const program = await startExample(a, 'learning-switch', [a.path, b.path]);
    await program.line();
    await giveAddress(a, '10.0.0.1/24');
    await giveAddress(b, '10.0.0.2/24');
    const server = await b.exec('iperf3', ['--server', '--one-off', '--forceflush']);
    for await (const text of server.stdout ?? []) if (String(text).includes('listening')) break;
    const client = ['--client', '10.0.0.2', '--bytes', '20M', '--json'];
    const { stdout, code } = await run(a, 'iperf3', client);
    expect(code).toBe(0);
    // iperf3 looks whether it is enough when a block has gone: it may send one more.
    const { bytes } = JSON.parse(stdout).end.sum_sent;
    expect(bytes).toBeGreaterThanOrEqual(20_971_520);
    await server.exited;
    expect((await program.end()).at(-1)).toBe(0);
  });
});

describe('examples/packet-filter', () => {
  test('drops and counts what its rules name, and passes the rest', async ({
    createTestNamespace,
  }) => {
    const [a, b] = [await createTestNamespace(), await createTestNamespace()];
    const program = await startExample(a, 'packet-filter', [a.path, b.path, 'udp 53', 'tcp 80']);
    expect(await program.line()).toBe('rtap0 and rtap0 are up, end with Ctrl-C');
    await giveAddress(a, '10.0.0.1/24');
    await giveAddress(b, '10.0.0.2/24');
    expect((await ping({ netns: a, address: '10.0.0.2', count: 2 })).replies).toHaveLength(2);
    const wire = await capture({ netns: b, interface: 'rtap0', outgoing: false });
    const send = (port: number): string =>
      `await new Promise((sent) => socket.send('x', ${port}, '10.0.0.2', sent));`;
    const text = `const socket = require('node:dgram').createSocket('udp4'); (async () => { ${send(53)} ${send(53)} ${send(54)} socket.close(); })();`;
    expect((await run(a, process.execPath, ['--eval', text])).code).toBe(0);
    const [passed] = await expectFrames(wire, [/UDP/]);
    expect(passed?.bytes.subarray(36, 38)).toEqual(Uint8Array.of(0, 54));
    await wire.stop();
    program.child.kill('SIGUSR1');
    expect([await program.line(), await program.line()]).toEqual([
      'udp 53: 2 dropped',
      'tcp 80: 0 dropped',
    ]);
    expect(await program.line()).toMatch(/^\d+ passed$/);
    expect((await program.end()).at(-1)).toBe(0);
  });
});
