/**
 * `rtap run`: devices, and what is done with their frames, until it is told to end.
 *
 * @module
 */

import { setInterval } from 'node:timers/promises';
import type { TerminalStream } from '../frame/colors.ts';
import { EXIT_FAILED, EXIT_INTERRUPTED, EXIT_OK } from '../frame/exit-code.ts';
import { untilEnd } from '../frame/until-end.ts';
import { openDevice } from '../open-device.ts';
import { echo } from './echo.ts';
import { forward, forwardSpliced } from './forward.ts';
import { tellLink } from './link-lines.ts';
import type { RunOptions } from './options.ts';
import { Port } from './port.ts';
import { receive } from './receive.ts';
import { createReport } from './report.ts';
import type { RunReport } from './report.ts';
import type { RunStatsLine } from './run-line.ts';
import { Sampler } from './sampler.ts';
import { transmit } from './transmit.ts';

/** Milliseconds between lines of statistics. */
const INTERVAL = 1000;

/** Runs; returns the exit code: 1 when all its interfaces are gone, 130 when it was told to end before it was ready. */
export async function run(options: RunOptions): Promise<number> {
  const ports = await openPorts(options);
  if (ports === undefined) return EXIT_INTERRUPTED;
  try {
    return (await runOn(ports, options)) === 'removed' ? EXIT_FAILED : EXIT_OK;
  } finally {
    await closeAll(ports);
  }
}

/** Opens the devices, or none; none and no error when it was told to end meanwhile. */
async function openPorts(options: RunOptions): Promise<readonly Port[] | undefined> {
  const { devices, netns, mtu, mac, adopt, queues, offloads, signal } = options;
  const ports: Port[] = [];
  try {
    for (const device of devices) {
      // oxlint-disable-next-line no-await-in-loop -- numbers are given in order
      const tap = await openDevice(
        {
          ...device,
          ...{ adopt, queues, offloads, signal },
          ...(netns !== undefined && { netns }),
          ...(mtu !== undefined && { mtu }),
          ...(mac !== undefined && { mac }),
        },
        true,
      );
      ports.push(new Port(tap));
    }
    return ports;
  } catch (error) {
    await closeAll(ports);
    if (signal.aborted) return undefined;
    throw error;
  }
}

async function closeAll(ports: readonly Port[]): Promise<void> {
  await Promise.all(ports.map(({ tap }) => tap.close()));
}

async function runOn(ports: readonly Port[], options: RunOptions): Promise<RunStatsLine['reason']> {
  const sampler = new Sampler(ports);
  const report = createReport(options.output, options.json);
  const reason = await untilEnd<'removed'>(options, async (ending, end) => {
    const work = doMode(ports, options, ending);
    report.ready({
      event: 'ready',
      mode: options.mode,
      interfaces: ports.map(({ tap: { name, ifindex } }) => ({ name, ifindex })),
      time: new Date().toISOString(),
    });
    const onGone = (): void => {
      if (!ports.some((port) => port.present)) end('removed');
    };
    for (const { tap } of ports) {
      tellLink(
        tap,
        (line) => report.link(line),
        (note) => options.log.write(`rtap: ${note}\n`),
      );
      tap.on('removed', onGone);
    }
    onGone();
    await Promise.all([work, tellStatistics(sampler, report, options.output, ending)]);
  });
  report.stats({ event: 'summary', reason, ...(await take(sampler, 'begin')) });
  return reason;
}

/** Does with frames what the mode says, until the end. */
async function doMode(
  ports: readonly Port[],
  { mode, splice, burst, size, rate }: RunOptions,
  signal: AbortSignal,
): Promise<void> {
  const [first, second = first] = ports;
  if (first === undefined || second === undefined) return;
  if (mode === 'rxonly') await Promise.all(ports.map((port) => receive(port, signal)));
  else if (mode === 'icmpecho') await Promise.all(ports.map((port) => echo(port, signal)));
  else if (mode === 'txonly') {
    const sending = { burst, size, signal, ...(rate !== undefined && { rate }) };
    // What the kernel has for us is dropped: nobody wants it to pile up and count as missed.
    await Promise.all(ports.flatMap((port) => [transmit(port, sending), receive(port, signal)]));
  } else if (splice) await forwardSpliced(first, second, signal);
  else {
    const how = { swap: mode === 'macswap', signal };
    await Promise.all([
      forward(first, second, how),
      ...(second === first ? [] : [forward(second, first, how)]),
    ]);
  }
}

async function tellStatistics(
  sampler: Sampler,
  report: RunReport,
  output: TerminalStream,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const _ of setInterval(INTERVAL, undefined, { signal })) {
      // One that nobody takes is left out: the rates of the next are of all the time since the last.
      if (output.writableNeedDrain) continue;
      const stats = await take(sampler, 'last');
      if (!signal.aborted) report.stats({ event: 'stats', ...stats });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function take(
  sampler: Sampler,
  since: 'last' | 'begin',
): Promise<Pick<RunStatsLine, 'seconds' | 'interfaces' | 'time'>> {
  const interfaces = await sampler.sample(since);
  return { seconds: sampler.seconds, interfaces, time: new Date().toISOString() };
}
