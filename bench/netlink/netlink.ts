/**
 * `bench netlink`: our decoder of links beside libmnl and the field.
 *
 * @module
 */

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { missingForNamespaces } from '@rtap/testkit';

import { chooseCpu, describeMachine, missingForC } from '../src/machine.ts';
import { writeResults } from '../src/results.ts';
import { say } from '../src/say.ts';
import { assemble, fetchNode20 } from './contenders.ts';
import { contest } from './contest.ts';
import { recordDump } from './record.ts';
import { asMarkdown, asTable, outcome } from './report.ts';

/** The options of the command. */
export interface NetlinkBenchOptions {
  /** How often every contender has its turn. */
  readonly rounds: number;
  /** Milliseconds that each runs before the first round. */
  readonly warmUp: number;
  /** Whether the peers of other toolchains take part, built where needed. */
  readonly peers: boolean;
  /** How many links are dumped. */
  readonly links: number;
  /** The processor to run on; `none`: any. Left out: the last one. */
  readonly cpu?: string;
  /** The folder for the results. */
  readonly results: string;
}

/** Runs it and prints what came out. */
export async function netlinkBench(options: NetlinkBenchOptions): Promise<void> {
  const missing = missingForC() ?? missingForNamespaces();
  if (missing !== undefined) throw new Error(missing);
  const machine = describeMachine();
  const pinnedTo = chooseCpu(options.cpu);
  if (options.peers) fetchNode20();
  say(
    options.peers
      ? 'building the contenders (peers: minutes the first time)'
      : 'building the contenders',
  );
  const { contenders, absent } = assemble(options.peers);

  const scratch = mkdtempSync(join(tmpdir(), 'rtap-bench-'));
  try {
    const dump = join(scratch, 'links.bin');
    say(`recording a dump of ${options.links} links`);
    await recordDump(dump, options.links);
    say(`${contenders.length} contenders, ${options.rounds} rounds`);
    const { digest, measured } = await contest(contenders, {
      dump,
      rounds: options.rounds,
      warmUp: options.warmUp,
      cpu: pinnedTo,
      onRound: (round) => say(`round ${round}`),
    });
    const told = outcome(measured, {
      machine,
      digest,
      bytes: statSync(dump).size,
      pinnedTo,
      absent,
    });
    console.log(asTable(told));
    const files = () => ({ json: told, markdown: asMarkdown(told) });
    console.log(await writeResults('netlink', machine, options.results, files));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
