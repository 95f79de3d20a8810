import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect } from 'vitest';

import { capture, createTopology, findProgram, run, sendFrames, toPcapng } from '../src/index.ts';
import type { Capture } from '../src/index.ts';
import { test as base } from '../src/vitest.ts';

const PACKAGE = new URL('..', import.meta.url).pathname;
const VITEST = new URL('../../../node_modules/vitest/vitest.mjs', import.meta.url).pathname;

/** A folder in which vitest is found, and which is gone after the test. */
const test = base.extend<{ readonly folder: string }>({
  folder: async ({ netns: _ }, use) => {
    const folder = mkdtempSync(join(PACKAGE, '.kept-'));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});

/** Runs a test file of its own, which has a network and a frame that goes through it. */
async function runTests(
  folder: string,
  code: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly output: string; readonly code: number | null }> {
  const [index, vitest] = ['index', 'vitest'].map((name) => join(PACKAGE, `src/${name}.ts`));
  const head = `
    import { expect } from 'vitest';
    import { createTopology, sendFrames } from '${index}';
    import { test } from '${vitest}';
    const frame = (fill) => new Uint8Array(60).fill(fill).fill(0xff, 0, 6).fill(2, 6, 12);
    const network = () =>
      createTopology({ namespaces: { a: {}, b: {} }, links: [{ veth: ['a:eth0', 'b:eth0'] }] });
    const send = async (topology, fill) => {
      const wires = [await topology.capture('a:eth0'), await topology.capture('b:eth0')];
      await sendFrames({ netns: topology.namespace('a'), interface: 'eth0', frames: [frame(fill)] });
      for (const wire of wires) await wire.waitFor(({ bytes }) => bytes[20] === fill);
    };
  `;
  writeFileSync(join(folder, 'wire.test.ts'), head + code);
  const child = spawn(process.execPath, [VITEST, 'run', '--no-color', '--root', folder], {
    cwd: folder,
    env: { ...process.env, ...env },
  });
  const [stdout, stderr, [exit]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { output: stdout + stderr, code: exit };
}

describe('a test that fails', () => {
  test('keeps one pcapng of all that it captured, and says where', async ({
    folder,
    netns,
    judges,
  }) => {
    judges('tcpdump');
    const { output, code } = await runTests(
      folder,
      `test('loses: a/b "c"', async () => {
         await using topology = await network();
         await send(topology, 7);
         expect(1).toBe(2);
       });
       test('passes', async () => {
         await using topology = await network();
         await send(topology, 8);
       });
       test.fails('is to fail', async () => {
         await using topology = await network();
         await send(topology, 9);
         throw new Error('as it should');
       });`,
    );
    expect(output).toContain('1 failed');
    expect(code).toBe(1);
    const kept = join(folder, '.rtap/captures');
    const names = readdirSync(kept).filter((name) => name.endsWith('.pcapng'));
    expect(names).toHaveLength(1);
    expect(names[0]).toMatch(/^loses-a-b-c/);
    const path = join(kept, names[0] ?? '');
    expect(output).toContain(`expected 1 to be 2`);
    expect(output).toContain(`what was on the wire: ${path}`);
    expect(readFileSync(join(kept, '.gitignore'), 'utf8')).toBe('*\n');
    const dumped = await run(netns, 'tcpdump', ['-r', path, '-n', '-e', '-xx', 'ether[20] == 7']);
    expect(dumped.code).toBe(0);
    const lines = dumped.stdout.split('\n').filter((line) => / ethertype /.test(line));
    expect(lines).toHaveLength(2);
    // Both times it is the same frame.
    expect(dumped.stdout.match(/0x0010: {2}0707 0707/g)).toHaveLength(2);
    if (findProgram('capinfos') === undefined) return;
    const told = await run(netns, 'capinfos', [path]);
    expect(told.stdout).toContain('Name = a:eth0');
    expect(told.stdout).toContain('Name = b:eth0');
    expect(told.stdout).toContain('Time precision = nanoseconds (9)');
  });

  test('keeps it when it timed out, where it is told, until it passes', async ({ folder }) => {
    const code = `
       test('hangs', { timeout: process.env.LONG ? 30_000 : 1000 }, async () => {
         const topology = await network();
         await send(topology, 7);
         if (!process.env.LONG) await new Promise(() => undefined);
         await topology.close();
       });
       let tries = 0;
       test('passes in the end', { retry: 1 }, async () => {
         await using topology = await network();
         await send(topology, 7);
         expect((tries += 1)).toBe(2);
       });
       const here = test.extend({ captureFolder: '${folder}/elsewhere' });
       here('is told', async () => {
         await using topology = await network();
         await send(topology, 7);
         throw new Error('no');
       });`;
    const env = { RTAP_CAPTURE_FOLDER: join(folder, 'told') };
    const files = (name: string): string[] =>
      readdirSync(join(folder, name)).filter((file) => file.endsWith('.pcapng'));
    const first = await runTests(folder, code, env);
    expect(first).toMatchObject({ code: 1 });
    expect(files('told')).toEqual([expect.stringMatching(/^hangs/)]);
    expect(files('elsewhere')).toEqual([expect.stringMatching(/^is-told/)]);
    for (const name of ['told', 'elsewhere']) {
      expect(first.output).toContain(join(folder, name, files(name)[0] ?? ''));
    }
    await runTests(folder, code, { ...env, LONG: '1' });
    expect(files('told')).toEqual([]);
  });
});

test('what a test made is gone after it, also when it timed out', async ({ folder }) => {
  const { output } = await runTests(
    folder,
    `import { readdirSync, readlinkSync } from 'node:fs';
     const namespaces = () =>
       readdirSync('/proc/self/fd').filter((fd) => {
         try {
           return readlinkSync('/proc/self/fd/' + fd).startsWith('net:');
         } catch {
           return false;
         }
       }).length;
     test('has none', () => expect(namespaces()).toBe(0));
     test('hangs', { timeout: 1000 }, async ({ createTestNamespace, createTopology }) => {
       await createTestNamespace();
       await createTopology({ namespaces: { a: {}, b: {} } });
       console.log(namespaces() + ' are open');
       void createTopology({ namespaces: { c: {} } });
       await new Promise(() => undefined);
     });
     test('has none again', () => expect(namespaces()).toBe(0));`,
  );
  expect(output).toContain('3 are open');
  expect(output).toContain('Test timed out');
  expect(output).toContain('1 failed | 2 passed');
});

test('a name that a test gave a namespace is gone after it', async ({ folder }) => {
  const name = `rtap-test-${process.pid}`;
  const { output } = await runTests(
    folder,
    `import { existsSync } from 'node:fs';
     import { NetworkNamespace } from '${join(PACKAGE, '../native/src/index.ts')}';
     const there = (more = '') => existsSync('/run/netns/${name}' + more);
     test('fails', async ({ createTestNamespace }) => {
       await createTestNamespace({ name: '${name}' });
       await createTestNamespace({ name: '${name}-2' });
       await NetworkNamespace.delete('${name}');
       await expect(createTestNamespace({ name: '${name}-2' })).rejects.toThrow('EEXIST');
       expect([there(), there('-2')]).toEqual([]);
     });
     test('has none', () => expect([there(), there('-2')]).toEqual([false, false]));`,
  );
  expect(output).toContain('expected [ false, true ] to deeply equal []');
  expect(output).toContain('1 failed | 1 passed');
});

describe('toPcapng', () => {
  test('says when, where, which way and how long', async ({ folder, netns, judges }) => {
    judges('tcpdump');
    await using topology = await createTopology({
      namespaces: { a: {}, b: {} },
      links: [{ veth: ['a:eth0', 'b:eth0'] }],
    });
    const [a, b] = ['a', 'b'].map((name) => topology.namespace(name));
    if (a === undefined || b === undefined) throw new TypeError('no namespace');
    const filter = ({ bytes }: { readonly bytes: Uint8Array }): boolean => bytes[15] === 5;
    await using sender = await capture({ netns: a, interface: 'eth0', name: 'one', filter });
    await using receiver = await capture({ netns: b, interface: 'eth0', snapLength: 64, filter });
    const tagged = new Uint8Array(200).fill(0xff, 0, 6);
    tagged.set([0x81, 0, 0, 5, 0x88, 0xb5], 12);
    await sendFrames({ netns: a, interface: 'eth0', frames: [tagged] });
    const [sent, received] = [await sender.waitFor(filter), await receiver.waitFor(filter)];
    const path = join(folder, 'wire.pcapng');
    writeFileSync(path, toPcapng([sender, receiver]));
    const args = ['-r', path, '-n', '-q', '-e', '-tt', '--time-stamp-precision=nano', 'vlan 5'];
    const { stdout } = await run(netns, 'tcpdump', args);
    const seconds = ({ timestamp }: { readonly timestamp: bigint }): string =>
      `${timestamp / 1_000_000_000n}.${String(timestamp % 1_000_000_000n).padStart(9, '0')}`;
    const lines = stdout.split('\n').filter((line) => /^\d/.test(line));
    expect(lines.map((line) => line.split(' ')[0])).toEqual([seconds(sent), seconds(received)]);
    for (const line of lines) expect(line).toContain('length 200');
    // epb_flags as the draft has it: outbound is 2, inbound is 1, each a word behind code 2 and length 4.
    const ways = (wire: Capture): unknown[] =>
      [
        ...Buffer.from(toPcapng([wire]))
          .toString('hex')
          .matchAll(/02000400(..)000000/g),
      ].map(([, way]) => way);
    expect([ways(sender), ways(receiver)]).toEqual([['02'], ['01']]);
    expect([sender.name, receiver.name]).toEqual(['one', 'eth0']);
  });

  test('takes captures only', () => {
    for (const captures of [undefined, {}, [undefined], [{ frames: [] }]]) {
      const invalid: readonly never[] = JSON.parse(JSON.stringify(captures ?? null));
      expect(() => toPcapng(invalid)).toThrow(
        expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
      );
    }
  });
});
