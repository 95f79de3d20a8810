/**
 * Two namespaces with a forwarder between them, and TCP through it.
 *
 * @module
 */

import { readdir, readFile } from 'node:fs/promises';

import type { NamespaceProcess, NetworkNamespace } from '@rtap/native';

import { LineProcess } from '../src/line-process.ts';
import { createQuietNamespace, must } from '../src/quiet-namespace.ts';
import { Absence } from './absence.ts';
import type { Contender } from './arena.ts';
import type { Figures } from './contest.ts';

/** What a visit of TCP tells. */
export const THROUGHPUT = 'Gb/s';
/** Processor time of the forwarder's process, all threads. */
export const COST = 'CPU ms/Gb';
/** Segments that were sent again: figures with many are not worth much. */
const RETRANSMITS = 'retransmits';

/**
 * Two hosts, each in a namespace, and what connects them: a forwarder's two devices, or a veth pair.
 *
 * A forwarder is told the path of the other host's namespace as its last argument, makes a device there and one in its
 * own, prints their names on one line, and ends with its input.
 */
export class Connection {
  /** What the tables call it. */
  readonly name: string;
  readonly #client: NetworkNamespace;
  readonly #server: NetworkNamespace;
  readonly #processes: { readonly talk: LineProcess; readonly child: NamespaceProcess }[] = [];
  #pid: number | undefined;

  private constructor(name: string, client: NetworkNamespace, server: NetworkNamespace) {
    this.name = name;
    this.#client = client;
    this.#server = server;
  }

  /**
   * Makes both hosts and connects them.
   *
   * @param forwarder - without a command it is a veth pair.
   * @throws Absence when the forwarder can't work here.
   */
  static async create({ name, command }: Contender): Promise<Connection> {
    const client = await createQuietNamespace();
    const connection = new Connection(name, client, await createQuietNamespace());
    try {
      const devices = await (command.length === 0
        ? connection.#veth()
        : connection.#forwarder(command));
      await connection.#address(devices);
      const server = await connection.#start(connection.#server, ['iperf3', '-s', '--forceflush']);
      while (!(await server.talk.line()).includes('listening'));
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  /** TCP from one host to the other. */
  async tcp(streams: number, seconds: number): Promise<Figures> {
    const before = await this.#spent();
    const args = ['-c', '10.0.0.2', '-t', String(seconds), '-P', String(streams), '-J'];
    const { received, retransmits } = report(await must(this.#client, 'iperf3', ...args));
    const spent = (await this.#spent()) - before;
    const gigabits = (received.bytes * 8) / 1e9;
    if (!(gigabits > 0)) throw new Error(`nothing came through ${this.name}`);
    return {
      [THROUGHPUT]: received.bits_per_second / 1e9,
      [RETRANSMITS]: retransmits,
      ...(this.#pid === undefined ? {} : { [COST]: spent / 1e6 / gigabits }),
    };
  }

  /** Ends all that is in both. */
  async close(): Promise<void> {
    for (const { talk, child } of this.#processes) {
      talk.end();
      if (child.pid !== this.#pid) child.kill('SIGKILL');
    }
    await Promise.all(this.#processes.map(({ child }) => child.exited));
    await this.#client.close();
    await this.#server.close();
  }

  async #forwarder(command: readonly string[]): Promise<readonly [string, string]> {
    const { talk, child } = await this.#start(this.#client, [...command, this.#server.path]);
    this.#pid = child.pid;
    const line = await talk.line();
    const [one = '', other = '', ...rest] = line.split(' ');
    if (one === 'absent') throw new Absence(this.name, [other, ...rest].join(' '));
    return [one, other];
  }

  async #veth(): Promise<readonly [string, string]> {
    const peer = ['peer', 'name', 'veth1', 'netns', this.#server.path];
    await must(this.#client, 'ip', 'link', 'add', 'veth0', 'type', 'veth', ...peer);
    return ['veth0', 'veth1'];
  }

  async #address([one, other]: readonly [string, string]): Promise<void> {
    const hosts = [
      [this.#client, one, '10.0.0.1/24'],
      [this.#server, other, '10.0.0.2/24'],
    ] as const;
    for (const [netns, device, address] of hosts) {
      await must(netns, 'ip', 'address', 'add', address, 'dev', device);
      await must(netns, 'ip', 'link', 'set', device, 'up');
    }
  }

  async #start(
    netns: NetworkNamespace,
    [file = '', ...args]: readonly string[],
  ): Promise<{ readonly talk: LineProcess; readonly child: NamespaceProcess }> {
    const child = await netns.exec(file, args);
    child.stderr?.on('data', (text) => process.stderr.write(text));
    const started = { talk: new LineProcess(file, child), child };
    this.#processes.push(started);
    return started;
  }

  async #spent(): Promise<number> {
    return this.#pid === undefined ? 0 : processorTime(this.#pid);
  }
}

/** Nanoseconds that all threads of a process have had (Documentation/scheduler/sched-stats.rst). */
export async function processorTime(pid: number): Promise<number> {
  const tasks = `/proc/${pid}/task`;
  const spent = (await readdir(tasks)).map(async (task) =>
    Number((await readFile(`${tasks}/${task}/schedstat`, 'utf8')).split(' ', 1)[0]),
  );
  return (await Promise.all(spent)).reduce((sum, each) => sum + each, 0);
}

interface Iperf {
  readonly received: { readonly bits_per_second: number; readonly bytes: number };
  readonly retransmits: number;
}

/** The part of `iperf3 -J` that is used. */
function report(json: string): Iperf {
  const told: unknown = JSON.parse(json);
  const end = member(told, 'end');
  const received = member(end, 'sum_received');
  return {
    received: {
      bits_per_second: Number(member(received, 'bits_per_second')),
      bytes: Number(member(received, 'bytes')),
    },
    retransmits: Number(member(member(end, 'sum_sent'), 'retransmits')),
  };
}

function member(value: unknown, name: string): unknown {
  if (typeof value === 'object' && value !== null) {
    const found: unknown = Reflect.get(value, name);
    if (found !== undefined) return found;
  }
  throw new Error(`iperf3 told no ${name}: ${JSON.stringify(value)}`);
}
