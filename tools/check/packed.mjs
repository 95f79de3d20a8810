/**
 * The packages as they are published: packed by pnpm, which puts the `dist` exports in.
 * @module
 */

import { cpSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { capture, Failed } from '../run/process.mjs';
import { workspaceFolders } from '../run/setup.mjs';

/** @typedef {{ name: string, folder: string, manifest: Record<string, any> }} Package */

/**
 * The packages that are published, but for those that hold only a binary for one platform.
 * @param {string} root
 * @returns {Package[]}
 */
export function publicPackages(root) {
  return workspaceFolders(root, readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8'))
    .map((folder) => {
      const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      return { name: String(manifest.name), folder: join(root, folder), manifest };
    })
    .filter(({ manifest }) => manifest.private !== true && manifest.os === undefined);
}

/**
 * Packs them into a folder.
 * @param {string} root
 * @param {string} destination
 * @param {Record<string, string | undefined>} [env] with pnpm on its PATH
 * @returns {{ name: string, file: string }[]}
 */
export function pack(root, destination, env = process.env) {
  mkdirSync(destination, { recursive: true });
  return publicPackages(root).map(({ name, folder }) => ({
    name,
    file: packFolder(folder, destination, env),
  }));
}

/**
 * Packs the packages of the binaries, the one for this machine with the addon that was built here.
 * @param {string} root
 * @param {string} folder
 * @returns {{ name: string, file: string }[]}
 */
export function packBinaries(root, folder) {
  const native = join(root, 'packages/native');
  return readdirSync(join(native, 'npm')).map((platform) => {
    const copy = join(folder, platform);
    cpSync(join(native, 'npm', platform), copy, { recursive: true });
    // As pnpm does it for what is in the workspace.
    cpSync(join(root, 'LICENSE'), join(copy, 'LICENSE'));
    const { name, main } = JSON.parse(readFileSync(join(copy, 'package.json'), 'utf8'));
    try {
      cpSync(join(native, main), join(copy, main));
    } catch {
      // Built for this platform only.
    }
    return { name: String(name), file: packFolder(copy, folder) };
  });
}

/**
 * @param {string} folder
 * @param {string} destination
 * @param {Record<string, string | undefined>} [env]
 * @returns {string} the tarball
 */
function packFolder(folder, destination, env = process.env) {
  const place = { cwd: folder, env };
  const args = ['pack', '--json', '--pack-destination', destination];
  const { code, stdout, stderr } = capture('pnpm', args, place);
  if (code !== 0) throw new Failed(`pnpm pack failed in ${folder}\n${stdout}${stderr}`, code);
  return JSON.parse(stdout).filename;
}

/**
 * Lays a package out as it is once installed.
 * @param {string} file the tarball
 * @param {string} folder
 * @param {Record<string, string | undefined>} [env]
 */
export function unpack(file, folder, env = process.env) {
  mkdirSync(folder, { recursive: true });
  const place = { cwd: folder, env };
  const { code, stderr } = capture('tar', ['-xzf', file, '--strip-components=1'], place);
  if (code !== 0) throw new Failed(`tar ${file}: ${stderr}`, code);
}
