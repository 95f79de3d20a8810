/**
 * `rtap run` on the command line.
 *
 * @module
 */

import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { usageError } from '../frame/cli-error.ts';
import { integer, positive } from '../frame/numbers.ts';
import { commonOptions, takes } from '../frame/options.ts';
import { untilSignal } from '../frame/until-signal.ts';
import { RUN_MODES } from './options.ts';
import type { RunDevice, RunMode } from './options.ts';

/** What commander makes of the words. */
interface Given {
  readonly mode: RunMode;
  readonly iface?: readonly string[];
  readonly adopt: boolean;
  readonly queues: number;
  readonly offloads: 'none' | 'auto';
  readonly mtu?: number;
  readonly mac?: string;
  readonly address?: readonly Address[];
  readonly splice: boolean;
  readonly burst: number;
  readonly size: number;
  readonly rate?: number;
  readonly duration?: number;
}

/** An address, and which of the interfaces it is of, counted from 0. */
interface Address {
  readonly address: string;
  readonly device: number;
}

const MOST_INTERFACES = 64;

/** Adds the command. */
export function addRunCommand(program: Command): void {
  const command: Command = program
    .command('run')
    .description('open TAP devices and receive, send, forward or answer on them, until Ctrl-C')
    .addOption(
      new Option('--mode <mode>', 'what is done with frames, see below')
        .choices(RUN_MODES)
        .makeOptionMandatory(),
    )
    .option('--iface <name>', 'an interface to make; several times for several', collect)
    .option('--adopt', 'take interfaces that are there, as ip tuntap add makes them', false)
    .option('--queues <number>', 'queue pairs of each, 1 to 128', integer(1, 128), 1)
    .addOption(
      new Option('--offloads <which>', 'what the kernel may leave undone in frames to us')
        .choices(['none', 'auto'] as const)
        .default('auto' as const),
    )
    .option('--mtu <bytes>', 'MTU of the interfaces', integer(68, 65_521))
    .option('--mac <address>', 'MAC address of the interface, when there is one')
    .option(
      '--address <cidr>',
      'address of the interface named before it; several times for several',
      (address: string, before: readonly Address[] | undefined) => {
        // Options are read in their order: these are the interfaces that were named by now.
        const { iface = [] } = command.opts<Partial<Given>>();
        return [...(before ?? []), { address, device: Math.max(iface.length - 1, 0) }];
      },
    )
    .option('--splice', 'let a native thread carry the frames: io between two', false)
    .option('--burst <frames>', 'txonly: frames in a burst', integer(1, 512), 64)
    .option('--size <bytes>', 'txonly: bytes of a frame', integer(42, 65_535), 64)
    .option('--rate <frames>', 'txonly: frames a second on each; else as many as go', positive)
    .option('--duration <seconds>', 'end after so long', positive)
    .addHelpText(
      'after',
      `
Modes:
  rxonly    receive and drop
  txonly    send UDP datagrams from 198.18.0.1 to 198.18.0.2, to the discard port
  io        forward between the first and the second; back out of the only one
  macswap   the same, with the MAC addresses swapped
  icmpecho  answer ARP, neighbour discovery and ping, whatever address is asked for

An interface that is moved, renamed or set down is followed. One that is deleted is told of; it goes on with the others,
and ends with exit code 1 when none is left.

Examples:
  $ rtap run --mode icmpecho --address 10.0.0.1/24    # then: ping 10.0.0.2
  $ rtap run --mode io --iface left --iface right --splice
  $ rtap run --mode txonly --queues 2 --size 1500 --duration 10 --json`,
    )
    .action(async (given: Given) => {
      const { json = false, netns } = commonOptions(command);
      const { iface: names = ['rtap%d'], address: addresses = [], ...rest } = given;
      check(given, names);
      const sending = ['burst', 'size', 'rate'].find(
        (option) => command.getOptionValueSource(option) === 'cli',
      );
      if (given.mode !== 'txonly' && sending !== undefined) {
        throw usageError(`--${sending} is for --mode txonly`);
      }
      const devices: readonly RunDevice[] = names.map((name, index) => ({
        name,
        addresses: addresses.filter(({ device }) => device === index).map(({ address }) => address),
      }));
      const { run } = await import('./run.ts');
      process.exitCode = await untilSignal((signal) =>
        run({
          ...{
            ...rest,
            devices,
            json,
            signal,
            output: process.stdout,
            log: process.stderr,
          },
          ...(netns !== undefined && { netns }),
        }),
      );
    });
  takes(command, 'json', 'netns');
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  if (before?.length === MOST_INTERFACES) throw new InvalidArgumentError('Too many.');
  return [...(before ?? []), value];
}

/** Refuses what has no meaning together. */
function check(given: Given, names: readonly string[]): void {
  const forwards = given.mode === 'io' || given.mode === 'macswap';
  if (forwards && names.length > 2) {
    throw usageError(`--mode ${given.mode} forwards between two interfaces, not ${names.length}`);
  }
  // A number of the kernel's (`tap%d`) makes as many as it is given.
  const twice = names.find((name, at) => !name.includes('%') && names.indexOf(name) !== at);
  if (twice !== undefined) throw usageError(`--iface ${twice} is given twice`);
  if (given.splice && (given.mode !== 'io' || names.length !== 2)) {
    throw usageError('--splice is for --mode io', 'and for two interfaces');
  }
  if (names.length > 1 && given.mac !== undefined) {
    throw usageError('--mac is for one interface');
  }
  if (given.adopt && given.iface === undefined) {
    throw usageError('--adopt needs --iface', 'name the interface to take');
  }
}
