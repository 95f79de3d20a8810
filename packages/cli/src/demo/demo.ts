/**
 * `rtap demo`: this process on the network, in a namespace of its own so that the host is untouched.
 *
 * @module
 */

import { openTap } from '@rtap/core';
import type { NetworkNamespace, TapDevice } from '@rtap/core';
import { formatMacAddress } from '@rtap/frames';
import { IFF_UP } from '@rtap/netlink';
import { addAddress, createTestNamespace } from '@rtap/testkit';
import { NetlinkClient } from '@rtap/transport';
import type { Terminal, Verdict } from '../terminal.ts';
import { EventLog } from './events.ts';
import { pingFrom } from './ping.ts';
import { HOST, answer } from './responder.ts';
import type { ResponderCounts } from './responder.ts';

/** What the demo takes. */
export interface DemoOptions {
  /** Where to write. */
  readonly terminal: Terminal;
  /** Whether to stay up until Ctrl-C. */
  readonly keep: boolean;
}

const KERNEL_ADDRESSES = ['10.77.0.1/24', 'fd77::1/64'] as const;
/** Milliseconds within which a signal is the one before. */
const REPEATED_SIGNAL = 1000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const CARRIER_ASIDE = 'the kernel may hold it back, up to 1 s';

/** Runs the demo; returns the exit code: 1 when a step failed, 130 when it was interrupted. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const demo = new Demo(options);
  const onSignal = (): void => demo.interrupt();
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    await demo.run();
  } finally {
    await demo.close();
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
  demo.summary();
  if (demo.interrupted) return 130;
  return demo.failed ? 1 : 0;
}

interface Step {
  readonly name: string;
  readonly verdict: Verdict;
  readonly detail: string;
}

interface Stage {
  readonly netns: NetworkNamespace;
  /** A netlink client of its own: what changes the interface from outside, as `ip link` would. */
  readonly outside: NetlinkClient;
  readonly tap: TapDevice;
  readonly events: EventLog;
}

class Demo {
  readonly #terminal: Terminal;
  readonly #keep: boolean;
  readonly #controller = new AbortController();
  readonly #steps: Step[] = [];
  readonly #undo: (() => Promise<unknown>)[] = [];
  readonly #counts: ResponderCounts = { frames: 0, answered: 0 };
  #stage: Stage | undefined;
  #responding: Promise<void> | undefined;
  #endStay: (() => void) | undefined;
  #stayEnded = Number.NEGATIVE_INFINITY;

  constructor(options: DemoOptions) {
    this.#terminal = options.terminal;
    this.#keep = options.keep;
  }

  get failed(): boolean {
    return this.#steps.some((step) => step.verdict === 'failed');
  }

  /** Whether it was cut short. */
  interrupted = false;

  /**
   * Ctrl-C: ends the stay of `--keep` as it is meant to end, and cuts everything else short.
   *
   * One Ctrl-C can arrive several times, from the terminal, npm and the runner: repeats within a second are the same.
   */
  interrupt(): void {
    if (this.#endStay !== undefined) {
      this.#endStay();
      this.#stayEnded = performance.now();
    } else if (performance.now() - this.#stayEnded > REPEATED_SIGNAL) {
      this.#controller.abort(new Error('interrupted'));
    }
  }

  async run(): Promise<void> {
    this.#terminal.heading('rtap demo: a network card of this Node.js process');
    const open = await this.#step('open', 'open a TAP device, in a namespace of its own', () =>
      this.#open(),
    );
    if (open) {
      for (const address of [HOST.ipv4, HOST.ipv6]) {
        await this.#step(`ping ${address}`, `ping ${address}: TypeScript answers`, (stage) =>
          this.#ping(stage, address),
        );
      }
      await this.#step('link', 'link down and up, from outside', (stage) => this.#flap(stage));
      await this.#step('carrier', 'carrier off and on, from outside', (stage) =>
        this.#carrier(stage),
      );
      if (this.#keep) await this.#stay();
      // Whoever looked in from another terminal may have deleted it.
      if (this.#stage?.tap.state === 'started') {
        await this.#step('rename', 'rename, from outside', (stage) => this.#rename(stage));
        await this.#step('delete', 'delete, from outside', (stage) => this.#delete(stage));
      }
    }
  }

  /** Takes everything down; a step that fails here is a failure too. */
  async close(): Promise<void> {
    const stage = this.#stage;
    for (const step of this.#undo.toReversed()) await step();
    await this.#responding;
    if (stage !== undefined) this.#steps.push(this.#totals(stage));
  }

  summary(): void {
    this.#terminal.heading('what happened');
    this.#terminal.table(
      ['step', 'verdict', 'detail'],
      this.#steps.map((step) => [step.name, step.verdict, step.detail]),
    );
    if (this.interrupted) this.#terminal.line('interrupted');
    else this.#terminal.line(this.failed ? 'the demo FAILED' : 'all is well');
  }

  /** Runs a step and says how it went; nothing runs any more after Ctrl-C. */
  async #step(
    name: string,
    title: string,
    action: ((stage: Stage) => Promise<string>) | (() => Promise<string>),
  ): Promise<boolean> {
    if (this.#controller.signal.aborted) {
      this.interrupted = true;
      return false;
    }
    this.#terminal.heading(title);
    try {
      const detail = await Reflect.apply(action, undefined, [this.#stage]);
      this.#steps.push({ name, verdict: 'ok', detail });
      this.#terminal.verdict('ok', detail);
      return true;
    } catch (error) {
      const interrupted = this.#controller.signal.aborted;
      if (interrupted) this.interrupted = true;
      const detail = error instanceof Error ? error.message : String(error);
      this.#steps.push({ name, verdict: interrupted ? 'skipped' : 'failed', detail });
      this.#terminal.verdict(interrupted ? 'skipped' : 'failed', detail);
      if (error instanceof Error && 'hint' in error && typeof error.hint === 'string') {
        this.#terminal.detail(`hint: ${error.hint}`);
      }
      return false;
    }
  }

  async #open(): Promise<string> {
    const netns = await createTestNamespace();
    this.#undo.push(() => netns.close());
    const outside = await NetlinkClient.open({ netns });
    this.#undo.push(() => outside.close());
    const tap = await openTap({ netns, signal: this.#controller.signal });
    this.#undo.push(() => tap.close());
    const events = new EventLog(tap, this.#terminal);
    this.#stage = { netns, outside, tap, events };
    for (const address of KERNEL_ADDRESSES) {
      await addAddress({ netns, ifindex: tap.ifindex, address });
    }
    this.#responding = answer(tap, this.#counts);

    const link = await outside.getLink({ index: tap.ifindex });
    const mac = link.address === undefined ? 'none' : formatMacAddress(link.address);
    this.#terminal.detail(`${tap.name}: ifindex ${tap.ifindex}, MAC ${mac}, MTU ${link.mtu}`);
    this.#terminal.detail(`the kernel's side is ${KERNEL_ADDRESSES.join(' and ')}`);
    this.#terminal.detail(`this process is ${HOST.ipv4} and ${HOST.ipv6}, MAC ${HOST.mac}`);
    if (tap.link.status !== 'up') throw new Error('the link is down');
    return `${tap.name} is ${tap.link.status}, link-state change is on`;
  }

  async #ping({ netns }: Stage, address: string): Promise<string> {
    const { judge, wanted, times } = await pingFrom(netns, address, this.#controller.signal);
    times.forEach((time, index) =>
      this.#terminal.detail(`reply ${index + 1}: ${time.toFixed(3)} ms`),
    );
    if (times.length < wanted) {
      throw new Error(`${times.length} of ${wanted} requests were answered`);
    }
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
    return `${times.length} of ${wanted} answered, mean ${mean.toFixed(3)} ms; judged by ${judge}`;
  }

  async #flap({ netns, outside, tap, events }: Stage): Promise<string> {
    const set = (flags: number) => (): Promise<void> =>
      outside.setLink({ index: tap.ifindex, flags, change: IFF_UP });
    const down = await events.expect(['link down'], set(0), this.#controller.signal);
    const up = await events.expect(['link up'], set(IFF_UP), this.#controller.signal);
    // Setting a link down takes its IPv6 addresses away.
    for (const address of KERNEL_ADDRESSES) {
      await addAddress({ netns, ifindex: tap.ifindex, address });
    }
    return latencies(['down', ...down], ['up', ...up]);
  }

  async #carrier({ outside, tap, events }: Stage): Promise<string> {
    const set = (carrier: boolean) => (): Promise<void> =>
      outside.setLink({ index: tap.ifindex, carrier });
    const off = await events.expect(
      ['link down'],
      set(false),
      this.#controller.signal,
      CARRIER_ASIDE,
    );
    const on = await events.expect(['link up'], set(true), this.#controller.signal, CARRIER_ASIDE);
    return latencies(['off', ...off], ['on', ...on]);
  }

  async #rename({ outside, tap, events }: Stage): Promise<string> {
    const previous = tap.name;
    const name = 'renamed0';
    const [time] = await events.expect(
      [`renamed ${previous} -> ${name}`],
      () => outside.setLink({ index: tap.ifindex, name }),
      this.#controller.signal,
    );
    if (tap.name !== name) throw new Error(`the device calls itself ${tap.name}`);
    return latencies(['renamed', time ?? Number.NaN]);
  }

  async #delete({ outside, tap, events }: Stage): Promise<string> {
    const expected = tap.link.status === 'up' ? ['link down', 'removed'] : ['removed'];
    const times = await events.expect(
      expected,
      () => outside.deleteLink({ index: tap.ifindex }),
      this.#controller.signal,
    );
    if (tap.state !== 'removed') throw new Error(`the device is ${tap.state}`);
    return latencies(
      ...expected.map((event, index) => [event, times[index] ?? Number.NaN] as const),
    );
  }

  /** Waits for Ctrl-C, and says how to reach the interface meanwhile. */
  async #stay(): Promise<void> {
    const stage = this.#stage;
    if (stage === undefined || this.#controller.signal.aborted) return;
    this.#terminal.heading('staying up: press Ctrl-C to end');
    this.#terminal.detail('from another terminal, as root:');
    const enter = `nsenter --net=${stage.netns.path}`;
    for (const command of [
      `${enter} ping ${HOST.ipv4}`,
      `${enter} ip -s link show ${stage.tap.name}`,
      `${enter} ip link set ${stage.tap.name} down`,
    ]) {
      this.#terminal.detail(`  ${command}`);
    }
    await new Promise<void>((resolve) => {
      this.#endStay = resolve;
      stage.tap.once('removed', resolve);
    });
    this.#endStay = undefined;
    this.#terminal.line();
  }

  #totals({ tap, events }: Stage): Step {
    const { rxPackets, rxBytes, txPackets, txBytes, txErrors } = tap.counters;
    return {
      name: 'in all',
      verdict: txErrors === 0n ? 'ok' : 'failed',
      detail:
        `${rxPackets} frames (${rxBytes} bytes) in, ${txPackets} (${txBytes} bytes) out, ` +
        `${this.#counts.answered} of ${this.#counts.frames} answered, ${events.count} events`,
    };
  }
}

function latencies(...figures: readonly (readonly (string | number)[])[]): string {
  return figures
    .map(([name, milliseconds]) => `${name} after ${Number(milliseconds).toFixed(2)} ms`)
    .join(', ');
}
