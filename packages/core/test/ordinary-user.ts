/**
 * Processes of an ordinary user, who may open /dev/net/tun: in a mount namespace of their own, in which they may.
 *
 * @module
 */

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { NetworkNamespace } from '@rtap/core';

const FIXTURE = new URL('fixtures/ordinary.ts', import.meta.url).pathname;

/** The user. */
export const NOBODY = 65_534;

/** Becomes that user, with no rights at all. */
const become = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
/** The same with the right to read all files: for a checkout in a folder of root's. */
const becomeReader = [...become, '--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search'];

/** Why the system forbids what these tests are about, by the word of another program; undefined: it doesn't. */
export function whyNotRootless(): string | undefined {
  try {
    const [program = '', ...args] = [
      ...become,
      'unshare',
      '--user',
      '--map-root-user',
      '--net',
      'true',
    ];
    execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    return undefined;
  } catch (error) {
    return `the system forbids user namespaces: ${error instanceof Error ? error.message : error}`;
  }
}

function mayRead(path: string): boolean {
  try {
    const [program = '', ...args] = [...become, 'cat', path];
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
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
  const { launcher = mayRead(FIXTURE) ? become : becomeReader } = options;
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
