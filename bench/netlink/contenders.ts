/**
 * Who competes, and how each is built from what is in `contenders/`.
 *
 * @module
 */

import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { findProgram } from '@rtap/testkit';

import { run } from '../src/build.ts';
import { cache, findNode, missingForC, nodeVersion } from '../src/machine.ts';
import { buildPackage } from '../src/packages.ts';

/** Contenders are judged by their ratio to this one. */
export const YARDSTICK = 'libmnl typed';

/** One process of the contest. */
export interface Contender {
  /** What the tables call it. */
  readonly name: string;
  /** The program. */
  readonly file: string;
  /** Its arguments, with {@link DUMP} for the file of the dump. */
  readonly args: readonly string[];
  /** At most this much of the median of `libmnl typed` (`mnl_attr_parse` for a walk): the project's target. */
  readonly target?: { readonly of: string; readonly ratio: number };
}

/** A contender that cannot compete here. */
export interface Absent {
  /** What the tables would have called it. */
  readonly name: string;
  /** Why, and how to get it. */
  readonly reason: string;
}

/** Stands for the file of the dump in a contender's arguments. */
export const DUMP = '{dump}';

const TABLE = 'libmnl mnl_attr_parse';
const sources = join(import.meta.dirname, 'contenders');
const PYROUTE2 = '0.9.7';
const NODE_20 = '20.19.6';

/**
 * Those that can compete on this machine, built; and those that cannot.
 *
 * @param peers - whether to build and take the peers that other toolchains make.
 */
export function assemble(peers: boolean): { contenders: Contender[]; absent: Absent[] } {
  mkdirSync(cache, { recursive: true });
  const groups = [c(), rtap(process.execPath), node20(), npmNetlink()];
  if (peers) groups.push(go(), rust(), pyroute2());
  return {
    contenders: groups.flatMap((group) => (Array.isArray(group) ? group : [])),
    absent: groups.flatMap((group) => (Array.isArray(group) ? [] : [group])),
  };
}

type Group = Contender[] | Absent;

/** Without these there is no yardstick, so no contest. */
function c(): Contender[] {
  const missing = missingForC();
  if (missing !== undefined) throw new Error(missing);
  const file = join(cache, 'link');
  const flags = ['-O2', '-Wall', '-Wextra', '-o', file];
  run('gcc', [...flags, join(sources, 'c/link.c'), '-lmnl']);
  return [
    { name: 'C, one switch: the floor', file, args: [DUMP, 'floor'] },
    { name: TABLE, file, args: [DUMP, 'table'] },
    { name: YARDSTICK, file, args: [DUMP, 'typed'] },
    { name: `${YARDSTICK}, as lazy`, file, args: [DUMP, 'typed-lazy'] },
  ];
}

function rtap(node: string): Contender[] {
  const dist = dirname(buildPackage('netlink'));
  const version = nodeVersion(node) ?? '';
  const old = version.startsWith('v20.');
  const contender = (mode: string, target?: Contender['target']): Contender => ({
    name: `rtap ${mode}, Node ${version.slice(1)}`,
    file: node,
    args: [join(sources, 'rtap.mjs'), DUMP, mode, dist],
    ...(target === undefined ? {} : { target }),
  });
  return [
    contender('messages'),
    contender('walk', old ? undefined : { of: TABLE, ratio: 0.75 }),
    contender('lazy', { of: YARDSTICK, ratio: old ? 1 : 0.85 }),
    contender('eager', { of: YARDSTICK, ratio: old ? 2.6 : 1.7 }),
  ];
}

function node20(): Group {
  const node = findNode(20);
  if (node !== undefined) return rtap(node);
  return { name: 'rtap, Node 20', reason: 'no Node 20 on PATH: --peers fetches one' };
}

function npmNetlink(): Contender[] {
  const args = [join(sources, 'npm-netlink.mjs'), DUMP];
  return [
    { name: `npm netlink 0.3.0, Node ${process.versions.node}`, file: process.execPath, args },
  ];
}

function go(): Group {
  const name = 'Go: jsimonetti/rtnetlink, vishvananda/netlink';
  if (findProgram('go') === undefined)
    return { name, reason: 'go is not installed: https://go.dev/dl' };
  const file = join(cache, 'go-peers');
  return attempt(name, () => {
    run('go', ['build', '-o', file, '.'], join(sources, 'go'));
    return [
      { name: 'Go jsimonetti/rtnetlink 2.0.2', file, args: [DUMP, 'jsimonetti'] },
      { name: 'Go vishvananda/netlink 1.3.1', file, args: [DUMP, 'vishvananda'] },
    ];
  });
}

function rust(): Group {
  const name = 'Rust: netlink-bindings, netlink-packet-route';
  if (findProgram('cargo') === undefined)
    return { name, reason: 'cargo is not installed: https://rustup.rs' };
  const target = join(cache, 'rust');
  const manifest = join(sources, 'rust/Cargo.toml');
  const build = (profile: string): string => {
    const which = ['--locked', '--quiet', '--manifest-path', manifest];
    run('cargo', ['build', '--profile', profile, ...which, '--target-dir', target]);
    return join(target, profile, 'link-peers');
  };
  return attempt(name, () => {
    const file = build('release');
    return [
      { name: 'Rust netlink-bindings 0.3.5', file, args: [DUMP, 'bindings'] },
      { name: 'Rust netlink-bindings, LTO', file: build('lto'), args: [DUMP, 'bindings'] },
      { name: 'Rust netlink-packet-route 0.34.0', file, args: [DUMP, 'packet-route'] },
    ];
  });
}

function pyroute2(): Group {
  const name = `pyroute2 ${PYROUTE2}`;
  if (findProgram('python3') === undefined) {
    return { name, reason: 'python3 is not installed: apt-get install python3 python3-venv' };
  }
  const folder = join(cache, `pyroute2-${PYROUTE2}`);
  const file = join(folder, 'bin/python');
  return attempt(name, () => {
    run('python3', ['-m', 'venv', folder]);
    run(file, ['-m', 'pip', 'install', '--quiet', `pyroute2==${PYROUTE2}`]);
    return [{ name, file, args: [join(sources, 'pyroute2_link.py'), DUMP] }];
  });
}

/** Fetches a Node 20 where there is none, for `--peers`. */
export function fetchNode20(): void {
  if (findNode(20) !== undefined || (process.arch !== 'x64' && process.arch !== 'arm64')) return;
  const folder = join(cache, 'node20');
  mkdirSync(folder, { recursive: true });
  const fetched = `node-linux-${process.arch}@${NODE_20}`;
  run('npm', ['install', '--no-save', '--prefix', folder, '--no-audit', '--no-fund', fetched]);
}

/** A peer that does not build leaves the contest, and does not end it. */
function attempt(name: string, build: () => Contender[]): Group {
  try {
    return build();
  } catch (error) {
    return { name, reason: error instanceof Error ? error.message : String(error) };
  }
}
