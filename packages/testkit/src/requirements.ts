/**
 * What tests and demos need of the machine, told in words that say how to get it.
 *
 * @module
 */

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The Debian packages of the programs that judge. */
const DEBIAN_PACKAGES: Readonly<Record<string, string>> = {
  ip: 'iproute2',
  tc: 'iproute2',
  bridge: 'iproute2',
  ping: 'iputils-ping',
  tcpdump: 'tcpdump',
  ethtool: 'ethtool',
  iperf3: 'iperf3',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  taskset: 'util-linux',
};

/** Finds a program as a shell does; undefined when it isn't installed. */
export function findProgram(name: string): string | undefined {
  // What belongs to root is often not on the path of others.
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders
    .map((folder) => join(folder, name))
    .find((path) => accessible(path, constants.X_OK));
}

/** Why a program can't be used as a judge, with the package to install; undefined when it can. */
export function missingProgram(name: string): string | undefined {
  if (findProgram(name) !== undefined) return undefined;
  return `${name} is not installed: apt-get install ${DEBIAN_PACKAGES[name] ?? name}`;
}

/** Why TAP devices can't be made in namespaces of their own here; undefined when they can. */
export function missingForNamespaces(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are a feature of Linux';
  if (process.geteuid?.() !== 0) return 'network namespaces need root: run it with sudo';
  if (!accessible('/dev/net/tun', constants.F_OK)) {
    return '/dev/net/tun does not exist: modprobe tun, or give the container --device /dev/net/tun';
  }
  if (!accessible('/dev/net/tun', constants.R_OK | constants.W_OK)) {
    return '/dev/net/tun may not be opened by this user';
  }
  return undefined;
}

function accessible(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
