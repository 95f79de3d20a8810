/**
 * Forwarders made with other libraries, fetched and built from what is in `peers/`.
 *
 * @module
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { findProgram } from '@rtap/testkit';

import { run } from '../src/build.ts';
import { cache } from '../src/machine.ts';
import { program } from './arena.ts';
import { THROUGHPUT } from './forwarders.ts';
import type { Forwarder } from './tcp.ts';
import type { Absent, Goal } from './workload.ts';

/** They know TUN only, or fail on TAP; so C is on TUN beside them. */
const YARDSTICK = 'C on TUN, super-frames, 1 thread';
const APPIUM = 'appium-ios-tuntap@2.0.5';
const sources = join(import.meta.dirname, 'peers');

/** Peers, and what rtap is to reach beside them. */
export interface Peers {
  readonly forwarders: readonly Forwarder[];
  readonly goals: readonly Omit<Goal, 'value'>[];
  readonly absent: readonly Absent[];
}

/** Builds those that can be built here; minutes the first time. */
export function buildPeers(): Peers {
  const groups = [c(), rust(), go(), node()];
  const forwarders = groups.flatMap((group) => (Array.isArray(group) ? group : []));
  const least: Readonly<Record<string, number>> = {
    [RAW]: 0.95,
    [BATCH]: 1,
    [WIREGUARD]: 1,
    [TAILSCALE]: 1,
  };
  return {
    forwarders,
    goals: Object.entries(least)
      .filter(([beside]) => forwarders.some(({ name }) => name === beside))
      .map(([beside, ratio]) => ({ beside, figure: THROUGHPUT, target: { least: ratio } })),
    absent: groups.flatMap((group) => (Array.isArray(group) ? [] : [group])),
  };
}

type Group = Forwarder[] | Absent;

const RAW = 'tun-rs 2.8.16, raw';
const BATCH = 'tun-rs 2.8.16, its batches';
const WIREGUARD = 'wireguard-go, its batches';
const TAILSCALE = "Tailscale's wireguard-go, its batches";

function peer(name: string, ...command: readonly string[]): Forwarder {
  return { name, command, yardstick: YARDSTICK };
}

function c(): Forwarder[] {
  const forwarder = program('forwarder');
  return [
    peer(YARDSTICK, forwarder, 'tun', 'gso', '1'),
    peer('C on TUN, super-frames, 2 threads', forwarder, 'tun', 'gso', '2'),
    peer('C on TUN, no offload', forwarder, 'tun', 'none', '1'),
  ];
}

function rust(): Group {
  return attempt('tun-rs', 'cargo', 'https://rustup.rs', () => {
    const target = join(cache, 'rust-forward');
    const manifest = join(sources, 'rust/Cargo.toml');
    const which = ['--release', '--locked', '--quiet', '--manifest-path', manifest];
    run('cargo', ['build', ...which, '--target-dir', target]);
    const file = join(target, 'release/forward-peers');
    return [
      peer(RAW, file, 'raw'),
      peer(BATCH, file, 'batch'),
      peer('tun-rs 2.8.16, no offload', file, 'plain'),
    ];
  });
}

function go(): Group {
  return attempt('wireguard-go', 'go', 'https://go.dev/dl', () => {
    const file = join(cache, 'go-forward');
    run('go', ['build', '-o', file, '.'], join(sources, 'go'));
    return [
      peer(WIREGUARD, file, 'wireguard'),
      peer('wireguard-go, raw', file, 'raw'),
      peer(TAILSCALE, file, 'tailscale'),
    ];
  });
}

/** Where what it ships compiled does not fit the C library, its install script compiles it. */
function node(): Group {
  return attempt(APPIUM, 'npm', 'https://nodejs.org', () => {
    const folder = join(cache, 'appium');
    mkdirSync(folder, { recursive: true });
    run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder, APPIUM]);
    const module = join(folder, 'node_modules/appium-ios-tuntap/lib/src/index.js');
    run(process.execPath, ['--eval', `import(${JSON.stringify(module)})`]);
    return [peer(APPIUM, process.execPath, join(sources, 'node/appium.mjs'), module)];
  });
}

/** A peer that does not build leaves the contest, and does not end it. */
function attempt(name: string, tool: string, where: string, build: () => Forwarder[]): Group {
  if (findProgram(tool) === undefined) {
    return { name, reason: `${tool} is not installed: ${where}` };
  }
  try {
    return build();
  } catch (error) {
    return { name, reason: error instanceof Error ? error.message : String(error) };
  }
}
