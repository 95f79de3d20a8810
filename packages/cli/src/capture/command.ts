/**
 * `rtap capture` on the command line.
 *
 * @module
 */

import type { Command } from 'commander';
import { usageError } from '../frame/cli-error.ts';
import { EXIT_FAILED, EXIT_OK } from '../frame/exit-code.ts';
import { writeJsonLine } from '../frame/json-output.ts';
import { integer, positive } from '../frame/numbers.ts';
import { commonOptions, takes } from '../frame/options.ts';
import { untilSignal } from '../frame/until-signal.ts';

interface Given {
  readonly write: string;
  readonly snaplen?: number;
  readonly count?: number;
  readonly duration?: number;
  readonly promiscuous: boolean;
}

/** Adds the command. */
export function addCaptureCommand(program: Command): void {
  const command = program
    .command('capture')
    .description('write the packets of an interface to a pcapng file or a pipe, until Ctrl-C')
    .argument('<interface>', 'any interface')
    .requiredOption('-w, --write <file>', 'the file; - is standard output')
    .option('-c, --count <packets>', 'end after so many', integer(1, 2 ** 53 - 1))
    .option('-s, --snaplen <bytes>', 'keep so much of each packet', integer(1, 65_596))
    .option('--duration <seconds>', 'end after so long', positive)
    .option('--no-promiscuous', 'leave out what is for others')
    .addHelpText(
      'after',
      `
How many packets there were is told on standard error. When the interface is deleted or moved away, it ends with exit
code 1; the file is whole.

Examples:
  $ rtap capture eth0 -w eth0.pcapng
  $ rtap capture eth0 -w - | tshark -r -
  $ rtap capture eth0 -w - | wireshark -k -i -`,
    )
    .action(async (name: string, given: Given) => {
      const { json = false, netns } = commonOptions(command);
      const { write: path, snaplen, count, duration, promiscuous } = given;
      const { stdout, stderr } = process;
      if (path === '-' && stdout.isTTY) {
        throw usageError('A terminal is no place for packets', 'name a file, or a pipe');
      }
      const [{ captureToFile, findCaptured }, { openOutput }] = await Promise.all([
        import('./capture.ts'),
        import('./open-output.ts'),
      ]);
      const found = await findCaptured(name, netns);
      // Before signals are ours: a pipe with a name waits here for whoever reads it.
      const { write, waiting, close } = openOutput(path);
      const log = path === '-' ? stderr : json ? stdout : stderr;
      try {
        const summary = await untilSignal((signal) =>
          captureToFile({
            ...{ interface: found, promiscuous, write, waiting, signal },
            onReady: (of) => {
              if (json) writeJsonLine(log, { event: 'ready', interfaces: [of] });
              else log.write(`rtap: capturing on ${of.name}\n`);
            },
            ...(netns !== undefined && { netns }),
            ...(snaplen !== undefined && { snapLength: snaplen }),
            ...(count !== undefined && { count }),
            ...(duration !== undefined && { duration }),
          }),
        );
        const { packets, drops, reason } = summary;
        if (json) writeJsonLine(log, { event: 'summary', ...summary });
        else {
          const why = reason === 'removed' ? `; ${name} is gone` : '';
          log.write(`rtap: ${packets} packets captured, ${drops} dropped${why}\n`);
        }
        process.exitCode = reason === 'removed' ? EXIT_FAILED : EXIT_OK;
      } finally {
        close();
      }
    });
  takes(command, 'json', 'netns');
}
