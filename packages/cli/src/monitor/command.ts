/**
 * `rtap monitor` on the command line.
 *
 * @module
 */

import type { Command } from 'commander';
import { EXIT_OK } from '../frame/exit-code.ts';
import { commonOptions, takes } from '../frame/options.ts';
import { untilSignal } from '../frame/until-signal.ts';

/** Adds the command. */
export function addMonitorCommand(program: Command): void {
  const command = program
    .command('monitor')
    .description('tell what happens to links: first what is there, then each change, until Ctrl-C')
    .argument('[interfaces...]', 'those to tell of, also some that are not there yet; all if none')
    .addHelpText(
      'after',
      `
An interface that is made, moved here or given a watched name later is told of by a snapshot line. It is
followed by its index, so it stays watched when it is renamed.

Examples:
  $ rtap monitor
  $ rtap monitor eth0 tap0
  $ rtap monitor --json --netns blue | jq -c 'select(.event == "link")'`,
    )
    .action(async (names: readonly string[]) => {
      const { json = false, netns } = commonOptions(command);
      const [{ monitor }, { kernelSockets }, words] = await Promise.all([
        import('./monitor.ts'),
        import('@rtap/transport'),
        import('../ip/words.ts'),
      ]);
      // No interface ever gets another one: to wait for it would not end.
      for (const name of names) words.parseAlternativeName(name);
      const sockets = await kernelSockets();
      const { stdout, stderr } = process;
      await untilSignal((signal) =>
        monitor({
          ...{ sockets, names, json, signal, output: stdout, log: stderr },
          ...(netns !== undefined && { netns }),
        }),
      );
      process.exitCode = EXIT_OK;
    });
  takes(command, 'json', 'netns');
}
