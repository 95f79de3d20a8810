/**
 * The benchmarks' command: `npm run bench -- netlink`.
 *
 * @module
 */

import { join, resolve } from 'node:path';

import { Command, InvalidArgumentError } from 'commander';

import { netlinkBench, type NetlinkBenchOptions } from '../netlink/netlink.ts';
import { root } from './machine.ts';

const program = new Command('bench')
  .description('benchmarks against the field')
  .showHelpAfterError();

program
  .command('netlink')
  .description('decoding of links beside libmnl and other libraries')
  .option('--rounds <count>', 'turns of every contender', count, 8)
  .option('--warm-up <milliseconds>', 'running before the first round', count, 500)
  .option('--links <count>', 'links in the dump, about', count, 1001)
  .option('--cpu <number>', 'processor to run on, or none (default: the last one)')
  .option('--results <folder>', 'where the results go', join(root, 'bench/results'))
  .option('--peers', 'with the peers of other toolchains, which are fetched and built', false)
  .action(async (options: NetlinkBenchOptions) => {
    const from = process.env['INIT_CWD'] ?? process.cwd();
    await netlinkBench({ ...options, results: resolve(from, options.results) });
  });

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? `rtap: ${error.message}` : error);
  process.exitCode = 1;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('a whole number from 1 on');
  return value;
}
