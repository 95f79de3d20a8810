/**
 * A registry of npm's on this machine: our packages are published to it, all others come from where npm is
 * configured to get them.
 *
 * @module
 */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from './command.ts';

/** A running registry. */
export interface Registry extends AsyncDisposable {
  /** On the loopback interface. */
  readonly port: number;
}

/** A package as `tools/pack.mjs` tells of it. */
export interface Packed {
  readonly name: string;
  /** The tarball. */
  readonly file: string;
}

/** Starts Verdaccio, with all that it keeps in a folder. */
export async function startRegistry(folder: string): Promise<Registry> {
  mkdirSync(folder, { recursive: true });
  const config = join(folder, 'config.yaml');
  const upstream = await setting('registry');
  const authority = await setting('cafile');
  writeFileSync(
    config,
    // JSON is YAML.
    JSON.stringify({
      storage: join(folder, 'storage'),
      web: { enable: false },
      uplinks: {
        npm: { url: upstream, cache: true, timeout: '60s' },
      },
      packages: {
        '@rtap/*': { access: '$all', publish: '$all' },
        '**': { access: '$all', proxy: 'npm' },
      },
      max_body_size: '100mb',
      log: { type: 'stdout', level: 'fatal' },
    }),
  );
  const child = fork(join(import.meta.dirname, 'registry-process.ts'), [config], {
    env: {
      ...withoutNpm(process.env),
      // Verdaccio takes a certificate and no file; npm tells the file in the environment of what it starts.
      ...(authority === undefined ? {} : { NODE_EXTRA_CA_CERTS: authority }),
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const [port]: unknown[] = await Promise.race([once(child, 'message'), ended]);
  if (typeof port !== 'number' || child.exitCode !== null) {
    throw new Error('the registry did not start');
  }
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await ended;
    },
  };
}

/** Publishes tarballs, one by one. */
export async function publish(registry: Registry, tarballs: readonly Packed[]): Promise<void> {
  const host = `//127.0.0.1:${registry.port}/`;
  for (const { file } of tarballs) {
    // In this order: a package comes after those that it names.
    // oxlint-disable-next-line no-await-in-loop
    await command(
      'npm',
      // npm wants to know who publishes; this registry does not.
      ['publish', file, `--registry=http:${host}`, `--${host}:_authToken=anyone`],
      { env: process.env },
    );
  }
}

/** What a script of npm's has in its environment is meant for npm; it keeps Verdaccio from its uplink. */
function withoutNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.toLowerCase().startsWith('npm_')),
  );
}

/** A setting of npm's on this machine. */
async function setting(name: string): Promise<string | undefined> {
  const { stdout } = await command('npm', ['config', 'get', name], { env: process.env });
  const value = stdout.trim();
  return value === 'null' || value === 'undefined' || value === '' ? undefined : value;
}
