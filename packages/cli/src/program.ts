/**
 * Commands and their options.
 *
 * @module
 */

import { Command, Option } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { runDemo } from './demo/demo.ts';
import { runDoctor } from './doctor/doctor.ts';
import { Terminal } from './terminal.ts';

/** Makes the command line: parse it to run it; the exit code is left in `process.exitCode`. */
export function createProgram(): Command {
  const terminal = new Terminal(process.stdout);
  const program = new Command('rtap')
    .description('A network card for Node.js: Linux TAP devices with link-state-change events.')
    .version(packageJson.version)
    .showHelpAfterError();
  program
    .command('demo')
    .description(
      'put this process on the network, in a namespace of its own, and show what happens',
    )
    .option('--keep', 'stay up until Ctrl-C, for a look from another terminal')
    .addOption(
      new Option('--kernel <kernel>', 'what to play on; the fake one needs no root and no Linux')
        .choices(['real', 'fake'] as const)
        .default('real' as const),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ rtap demo\n  $ rtap demo --keep\n  $ rtap demo --kernel fake',
    )
    .action(async (options: { readonly keep?: boolean; readonly kernel: 'real' | 'fake' }) => {
      const { keep = false, kernel } = options;
      process.exitCode = await runDemo({ terminal, keep, kernel });
    });
  program
    .command('doctor')
    .description('tell what this machine can do, and how to get what is missing')
    .addHelpText('after', '\nExits with 1 when a TAP device cannot be opened.')
    .action(async () => {
      process.exitCode = await runDoctor(terminal);
    });
  return program;
}
