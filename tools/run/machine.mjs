/**
 * Looks at the machine and says, as a {@link Missing}, what it lacks and how to get it.
 * @module
 */

import { accessSync, closeSync, constants, openSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

import { capture } from './process.mjs';
import { Missing } from './missing.mjs';

/** @typedef {Record<string, string | undefined>} Environment */

/**
 * The first executable file of that name on PATH.
 * @param {string} name
 * @param {Environment} env
 * @returns {string | undefined}
 */
export function find(name, env) {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      if (folder !== '' && statSync(file).isFile()) return file;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/** TAP devices and network namespaces are Linux's. */
export function checkLinux(platform = process.platform) {
  if (platform === 'linux') return;
  throw new Missing(
    `this is ${platform}, and TAP devices are made by Linux only.`,
    'run this on Linux: a virtual machine, or docker run --cap-add NET_ADMIN --cap-add SYS_ADMIN --device /dev/net/tun.',
  );
}

/**
 * The native addon is built here: cargo, new enough, and a linker.
 * @param {Environment} env
 * @param {string} root
 * @returns {string | undefined} a folder to add to PATH, when cargo is where rustup puts it but not on PATH
 */
export function checkRust(env, root) {
  let cargo = find('cargo', env);
  let folder;
  if (cargo === undefined) {
    folder = join(env.CARGO_HOME ?? join(env.HOME ?? homedir(), '.cargo'), 'bin');
    cargo = find('cargo', { PATH: folder });
  }
  if (cargo === undefined) {
    throw new Missing(
      'cargo was not found.',
      'install Rust from https://rustup.rs (or rustc and cargo of your distribution), then run this again.',
    );
  }

  const path = folder === undefined ? env.PATH : `${folder}${delimiter}${env.PATH ?? ''}`;
  const { code, stdout, stderr } = capture(cargo, ['--version'], {
    cwd: root,
    env: { ...env, PATH: path },
  });
  if (code !== 0) {
    const why = stderr.trim().split('\n')[0] ?? '';
    throw new Missing(
      `cargo does not run: ${why}`,
      'install a toolchain with rustup default stable, then run this again.',
    );
  }
  const needed = rustVersion(root);
  const found = /^cargo (\d+\.\d+)/.exec(stdout)?.[1];
  if (needed !== undefined && found !== undefined && older(found, needed)) {
    throw new Missing(
      `cargo ${found} is too old, Rust ${needed} is needed.`,
      'get a newer one with rustup update stable (https://rustup.rs), then run this again.',
    );
  }

  const linkerIsChosen = Object.keys(env).some((name) => /^CARGO_TARGET_\w+_LINKER$/.test(name));
  if (!linkerIsChosen && find('cc', env) === undefined) {
    throw new Missing(
      'no C linker (cc) was found.',
      'install one: sudo apt-get install gcc libc6-dev, or sudo dnf install gcc, then run this again.',
    );
  }
  return folder;
}

/**
 * The smallest Rust that Cargo.toml asks for.
 * @param {string} root
 */
function rustVersion(root) {
  try {
    return /^rust-version\s*=\s*"(\d+\.\d+)/m.exec(
      readFileSync(join(root, 'Cargo.toml'), 'utf8'),
    )?.[1];
  } catch {
    return undefined;
  }
}

/**
 * @param {string} a
 * @param {string} b
 */
function older(a, b) {
  const [aMajor = 0, aMinor = 0] = a.split('.').map(Number);
  const [bMajor = 0, bMinor = 0] = b.split('.').map(Number);
  return aMajor < bMajor || (aMajor === bMajor && aMinor < bMinor);
}

/** Run as root, with the PATH and the Rust of who asks. */
const asRoot = 'run it as root: sudo env "PATH=$PATH" "HOME=$HOME" npm start';

/**
 * The demo needs the TUN driver and the rights to make a device and a namespace, or a user namespace that has them.
 * @param {{ device?: string, status?: string, open?: (device: string) => void, mayHaveOwn?: () => boolean }} places the
 *   TUN device node, the process's status, which tells its capabilities, how the device is opened, and whether who may
 *   not make a namespace otherwise may have one in a user namespace
 */
export function checkTun({
  device = '/dev/net/tun',
  status = '/proc/self/status',
  open = (path) => closeSync(openSync(path, constants.O_RDWR)),
  mayHaveOwn = rootlessNamespaces,
} = {}) {
  try {
    open(device);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code === 'EACCES' || code === 'EPERM') {
      throw new Missing(
        `not allowed to open ${device} (${code}).`,
        process.getuid?.() === 0
          ? 'the container needs --device /dev/net/tun (its device cgroup forbids it), then run this again.'
          : `${asRoot}.`,
      );
    }
    throw new Missing(
      code === 'ENOENT'
        ? `${device} does not exist.`
        : `${device} has no driver behind it (${code}).`,
      'load the driver (sudo modprobe tun), or give the container --device /dev/net/tun.',
    );
  }

  const missing = missingCapabilities(status);
  if (missing.length > 0 && !mayHaveOwn()) {
    throw new Missing(
      `not allowed to make a network namespace and a TAP device in it (${missing.join(', ')}), nor a user namespace.`,
      `${asRoot}; a container needs --cap-add NET_ADMIN --cap-add SYS_ADMIN.`,
    );
  }
}

/** Where there is no `unshare` to ask, the demo itself will tell. */
function rootlessNamespaces() {
  const { code, error } = capture('unshare', ['--user', '--net', 'true'], {
    cwd: '/',
    env: process.env,
  });
  return code === 0 || error !== undefined;
}

/** Bit numbers of capabilities(7), linux/capability.h. */
const capabilities = { CAP_NET_ADMIN: 12n, CAP_SYS_ADMIN: 21n };

/** @param {string} status */
function missingCapabilities(status) {
  let effective;
  try {
    effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync(status, 'utf8'))?.[1];
  } catch {
    return [];
  }
  if (effective === undefined) return [];
  const bits = BigInt(`0x${effective}`);
  return Object.entries(capabilities)
    .filter(([, bit]) => ((bits >> bit) & 1n) === 0n)
    .map(([name]) => name);
}
