/**
 * The platforms that a binary is published for.
 * @module
 */

/**
 * @typedef {object} Platform
 * @property {'x64' | 'arm64'} arch as in `process.arch`
 * @property {'gnu' | 'musl'} libc the C library that Node is linked to
 * @property {string} target as Rust calls it
 * @property {string} debian the architecture, as Debian calls it
 */

/** By the end of the package's name. @type {Readonly<Record<string, Platform>>} */
export const platforms = {
  'linux-x64-gnu': platform('x64', 'gnu'),
  'linux-x64-musl': platform('x64', 'musl'),
  'linux-arm64-gnu': platform('arm64', 'gnu'),
  'linux-arm64-musl': platform('arm64', 'musl'),
};

/**
 * @param {Platform['arch']} arch
 * @param {Platform['libc']} libc
 * @returns {Platform}
 */
function platform(arch, libc) {
  const machine = arch === 'x64' ? 'x86_64' : 'aarch64';
  return {
    arch,
    libc,
    target: `${machine}-unknown-linux-${libc}`,
    debian: arch === 'x64' ? 'amd64' : 'arm64',
  };
}
