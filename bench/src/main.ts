/**
 * The benchmarks' command: `npm run bench`.
 *
 * @module
 */

import { join, resolve } from 'node:path';

import { Command, InvalidArgumentError } from 'commander';

import { datapathBench, type DatapathBenchOptions } from '../datapath/datapath.ts';
import { lscBench, type LscBenchOptions } from '../lsc/lsc.ts';
import { netlinkBench, type NetlinkBenchOptions } from '../netlink/netlink.ts';
import { root } from './machine.ts';

const program = new Command('bench')
  .description('benchmarks against the field')
  .showHelpAfterError();

program
  .command('datapath', { isDefault: true })
  .description('frames through a device, beside C and other libraries; what is run without a name')
  .option('--least <rounds>', 'rounds that there are in any case', count, 7)
  .option('--most <rounds>', 'rounds after which there are no more', count, 31)
  .option('--visits <count>', 'turns of every contender in a round', count, 5)
  .option('--warm-up <visits>', 'turns before the first round', whole, 20)
  .option('--chunks <count>', 'fillings of a queue, with 512 frames, in a visit', count, 40)
  .option('--pings <count>', 'pings in a visit', count, 4000)
  .option('--seconds <count>', 'seconds of TCP in a visit', count, 2)
  .option('--frames <count>', 'frames over which memory is looked at', count, 10_000_000)
  .option('--idle <seconds>', 'how long an idle device, and the event loop, are watched', count, 5)
  .option(
    '--only <parts...>',
    'workloads with one of these in their names; memory, idle, delay, busy',
  )
  .option('--cpu <number>', 'processor to run on, or none (default: the last one)')
  .option('--results <folder>', 'where the results go', join(root, 'bench/results'))
  .option('--peers', 'with the peers of other toolchains, which are fetched and built', false)
  .action(async (options: DatapathBenchOptions) => {
    await datapathBench({ ...options, results: asked(options.results) });
  });

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
    await netlinkBench({ ...options, results: asked(options.results) });
  });

program
  .command('lsc')
  .description('link-state change and the opening of devices, beside C; what 1,000 devices cost')
  .option('--rounds <count>', 'turns of both sides', count, 20)
  .option('--events <count>', 'changes of a link in a round, an even number', even, 50)
  .option('--openings <count>', 'openings in a round', count, 3)
  .option('--devices <count>', 'how many devices are many', count, 1000)
  .option('--work <microseconds>', 'what C, alike does about an event', whole, 20)
  .option('--results <folder>', 'where the results go', join(root, 'bench/results'))
  .action(async (options: LscBenchOptions) => {
    await lscBench({ ...options, results: asked(options.results) });
  });

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? `rtap: ${error.message}` : error);
  process.exitCode = 1;
}

function asked(folder: string): string {
  return resolve(process.env['INIT_CWD'] ?? process.cwd(), folder);
}

/** Each round leaves the link as it found it. */
function even(text: string): number {
  const value = count(text);
  if (value % 2 !== 0) throw new InvalidArgumentError('an even number');
  return value;
}

function count(text: string): number {
  const value = whole(text);
  if (value === 0) throw new InvalidArgumentError('a whole number from 1 on');
  return value;
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('a whole number');
  return value;
}
