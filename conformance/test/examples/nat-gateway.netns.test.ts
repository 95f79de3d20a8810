/**
 * The NAT gateway translates, as ping, iperf3 and curl see it, and what comes back of it has true checksums.
 *
 * @module
 */

import { createInterface } from 'node:readline';
import { capture, expectFrames, expectNoFrames, ping, run } from '@rtap/testkit';
import { test as base } from '@rtap/testkit/vitest';
import type { NetworkNamespace } from '@rtap/native';
import { describe, expect } from 'vitest';
import { startExample } from './program.ts';
import type { Program } from './program.ts';

const test = base.extend<{
  readonly sides: {
    readonly inside: NetworkNamespace;
    readonly outside: NetworkNamespace;
    readonly program: Program;
  };
}>({
  sides: async ({ createTestNamespace }, use) => {
    const [inside, outside] = [await createTestNamespace(), await createTestNamespace()];
    const program = await startExample(inside, 'nat-gateway', [inside.path, outside.path]);
    expect(await program.line()).toBe('rtap0 and rtap0 are up, end with Ctrl-C');
    await use({ inside, outside, program });
    const [said, code] = await program.end();
    expect(said).toMatch(/^[1-9]\d* flows, [1-9]\d* packets translated$/);
    expect(code).toBe(0);
  },
});

describe('examples/nat-gateway', () => {
  test('translates pings, and lets nobody in who was not asked', async ({ sides }) => {
    const { inside, outside } = sides;
    const wire = await capture({ netns: outside, interface: 'rtap0' });
    expect((await ping({ netns: inside, address: '192.0.2.1', count: 3 })).replies).toHaveLength(3);
    await expectFrames(wire, ['192.0.2.2 > 192.0.2.1', '192.0.2.1 > 192.0.2.2']);
    await expectNoFrames(wire, '10.0.0.');
    await wire.stop();
    const within = await capture({ netns: inside, interface: 'rtap0', outgoing: false });
    // The gateway itself answers there.
    expect((await ping({ netns: outside, address: '192.0.2.2', count: 1 })).replies).toHaveLength(
      1,
    );
    await expectNoFrames(within, '192.0.2.');
    await within.stop();
  });

  test('carries TCP and UDP both ways', async ({ sides, judges }) => {
    judges('iperf3');
    const { inside, outside } = sides;
    for (const more of [[], ['--reverse'], ['--udp', '--bitrate', '20M']]) {
      const server = await outside.exec('iperf3', ['--server', '--one-off', '--forceflush']);
      for await (const text of server.stdout ?? []) if (String(text).includes('listening')) break;
      const args = ['--client', '192.0.2.1', '--bytes', '5M', ...more];
      const { code, stdout } = await run(inside, 'iperf3', args);
      expect([more, code, stdout]).toEqual([more, 0, expect.stringContaining('receiver')]);
      await server.exited;
    }
  });

  test('carries what curl asks for', async ({ sides, judges }) => {
    judges('curl');
    const { inside, outside } = sides;
    const program = `require('node:http')
      .createServer((request, response) => response.end(request.socket.remoteAddress))
      .listen(8080, '192.0.2.1', () => console.log('listening'));`;
    const server = await outside.exec(process.execPath, ['--eval', program]);
    for await (const text of server.stdout ?? []) if (String(text).includes('listening')) break;
    const { stdout } = await run(inside, 'curl', ['--silent', 'http://192.0.2.1:8080/']);
    expect(stdout).toBe('192.0.2.2');
    server.kill();
    await server.exited;
  });

  test('hands on errors with what they quote', async ({ sides }) => {
    const { inside } = sides;
    // Nobody listens there: the refusal comes to the socket that asked, if all it quotes is true.
    const program = `const socket = require('node:dgram').createSocket('udp4');
      socket.on('error', ({ code }) => { console.log(code); socket.close(); });
      socket.connect(9, '192.0.2.1', () => socket.send('x'));`;
    const { stdout } = await run(inside, process.execPath, ['--eval', program]);
    expect(stdout).toBe('ECONNREFUSED\n');
  });

  test('tells the outside what the inside refuses', async ({ sides }) => {
    const { inside, outside } = sides;
    // It answers when it is told to, and hears that nobody is there any more.
    const answering = `const socket = require('node:dgram').createSocket('udp4');
      socket.on('message', (_, { port, address }) => {
        socket.connect(port, address, () => console.log(address));
        process.once('SIGUSR2', () => socket.send('y'));
      });
      socket.on('error', ({ code }) => { console.log(code); socket.close(); });
      socket.bind(9000, '192.0.2.1', () => console.log('listening'));`;
    const server = await outside.exec(process.execPath, ['--eval', answering]);
    const lines = createInterface({ input: server.stdout! })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('listening');
    const asking = `const socket = require('node:dgram').createSocket('udp4');
      socket.send('x', 9000, '192.0.2.1', () => socket.close());`;
    expect((await run(inside, process.execPath, ['--eval', asking])).code).toBe(0);
    expect((await lines.next()).value).toBe('192.0.2.2');
    server.kill('SIGUSR2');
    expect((await lines.next()).value).toBe('ECONNREFUSED');
    await server.exited;
  });
});
