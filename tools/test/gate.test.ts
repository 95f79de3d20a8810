import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNeeds } from '../targets/elf.mjs';
import { judge } from '../targets/gate.mjs';

/** This machine's platform: what cc makes. */
const here = `linux-${process.arch}-gnu`;
const other = `linux-${process.arch === 'x64' ? 'arm64' : 'x64'}-gnu`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rtap-gate-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A shared library, as the machine's compiler makes it of a line of C. */
function library(code: string, ...flags: readonly string[]): Uint8Array {
  const [source, file] = [join(folder, 'library.c'), join(folder, 'library.so')];
  writeFileSync(source, code);
  const made = spawnSync('cc', ['-shared', '-fPIC', '-o', file, source, ...flags]);
  expect(String(made.stderr)).toBe('');
  return readFileSync(file);
}

/** What needs a symbol of that version of glibc. */
function needing(version: string): Uint8Array {
  // An ELF file names the version that it was linked with; a name of another length would move what follows.
  const bytes = library(
    'long getrandom(void *, long, int); long f(void) { return getrandom(0, 0, 0); }',
  );
  const at = Buffer.from(bytes).indexOf('GLIBC_2.25\0');
  expect(at).toBeGreaterThan(0);
  expect(version).toHaveLength(4);
  new TextEncoder().encodeInto(version, bytes.subarray(at + 'GLIBC_'.length));
  return bytes;
}

describe('what a binary needs', () => {
  it('is what readelf says of this Node', ({ skip }) => {
    const { stdout, error } = spawnSync('readelf', ['-dVW', process.execPath], {
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
    });
    if (error !== undefined) skip('readelf is not installed (apt-get install binutils)');
    const needs = readNeeds(readFileSync(process.execPath));
    expect(needs.arch).toBe(process.arch);
    const libraries = [...stdout.matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(([, name]) => name);
    expect(needs.libraries).toEqual(libraries);
    const [, needed = ''] = stdout.split(/^Version needs section.*$/m);
    const versions = [...needed.matchAll(/ Name: (\S+)  Flags/g)].map(([, name = '']) => name);
    expect(versions.length).toBeGreaterThan(3);
    expect(needs.versions.toSorted()).toEqual(versions.toSorted());
  });

  it('is not told of what is no such file', () => {
    expect(() => readNeeds(new Uint8Array())).toThrow(RangeError);
    expect(() => readNeeds(new TextEncoder().encode('#!/bin/sh\n'.repeat(20)))).toThrow(RangeError);
    const bytes = library('int f(void) { return 0; }');
    expect(() => readNeeds(bytes.subarray(0, bytes.length / 2))).toThrow(RangeError);
  });
});

describe('the gate', () => {
  it.each([
    ['2.17', true],
    ['2.14', true],
    ['2.18', false],
    ['2.25', false],
  ])('glibc %s passes: %s', (version, passes) => {
    const { problems, newest } = judge(here, needing(version));
    expect(problems).toEqual(passes ? [] : [`needs GLIBC_${version}, newer than 2.17`]);
    expect(newest).toBe(version);
  });

  it('takes any glibc of what stays on the machine', () => {
    expect(judge(here, needing('2.25'), { anyGlibc: true }).problems).toEqual([]);
  });

  it('compares numbers, not words', () => {
    // Of 2.9 and 2.17 the second is newer.
    const bytes = needing('2.9\0');
    expect(judge(here, bytes).problems).toEqual([]);
  });

  it('refuses another processor, other libraries, and the other C library', () => {
    const bytes = needing('2.17');
    expect(judge(other, bytes).problems[0]).toContain(`is for ${process.arch}`);
    expect(judge(here.replace('gnu', 'musl'), bytes).problems).toEqual([
      'needs libc.so.6, which a machine may lack',
      'needs GLIBC_2.17, and musl has none',
    ]);
    const odd = library('int f(void) { return 0; }', '-Wl,--no-as-needed', '-lresolv');
    expect(judge(here, odd).problems.join()).toContain(
      'needs libresolv.so.2, which a machine may lack',
    );
    const alone = library('int f(void) { return 0; }', '-nostdlib');
    expect(judge(here, alone).problems).toEqual(['needs no glibc: not linked to it']);
    expect(judge(here.replace('gnu', 'musl'), alone).problems).toEqual([]);
    expect(judge('linux-mips-gnu', bytes).problems).toEqual(['no such platform: linux-mips-gnu']);
  });

  it('ends with 1 for a file that it refuses', () => {
    const gate = new URL('../targets/gate.mjs', import.meta.url).pathname;
    const file = join(folder, `rtap.${here}.node`);
    const run = (): number | null => spawnSync(process.execPath, [gate, file]).status;
    writeFileSync(file, needing('2.17'));
    expect(run()).toBe(0);
    writeFileSync(file, needing('2.18'));
    expect(run()).toBe(1);
    expect(spawnSync(process.execPath, [gate]).status).toBe(2);
  });
});
