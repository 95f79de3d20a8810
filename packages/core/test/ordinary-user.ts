/**
 * Processes of an ordinary user, who may open /dev/net/tun: in a mount namespace of their own, in which they may.
 *
 * @module
 */

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { NetworkNamespace } from '@rtap/core';

const FIXTURE = new URL('fixtures/ordinary.ts', import.meta.url).pathname;

/** The user. */
export const NOBODY = 65_534;

/** Becomes that user, with no rights at all. */
const become = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
/** The right to read all files: for a checkout in a folder of root's. */
const READ_ALL = 'dac_read_search';

/** Runs a program as that user: why it fails, or nothing. */
function failureOf(...program: readonly string[]): string | undefined {
  const { status, stderr } = spawnSync('setpriv', [...become, ...program], { encoding: 'utf8' });
  return status === 0 ? undefined : stderr.trim();
}

/** Why the system forbids what these tests are about, by the word of another program; undefined: it doesn't. */
export function whyNotRootless(): string | undefined {
  const failure = failureOf('unshare', '--user', '--map-root-user', '--net', 'true');
  return failure === undefined ? undefined : `the system forbids user namespaces: ${failure}`;
}

/** A process of {@link NOBODY}'s. */
export interface OrdinaryUser {
  /** Its number. */
  readonly pid: number;
  /** Has it do something, and resolves with what it answers. */
  readonly ask: (word: string) => Promise<unknown>;
  /** The next thing that it says. */
  readonly next: () => Promise<unknown>;
  /** Kills it. */
  readonly kill: () => Promise<void>;
  /** Ends it; resolves with its exit code. */
  readonly end: () => Promise<number | null>;
}

/** How one is started. */
export interface OrdinaryUserOptions {
  /** The mode of /dev/net/tun. @default '0666' */
  readonly mode?: string;
  /** What is run before, by the shell and as root. */
  readonly before?: string;
  /** A capability that is kept, such as `net_admin`. */
  readonly capability?: string;
  /** What starts node. @default it becomes {@link NOBODY} */
  readonly launcher?: readonly string[];
  /** Arguments of the fixture. */
  readonly args?: readonly string[];
}

/** Starts a process in a namespace, which is not its own. */
export async function startOrdinaryUser(
  netns: NetworkNamespace,
  options: OrdinaryUserOptions = {},
): Promise<OrdinaryUser> {
  const { mode = '0666', before = 'true', args = [] } = options;
  const capabilities = [
    ...(failureOf('cat', FIXTURE) === undefined ? [] : [READ_ALL]),
    ...(options.capability === undefined ? [] : [options.capability]),
  ].flatMap((capability) => [`--inh-caps=+${capability}`, `--ambient-caps=+${capability}`]);
  const { launcher = ['setpriv', ...become, ...capabilities] } = options;
  const node = `mount -t tmpfs none /dev/net && mknod -m ${mode} /dev/net/tun c 10 200`;
  const child = await netns.exec('unshare', [
    ...['--mount', '--propagation', 'private', 'sh', '-c'],
    ...[`${node} && ${before} && exec "$@"`, 'sh', ...launcher],
    ...[process.execPath, FIXTURE, ...args],
  ]);
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new TypeError('no pipes');
  const errors = text(stderr);
  const lines: string[] = [];
  const reader = createInterface({ input: stdout }).on('line', (line) => lines.push(line));
  const closed = once(reader, 'close');
  const next = async (): Promise<unknown> => {
    while (lines.length === 0) {
      const ended = await Promise.race([once(reader, 'line'), closed.then(() => undefined)]);
      if (ended === undefined && lines.length === 0) throw new Error(`it ended: ${await errors}`);
    }
    return JSON.parse(lines.shift() ?? '');
  };
  const { ready: pid } = Object(await next());
  return {
    pid,
    next,
    ask: (word) => {
      stdin.write(`${word}\n`);
      return next();
    },
    kill: async () => {
      child.kill('SIGKILL');
      await child.exited;
    },
    end: async () => {
      stdin.end();
      return (await child.exited).code;
    },
  };
}
