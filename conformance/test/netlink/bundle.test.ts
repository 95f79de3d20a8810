import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { build, type BuildResult, type Metafile } from 'esbuild';
import { describe, expect, it } from 'vitest';

const netlink = join(import.meta.dirname, '../../../packages/netlink');
const { exports } = JSON.parse(readFileSync(join(netlink, 'package.json'), 'utf8')) as {
  readonly exports: Readonly<Record<string, string>>;
};
/** Files of families by the name of the family's sub-path, told by where its entry is. */
const families = Object.keys(exports)
  .filter((path) => path.startsWith('./') && path !== './package.json')
  .map((path) => path.slice(2));

/** What two families have: counters of a link in answers to RTM_GETSTATS, flags of traffic control in actions. */
const shared = new Set(['link/statistics', 'tc/flags']);

/** Bundles a program for browsers, as a user's bundler does. */
function bundle(program: string): Promise<BuildResult<{ write: false; metafile: true }>> {
  return build({
    stdin: { contents: program, resolveDir: netlink, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'iife',
    globalName: 'bundled',
    platform: 'browser',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
}

/** The files below `src` of which something has stayed. */
function kept(metafile: Metafile): string[] {
  return Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([path]) => /packages\/netlink\/src\/(.*)\.ts$/.exec(path)?.[1] ?? []);
}

/** The families that files belong to: a family's own, and what only it has. */
function familiesOf(files: readonly string[]): string[] {
  return families.filter((name) =>
    files.some((file) => file === name || file.startsWith(`${name}/`)),
  );
}

describe('bundles of @rtap/netlink', () => {
  it('know all families', () => {
    expect(families.length).toBeGreaterThan(10);
  });

  it.each(families)('%s alone, out of the whole package', async (name) => {
    const own = await bundle(`export * from './src/${name}.ts';`);
    const functions = [...own.outputFiles[0]!.text.matchAll(/(?:decode|encode)[A-Z]\w+/g)];
    const names = [...new Set(functions.map(([word]) => word))];
    expect(names.length).toBeGreaterThanOrEqual(3);
    const { metafile } = await bundle(`export { ${names.join(', ')} } from './src/index.ts';`);
    expect(familiesOf(kept(metafile).filter((file) => !shared.has(file)))).toEqual([name]);
  });

  it('are empty when nothing is used', async () => {
    const { metafile, outputFiles } = await bundle(`import './src/index.ts';`);
    expect(kept(metafile)).toEqual([]);
    expect(outputFiles[0]!.text.length).toBeLessThan(100);
  });

  it('run where nothing of Node is', async () => {
    const { outputFiles } = await bundle(`export * from './src/index.ts';`);
    // What every browser has, and no more: not even a console.
    const context = createContext({ TextDecoder, TextEncoder });
    runInContext(`'use strict'; ${outputFiles[0]!.text}; globalThis.bundled = bundled;`, context);
    const told: unknown = runInContext(
      `const { decodeLink, encodeLink, messages, MalformedError } = bundled;
       const request = { index: 3, name: 'tap0 \\u00e9', mtu: 1500, info: { kind: 'tun', data: { owner: 7 } } };
       const [message] = messages(encodeLink(16, request, { flags: 0, sequence: 1 }));
       const link = decodeLink(message);
       let error;
       try { [...messages(new Uint8Array(5))]; } catch (caught) { error = caught instanceof MalformedError && caught.offset; }
       JSON.stringify([link.index, link.name, link.mtu, link.info.data.owner, error])`,
      context,
    );
    expect(told).toBe('[3,"tap0 é",1500,7,0]');
  });
});
