/**
 * `rtap doctor`: what this machine can do, and how to get what is missing.
 *
 * @module
 */

import { release } from 'node:os';
import type { Writable } from 'node:stream';
import { NetworkNamespace, openTap } from '@rtap/core';
import type { KernelEngine } from '@rtap/core';
import { missingProgram } from '@rtap/testkit';
import { NetlinkClient } from '@rtap/transport';
import { EXIT_FAILED, EXIT_OK } from '../frame/exit-code.ts';
import { writeJsonLine } from '../frame/json-output.ts';
import type { Terminal } from '../terminal.ts';
import { createOwnNamespace } from '../own-namespace.ts';
import type { Finding } from './finding.ts';
import { checkLimits } from './limits.ts';
import { proveOffloads } from './offloads.ts';
import { CAP_NET_ADMIN, capabilities, hasCapability, readText, tunNode } from './rights.ts';

/**
 * Runs all checks and writes what they found; returns the exit code: 1 when no TAP device can be opened, or an offload
 * that the kernel grants is not what it should be.
 *
 * @param json - takes an object a line instead of text: `{"event":"finding","verdict","text","fix"}` for each check, and
 *   `{"event":"summary","ready","text"}` at the end.
 */
export async function runDoctor(terminal: Terminal, json?: Writable): Promise<number> {
  const tried = await tryDevice();
  const findings = [
    machine(),
    tunNode(),
    ...capabilities(),
    await rootless(),
    await openRequest(),
    ...tried.device,
    ...checkLimits(readText, hasCapability(CAP_NET_ADMIN)),
    judge(),
  ];
  const all = [...findings, ...tried.offloads];
  const problem = hasFailed(findings)
    ? 'a TAP device cannot be opened here'
    : hasFailed(tried.offloads) &&
      'a TAP device can be opened here, but not every offload is right';
  const ready = problem === false;
  const text = ready ? 'ready: try "rtap demo"' : problem;
  if (json === undefined) writeFindings(terminal, all, text);
  else {
    for (const finding of all) writeJsonLine(json, { event: 'finding', ...finding });
    writeJsonLine(json, { event: 'summary', ready, text });
  }
  return ready ? EXIT_OK : EXIT_FAILED;
}

function writeFindings(terminal: Terminal, findings: readonly Finding[], summary: string): void {
  terminal.heading('rtap doctor');
  for (const { verdict, text, fix } of findings) {
    terminal.verdict(verdict, text);
    if (fix !== undefined) terminal.detail(`fix: ${fix}`);
  }
  terminal.line();
  terminal.line(summary);
}

function hasFailed(findings: readonly Finding[]): boolean {
  return findings.some(({ verdict }) => verdict === 'failed');
}

function machine(): Finding {
  const text = `${process.platform} ${release()} on ${process.arch}, Node.js ${process.versions.node}`;
  if (process.platform === 'linux') return { verdict: 'ok', text };
  return { verdict: 'failed', text, fix: 'TAP devices of this kind exist on Linux only' };
}

/** Whether namespaces can be made without any right. */
async function rootless(): Promise<Finding> {
  try {
    const netns = await NetworkNamespace.create({ rootless: true });
    await netns.close();
    return { verdict: 'ok', text: 'rootless network namespaces can be made' };
  } catch (error) {
    const text = `no rootless network namespace can be made: ${said(error)}`;
    return { verdict: 'skipped', text, ...fixOf(error) };
  }
}

/** The binding loads, and rtnetlink answers. */
async function openRequest(): Promise<Finding> {
  try {
    const client = await NetlinkClient.open();
    try {
      await client.getLink({ name: 'lo' });
    } finally {
      await client.close();
    }
    return { verdict: 'ok', text: 'the native binding loads, and rtnetlink answers' };
  } catch (error) {
    return { verdict: 'failed', text: said(error), ...fixOf(error) };
  }
}

/** The real thing, on throwaway devices in a namespace of its own. */
async function tryDevice(): Promise<{
  readonly device: readonly Finding[];
  readonly offloads: readonly Finding[];
}> {
  let netns: NetworkNamespace;
  try {
    netns = await createOwnNamespace();
  } catch (error) {
    // Without a namespace of its own the host would have to be touched: that is left to the user.
    const text = `no device was tried: ${said(error)}`;
    const verdict = hasCapability(CAP_NET_ADMIN) ? 'skipped' : 'failed';
    return { device: [{ verdict, text, ...fixOf(error) }], offloads: [] };
  }
  try {
    const tap = await openTap({ netns, queues: 2, engine: 'io_uring' });
    const { linkStateChange, engine } = tap.info();
    await tap.close();
    const device: Finding[] = [
      {
        verdict: 'ok',
        text: `a TAP device with 2 queues opens, starts and closes${netns.rootless ? ', in a rootless network namespace' : ''}`,
      },
      ioUring(engine),
      linkStateChange.filtered === true
        ? { verdict: 'ok', text: "the kernel keeps other interfaces' link events away" }
        : { verdict: 'skipped', text: "other interfaces' link events wake this process too" },
    ];
    return { device, offloads: await proveOffloads(netns) };
  } catch (error) {
    return { device: [{ verdict: 'failed', text: said(error), ...fixOf(error) }], offloads: [] };
  } finally {
    await netns.close();
  }
}

/** Whether bursts can be carried out by io_uring, and if not, why: a device works without. */
function ioUring({ name, reason = 'unknown error' }: KernelEngine): Finding {
  if (name === 'io_uring') return { verdict: 'ok', text: 'io_uring carries out bursts' };
  const [, why = reason, fix] = /^(\w+: [^:]+): (.+)$/.exec(reason) ?? [];
  const text = `io_uring is refused, system calls carry out bursts: ${why}`;
  return { verdict: 'skipped', text, ...(fix === undefined ? {} : { fix }) };
}

function judge(): Finding {
  const missing = missingProgram('ping');
  if (missing === undefined) return { verdict: 'ok', text: 'ping is installed' };
  return {
    verdict: 'skipped',
    text: 'ping is not installed: the demo pings by itself',
    fix: missing,
  };
}

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function fixOf(error: unknown): { readonly fix?: string } {
  if (error instanceof Error && 'hint' in error && typeof error.hint === 'string') {
    return { fix: error.hint };
  }
  return {};
}
