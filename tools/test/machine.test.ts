/**
 * What the runner says of a machine that lacks something: two lines.
 * @module
 */

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { checkLinux, checkRust, checkTun } from '../run/machine.mjs';
import { isFake } from '../run/main.mjs';
import { Missing } from '../run/missing.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rtap-machine-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Puts a program on the made-up machine. */
function program(name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

/** The two lines of what is thrown. */
function lines(check: () => unknown): string[] {
  try {
    check();
  } catch (error) {
    if (error instanceof Missing) return error.message.split('\n');
    throw error;
  }
  return [];
}

const rust = (): string[] => lines(() => checkRust({ PATH: folder, CARGO_HOME: folder }, folder));

it('names the platform that is not Linux', () => {
  expect(lines(() => checkLinux('darwin'))).toEqual([
    expect.stringMatching(/^rtap: this is darwin/),
    expect.stringMatching(/Linux/),
  ]);
  expect(lines(() => checkLinux('linux'))).toEqual([]);
});

it('needs nothing of the machine for the demo on the fake kernel', () => {
  for (const args of [
    ['--kernel', 'fake'],
    ['--keep', '--kernel=fake'],
  ]) {
    expect(isFake('demo', args)).toBe(true);
    expect(isFake('rtap', args)).toBe(false);
  }
  for (const args of [[], ['--kernel', 'real'], ['--kernel'], ['fake']]) {
    expect(isFake('demo', args)).toBe(false);
  }
});

it('asks for cargo', () => {
  expect(rust()).toEqual(['rtap: cargo was not found.', expect.stringMatching(/rustup\.rs/)]);
});

it('asks for a toolchain when cargo is only the door of rustup', () => {
  program('cargo', 'echo "error: no default is configured" >&2; exit 1');
  expect(rust()).toEqual([
    'rtap: cargo does not run: error: no default is configured',
    expect.stringMatching(/rustup default stable/),
  ]);
});

it('asks for a newer cargo than Cargo.toml allows', () => {
  program('cargo', 'echo "cargo 1.70.0 (ec8a8a0ca 2023-04-25)"');
  program('cc', '');
  writeFileSync(join(folder, 'Cargo.toml'), '[workspace.package]\nrust-version = "1.88"\n');
  expect(rust()).toEqual([
    'rtap: cargo 1.70 is too old, Rust 1.88 is needed.',
    expect.stringMatching(/rustup update/),
  ]);
});

it('asks for a C linker', () => {
  program('cargo', 'echo "cargo 1.95.0"');
  expect(rust()).toEqual([
    'rtap: no C linker (cc) was found.',
    expect.stringMatching(/apt-get install gcc/),
  ]);
  program('cc', '');
  expect(rust()).toEqual([]);
});

it.each(['EACCES', 'EPERM'])('tells a TUN device that may not be opened: %s', (code) => {
  const open = (): void => {
    throw Object.assign(new Error(code), { code });
  };
  expect(lines(() => checkTun({ open }))).toEqual([
    `rtap: not allowed to open /dev/net/tun (${code}).`,
    expect.stringMatching(/sudo|--device/),
  ]);
});

it('tells a TUN device that is missing, and one without a driver', () => {
  const device = join(folder, 'tun');
  const help = expect.stringMatching(/modprobe tun.*--device/);
  expect(lines(() => checkTun({ device }))).toEqual([`rtap: ${device} does not exist.`, help]);
  const open = (): void => {
    throw Object.assign(new Error('ENODEV'), { code: 'ENODEV' });
  };
  expect(lines(() => checkTun({ device, open }))).toEqual([
    `rtap: ${device} has no driver behind it (ENODEV).`,
    help,
  ]);
});

it('asks for the rights to make a namespace and a device, but of who may have a user namespace', () => {
  const device = join(folder, 'tun');
  const status = join(folder, 'status');
  writeFileSync(device, '');
  writeFileSync(status, 'Name:\tnode\nCapEff:\t0000000000001000\n');
  const said = (own: boolean): string[] =>
    lines(() => checkTun({ device, status, mayHaveOwn: () => own }));
  expect(said(false)).toEqual([
    'rtap: not allowed to make a network namespace and a TAP device in it (CAP_SYS_ADMIN), nor a user namespace.',
    expect.stringMatching(/sudo/),
  ]);
  expect(said(true)).toEqual([]);
  writeFileSync(status, 'CapEff:\t0000000000201000\n');
  expect(said(false)).toEqual([]);
});
