/**
 * Finds and loads the addon, when something first needs it.
 *
 * Importing this package loads nothing, so that types, the fake kernel and programs that only may
 * need a device work on any system.
 *
 * @module
 */

import { createRequire } from 'node:module';

import type * as Binding from './binding.d.ts';
import { NativeError } from './errors.ts';

/** What the addon exports. */
export type NativeBinding = typeof Binding;

/** What the choice of a binary depends on. */
export interface Host {
  /** `process.platform` */
  readonly platform: string;
  /** `process.arch` */
  readonly arch: string;
  /** Which C library Node runs on; asked for on Linux only. */
  readonly libc: () => 'gnu' | 'musl';
  /** Loads a file by its path from this module, or a package by its name. */
  readonly require: (id: string) => unknown;
}

const ARCHITECTURES: readonly string[] = ['x64', 'arm64'];

let loaded: NativeBinding | undefined;

/**
 * The addon, loaded by the first call.
 *
 * @throws NativeError with code 'ERR_RTAP_LOAD' that names all that was tried, and why each failed.
 */
export function binding(): NativeBinding {
  loaded ??= loadBinding({
    platform: process.platform,
    arch: process.arch,
    libc: libcOfProcess,
    require: createRequire(import.meta.url),
  });
  return loaded;
}

/**
 * Loads the addon for a host: a build next to this package first, then the package of the platform.
 *
 * @throws NativeError with code 'ERR_RTAP_LOAD'.
 */
export function loadBinding(host: Host): NativeBinding {
  if (host.platform !== 'linux' || !ARCHITECTURES.includes(host.arch)) {
    throw new NativeError(
      `@rtap/native needs Linux on x64 or arm64; this is ${host.platform} on ${host.arch}`,
      { code: 'ERR_RTAP_LOAD', hint: 'use a Linux machine, or the fake kernel of @rtap/testkit' },
    );
  }
  const platform = `linux-${host.arch}-${host.libc()}`;
  const name = `@rtap/native-${platform}`;
  const failures: unknown[] = [];
  let tried = '';
  for (const id of [`../rtap.${platform}.node`, name]) {
    try {
      return asBinding(host.require(id));
    } catch (error) {
      failures.push(error);
      tried += `\n  ${id}: ${reason(error)}`;
    }
  }
  throw new NativeError(`cannot load the addon of @rtap/native. Tried:${tried}`, {
    code: 'ERR_RTAP_LOAD',
    hint: isMissing(failures.at(-1), name) ? howToInstall(name) : howToRepair(name, host.libc()),
    cause: new AggregateError(failures),
  });
}

/** Whether a package is not there at all, other than one that can't be loaded. */
function isMissing(error: unknown, name: string): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === 'MODULE_NOT_FOUND' &&
    error.message.startsWith(`Cannot find module '${name}'`)
  );
}

/** npm leaves the package out for either of two reasons, and says neither. */
function howToInstall(name: string): string {
  return (
    `${name} is an optional dependency that was not installed: npm leaves it out with --omit=optional ` +
    `(or --no-optional), and when package-lock.json was written on another system ` +
    `(https://github.com/npm/cli/issues/4828). Install it by its name, npm install ${name}, ` +
    'or remove node_modules and package-lock.json and run npm install again'
  );
}

function howToRepair(name: string, libc: 'gnu' | 'musl'): string {
  return (
    `${name} is there and does not load: remove node_modules and install again` +
    (libc === 'gnu' ? '; it needs glibc 2.17 or newer' : '')
  );
}

function asBinding(loadedModule: unknown): NativeBinding {
  if (!isBinding(loadedModule)) throw new Error('it is not the addon of rtap');
  return loadedModule;
}

function isBinding(value: unknown): value is NativeBinding {
  return typeof value === 'object' && value !== null && 'openTap' in value;
}

function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // What follows the first line is Node's list of who required it.
  return message.split('\n', 1)[0] ?? message;
}

/** A report is slow to make with its network part, which may ask the DNS. */
function libcOfProcess(): 'gnu' | 'musl' {
  const { report } = process;
  // Node 20 has it, its types of that time don't.
  const before: unknown = Reflect.get(report, 'excludeNetwork');
  Reflect.set(report, 'excludeNetwork', true);
  const made: unknown = report.getReport();
  Reflect.set(report, 'excludeNetwork', before);
  const header =
    typeof made === 'object' && made !== null && 'header' in made ? made.header : undefined;
  const glibc =
    typeof header === 'object' && header !== null && 'glibcVersionRuntime' in header
      ? header.glibcVersionRuntime
      : undefined;
  return glibc === undefined ? 'musl' : 'gnu';
}
