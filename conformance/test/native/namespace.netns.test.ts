import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { kernel, NetworkNamespace } from '@rtap/native';
import { expectNoLeaks, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { beforeEach, describe, expect } from 'vitest';

import { nativeErrorOf, threadNamespaces } from './judges.ts';

// Every test here needs root, which the fixture sees to.
beforeEach<{ netns: NetworkNamespace }>(({ netns }) => {
  expect(netns.closed).toBe(false);
});

describe('a network namespace', () => {
  test('has the inode that the kernel gives it', async ({ netns }) => {
    const own = statSync('/proc/self/ns/net', { bigint: true }).ino;
    expect(statSync(netns.path, { bigint: true }).ino).toBe(netns.inode);
    expect(netns.inode).not.toBe(own);
    expect(await kernel.namespaceInode()).toBe(own);
    expect(await kernel.namespaceInode(netns)).toBe(netns.inode);
    expect(await kernel.namespaceInode(netns.path)).toBe(netns.inode);
    expect(await kernel.namespaceInode({ pid: process.pid })).toBe(own);
    const current = await NetworkNamespace.current();
    expect(current.inode).toBe(own);
    await current.close();
    const again = await NetworkNamespace.open({ pid: process.pid });
    expect(again.inode).toBe(own);
    await again.close();
  });

  test('can be entered by others through its path', async ({ netns, skip }) => {
    const own = await NetworkNamespace.current();
    const entered = await run(own, 'nsenter', [
      `--net=${netns.path}`,
      'readlink',
      '/proc/self/ns/net',
    ]).catch(() => skip('needs nsenter: apt-get install util-linux'));
    expect(entered).toMatchObject({ code: 0, stdout: `net:[${netns.inode}]\n` });
    await own.close();
  });

  test('is not made of another file', async () => {
    const error = await nativeErrorOf(() => NetworkNamespace.open('/proc/self/ns/mnt'));
    expect(error).toMatchObject({ code: 'EINVAL', syscall: 'open /proc/self/ns/mnt' });
    // A pipe that nobody writes to, and a socket.
    const folder = mkdtempSync(join(tmpdir(), 'rtap-'));
    const server = createServer().listen(join(folder, 'socket'));
    try {
      await once(server, 'listening');
      execFileSync('mkfifo', [join(folder, 'pipe')]);
      for (const name of ['pipe', 'socket', '']) {
        const other = await nativeErrorOf(() => NetworkNamespace.open(join(folder, name)));
        expect(other.code).toBe('EINVAL');
      }
    } finally {
      server.close();
      rmSync(folder, { recursive: true });
    }
    expect((await nativeErrorOf(() => NetworkNamespace.open('/run/netns/none'))).code).toBe(
      'ENOENT',
    );
    expect((await nativeErrorOf(() => NetworkNamespace.open({ pid: 4_194_304 }))).code).toBe(
      'ENOENT',
    );
    const two = { pid: process.pid, name: 'none' };
    await expect(NetworkNamespace.open(two)).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
  });

  test('is opened another time, for a holder of its own', async ({ netns }) => {
    await expectNoLeaks(async () => {
      const made = await NetworkNamespace.create();
      const child = await made.exec('sleep', ['60'], { stdio: 'ignore' });
      const again = await kernel.openNamespace(made);
      expect(again.path).not.toBe(made.path);
      const [byPath, byProcess] = [
        await kernel.openNamespace(made.path),
        await kernel.openNamespace({ pid: child.pid }),
      ];
      await made.close();
      child.kill('SIGKILL');
      await child.exited;
      for (const one of [again, byPath, byProcess]) {
        expect(one.inode).toBe(made.inode);
        expect(statSync(one.path, { bigint: true }).ino).toBe(made.inode);
        expect((await run(one, 'readlink', ['/proc/self/ns/net'])).stdout).toBe(
          `net:[${made.inode}]\n`,
        );
        await one.close();
      }
      expect((await nativeErrorOf(() => kernel.openNamespace(made))).code).toBe('ERR_RTAP_CLOSED');
    });
    const none = await nativeErrorOf(() => kernel.openNamespace('/run/netns/none'));
    expect(none.code).toBe('ENOENT');
    expect(netns.closed).toBe(false);
  });

  test('is let go of by close, any number of times', async () => {
    const life = async (): Promise<NetworkNamespace> => {
      const one = await NetworkNamespace.create();
      await Promise.all([one.close(), one.close(), one[Symbol.asyncDispose]()]);
      return one;
    };
    await expectNoLeaks(life);
    const made = await life();
    expect(made.closed).toBe(true);
    expect((await nativeErrorOf(() => made.exec('true'))).code).toBe('ERR_RTAP_CLOSED');
    const options = { name: 'a', queues: 1, netns: made };
    expect((await nativeErrorOf(() => kernel.openTap(options))).code).toBe('ERR_RTAP_CLOSED');
  });
});

describe('a name', () => {
  const otherRun = ['--mount', '--propagation', 'private', 'sh', '-c'];
  const fixture = new URL('fixtures/named.ts', import.meta.url).pathname;

  test('is what ip netns has, both ways, and 1,000 leave nothing', async ({ netns, judges }) => {
    judges('ip', 'unshare', 'mount');
    const { stdout, stderr } = await run(netns, 'unshare', [
      ...[...otherRun, 'mount -t tmpfs none /run && exec "$@"', 'sh'],
      ...[process.execPath, fixture],
    ]);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      none: expect.stringMatching(/^ENOENT: there is no network namespace of this name/),
      folder: true,
      rootless: false,
      list: 'blue',
      kept: true,
      exec: true,
      taken: expect.stringMatching(/^EEXIST: .*{ name }.*another name/),
      ipTaken: expect.stringContaining('File exists'),
      shown: 'named0',
      inode: true,
      moved: 'named0',
      byName: true,
      noFile: expect.stringMatching(/^ENOENT: there is no such namespace/),
      closedFile: expect.stringMatching(/^EBADF: there is no open file of this number/),
      left: [[], 1],
      aborted: 'enough',
      green: false,
      leftAtLast: [[], 1],
    });
  });

  test('leaves nothing when it can’t be mounted', async ({ netns, judges }) => {
    judges('unshare', 'mount', 'setpriv');
    const script =
      'mount -t tmpfs none /run && mkdir /run/netns && chmod 0777 /run/netns && ' +
      'mount --bind /run/netns /run/netns && mount --make-shared /run/netns && exec "$@"';
    const refused = new URL('fixtures/refused-name.ts', import.meta.url).pathname;
    const { stdout, stderr } = await run(netns, 'unshare', [
      ...[...otherRun, script, 'sh', 'setpriv', '--bounding-set=-sys_admin'],
      ...[process.execPath, refused],
    ]);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      code: 'EPERM',
      syscall: 'mount',
      hint: expect.stringMatching(/^a network namespace with a name needs/),
      left: [],
    });
  });

  test.for([
    ['', 'ERR_OUT_OF_RANGE'],
    ['.', 'ERR_OUT_OF_RANGE'],
    ['..', 'ERR_OUT_OF_RANGE'],
    ['a/b', 'ERR_OUT_OF_RANGE'],
    ['a\0', 'ERR_OUT_OF_RANGE'],
    ['ü'.repeat(128), 'ERR_OUT_OF_RANGE'],
    [5, 'ERR_INVALID_ARG_TYPE'],
    [null, 'ERR_INVALID_ARG_TYPE'],
  ] as const)('is not %s', async ([name, code]) => {
    const wrong = Object({ name });
    for (const call of [
      () => NetworkNamespace.create(wrong),
      () => NetworkNamespace.open(wrong),
      () => NetworkNamespace.delete(wrong.name),
    ]) {
      await expect(call()).rejects.toMatchObject({ code });
    }
  });
});

describe('a process in a namespace', () => {
  test('is there, and this process is not', async ({ netns }) => {
    const namespaces = threadNamespaces();
    const { stdout } = await run(netns, 'readlink', ['/proc/self/ns/net']);
    expect(stdout).toBe(`net:[${netns.inode}]\n`);
    expect(threadNamespaces()).toEqual(namespaces);
    const child = await netns.exec('sleep', ['60'], { stdio: 'ignore' });
    // Its waiting thread is back as well.
    expect(threadNamespaces()).toEqual(namespaces);
    expect(child.kill('SIGKILL')).toBe(true);
    expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect(child.kill()).toBe(false);
  });

  test('has pipes, an environment and a directory', async ({ netns }) => {
    const child = await netns.exec('/bin/sh', ['-c', 'cat; echo "$A $HOME" >&2; pwd; exit 5'], {
      env: { A: 'b' },
      cwd: '/proc',
    });
    child.stdin?.end('through\n');
    const [out, error, end] = await Promise.all([
      child.stdout === null ? '' : text(child.stdout),
      child.stderr === null ? '' : text(child.stderr),
      child.exited,
    ]);
    expect({ out, error, end }).toEqual({
      out: 'through\n/proc\n',
      error: 'b \n',
      end: { code: 5, signal: null },
    });
  });

  test('has no streams with ignore', async ({ netns }) => {
    const child = await netns.exec('sh', ['-c', 'readlink /proc/$$/fd/1; cat'], {
      stdio: 'ignore',
    });
    expect([child.stdin, child.stdout, child.stderr]).toEqual([null, null, null]);
    expect(await child.exited).toEqual({ code: 0, signal: null });
  });

  test('inherits no files and blocks no signals', async ({ netns }) => {
    const script = 'ls /proc/self/fd | wc -l; grep -E "Sig(Blk|Ign)" /proc/self/status';
    const { stdout } = await run(netns, 'sh', ['-c', script]);
    const [files, ...masks] = stdout.trim().split('\n');
    // As many as a child of Node's own making has: what this process itself inherited stays.
    const others = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
    expect(files).toBe(others.stdout.split('\n')[0]);
    expect(masks.map((mask) => mask.split('\t')[1])).toEqual([
      '0000000000000000',
      '0000000000000000',
    ]);
  });

  test('leaves no pipe open that nobody uses', async ({ netns }) => {
    const ignored = async (): Promise<void> => {
      await (
        await netns.exec('true')
      ).exited;
      // More than a pipe takes at once; nobody reads it.
      const loud = await netns.exec('sh', ['-c', 'head -c 50000 /dev/zero; echo late >&2']);
      await loud.exited;
    };
    await expectNoLeaks(ignored, { times: 10 });
  });

  test('has its output read by who begins in time', async ({ netns }) => {
    const child = await netns.exec('sh', ['-c', 'echo out; echo error >&2']);
    child.stderr?.pause();
    await child.exited;
    expect(child.stdin?.destroyed).toBe(true);
    expect(child.stdout === null ? '' : await text(child.stdout)).toBe('out\n');
    // What is paused has an owner, who comes back to it.
    await new Promise((resolve) => setImmediate(resolve));
    expect(child.stderr === null ? '' : await text(child.stderr)).toBe('error\n');
  });

  test('that is not there rejects with ENOENT', async ({ netns }) => {
    await expectNoLeaks(async () => {
      const error = await nativeErrorOf(() => netns.exec('there-is-none'));
      expect(error).toMatchObject({
        message: 'ENOENT: no such file or directory, spawn there-is-none',
        code: 'ENOENT',
        errno: -2,
        syscall: 'spawn there-is-none',
      });
    });
  });

  test('is ended by its signal', async ({ netns }) => {
    const aborting = new AbortController();
    const child = await netns.exec('sleep', ['60'], {
      stdio: 'ignore',
      signal: aborting.signal,
    });
    expect(readFileSync(`/proc/${child.pid}/comm`, 'utf8')).toBe('sleep\n');
    aborting.abort();
    expect(await child.exited).toEqual({ code: null, signal: 'SIGTERM' });
    await expect(netns.exec('sleep', ['60'], { signal: aborting.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  test('takes arguments of the right kind only', async ({ netns }) => {
    const call = (...args: unknown[]): Promise<unknown> => Reflect.apply(netns.exec, netns, args);
    await expect(call('')).rejects.toThrow(RangeError);
    await expect(call(1)).rejects.toThrow(TypeError);
    await expect(call('true', 'x')).rejects.toThrow(TypeError);
    await expect(call('true', [1])).rejects.toThrow(TypeError);
    await expect(call('true', ['a\0'])).rejects.toThrow(RangeError);
    await expect(call('true', [], { stdio: 'tty' })).rejects.toThrow(RangeError);
    await expect(call('true', [], { signal: 1 })).rejects.toThrow(TypeError);
    await expect(call('true', [], { env: { A: 1 } })).rejects.toThrow(TypeError);
    await expect(call('true', [], { env: 5 })).rejects.toThrow(TypeError);
    await expect(call('true', [], { env: null })).rejects.toThrow(TypeError);
    await expect(call('true', Array(1))).rejects.toThrow(TypeError);
    for (const env of [{ 'A=B': 'c' }, { '': 'c' }, { 'A\0': 'c' }, { A: 'c\0' }]) {
      await expect(call('true', [], { env })).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    }
    const child = await netns.exec('sleep', ['60'], { stdio: 'ignore' });
    expect(() => Reflect.apply(child.kill, child, ['SIGNONE'])).toThrow(RangeError);
    child.kill('SIGKILL');
    await child.exited;
  });
});
