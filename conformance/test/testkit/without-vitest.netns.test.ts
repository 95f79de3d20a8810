/**
 * The testkit where there is no vitest, and where there is no addon.
 *
 * @module
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';

/** The folder from which the workspace's packages are found. */
const HERE = new URL('../..', import.meta.url).pathname;

const WITHOUT_VITEST = `
  import { registerHooks } from 'node:module';
  registerHooks({
    resolve(specifier, context, next) {
      if (!/^vitest(\\/|$)/.test(specifier)) return next(specifier, context);
      throw Object.assign(new Error('vitest is not installed'), { code: 'ERR_MODULE_NOT_FOUND' });
    },
  });
`;

const WITHOUT_ADDON = `process.dlopen = () => { throw new Error('there is no addon'); };`;

/** Runs code in a process in which something is missing; it is to end by itself. */
async function runWithout(
  missing: string,
  code: string,
): Promise<{ readonly output: string; readonly code: number | null }> {
  const preload = `data:text/javascript,${encodeURIComponent(missing)}`;
  const args = ['--import', preload, '--input-type=module', '--eval', code];
  const child = spawn(process.execPath, args, { cwd: HERE });
  const [stdout, stderr, [exit]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { output: stdout + stderr, code: exit };
}

describe('without vitest', () => {
  test('a namespace, a topology, frames, assertions: and the process ends', async ({
    netns: _,
  }) => {
    const { output, code } = await runWithout(
      WITHOUT_VITEST,
      `import * as testkit from '@rtap/testkit';
       const topology = {
         namespaces: { a: {}, b: {} },
         links: [
           { veth: ['a:eth0', 'b:eth0'], addresses: [['10.0.0.1/24'], ['10.0.0.2/24']] },
         ],
       };
       const life = async () => {
         const netns = await testkit.createTestNamespace();
         const network = await testkit.createTopology(topology);
         const wire = await network.capture('b:eth0');
         await network.ping('a', '10.0.0.2', { count: 1 });
         await testkit.expectFrames(wire, ['ICMP echo request', 'ICMP echo reply']);
         await testkit.expectNoFrames(wire, '10.0.0.3');
         console.log(testkit.toPcapng([wire]).length > 100);
         await wire.stop();
         await network.close();
         await netns.close();
       };
       await testkit.expectNoLeaks(life);`,
    );
    expect(output).toBe('true\ntrue\n');
    expect(code).toBe(0);
  });

  test('an assertion fails by an AssertionError, which says what came', async ({ netns: _ }) => {
    const { output, code } = await runWithout(
      WITHOUT_VITEST,
      `import { capture, createTestNamespace, expectFrames, ping } from '@rtap/testkit';
       const netns = await createTestNamespace();
       const wire = await capture({ netns, interface: 'lo' });
       await ping({ netns, address: '127.0.0.1', count: 1 });
       await expectFrames(wire, ['UDP'], { within: 10 });`,
    );
    expect(output).toContain(
      "AssertionError [ERR_ASSERTION]: lo: 0 of 1 frames came:\n  missing: 'UDP'",
    );
    expect(output).toMatch(
      /frames were seen:\n.*IP 127\.0\.0\.1 > 127\.0\.0\.1: ICMP echo request/,
    );
    expect(code).toBe(1);
  });

  test('only the fixture is missing', async () => {
    const { output, code } = await runWithout(WITHOUT_VITEST, `import '@rtap/testkit/vitest';`);
    expect(output).toContain('vitest is not installed');
    expect(code).toBe(1);
  });
});

describe('without the addon', () => {
  test('the fake kernel works, and what needs the real one says why it does not', async () => {
    const { output, code } = await runWithout(
      WITHOUT_ADDON,
      `import { openTap } from '@rtap/core';
       import { FakeKernel, createTestNamespace } from '@rtap/testkit';
       const kernel = new FakeKernel();
       const tap = await openTap({ kernel });
       kernel.interface(tap.name).send(new Uint8Array(60));
       kernel.rtnetlink.changeLink(tap.ifindex, { carrier: false });
       await tap.until('down');
       console.log(tap.link.status, tap.queue(0).rxBurst().count);
       await tap.close();
       await createTestNamespace().catch(({ code, message }) => {
         console.log(code, message.includes('there is no addon'));
       });`,
    );
    expect(output).toBe('down 1\nERR_RTAP_LOAD true\n');
    expect(code).toBe(0);
  });
});
