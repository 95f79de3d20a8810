/**
 * `npm run build:targets -- [PLATFORM...] [--no-try]`: the binaries of all platforms, built on this one, judged by
 * {@link judge}, and tried: each opens a TAP device, foreign ones with musl's Node or under emulation (as root).
 * All that it needs, and what it makes, is in `.rtap/targets`.
 * @module
 */

import { cpSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { Failed, step } from '../run/process.mjs';
import { compilerFor, withLinker } from './compiler.mjs';
import { judge } from './gate.mjs';
import { nodeFor } from './node.mjs';
import { platforms } from './platforms.mjs';
import { layOut, tryOut } from './try.mjs';

/** @typedef {import('../run/main.mjs').Context} Context */

/**
 * @param {Context} context
 * @returns {Promise<number>} exit code
 */
export async function targets({ root, env, args }) {
  const tries = !args.includes('--no-try');
  const asked = args.filter((arg) => arg !== '--no-try');
  const unknown = asked.filter((name) => !Object.hasOwn(platforms, name));
  if (unknown.length > 0) {
    const known = Object.keys(platforms).join(', ');
    throw new Failed(`no such platform: ${unknown.join(', ')} (there are ${known})`, 2);
  }
  const cache = join(root, '.rtap/targets');
  mkdirSync(cache, { recursive: true });
  const linked = await withLinker(cache, env);
  if (tries) {
    await step({ label: 'building the packages' }, 'turbo', ['run', 'build'], { cwd: root, env });
    layOut(root, join(cache, 'try'), env);
  }

  let code = 0;
  for (const [name, platform] of Object.entries(platforms)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    // One after the other: each takes all cores.
    // oxlint-disable-next-line no-await-in-loop
    const binary = await build(root, cache, name, linked);
    const { problems, newest } = judge(name, readFileSync(binary));
    const size = Math.round(statSync(binary).size / 1024);
    console.log(`${name}: ${size} KB, ${newest === undefined ? 'no glibc' : `glibc ${newest}`}`);
    if (tries) {
      // oxlint-disable-next-line no-await-in-loop
      const node = await nodeFor(platform, cache, linked);
      const { problem, said } = tryOut(
        root,
        join(cache, 'try'),
        { platform: name, binary, node },
        env,
      );
      if (problem === undefined) console.log(`${name}: ${said}`);
      else problems.push(problem);
    }
    for (const problem of problems) console.error(`${name}: ${problem}`);
    if (problems.length > 0) code = 1;
  }
  return code;
}

/**
 * @param {string} root
 * @param {string} cache
 * @param {string} name
 * @param {Record<string, string | undefined>} env
 * @returns {Promise<string>} the binary
 */
async function build(root, cache, name, env) {
  const platform = platforms[name];
  if (platform === undefined) throw new Failed(`no such platform: ${name}`, 2);
  const compiler = await compilerFor(platform, cache, env);
  const folder = join(cache, 'build');
  await step(
    { label: `building for ${name}` },
    'cargo',
    ['zigbuild', '--locked', '--release', '--package', 'rtap-napi', ...compiler.args],
    { cwd: root, env: { ...compiler.env, CARGO_TARGET_DIR: folder } },
  );
  const binary = join(cache, `rtap.${name}.node`);
  cpSync(join(folder, platform.target, 'release/librtap_napi.so'), binary);
  return binary;
}
