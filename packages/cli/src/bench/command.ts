/**
 * `rtap bench` on the command line.
 *
 * @module
 */

import type { Command } from 'commander';
import { EXIT_INTERRUPTED } from '../frame/exit-code.ts';
import { positive } from '../frame/numbers.ts';
import { commonOptions, takes } from '../frame/options.ts';
import { untilSignal } from '../frame/until-signal.ts';

/** Adds the command. */
export function addBenchCommand(program: Command): void {
  const command = program
    .command('bench')
    .description('measure how fast this machine receives, sends, forwards and answers, in 10 s')
    .option('--seconds <seconds>', 'seconds of each of the seven workloads', positive, 1.2)
    .addHelpText(
      'after',
      `
It measures on devices in a network namespace of its own: nothing else is touched. Other programs that are busy make
figures worse.

Examples:
  $ rtap bench
  $ rtap bench --seconds 5 --json`,
    )
    .action(async ({ seconds }: { readonly seconds: number }) => {
      const { json = false } = commonOptions(command);
      const { bench } = await import('./bench.ts');
      await untilSignal(async (signal) => {
        try {
          await bench({ seconds, json, signal, output: process.stdout });
        } catch (error) {
          if (!signal.aborted) throw error;
          process.exitCode = EXIT_INTERRUPTED;
        }
      });
    });
  takes(command, 'json');
}
