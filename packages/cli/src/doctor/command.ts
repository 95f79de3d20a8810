/**
 * `rtap doctor` on the command line.
 *
 * @module
 */

import type { Command } from 'commander';
import { commonOptions, takes } from '../frame/options.ts';

/** Adds the command. */
export function addDoctorCommand(program: Command): void {
  const command = program
    .command('doctor')
    .description('tell what this machine can do, and how to get what is missing')
    .addHelpText(
      'after',
      '\nExits with 1 when a TAP device cannot be opened.\n\nExamples:\n  $ rtap doctor\n  $ sudo rtap doctor --json',
    )
    .action(async () => {
      const [{ runDoctor }, { Terminal }] = await Promise.all([
        import('./doctor.ts'),
        import('../terminal.ts'),
      ]);
      const { json = false } = commonOptions(command);
      process.exitCode = await runDoctor(
        new Terminal(process.stdout),
        json ? process.stdout : undefined,
      );
    });
  takes(command, 'json');
}
