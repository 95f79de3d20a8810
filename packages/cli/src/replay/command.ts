/**
 * `rtap replay` on the command line.
 *
 * @module
 */

import type { Command } from 'commander';
import { usageError } from '../frame/cli-error.ts';
import { EXIT_INTERRUPTED, EXIT_OK } from '../frame/exit-code.ts';
import { writeJsonLine } from '../frame/json-output.ts';
import { integer, positive } from '../frame/numbers.ts';
import { commonOptions, takes } from '../frame/options.ts';
import { untilSignal } from '../frame/until-signal.ts';

interface Given {
  readonly iface?: string;
  readonly tap?: string;
  readonly speed?: number;
  readonly fast: boolean;
  readonly loop?: number | true;
  readonly delay?: number;
}

const MOST_TIMES = 1_000_000_000;

/** Adds the command. */
export function addReplayCommand(program: Command): void {
  const command = program
    .command('replay')
    .description('send the frames of a pcapng or pcap file, at the pace of the capture')
    .argument('<file>', 'the capture; - is standard input')
    .option('--iface <name>', 'send out of this interface')
    .option('--tap <name>', 'make a TAP device, whose kernel receives the frames (default: rtap%d)')
    .option('--speed <times>', 'so many times as fast', positive)
    .option('--fast', 'as fast as the interface takes them', false)
    .option('--loop [times]', 'again and again, or so often', integer(1, MOST_TIMES))
    .option('--delay <seconds>', 'wait before the first frame', positive)
    .addHelpText(
      'after',
      `
Without --iface a TAP device is made: it lasts as long as the replay, and its kernel receives the frames as if they had
come by a cable. Packets of other link types are skipped; frames that the interface does not take are counted.

Examples:
  $ rtap replay trace.pcapng
  $ rtap replay trace.pcap --iface veth0 --netns blue --speed 10
  $ rtap replay trace.pcapng --tap probe0 --fast --loop`,
    )
    .action(async (file: string, given: Given) => {
      const { json = false, netns } = commonOptions(command);
      const { iface, tap, speed, fast, loop, delay = 0 } = given;
      if (iface !== undefined && tap !== undefined) {
        throw usageError('--iface and --tap are two places', 'say one of them');
      }
      if (fast && speed !== undefined) throw usageError('--fast has no --speed');
      const [{ replay }, { openCapture }] = await Promise.all([
        import('./replay.ts'),
        import('./open-capture.ts'),
      ]);
      // Before signals are ours: a pipe with a name waits here for whoever writes it.
      const open = await openCapture(file, loop !== undefined);
      const { stdout, stderr } = process;
      let ready = false;
      const summary = await untilSignal((signal) =>
        replay({
          ...{ open, tap: tap ?? 'rtap%d', delay, signal },
          speed: fast ? Number.POSITIVE_INFINITY : (speed ?? 1),
          times: loop === true ? Number.POSITIVE_INFINITY : (loop ?? 1),
          onReady: (of) => {
            ready = true;
            if (json) writeJsonLine(stdout, { event: 'ready', interfaces: [of] });
            else stderr.write(`rtap: replaying on ${of.name}\n`);
          },
          ...(iface !== undefined && { iface }),
          ...(netns !== undefined && { netns }),
        }),
      );
      if (!ready) {
        process.exitCode = EXIT_INTERRUPTED;
        return;
      }
      if (json) writeJsonLine(stdout, { event: 'summary', ...summary });
      else {
        const { packets, bytes, seconds, skipped, refused, truncated } = summary;
        stderr.write(
          `rtap: ${packets} frames (${bytes} bytes) sent in ${seconds} s; ` +
            `${refused} refused, ${truncated} cut by the capture, ${skipped} skipped\n`,
        );
      }
      const endless = loop === true;
      process.exitCode = summary.reason === 'signal' && !endless ? EXIT_INTERRUPTED : EXIT_OK;
    });
  takes(command, 'json', 'netns');
}
