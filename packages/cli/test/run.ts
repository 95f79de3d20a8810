/**
 * `rtap run --json`, started as a user starts it.
 *
 * @module
 */

import type { ChildProcess } from 'node:child_process';
import type { NetworkNamespace } from '@rtap/core';
import { ipJson, run } from '@rtap/testkit';
import { expect } from 'vitest';
import { ip } from './ip.ts';
import { linesOf, start } from './rtap.ts';
import type { Json } from './rtap.ts';

/** The command takes a second to start on a busy machine. */
export const PATIENCE = { timeout: 20_000 };

/** A run that is ready. */
export interface Running {
  readonly child: ChildProcess;
  readonly lines: readonly Json[];
}

/** Starts it in a namespace and waits until it is ready. */
export async function startRun(
  netns: NetworkNamespace,
  ...args: readonly string[]
): Promise<Running> {
  const child = start('run', '--json', '--netns', netns.path, ...args);
  const lines = linesOf(child);
  await expect.poll(() => lines.length > 0 || child.exitCode !== null, PATIENCE).toBe(true);
  expect(lines[0]).toMatchObject({ event: 'ready' });
  return { child, lines };
}

/** The lines of an event. */
export function those({ lines }: Running, event: string): readonly Json[] {
  return lines.filter((line) => line['event'] === event);
}

/** An interface in the last line of statistics, or of the summary. */
export function last(running: Running, name: string, event = 'stats'): Json {
  const interfaces: unknown = those(running, event).at(-1)?.['interfaces'];
  if (!Array.isArray(interfaces)) return {};
  const found: Json | undefined = interfaces.find((each: Json) => each['name'] === name);
  return found ?? {};
}

/** A number of such an interface. */
export function count(running: Running, name: string, counter: string, event = 'stats'): number {
  return Number(last(running, name, event)[counter]);
}

/** A counter of an interface, as ip tells it: what the kernel transmits is what the command receives. */
export async function kernelCount(
  netns: NetworkNamespace,
  name: string,
  way: 'rx' | 'tx',
): Promise<number> {
  const [link]: Json[] = Object.values(Object(await ipJson(netns, ['-s', 'link', 'show', name])));
  return Number(Object(Object(link?.['stats64'])[way])['packets']);
}

/** Frames from the kernel to a device: pings to a neighbour that nobody answers for. */
export async function sendTo(netns: NetworkNamespace, name: string, how: string): Promise<void> {
  const address = '192.0.2.99';
  await ip(netns, [
    `addr replace 192.0.2.1/24 dev ${name}`,
    `neigh replace ${address} lladdr 02:00:00:00:00:99 dev ${name}`,
  ]);
  await run(netns, 'ping', ['-q', '-n', '-I', name, ...how.split(' '), address]);
}

/** Moves an interface by ip. */
export async function move(
  from: NetworkNamespace,
  name: string,
  to: NetworkNamespace,
): Promise<void> {
  const { code, stderr } = await run(from, 'ip', ['link', 'set', name, 'netns', to.path]);
  expect([code, stderr]).toEqual([0, '']);
}

/** Waits until an interface is there and set up. */
export async function isUp(netns: NetworkNamespace, name: string): Promise<void> {
  await expect
    .poll(async () => {
      const links = await ipJson(netns, ['link', 'show', 'up']);
      return Array.isArray(links) && links.some((link: Json) => link['ifname'] === name);
    }, PATIENCE)
    .toBe(true);
}

/** Whether three pings are answered. */
export async function answered(
  netns: NetworkNamespace,
  address: string,
  size = 56,
): Promise<boolean> {
  const args = ['-n', '-q', '-c', '3', '-i', '0.05', '-w', '10', '-s', String(size), address];
  return (await run(netns, 'ping', args)).code === 0;
}
