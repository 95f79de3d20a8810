/**
 * The commands of `node tools/run.mjs`.
 * @module
 */

import { join } from 'node:path';

import { checkLinux, checkTun } from './machine.mjs';
import { Missing } from './missing.mjs';
import { Failed, foreground } from './process.mjs';
import { prepare } from './setup.mjs';
import { targets } from '../targets/main.mjs';
import { soak, test } from './tests.mjs';

/** @typedef {{ root: string, env: Record<string, string | undefined>, node: string, args: string[] }} Context */

/**
 * Whether a command is the demo on the fake kernel, which needs neither Linux nor the native addon.
 * @param {string} name
 * @param {string[]} args
 */
export function isFake(name, args) {
  const at = args.indexOf('--kernel');
  return (
    name === 'demo' && (args.includes('--kernel=fake') || (at >= 0 && args[at + 1] === 'fake'))
  );
}

/** @type {Record<string, { about: string, check?: () => void, run: (context: Context) => Promise<number> }>} */
const commands = {
  demo: {
    about: 'the demo: npm start',
    check: () => checkTun(),
    run: (context) => rtap({ ...context, args: ['demo', ...context.args] }),
  },
  rtap: { about: 'the rtap command from the sources: npm run -s rtap -- ARGS', run: rtap },
  test: { about: 'all tests: npm test -- [ARGS for vitest]', run: test },
  soak: {
    about: 'the long versions of tests that have one: npm run soak -- [ARGS for vitest]',
    run: soak,
  },
  check: {
    about: 'everything a change must pass beside the tests: npm run check -- [STEP...]',
    run: ({ root, env, node, args }) =>
      foreground(node, ['tools/check.mjs', ...args], { cwd: root, env }),
  },
  build: {
    about: 'what is published: npm run build',
    run: ({ root, env, args }) =>
      foreground('turbo', ['run', 'build', ...args], { cwd: root, env }),
  },
  targets: {
    about: 'the binaries of all platforms: npm run build:targets -- [PLATFORM...] [--no-try]',
    run: targets,
  },
  bench: {
    about: 'benchmarks: npm run bench, the data path; npm run bench -- --help',
    run: ({ root, env, node, args }) =>
      foreground(node, [join(root, 'bench/src/main.ts'), ...args], { cwd: root, env }),
  },
  fuzz: {
    about: 'bytes that nobody sends, for as long as you like: npm run fuzz -- --seconds 600',
    run: ({ root, env, node, args }) =>
      foreground(node, [join(root, 'tools/fuzz/main.ts'), ...args], { cwd: root, env }),
  },
  docs: {
    about: 'the site, guides and API, into docs/api: npm run docs',
    run: ({ root, env, args }) => foreground('typedoc', args, { cwd: root, env }),
  },
};

/**
 * Runs the `rtap` command from its TypeScript sources, in the caller's folder.
 * @param {Context} context
 */
async function rtap({ root, env, node, args }) {
  // Under npm, npm's death is the end as well.
  if (env.npm_lifecycle_event !== undefined) await import('./end-with-parent.mjs');
  const preload = new URL('end-with-parent.mjs', import.meta.url).href;
  const command = ['--import', preload, join(root, 'packages/cli/src/bin.ts'), ...args];
  return foreground(node, command, { cwd: env.INIT_CWD ?? process.cwd(), env }, { insist: true });
}

/**
 * Runs a command and sets the exit code.
 * @param {string[]} argv
 */
export async function main([name = '', ...args]) {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    const list = Object.entries(commands).map(([key, { about }]) => `  ${key.padEnd(7)} ${about}`);
    console.error(`usage: node tools/run.mjs COMMAND [ARGS]\n\n${list.join('\n')}`);
    process.exitCode = 2;
    return;
  }
  const root = join(import.meta.dirname, '../..');
  try {
    const fake = isFake(name, args);
    if (!fake) {
      checkLinux();
      command.check?.();
    }
    const ready = await prepare(root, process.env, { native: !fake });
    process.exitCode = await command.run({ ...ready, root, args });
  } catch (error) {
    if (!(error instanceof Missing || error instanceof Failed)) throw error;
    const way =
      name === 'demo' && error instanceof Missing
        ? ' Or see it without: npm start -- --kernel fake'
        : '';
    console.error(`${error.message}${way}`);
    process.exitCode = error instanceof Failed ? error.code : 1;
  }
}
