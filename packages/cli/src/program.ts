/**
 * Commands and their options; what a command does is loaded when it is run.
 *
 * @module
 */

import { Command } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { addAddressCommand } from './address/command.ts';
import { addBenchCommand } from './bench/command.ts';
import { addCaptureCommand } from './capture/command.ts';
import { addDemoCommand } from './demo/command.ts';
import { addDoctorCommand } from './doctor/command.ts';
import { EXIT_CODES } from './frame/exit-code.ts';
import { parseNetns } from './frame/netns-option.ts';
import { addCommonOptions } from './frame/options.ts';
import { addLinkCommand } from './link/command.ts';
import { addMonitorCommand } from './monitor/command.ts';
import { addNeighbourCommand } from './neighbour/command.ts';
import { addReplayCommand } from './replay/command.ts';
import { addRouteCommand } from './route/command.ts';
import { addRunCommand } from './run/command.ts';

const EXAMPLES = `
Examples:
  $ rtap demo
  $ rtap doctor
  $ rtap monitor --json
  $ rtap link show --netns blue
  $ rtap run --mode icmpecho --address 10.0.0.1/24`;

/**
 * Makes the command line: parse it to run it; the exit code is left in `process.exitCode`.
 *
 * Parsing rejects with what failed, and with a `CommanderError` where it would end the process otherwise.
 */
export function createProgram(): Command {
  const program = new Command('rtap')
    .description('A network card for Node.js: Linux TAP devices with link-state-change events.')
    .version(packageJson.version)
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, 'rtap: ')),
    })
    .showHelpAfterError('(--help tells how it is used)')
    .addHelpText('after', `${EXAMPLES}\n${EXIT_CODES}`);
  addCommonOptions(program, parseNetns);
  addMonitorCommand(program);
  addLinkCommand(program);
  addAddressCommand(program);
  addRouteCommand(program);
  addNeighbourCommand(program);
  addRunCommand(program);
  addCaptureCommand(program);
  addReplayCommand(program);
  addBenchCommand(program);
  addDemoCommand(program);
  addDoctorCommand(program);
  return program;
}
