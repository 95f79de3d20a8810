/**
 * `rtap demo` on the command line.
 *
 * @module
 */

import { Option } from 'commander';
import type { Command } from 'commander';

/** Adds the command. */
export function addDemoCommand(program: Command): void {
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
      const [{ runDemo }, { Terminal }] = await Promise.all([
        import('./demo.ts'),
        import('../terminal.ts'),
      ]);
      process.exitCode = await runDemo({ terminal: new Terminal(process.stdout), keep, kernel });
    });
}
