/**
 * A monitor that is traced while it listens: `ip monitor`, `tc monitor`.
 *
 * @module
 */

import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { OPTIONS, readTrace } from './strace.mjs';

/** The kernel gathers changes of the carrier up to a second. */
const QUIET = 1500;
const MARK = 'listening';
const MARKS = [MARK, 'clsact'].map((word) => Buffer.from(word).toString('hex'));

export class Monitor {
  #process;
  #trace;
  #output;
  #datagrams = 0;
  #printed = 0;

  /** Starts `command`, in `folder`; resolves when it listens. */
  static async start(command, folder) {
    const monitor = new Monitor();
    monitor.#trace = `${folder}/monitor-trace`;
    monitor.#output = `${folder}/monitor-output`;
    const output = openSync(monitor.#output, 'w');
    // Its output goes to a file, line by line.
    const words = ['-o', monitor.#trace, ...OPTIONS, '--', 'stdbuf', '-oL', ...command.split(' ')];
    // In a group of its own: strace, ended alone, would wait for what it traces.
    const options = { stdio: ['ignore', output, 'inherit'], detached: true };
    monitor.#process = spawn('strace', words, options);
    closeSync(output);
    while (monitor.#heard().length === 0) {
      // Whatever it listens to: these make events of links and of traffic control.
      spawnSync('ip', ['link', 'set', 'lo', 'alias', MARK]);
      spawnSync('ip', ['link', 'set', 'lo', 'alias', '']);
      spawnSync('tc', ['qdisc', 'add', 'dev', 'lo', 'clsact']);
      spawnSync('tc', ['qdisc', 'del', 'dev', 'lo', 'clsact']);
      await setTimeout(100);
    }
    await monitor.next();
    return monitor;
  }

  /** What it heard and printed since the last time, once it hears nothing more. */
  async next() {
    let heard = this.#heard();
    for (let size = -1; size !== heard.length; heard = this.#heard()) {
      size = heard.length;
      await setTimeout(QUIET);
    }
    const received = heard.slice(this.#datagrams).map(({ hex }) => hex);
    const text = readFileSync(this.#output, 'utf8');
    const step = { received, text: text.slice(this.#printed) };
    this.#datagrams = heard.length;
    this.#printed = text.length;
    return step;
  }

  stop() {
    process.kill(-this.#process.pid);
  }

  /** What came by the socket that events come by. Before, some monitors ask for names by it. */
  #heard() {
    const all = existsSync(this.#trace) ? readTrace(readFileSync(this.#trace, 'utf8')) : [];
    const first = all.find(({ hex }) => MARKS.some((mark) => hex.includes(mark)));
    return all.filter(({ socket, sent }) => socket === first?.socket && !sent);
  }
}
