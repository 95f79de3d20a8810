/**
 * The binaries that there are: the one that was built for this machine, and those that are to be published.
 * @module
 */

import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

import { judge } from '../targets/gate.mjs';

/**
 * Judges them; the newest glibc counts for what is published only, as this machine's compiler links with its own.
 * @param {string} root
 * @returns {{ problems: string[], figures: string }}
 */
export function binaries(root) {
  const native = join(root, 'packages/native');
  const own = addons(native).map((file) => ({ file, anyGlibc: true }));
  const published = readdirSync(join(native, 'npm'))
    .flatMap((platform) => addons(join(native, 'npm', platform)))
    .map((file) => ({ file, anyGlibc: false }));
  const judged = [...own, ...published].map(({ file, anyGlibc }) => {
    const platform = basename(file).replace(/^rtap\.(.*)\.node$/, '$1');
    const { problems, newest } = judge(platform, readFileSync(file), { anyGlibc });
    const built = anyGlibc ? ', not to be published' : '';
    return {
      problems: problems.map((problem) => `${file}: ${problem}`),
      figure: `${platform}: ${newest === undefined ? 'no glibc' : `glibc ${newest}`}${built}`,
    };
  });
  return {
    problems: judged.flatMap(({ problems }) => problems),
    figures: judged.map(({ figure }) => figure).join(', '),
  };
}

/** @param {string} folder */
function addons(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.node'))
    .map((name) => join(folder, name));
}
