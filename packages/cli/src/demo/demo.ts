/**
 * `rtap demo`: this process on the network, in a namespace of its own so that the host is untouched.
 *
 * @module
 */

import { openTap } from '@rtap/core';
import type { TapDevice } from '@rtap/core';
import { IFF_UP } from '@rtap/netlink';
import { EXIT_FAILED, EXIT_INTERRUPTED, EXIT_OK } from '../frame/exit-code.ts';
import type { Terminal, Verdict } from '../terminal.ts';
import { EventLog } from './events.ts';
import { openFakeStage } from './fake-stage.ts';
import { openRealStage } from './real-stage.ts';
import { HOST, answer } from './responder.ts';
import type { ResponderCounts } from './responder.ts';
import { KERNEL_ADDRESSES } from './stage.ts';
import type { Stage } from './stage.ts';

/** What the demo takes. */
export interface DemoOptions {
  /** Where to write. */
  readonly terminal: Terminal;
  /** Whether to stay up until Ctrl-C. */
  readonly keep: boolean;
  /** What kernel to play on. */
  readonly kernel: 'real' | 'fake';
}

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
  if (demo.interrupted) return EXIT_INTERRUPTED;
  return demo.failed ? EXIT_FAILED : EXIT_OK;
}

interface Step {
  readonly name: string;
  readonly verdict: Verdict;
  readonly detail: string;
}

/** What is there once the device is open. */
interface Scene {
  readonly stage: Stage;
  readonly tap: TapDevice;
  readonly events: EventLog;
}

class Demo {
  readonly #terminal: Terminal;
  readonly #keep: boolean;
  readonly #kernel: DemoOptions['kernel'];
  readonly #controller = new AbortController();
  readonly #steps: Step[] = [];
  readonly #undo: (() => Promise<unknown>)[] = [];
  readonly #counts: ResponderCounts = { frames: 0, answered: 0 };
  #scene: Scene | undefined;
  #responding: Promise<void> | undefined;
  #endStay: (() => void) | undefined;
  #stayEnded = Number.NEGATIVE_INFINITY;

  constructor(options: DemoOptions) {
    this.#terminal = options.terminal;
    this.#keep = options.keep;
    this.#kernel = options.kernel;
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
    const title =
      this.#kernel === 'real'
        ? 'open a TAP device, in a namespace of its own'
        : 'open a TAP device of the fake kernel: nothing of this machine is touched';
    const open = await this.#step('open', title, () => this.#open());
    if (open) {
      for (const address of [HOST.ipv4, HOST.ipv6]) {
        await this.#step(`ping ${address}`, `ping ${address}: TypeScript answers`, (scene) =>
          this.#ping(scene, address),
        );
      }
      await this.#step('link', 'link down and up, from outside', (scene) => this.#flap(scene));
      await this.#step('carrier', 'carrier off and on, from outside', (scene) =>
        this.#carrier(scene),
      );
      if (this.#keep) await this.#stay();
      // Whoever looked in from another terminal may have deleted it.
      if (this.#scene?.tap.state === 'started') {
        await this.#step('rename', 'rename, from outside', (scene) => this.#rename(scene));
        await this.#step('delete', 'delete, from outside', (scene) => this.#delete(scene));
      }
    }
  }

  /** Takes everything down; a step that fails here is a failure too. */
  async close(): Promise<void> {
    const scene = this.#scene;
    for (const step of this.#undo.toReversed()) await step();
    await this.#responding;
    if (scene !== undefined) this.#steps.push(this.#totals(scene));
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
    action: ((scene: Scene) => Promise<string>) | (() => Promise<string>),
  ): Promise<boolean> {
    if (this.#controller.signal.aborted) {
      this.interrupted = true;
      return false;
    }
    this.#terminal.heading(title);
    try {
      const detail = await Reflect.apply(action, undefined, [this.#scene]);
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
      if (name === 'open' && this.#kernel === 'real' && !interrupted) {
        this.#terminal.detail('to see it without a TAP device: rtap demo --kernel fake');
      }
      return false;
    }
  }

  async #open(): Promise<string> {
    const stage = await (this.#kernel === 'real' ? openRealStage() : openFakeStage());
    this.#undo.push(() => stage.close());
    const tap = await openTap({ ...stage.where, signal: this.#controller.signal });
    this.#undo.push(() => tap.close());
    const events = new EventLog(tap, this.#terminal);
    this.#scene = { stage, tap, events };
    await stage.giveAddresses(tap);
    this.#responding = answer(tap, this.#counts);

    const { name, ifindex, macAddress, mtu } = tap;
    this.#terminal.detail(`it is in ${stage.place}`);
    this.#terminal.detail(`${name}: ifindex ${ifindex}, MAC ${macAddress}, MTU ${mtu}`);
    this.#terminal.detail(`the kernel's side is ${KERNEL_ADDRESSES.join(' and ')}`);
    this.#terminal.detail(`this process is ${HOST.ipv4} and ${HOST.ipv6}, MAC ${HOST.mac}`);
    if (tap.link.status !== 'up') throw new Error('the link is down');
    return `${tap.name} is ${tap.link.status}, link-state change is on`;
  }

  async #ping({ stage, tap }: Scene, address: string): Promise<string> {
    const { judge, wanted, times } = await stage.ping(tap, address, this.#controller.signal);
    times.forEach((time, index) =>
      this.#terminal.detail(`reply ${index + 1}: ${time.toFixed(3)} ms`),
    );
    if (times.length < wanted) {
      throw new Error(`${times.length} of ${wanted} requests were answered`);
    }
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
    return `${times.length} of ${wanted} answered, mean ${mean.toFixed(3)} ms; judged by ${judge}`;
  }

  async #flap({ stage, tap, events }: Scene): Promise<string> {
    const set = (flags: number) => (): Promise<void> =>
      stage.outside.setLink({ index: tap.ifindex, flags, change: IFF_UP });
    const down = await events.expect(['link down'], set(0), this.#controller.signal);
    const up = await events.expect(['link up'], set(IFF_UP), this.#controller.signal);
    // Setting a link down takes its IPv6 addresses away.
    await stage.giveAddresses(tap);
    return latencies(['down', ...down], ['up', ...up]);
  }

  async #carrier({ stage, tap, events }: Scene): Promise<string> {
    const set = (carrier: boolean) => (): Promise<void> =>
      stage.outside.setLink({ index: tap.ifindex, carrier });
    const off = await events.expect(
      ['link down'],
      set(false),
      this.#controller.signal,
      CARRIER_ASIDE,
    );
    const on = await events.expect(['link up'], set(true), this.#controller.signal, CARRIER_ASIDE);
    return latencies(['off', ...off], ['on', ...on]);
  }

  async #rename({ stage, tap, events }: Scene): Promise<string> {
    const previous = tap.name;
    const name = 'renamed0';
    const [time] = await events.expect(
      [`renamed ${previous} -> ${name}`],
      () => stage.outside.setLink({ index: tap.ifindex, name }),
      this.#controller.signal,
    );
    if (tap.name !== name) throw new Error(`the device calls itself ${tap.name}`);
    return latencies(['renamed', time ?? Number.NaN]);
  }

  async #delete({ stage, tap, events }: Scene): Promise<string> {
    const expected = tap.link.status === 'up' ? ['link down', 'removed'] : ['removed'];
    const times = await events.expect(
      expected,
      () => stage.outside.deleteLink({ index: tap.ifindex }),
      this.#controller.signal,
    );
    if (tap.state !== 'removed') throw new Error(`the device is ${tap.state}`);
    return latencies(
      ...expected.map((event, index) => [event, times[index] ?? Number.NaN] as const),
    );
  }

  /** Waits for Ctrl-C, and says how to reach the interface meanwhile. */
  async #stay(): Promise<void> {
    const scene = this.#scene;
    if (scene === undefined || this.#controller.signal.aborted) return;
    this.#terminal.heading('staying up: press Ctrl-C to end');
    const commands = scene.stage.lookIn(scene.tap);
    if (commands.length > 0) this.#terminal.detail('from another terminal, as root:');
    for (const command of commands) this.#terminal.detail(`  ${command}`);
    await new Promise<void>((resolve) => {
      this.#endStay = resolve;
      scene.tap.once('removed', resolve);
    });
    this.#endStay = undefined;
    this.#terminal.line();
  }

  #totals({ tap, events }: Scene): Step {
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
