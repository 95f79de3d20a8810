import { spawnSync } from 'node:child_process';

import { describe, expect, test } from 'vitest';

import { NativeError } from '../src/errors.ts';
import { loadBinding } from '../src/load.ts';
import type { Host } from '../src/load.ts';

function host(changes: Partial<Host>): Host {
  return {
    platform: 'linux',
    arch: 'x64',
    libc: () => 'gnu',
    require: (id) => {
      throw Object.assign(new Error(`Cannot find module '${id}'\nRequire stack:\n- somewhere`), {
        code: 'MODULE_NOT_FOUND',
      });
    },
    ...changes,
  };
}

function failure(changes: Partial<Host>): NativeError {
  try {
    loadBinding(host(changes));
  } catch (error) {
    if (error instanceof NativeError) return error;
    throw error;
  }
  throw new Error('it was loaded');
}

describe('loading the addon', () => {
  test('takes a build next to the package before the platform package', () => {
    const asked: string[] = [];
    const addon = { openTap: (): void => undefined };
    const first = loadBinding(host({ require: (id) => (asked.push(id), addon) }));
    expect(first).toBe(addon);
    expect(asked).toEqual(['../rtap.linux-x64-gnu.node']);
  });

  test.each([
    ['x64', 'gnu', '@rtap/native-linux-x64-gnu'],
    ['x64', 'musl', '@rtap/native-linux-x64-musl'],
    ['arm64', 'gnu', '@rtap/native-linux-arm64-gnu'],
    ['arm64', 'musl', '@rtap/native-linux-arm64-musl'],
  ] as const)('finds the package of %s with %s', (arch, libc, expected) => {
    const addon = { openTap: (): void => undefined };
    const require: Host['require'] = (id) => {
      if (id === expected) return addon;
      throw new Error('no');
    };
    expect(loadBinding(host({ arch, libc: () => libc, require }))).toBe(addon);
  });

  test('names all that it tried, why each failed, and what to do', () => {
    const error = failure({});
    expect(error.code).toBe('ERR_RTAP_LOAD');
    expect(error.message).toBe(
      [
        'cannot load the addon of @rtap/native. Tried:',
        "  ../rtap.linux-x64-gnu.node: Cannot find module '../rtap.linux-x64-gnu.node'",
        "  @rtap/native-linux-x64-gnu: Cannot find module '@rtap/native-linux-x64-gnu'",
      ].join('\n'),
    );
    expect(error.cause).toBeInstanceOf(AggregateError);
  });

  test('says how the package is installed that npm has left out, and why it may have', () => {
    const { hint } = failure({ arch: 'arm64', libc: () => 'musl' });
    expect(hint).toContain('npm install @rtap/native-linux-arm64-musl,');
    expect(hint).toContain('--omit=optional');
    expect(hint).toContain('package-lock.json was written on another system');
  });

  test.each([
    ['invalid ELF header', 'ERR_DLOPEN_FAILED'],
    // The package without its file.
    [
      `Cannot find module '/node_modules/@rtap/native-linux-x64-gnu/rtap.linux-x64-gnu.node'`,
      'MODULE_NOT_FOUND',
    ],
  ])('tells a package that is broken from one that is missing: %s', (message, code) => {
    const { hint } = failure({
      require: (): never => {
        throw Object.assign(new Error(message), { code });
      },
    });
    expect(hint).toContain('is there and does not load');
    expect(hint).toContain('glibc 2.17');
    expect(hint).not.toContain('--omit=optional');
  });

  test('refuses a file that is something else', () => {
    expect(failure({ require: () => ({}) }).message).toContain('it is not the addon of rtap');
  });

  test.each([
    ['darwin', 'arm64'],
    ['win32', 'x64'],
    ['linux', 'riscv64'],
  ])('says that %s on %s is not one it runs on', (platform, arch) => {
    const libc = (): never => {
      throw new Error('asked for the C library');
    };
    const error = failure({ platform, arch, libc });
    expect(error.code).toBe('ERR_RTAP_LOAD');
    expect(error.message).toContain(`${platform} on ${arch}`);
  });

  test('does not happen when the package is imported', () => {
    const script = `
      process.dlopen = () => { throw new Error('an addon was loaded'); };
      const { kernel, NetworkNamespace } = await import('@rtap/native');
      if (typeof kernel.openTap !== 'function' || typeof NetworkNamespace.create !== 'function') process.exit(1);
      await NetworkNamespace.create().then(() => process.exit(2), (error) => {
        if (!error.message.includes('an addon was loaded')) process.exit(3);
      });
    `;
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
    });
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);
  });
});
