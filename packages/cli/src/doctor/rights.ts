/**
 * What this process is allowed.
 *
 * @module
 */

import { accessSync, constants, readFileSync } from 'node:fs';
import type { Finding } from './finding.ts';

/** CAP_NET_ADMIN, a bit of a capability set (linux/capability.h). */
export const CAP_NET_ADMIN = 12n;
const CAP_SYS_ADMIN = 21n;
/** Both at once, as it takes away what it is not told. */
const SET_CAPABILITIES = `sudo setcap cap_net_admin,cap_sys_admin+ep ${process.execPath}`;

/** Whether /dev/net/tun is there, and may be opened. */
export function tunNode(): Finding {
  try {
    accessSync('/dev/net/tun', constants.R_OK | constants.W_OK);
    return { verdict: 'ok', text: '/dev/net/tun can be opened' };
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return missing
      ? {
          verdict: 'failed',
          text: '/dev/net/tun does not exist',
          fix: 'sudo modprobe tun, or give the container --device /dev/net/tun',
        }
      : {
          verdict: 'failed',
          text: '/dev/net/tun may not be opened by this user',
          fix: 'run as root, or let others open it: sudo chmod 0666 /dev/net/tun',
        };
  }
}

/** The capabilities that are needed, with what for. */
export function capabilities(): readonly Finding[] {
  return [
    capability(
      CAP_NET_ADMIN,
      'CAP_NET_ADMIN',
      "needed for devices among the host's own interfaces",
    ),
    capability(
      CAP_SYS_ADMIN,
      'CAP_SYS_ADMIN',
      'needed for network namespaces that are not rootless',
    ),
  ];
}

function capability(bit: bigint, name: string, purpose: string): Finding {
  if (hasCapability(bit)) return { verdict: 'ok', text: `${name} is there` };
  return {
    verdict: 'skipped',
    text: `${name} is missing, ${purpose}`,
    fix: `run as root, or give it to Node.js: ${SET_CAPABILITIES}; a container: --cap-add ${name.slice('CAP_'.length)}`,
  };
}

/** Whether this process has a capability now. */
export function hasCapability(bit: bigint): boolean {
  const set = /^CapEff:\s*([0-9a-f]+)$/m.exec(readText('/proc/self/status') ?? '')?.[1];
  return set !== undefined && (BigInt(`0x${set}`) >> bit) % 2n === 1n;
}

/** What a file of the system says; undefined where there is none, or it is not to be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
