/**
 * What the parity suite has in common: quiet devices, pairs of them, and judges that are not ours.
 *
 * @module
 */

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { openTap } from '@rtap/core';
import type {
  EngineName,
  FrameBatch,
  NetworkNamespace,
  OpenTapOptions,
  TapDevice,
} from '@rtap/core';
import { createBridge, ipJson, run } from '@rtap/testkit';

/** What `ip -j -d -s link` shows of an interface, as far as the suite asks. */
export interface Shown {
  readonly ifname: string;
  readonly ifindex: number;
  readonly flags: readonly string[];
  readonly operstate: string;
  readonly mtu: number;
  readonly address: string;
  readonly promiscuity: number;
  readonly min_mtu: number;
  readonly max_mtu: number;
  readonly txqlen: number;
  readonly linkinfo: {
    readonly info_data: { readonly numqueues: number; readonly numdisabled: number };
  };
  readonly stats64: Readonly<Record<'rx' | 'tx', Readonly<Record<string, number>>>>;
}

/** Asks `ip`. */
export async function shown(netns: NetworkNamespace, name: string): Promise<Shown> {
  const links = (await ipJson(netns, ['-d', '-s', 'link', 'show', 'dev', name])) as Shown[];
  if (links[0] === undefined) throw new Error(`ip shows no ${name}`);
  return links[0];
}

/** The names of all interfaces, by `ip`. */
export async function names(netns: NetworkNamespace): Promise<readonly string[]> {
  const links = (await ipJson(netns, ['link', 'show'])) as Shown[];
  return links.map(({ ifname }) => ifname);
}

/** Whether `ip` shows it up, with its carrier and not dormant: IFF_UP and IFF_RUNNING. */
export async function upByIp(netns: NetworkNamespace, name: string): Promise<boolean> {
  const { flags, operstate } = await shown(netns, name);
  return flags.includes('UP') && !flags.includes('NO-CARRIER') && operstate !== 'DORMANT';
}

/** Runs `ip`, which is to succeed. */
export async function ip(netns: NetworkNamespace, ...args: readonly string[]): Promise<void> {
  const { code, stderr } = await run(netns, 'ip', args);
  if (code !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr.trim()}`);
}

/** Runs many commands of `ip` while JavaScript stands still: nobody has heard of them when it returns. */
export function ipMeanwhile(netns: NetworkNamespace, commands: readonly string[]): void {
  const input = commands.map((command) => `${command}\n`).join('');
  execFileSync('nsenter', [`--net=${netns.path}`, 'ip', '-batch', '-'], { input });
}

/** The file descriptors of /dev/net/tun that the kernel polls for this process: `tfd` of its epoll files. */
export function polledTunFiles(): readonly number[] {
  const files = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [{ fd, path: readlinkSync(`/proc/self/fd/${fd}`) }];
    } catch {
      // The one that is read from is gone by now.
      return [];
    }
  });
  const tun = new Set(files.filter(({ path }) => path === '/dev/net/tun').map(({ fd }) => fd));
  return files
    .filter(({ path }) => path === 'anon_inode:[eventpoll]')
    .flatMap(({ fd }) => [
      ...readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8').matchAll(/^tfd:\s+(\d+)/gm),
    ])
    .flatMap(([, fd = '']) => (tun.has(fd) ? [Number(fd)] : []));
}

/** Opens a device to which the kernel sends nothing by itself: no IPv6. */
export async function openQuiet(
  netns: NetworkNamespace,
  options: OpenTapOptions = {},
): Promise<TapDevice> {
  const tap = await openTap({ ...options, netns, start: false });
  await ip(netns, 'link', 'set', 'dev', tap.name, 'addrgenmode', 'none');
  await tap.start();
  return tap;
}

/** What a device tells, in words. */
export function record(tap: TapDevice): string[] {
  const events: string[] = [];
  tap.on('link', ({ status }) => events.push(status));
  tap.on('renamed', (name) => events.push(`renamed ${name}`));
  tap.on('mtu', (mtu) => events.push(`mtu ${mtu}`));
  tap.on('macAddress', (address) => events.push(`macAddress ${address}`));
  tap.on('moved', () => events.push('moved'));
  tap.on('removed', () => events.push('removed'));
  tap.on('resync', (reason) => events.push(`resync ${reason}`));
  return events;
}

/** Two devices with a bridge between them. */
export interface Pair {
  readonly tap: TapDevice;
  /** What it sends, `tap` receives. */
  readonly peer: TapDevice;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/** Opens a pair, with nothing else on their bridge. */
export async function openPair(
  netns: NetworkNamespace,
  name: string,
  options: {
    readonly queues?: number;
    readonly mtu?: number;
    readonly engine?: EngineName;
  } = {},
): Promise<Pair> {
  const { queues = 1, mtu = 1500, engine = 'syscall' } = options;
  const tap = await openTap({ netns, name, queues, engine, start: false });
  const peer = await openTap({ netns, name: `${name}p`, engine, start: false });
  await createBridge({ netns, name: `${name}b`, ports: [tap.name, peer.name], mtu });
  await peer.start();
  await tap.start();
  return {
    tap,
    peer,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([tap.close(), peer.close()]);
      await ip(netns, 'link', 'del', 'dev', `${name}b`);
    },
  };
}

export const BROADCAST: readonly number[] = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
export const MULTICAST: readonly number[] = [0x01, 0, 0x5e, 0, 0, 1];
export const UNICAST: readonly number[] = [0x02, 0, 0, 0, 0, 9];

/** A frame of an EtherType for local experiments, whose bytes tell its number and where they stand. */
export function frame(
  length = 60,
  number = 0,
  destination: readonly number[] = UNICAST,
): Uint8Array {
  const bytes = new Uint8Array(length).map((_, index) => (index * 7 + number * 13) & 0xff);
  bytes.set([...destination, 2, 0, 0, 0, 0, 1, 0x88, 0xb5, (number >> 8) & 0xff, number & 0xff]);
  return bytes;
}

/** `count` frames, each with its number. */
export function frames(count: number, length = 60): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, number) => frame(length, number));
}

/** Sends frames through a queue, in as few bursts as they fit in; each burst is to be consumed whole. */
export function transmit(tap: TapDevice, sent: readonly Uint8Array[], queue = 0): void {
  const batch = tap.createBatch();
  const burst = (): void => {
    const consumed = tap.queue(queue).txBurst(batch);
    if (consumed !== batch.count) throw new Error(`${consumed} of ${batch.count} consumed`);
    batch.clear();
  };
  for (const one of sent) {
    if (batch.push(one)) continue;
    burst();
    batch.push(one);
  }
  burst();
}

/** Reads all that waits in a queue. */
export function receive(tap: TapDevice, queue = 0): Uint8Array[] {
  const received: Uint8Array[] = [];
  for (;;) {
    const batch: FrameBatch = tap.queue(queue).rxBurst(1000);
    if (batch.count === 0) return received;
    for (let index = 0; index < batch.count; index += 1) received.push(batch.copy(index));
  }
}

/** Reads all that waits in all queues. */
export function receiveAll(tap: TapDevice): Uint8Array[] {
  return Array.from({ length: tap.queueCount }, (_, queue) => receive(tap, queue)).flat();
}

export function hex(bytes: readonly Uint8Array[]): string[] {
  return bytes.map((one) => Buffer.from(one).toString('hex'));
}

/** Starts tcpdump on an interface; resolves, when it listens, to what resolves with the frames it has seen, as hex. */
export async function capture(
  netns: NetworkNamespace,
  name: string,
  count: number,
): Promise<{ readonly seen: Promise<string[]> }> {
  const dump = await netns.exec(
    'tcpdump',
    [
      '-i',
      name,
      '-n',
      '-xx',
      '-l',
      '-c',
      `${count}`,
      '--immediate-mode',
      'ether',
      'proto',
      '0x88b5',
    ],
    { stdio: 'pipe' },
  );
  if (dump.stdout === null || dump.stderr === null) throw new TypeError('tcpdump has no output');
  let text = '';
  const ended = once(dump.stdout, 'end');
  dump.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  await once(dump.stderr, 'data');
  return {
    seen: ended.then(() =>
      text
        .split(/^(?=\d\d:)/m)
        .map((packet) =>
          [...packet.matchAll(/^\s+0x[0-9a-f]+:\s+([0-9a-f ]+)$/gm)]
            .map((line) => line[1]?.replaceAll(' ', ''))
            .join(''),
        ),
    ),
  };
}
