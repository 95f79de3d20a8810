/**
 * The packages as they are published: what users get is measured, and not the sources.
 *
 * @module
 */

import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { run } from './build.ts';
import { cache, root } from './machine.ts';

const folder = join(cache, 'node_modules/@rtap');
const built = new Set<string>();

/**
 * Builds a package and those it needs, without their types, and lays them out as an installation would; once a run.
 *
 * @param name - the folder of the package in `packages`.
 * @returns the file to import.
 */
export function buildPackage(name: string): string {
  const place = join(folder, name);
  const entry = join(place, 'dist/index.js');
  if (built.has(name)) return entry;
  built.add(name);
  const source = join(root, 'packages', name);
  const manifest: unknown = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
  mkdirSync(place, { recursive: true });
  run('tsup', ['--no-dts', '--out-dir', join(place, 'dist'), '--silent'], source);
  writeFileSync(join(place, 'package.json'), JSON.stringify(published(manifest)));
  // The addon stands beside `dist`, where there is one.
  for (const file of readdirSync(source)) {
    if (file.endsWith('.node')) cpSync(join(source, file), join(place, file));
  }
  for (const needed of dependencies(manifest)) buildPackage(needed);
  return entry;
}

/** What pnpm makes of it when it is published: `publishConfig` has the last word. */
function published(manifest: unknown): object {
  if (!isRecord(manifest) || !isRecord(manifest['publishConfig'])) {
    throw new Error('a package is not one to publish');
  }
  return { ...manifest, ...manifest['publishConfig'] };
}

function dependencies(manifest: unknown): string[] {
  const needed = isRecord(manifest) ? manifest['dependencies'] : undefined;
  return Object.keys(isRecord(needed) ? needed : {})
    .filter((name) => name.startsWith('@rtap/'))
    .map((name) => name.slice('@rtap/'.length));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
