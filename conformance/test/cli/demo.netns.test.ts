/**
 * `rtap demo` and `rtap doctor` as a user runs them.
 *
 * @module
 */

import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import type { NetworkNamespace } from '@rtap/core';
import { ipJson, run } from '@rtap/testkit';
import type { RunResult } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';

const RTAP = new URL('../../../packages/cli/src/bin.ts', import.meta.url).pathname;

function start(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [RTAP, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Waits until the program has written something. */
async function written(child: ChildProcess, what: RegExp): Promise<RegExpExecArray> {
  if (child.stdout === null) throw new TypeError('no stdout');
  let output = '';
  child.stdout.setEncoding('utf8');
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    output += String(chunk);
    const found = what.exec(output);
    if (found !== null) return found;
  }
  throw new Error(`it ended without writing ${what}: ${output}`);
}

/** The processes that are in a network namespace. */
function processesIn(namespace: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/ns/net`) === namespace;
    } catch {
      // It has ended meanwhile.
      return false;
    }
  });
}

describe('rtap demo', () => {
  test('ends with a table of steps that are all ok, and code 0', async ({ netns: _ }) => {
    const child = start('demo');
    if (child.stdout === null) throw new TypeError('no stdout');
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    expect(output).toContain('all is well');
    expect(output).not.toContain('failed');
    // eslint-disable-next-line no-control-regex
    expect(output).not.toMatch(/\u001b\[/);
    for (const event of ['link down', 'link up', 'renamed', 'removed']) {
      expect(output).toMatch(new RegExp(`event: ${event}.* [0-9.]+ ms`));
    }
    expect(output.match(/3 of 3 answered/g)).toHaveLength(4);
    expect(code).toBe(0);
  });

  test('ends quietly when nobody reads on', async ({ netns: _ }) => {
    const child = start('demo');
    if (child.stdout === null || child.stderr === null) throw new TypeError('no output');
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(errors).toBe('');
    expect(code).toBe(141);
  });

  test('pings by itself where no ping is installed', async ({ netns: _ }) => {
    const env = { ...process.env, PATH: '/nonexistent' };
    const child = spawn(process.execPath, [RTAP, 'demo'], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    expect(output).toContain('testkit’s pinger');
    expect(output.match(/3 of 3 answered/g)).toHaveLength(4);
    expect(code).toBe(0);
  });

  test('leaves nothing behind when it is killed', async ({ netns, judges }) => {
    judges('ip', 'nsenter', 'ping');
    const child = start('demo', '--keep');
    const [, path = ''] = await written(child, /nsenter --net=(\S+) ping/);
    const namespace = readlinkSync(path);
    // A cable between its namespace and ours: this end goes when that namespace is really gone.
    const cable = [
      'link',
      'add',
      'cable0',
      'type',
      'veth',
      'peer',
      'name',
      'cable1',
      'netns',
      path,
    ];
    expect((await run(netns, 'ip', cable)).stderr).toBe('');
    const busy = spawn('nsenter', [`--net=${path}`, 'ping', '-n', '-c', '1', '10.77.0.2']);
    const [output] = await Promise.all([text(busy.stdout), once(busy, 'exit')]);
    expect(output).toContain('1 received');
    child.kill('SIGKILL');
    await once(child, 'exit');
    await expect.poll(() => processesIn(namespace)).toEqual([]);
    await expect
      .poll(async () => JSON.stringify(await ipJson(netns, ['link', 'show'])), { timeout: 10_000 })
      .not.toContain('cable0');
  });

  test('leaves nothing behind when it is killed while its ping runs', async ({
    netns: _,
    judges,
  }) => {
    judges('ping');
    const child = start('demo');
    await written(child, /10\.77\.0\.2: TypeScript answers/);
    const mine = readlinkSync('/proc/self/ns/net');
    let namespace: string | undefined;
    await expect
      .poll(() => {
        namespace = childrenOf(child.pid ?? 0)
          .map((pid) => readlinkSync(`/proc/${pid}/ns/net`))
          .find((each) => each !== mine);
        return namespace;
      })
      .toBeDefined();
    child.kill('SIGKILL');
    await once(child, 'exit');
    await expect.poll(() => processesIn(namespace ?? '')).toEqual([]);
  });

  test('stays up with --keep, is reached from outside, and ends by Ctrl-C', async ({
    netns: _,
    judges,
  }) => {
    judges('ip', 'nsenter', 'ping');
    const child = start('demo', '--keep');
    const [, path = ''] = await written(child, /nsenter --net=(\S+) ping/);
    const enter = async (...command: readonly string[]): Promise<string> => {
      const other = spawn('nsenter', [`--net=${path}`, ...command]);
      const [output] = await Promise.all([text(other.stdout), once(other, 'exit')]);
      return output;
    };
    expect(await enter('ping', '-n', '-c', '1', '10.77.0.2')).toContain('1 received');
    expect(await enter('ping', '-n', '-c', '1', 'fd77::2')).toContain('1 received');
    const seen = written(child, /event: link down/);
    await enter('ip', 'link', 'set', 'rtap0', 'down');
    await seen;
    child.kill('SIGINT');
    if (child.stdout === null) throw new TypeError('no stdout');
    const [rest, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    expect(rest).toContain('what happened');
    expect(code).toBe(0);
  });

  test('fails with code 1 and says why where no TAP device can be opened', async ({
    netns: _,
    judges,
  }) => {
    judges('setpriv', 'unshare');
    // In a user namespace in which there can be no further one.
    const child = spawn('unshare', [
      ...['--user', '--map-root-user', 'sh', '-c'],
      ...['echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"', 'sh'],
      ...['setpriv', '--bounding-set=-net_admin,-sys_admin', process.execPath, RTAP, 'demo'],
    ]);
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    expect(output).toContain('failed');
    expect(output).toMatch(/hint: .*user\.max_user_namespaces/);
    expect(output).toContain('rtap demo --kernel fake');
    expect(code).toBe(1);
  });
});

/** Runs rtap as a user without rights (but to read the checkout), who may open /dev/net/tun if `mode` says so. */
async function asNobody(
  netns: NetworkNamespace,
  mode: string,
  ...args: readonly string[]
): Promise<RunResult> {
  const node = `mount -t tmpfs none /dev/net && mknod -m ${mode} /dev/net/tun c 10 200`;
  return run(netns, 'unshare', [
    ...['--mount', '--propagation', 'private', 'sh', '-c', `${node} && exec "$@"`, 'sh'],
    ...['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'],
    ...['--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search'],
    ...[process.execPath, RTAP, ...args],
  ]);
}

describe('a user without rights', () => {
  const forbidden = whyNotRootless();

  test.for(['demo', 'doctor'])(
    'runs rtap %s in a rootless namespace',
    async (command, { netns, judges, skip }) => {
      judges('unshare', 'setpriv', 'mount');
      if (forbidden !== undefined) skip(forbidden);
      const { code, stdout, stderr } = await asNobody(netns, '0666', command);
      expect(stdout).toContain('rootless network namespace');
      expect(stdout).not.toContain('failed');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      if (command === 'demo') expect(stdout.match(/3 of 3 answered/g)).toHaveLength(4);
      else expect(stdout).toMatch(/CAP_NET_ADMIN is missing/);
    },
  );

  test('measures in one with rtap bench', async ({ netns, judges, skip }) => {
    judges('unshare', 'setpriv', 'mount');
    if (forbidden !== undefined) skip(forbidden);
    const words = ['bench', '--seconds', '0.02', '--json'];
    const { code, stdout, stderr } = await asNobody(netns, '0666', ...words);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.match(/"event":"result"/g)).toHaveLength(7);
  });

  test('is told that /dev/net/tun is for root alone', async ({ netns, judges, skip }) => {
    judges('unshare', 'setpriv', 'mount');
    if (forbidden !== undefined) skip(forbidden);
    for (const command of ['demo', 'doctor']) {
      const { code, stdout } = await asNobody(netns, '0600', command);
      expect(stdout).toMatch(/chmod 0666 \/dev\/net\/tun/);
      expect(code).toBe(1);
    }
  });
});

/** Why the system forbids user namespaces, by the word of another program; undefined: it doesn't. */
function whyNotRootless(): string | undefined {
  const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups'];
  const unshare = [...nobody, 'unshare', '--user', '--map-root-user', '--net', 'true'];
  const made = spawnSync('setpriv', unshare, { encoding: 'utf8' });
  return made.status === 0 ? undefined : `the system forbids user namespaces: ${made.stderr}`;
}

describe('rtap doctor', () => {
  test('finds this machine able', async ({ netns: _ }) => {
    const child = start('doctor');
    if (child.stdout === null) throw new TypeError('no stdout');
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    expect(output).toContain('a TAP device with 2 queues opens');
    expect(code).toBe(0);
  });
});

describe('rtap', () => {
  test('--version and --help', async ({ netns: _ }) => {
    for (const [option, expected] of [
      ['--version', /^\d+\.\d+\.\d+\n$/],
      ['--help', /demo.*doctor/s],
    ] as const) {
      const child = start(option);
      if (child.stdout === null) throw new TypeError('no stdout');
      const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
      expect(output).toMatch(expected);
      expect(code).toBe(0);
    }
  });
});

/** The children of a process, of all its threads. */
function childrenOf(pid: number): string[] {
  return readdirSync('/proc').filter((each) => {
    try {
      return /^\d+$/.test(each) && parentOf(each) === pid;
    } catch {
      return false;
    }
  });
}

function parentOf(pid: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^PPid:\s*(\d+)$/m.exec(status)?.[1]);
}
