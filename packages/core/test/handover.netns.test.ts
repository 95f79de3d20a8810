/**
 * Queues in the hands of real processes: Node's and Python's, killed and refused.
 *
 * @module
 */

import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { attachTap, openTap } from '@rtap/core';
import type { AttachTapOptions, NetworkNamespace, OpenTapOptions, ShareOptions } from '@rtap/core';
import { expectNoLeaks, ipJson, run, sendFrames } from '@rtap/testkit';
import { test as base } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';

const PROCESS = new URL('fixtures/handover-process.ts', import.meta.url).pathname;
const PYTHON = new URL('fixtures/handover.py', import.meta.url).pathname;
const HOSTILE = new URL('fixtures/hostile.py', import.meta.url).pathname;
const GIVE = new URL('fixtures/give-file.py', import.meta.url).pathname;
const NOBODY = 65_534;
const AS_NOBODY: readonly string[] = [
  ...['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--inh-caps=-all'],
];

/** Sends a broadcast frame of the ethertype that the fixtures look for. */
async function send(netns: NetworkNamespace, name: string, fill: number): Promise<void> {
  const frame = new Uint8Array(60).fill(fill);
  frame.fill(0xff, 0, 6);
  frame.set([2, 0, 0, 0, 0, 8, 0x88, 0xb5], 6);
  await sendFrames({ netns, interface: name, frames: [frame] });
}

/** A process that says what happens, a line each. */
class Other {
  readonly pid: number;
  readonly exited: Promise<unknown>;
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly #write: (line: string) => void;
  readonly #lines: AsyncIterator<string>;

  private constructor(process: Awaited<ReturnType<NetworkNamespace['exec']>>) {
    const { stdin, stdout, stderr } = process;
    if (stdin === null || stdout === null || stderr === null) throw new TypeError('no pipes');
    stderr.on('data', (chunk: Uint8Array) => globalThis.process.stderr.write(chunk));
    this.pid = process.pid;
    this.exited = process.exited;
    this.kill = (signal) => process.kill(signal);
    this.#write = (line) => stdin.write(`${line}\n`);
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  static async start(
    netns: NetworkNamespace,
    [file = '', ...args]: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Other> {
    const path = process.env['PATH'] ?? '';
    return new Other(await netns.exec(file, args, { stdio: 'pipe', env: { PATH: path, ...env } }));
  }

  static attach(
    netns: NetworkNamespace,
    options: AttachTapOptions,
    launcher: readonly string[] = [],
  ): Promise<Other> {
    const command = [process.execPath, PROCESS, 'attach', JSON.stringify(options)];
    return Other.start(netns, [...launcher, ...command]);
  }

  static share(
    netns: NetworkNamespace,
    options: OpenTapOptions & { readonly share: ShareOptions },
  ): Promise<Other> {
    return Other.start(netns, [process.execPath, PROCESS, 'share', JSON.stringify(options)]);
  }

  tell(line: string): void {
    this.#write(line);
  }

  /** The words of the next line. */
  async next(): Promise<string> {
    const { done, value } = await this.#lines.next();
    return done === true ? 'ended' : value;
  }

  /** The next line that begins with a word; others are passed over. */
  async until(word: string): Promise<string> {
    for (;;) {
      const line = await this.next();
      if (line.split(' ')[0] === word) return line;
      if (line === 'ended' || line.startsWith('failed')) {
        throw new Error(`waiting for '${word}': ${line}`);
      }
    }
  }
}

const test = base.extend<{
  readonly place: NetworkNamespace;
  readonly path: string;
}>({
  // One a test: what a test that fails has left in the hands of a process is in no other's way.
  place: async ({ createTestNamespace }, use) => {
    await use(await createTestNamespace());
  },
  path: async ({ place }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'rtap-'));
    chmodSync(folder, 0o755);
    await use(join(folder, `${place.inode}.rtap`));
    rmSync(folder, { recursive: true });
  },
});

async function names(netns: NetworkNamespace): Promise<readonly string[]> {
  const links = (await ipJson(netns, ['link', 'show'])) as readonly { readonly ifname: string }[];
  return links.map(({ ifname }) => ifname).filter((name) => name !== 'lo');
}

/** Waits until an interface is gone: the kernel closes files of a process that was killed in its own time. */
async function untilGone(netns: NetworkNamespace): Promise<void> {
  await expect.poll(() => names(netns)).toEqual([]);
}

describe('another process', () => {
  test('receives and sends by a queue, and hears of the link', async ({
    place: netns,
    judges,
    path,
  }) => {
    judges('ip');
    const tap = await openTap({ netns, name: 'share0', queues: 2 });
    const share = await tap.share({ path, queues: [0, 1] });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const other = await Other.attach(netns, { path });
    expect(await other.until('ready')).toMatch(
      `ready share0 ${tap.ifindex} up ${tap.info().offloads.granted.join(',')}`,
    );
    expect(share.holders).toMatchObject([{ pid: other.pid, uid: 0, queues: [0, 1] }]);
    await send(netns, 'share0', 5);
    expect(await other.until('frame')).toBe('frame 60 5');
    const before = await tap.stats();
    other.tell('send 6');
    expect(await other.until('sent')).toBe('sent true');
    const [link] = (await ipJson(netns, ['-s', 'link', 'show', 'dev', 'share0'])) as readonly {
      readonly stats64: { readonly rx: { readonly packets: number } };
    }[];
    expect(link?.stats64.rx.packets).toBe(1);
    expect(before.txPackets).toBe(0n);
    await tap.linkDown();
    expect(await other.until('link')).toBe('link down');
    await tap.linkUp();
    expect(await other.until('link')).toBe('link up');
    other.tell('close');
    await other.exited;
    await tap.close();
    expect([await names(netns), existsSync(path)]).toEqual([[], false]);
  });

  test('in another namespace without any right has all of that', async ({
    place: netns,
    judges,
    path,
    createTestNamespace,
  }) => {
    judges('ip', 'setpriv');
    const elsewhere = await createTestNamespace();
    const tap = await openTap({ netns, name: 'share0', queues: 2 });
    await tap.share({ path, mode: 0o666, queues: [0, 1], allow: { uid: NOBODY } });
    const other = await Other.attach(elsewhere, { path }, AS_NOBODY);
    expect(await other.until('ready')).toMatch(`ready share0 ${tap.ifindex} up`);
    await send(netns, 'share0', 5);
    expect(await other.until('frame')).toBe('frame 60 5');
    await tap.linkDown();
    expect(await other.until('link')).toBe('link down');
    await tap.linkUp();
    expect(await other.until('link')).toBe('link up');
    other.tell('close');
    await other.exited;
    await tap.close();
  });

  test('of another user is refused when nobody has named it', async ({
    place: netns,
    judges,
    path,
  }) => {
    judges('ip', 'setpriv');
    const tap = await openTap({ netns, name: 'share0', queues: 2 });
    const share = await tap.share({ path, mode: 0o666, queues: [1] });
    const refused = new Promise((resolve) => {
      share.once('refused', (peer) => resolve(peer));
    });
    const other = await Other.attach(netns, { path }, AS_NOBODY);
    expect(await other.next()).toMatch(/^failed EACCES .*user 65534.* - .*allow/u);
    expect(await refused).toMatchObject({ uid: NOBODY, gid: NOBODY, pid: other.pid });
    // And doesn't even reach it with the mode that there is when nothing is said.
    await share.close();
    await tap.share({ path, queues: [1] });
    const kept = await Other.attach(netns, { path }, AS_NOBODY);
    expect(await kept.next()).toMatch(/^failed EACCES .*connect/u);
    await tap.close();
  });

  test('goes on when the first one is killed, and the interface goes with it', async ({
    place: netns,
    judges,
    path,
  }) => {
    judges('ip');
    const owner = await Other.share(netns, {
      ...{ name: 'share0', queues: 2 },
      share: { path, queues: [0, 1] },
    });
    await owner.until('ready');
    const other = await Other.attach(netns, { path, queues: 1 });
    const last = await Other.attach(netns, { path, queues: 1 });
    await Promise.all([other.until('ready'), last.until('ready')]);
    owner.kill('SIGKILL');
    await owner.exited;
    other.tell('send 7');
    expect(await other.until('sent')).toBe('sent true');
    other.kill('SIGKILL');
    await other.exited;
    // Its queue goes with it, and all frames are the last one's.
    await expect
      .poll(() => ipJson(netns, ['-d', 'link', 'show', 'dev', 'share0']))
      .toMatchObject([{ linkinfo: { info_data: { numqueues: 1 } } }]);
    await send(netns, 'share0', 8);
    expect(await last.until('frame')).toBe('frame 60 8');
    // What the first one has left in the file system is in nobody's way.
    expect(existsSync(path)).toBe(true);
    const late = await Other.attach(netns, { path });
    expect(await late.next()).toMatch(/^failed ECONNREFUSED .* - .*nobody listens/u);
    const again = await openTap({ netns, name: 'again0', queues: 2 });
    await again.share({ path, queues: [1] });
    await again.close();
    expect(existsSync(path)).toBe(false);
    last.kill('SIGKILL');
    await last.exited;
    await untilGone(netns);
  });

  test('that is killed gives its queue back', async ({ place: netns, judges, path }) => {
    judges('ip');
    const tap = await openTap({ netns, name: 'share0', queues: 2 });
    const share = await tap.share({ path, queues: [1] });
    const other = await Other.attach(netns, { path });
    await other.until('ready');
    const returned = new Promise((resolve) => {
      share.once('returned', (holder) => resolve(holder));
    });
    other.kill('SIGKILL');
    expect(await returned).toMatchObject({ pid: other.pid, queues: [1] });
    await share.close();
    expect(tap.queue(1).transferred).toBe(false);
    expect(tap.queue(1).rxBurst().count).toBeGreaterThanOrEqual(0);
    await tap.close();
    expect(await names(netns)).toEqual([]);
  });

  test('hears that the interface is gone', async ({ place: netns, judges, path }) => {
    judges('ip');
    const tap = await openTap({ netns, name: 'share0', queues: 2 });
    await tap.share({ path, queues: [1] });
    const other = await Other.attach(netns, { path });
    await other.until('ready');
    await run(netns, 'ip', ['link', 'del', 'dev', 'share0']);
    expect(await other.until('removed')).toBe('removed');
    await tap.close();
  });

  test('leaves nothing behind, with a queue or refused', async ({ place: netns, path }) => {
    const tap = await openTap({ netns, name: 'share0', queues: 2 });
    await expectNoLeaks(
      async () => {
        const share = await tap.share({ path, queues: [1] });
        const other = await attachTap({ path });
        await expect(attachTap({ path })).rejects.toMatchObject({ code: 'EBUSY' });
        const returned = new Promise((resolve) => {
          share.once('returned', resolve);
        });
        await other.close();
        await returned;
        await share.close();
      },
      { times: 3 },
    );
    await tap.close();
  });
});

describe('a program in Python', () => {
  test('has a queue by the protocol alone, and survives the first one', async ({
    place: netns,
    judges,
    path,
  }) => {
    judges('ip', 'python3');
    const owner = await Other.share(netns, {
      ...{ name: 'share0', queues: 2 },
      share: { path, queues: [0, 1] },
    });
    const [, , ifindex] = (await owner.until('ready')).split(' ');
    const python = await Other.start(netns, ['python3', PYTHON, path]);
    expect(await python.until('ready')).toBe(`ready share0 ${ifindex} up [0, 1]`);
    expect(await owner.until('taken')).toBe('taken 0 0,1');
    await send(netns, 'share0', 3);
    expect(await python.until('frame')).toBe('frame 60 3');
    python.tell('send 4');
    expect(await python.until('sent')).toBe('sent True');
    const second = await Other.start(netns, ['python3', PYTHON, path]);
    expect(await second.next()).toMatch(/^failed EBUSY 0 of 2 queues are free/u);
    owner.kill('SIGKILL');
    await owner.exited;
    await send(netns, 'share0', 9);
    expect(await python.until('frame')).toBe('frame 60 9');
    python.tell('send 4');
    expect(await python.until('sent')).toBe('sent True');
    python.kill('SIGKILL');
    await python.exited;
    await untilGone(netns);
  });
});

describe('a process that is not to be trusted', () => {
  test.for([
    ['version', 'ERR_RTAP_PROTOCOL', /is of version 2/u],
    ['text', 'ERR_RTAP_PROTOCOL', /is no JSON/u],
    ['long', 'ERR_RTAP_PROTOCOL', /more than 65536 bytes/u],
    ['few', 'ERR_RTAP_PROTOCOL', /3 files came/u],
    ['many', 'ERR_RTAP_PROTOCOL', /240 files came/u],
    ['namespace', 'ERR_RTAP_PROTOCOL', /NS_GET_NSTYPE/u],
    ['sockets', 'ERR_RTAP_PROTOCOL', /SO_DOMAIN|SO_PROTOCOL/u],
    ['queue', 'ENOTTY', /TUNGETIFF/u],
    ['identity', 'ERR_RTAP_IDENTITY', /identity/u],
    ['end', 'ECONNRESET', /without an answer/u],
  ] as const)(
    '%s: %s, and all that came is closed',
    async ([kind, code, message], { place: netns, judges, path }) => {
      judges('python3');
      await expectNoLeaks(async () => {
        const python = await Other.start(netns, ['python3', HOSTILE, path, kind]);
        await python.until('ready');
        await expect(attachTap({ path })).rejects.toMatchObject({
          ...{ name: 'RtapError', code, message: expect.stringMatching(message) },
        });
        await python.exited;
        rmSync(path);
      });
    },
  );
});

describe('a socket that is passed to a process', () => {
  const started = (
    netns: NetworkNamespace,
    kind: string,
    mode: string,
    [path, options]: readonly [path: string, options: unknown],
  ): Promise<Other> =>
    Other.start(
      netns,
      ['python3', GIVE, kind, process.execPath, PROCESS, mode, JSON.stringify(options)],
      { SOCKET_PATH: path },
    );

  test('is listened on, or spoken by', async ({ place: netns, judges, path }) => {
    judges('python3');
    const owner = await started(netns, 'listening', 'share', [
      path,
      { name: 'share0', queues: 2, share: { socket: 3, queues: [0, 1] } },
    ]);
    await owner.until('ready');
    const other = await started(netns, 'connected', 'attach', [path, { socket: 3 }]);
    expect(await other.until('ready')).toMatch(/^ready share0 /u);
    await send(netns, 'share0', 5);
    expect(await other.until('frame')).toBe('frame 60 5');
    owner.tell('close');
    await owner.exited;
    other.tell('send 6');
    expect(await other.until('sent')).toBe('sent true');
    other.tell('close');
    await other.exited;
  });

  test('is refused when it is another one', async ({ place: netns, judges, path }) => {
    judges('python3');
    const file = await started(netns, 'null', 'attach', [path, { socket: 3 }]);
    expect(await file.next()).toMatch(/^failed ERR_RTAP_PROTOCOL .*SOCK_SEQPACKET/u);
    const listening = await started(netns, 'listening', 'attach', [path, { socket: 3 }]);
    expect(await listening.next()).toMatch(/^failed EINVAL .*is no connection/u);
  });
});

describe('a file that is passed to a process', () => {
  /** Starts a process that inherits a file made by Python. */
  const given = (
    netns: NetworkNamespace,
    kind: string,
    env: Readonly<Record<string, string>> = { RTAP_FD: '3' },
    options: AttachTapOptions = {},
  ): Promise<Other> =>
    Other.start(
      netns,
      ['python3', GIVE, kind, process.execPath, PROCESS, 'attach', JSON.stringify(options)],
      env,
    );

  test.for([
    ['plain', { RTAP_FD: '3' }, 'none'],
    ['vnet', { RTAP_FD: '3' }, 'none'],
    ['header12', { RTAP_FD: '3' }, 'none'],
    ['two', { RTAP_FD: '3,4' }, 'none'],
    ['plain', { LISTEN_FDS: '1' }, 'none'],
    ['two', { LISTEN_FDS: '2', LISTEN_FDNAMES: 'rtap:rtap' }, 'none'],
  ] as const)('%s by %o is a device', async ([kind, env], { place: netns, judges }) => {
    judges('ip', 'python3');
    const other = await given(netns, kind, env);
    expect(await other.until('ready')).toMatch(/^ready given0 \d+ down none$/u);
    await run(netns, 'ip', ['link', 'set', 'dev', 'given0', 'up']);
    expect(await other.until('link')).toBe('link up');
    await send(netns, 'given0', 5);
    expect(await other.until('frame')).toBe('frame 60 5');
    other.tell('send 6');
    expect(await other.until('sent')).toBe('sent true');
    other.tell('environment');
    expect(await other.until('environment')).toBe('environment none none');
    other.tell('close');
    expect(await other.until('closed')).toBe('closed');
    await other.exited;
    expect(await names(netns)).toEqual([]);
  });

  test('grants what is asked for, if there is a header', async ({ place: netns, judges }) => {
    judges('ip', 'python3');
    const vnet = await given(netns, 'vnet', undefined, { offloads: 'auto' });
    expect(await vnet.until('ready')).toMatch(/ checksum,tso4/u);
    vnet.tell('close');
    await vnet.exited;
    const plain = await given(netns, 'plain', undefined, { offloads: 'auto' });
    expect(await plain.until('ready')).toMatch(/ none$/u);
    plain.tell('close');
    await plain.exited;
    const named = await given(netns, 'plain', undefined, { offloads: { checksum: true } });
    expect(await named.next()).toMatch(/^failed EINVAL .*IFF_VNET_HDR/u);
    await named.exited;
  });

  test.for([
    ['null', { RTAP_FD: '3' }, /^failed ENOTTY .*not one of \/dev\/net\/tun/u],
    ['none', { RTAP_FD: '300' }, /^failed EBADF .*no open file/u],
    ['unattached', { RTAP_FD: '3' }, /^failed EBADFD .*TUNSETIFF comes first/u],
    ['tun', { RTAP_FD: '3' }, /^failed EINVAL .*is a TUN/u],
    ['information', { RTAP_FD: '3' }, /^failed EINVAL .*IFF_NO_PI/u],
    ['detached', { RTAP_FD: '3' }, /^failed EINVAL .*detached/u],
    ['different', { RTAP_FD: '3,4' }, /^failed EINVAL .*different devices/u],
    ['plain', { RTAP_FD: 'three' }, /^failed EINVAL .*RTAP_FD is the number/u],
    ['plain', {}, /^failed ENOENT .*neither RTAP_FD nor LISTEN_FDS/u],
    ['plain', { LISTEN_FDS: '0' }, /^failed EINVAL .*LISTEN_FDS is a count/u],
    ['plain', { LISTEN_FDS: '1', LISTEN_FDNAMES: 'http' }, /^failed ENOENT .*is 'rtap'/u],
  ] as const)('%s by %o is refused', async ([kind, env, refusal], { place: netns, judges }) => {
    judges('ip', 'python3');
    const other = await given(netns, kind, env);
    expect(await other.next()).toMatch(refusal);
    await other.exited;
    expect(await names(netns)).toEqual([]);
  });

  test('comes from Node as well, as a stream of a child', async ({ place: netns, judges }) => {
    judges('ip', 'nsenter');
    await run(netns, 'ip', ['tuntap', 'add', 'dev', 'one0', 'mode', 'tap', 'vnet_hdr']);
    const tap = await openTap({ netns, name: 'one0', adopt: true });
    // Of the device's file and its copy, whichever: they are the same open file.
    const fd = readdirSync('/proc/self/fd').find((number) => interfaceOf(number) === 'one0');
    await expect(attachTap({ netns, fd: Number(fd) })).rejects.toMatchObject({ code: 'EBUSY' });
    const child = spawn(
      'nsenter',
      [`--net=${netns.path}`, process.execPath, PROCESS, 'attach', '{}'],
      { stdio: ['pipe', 'pipe', 'inherit', Number(fd)], env: { ...process.env, RTAP_FD: '3' } },
    );
    const { stdin, stdout } = child;
    if (stdin === null || stdout === null) throw new TypeError('no pipes');
    const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toMatch(/^ready one0 \d+ up /u);
    await tap.close();
    stdin.write('send 1\n');
    expect(await nextOf(lines, 'sent')).toBe('sent true');
    stdin.end();
    await new Promise((resolve) => {
      child.once('exit', resolve);
    });
    await run(netns, 'ip', ['link', 'del', 'dev', 'one0']);
  });
});

/** Which interface a file of /dev/net/tun is of, as the kernel tells of each open file. */
function interfaceOf(fd: string): string | undefined {
  try {
    return /^iff:\s(.*)$/mu.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

async function nextOf(lines: AsyncIterator<string>, word: string): Promise<string> {
  for (;;) {
    const { done, value } = await lines.next();
    if (done === true) return 'ended';
    if (value.startsWith(word)) return value;
  }
}
