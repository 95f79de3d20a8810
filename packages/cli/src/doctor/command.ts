/**
 * `rtap doctor` on the command line.
 *
 * @module
 */

import type { Command } from 'commander';

/** Adds the command. */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('tell what this machine can do, and how to get what is missing')
    .addHelpText(
      'after',
      '\nExits with 1 when a TAP device cannot be opened.\n\nExamples:\n  $ rtap doctor\n  $ sudo rtap doctor',
    )
    .action(async () => {
      const [{ runDoctor }, { Terminal }] = await Promise.all([
        import('./doctor.ts'),
        import('../terminal.ts'),
      ]);
      process.exitCode = await runDoctor(new Terminal(process.stdout));
    });
}
