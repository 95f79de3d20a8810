/**
 * The frame of all commands: help, options, errors and exit codes.
 *
 * @module
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PcapngWriter } from '@rtap/frames';
import type { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { CliError, tellError, usageError } from '../src/frame/cli-error.ts';
import { createProgram } from '../src/program.ts';
import { runProgram } from '../src/run-program.ts';

let output = '';
let errors = '';

beforeEach(() => {
  output = '';
  errors = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    output += String(chunk);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    errors += String(chunk);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** Runs a command line in this process; returns its exit code. */
async function code(line: string): Promise<unknown> {
  await runProgram(line === '' ? [] : line.split(' '));
  return process.exitCode ?? 0;
}

function all(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(all)];
}

describe('help', () => {
  it.each(all(createProgram()))('of each command has examples: $name', (command) => {
    command.configureOutput({ writeOut: (text) => (output += text) });
    command.outputHelp();
    expect(output).toMatch(/Examples:\n {2}\$ (sudo )?rtap /);
  });

  it('shows the options that a command takes, and no others', async () => {
    expect(await code('monitor --help')).toBe(0);
    expect(output).toContain('--netns <namespace>');
    expect(output).toContain('--json');
    expect(output).not.toContain('--ipv4');
  });

  it.each(['link help', 'help link', 'link --help'])('of an object of ip: %s', async (line) => {
    expect(await code(line)).toBe(0);
    expect(output).toMatch(/^Usage: rtap link/);
  });

  it('of the program has the table of exit codes', async () => {
    expect(await code('--help')).toBe(0);
    expect(output).toMatch(/Exit codes:\n {2}0 /);
  });
});

describe('wrong usage is one line on standard error and code 2', () => {
  it.each([
    ['nonsense', "unknown command 'nonsense'"],
    ['link shwo', '"shwo" is no command of rtap link (one of show, set, add, delete, property)'],
    ['demo --json', '"rtap demo" does not take --json'],
    ['link show -6', '"rtap link show" does not take --ipv6'],
    ['link set eth0', 'nothing to change'],
    ['link set up', 'which interface?'],
    ['link set eth0 mtu', '"mtu" wants a value'],
    ['link set eth0 mtu x', '"x" is no mtu'],
    ['link set eth0 mtu 1 mtu 2', '"mtu" is given twice'],
    ['link set eth0 promisc yes', '"yes" is no promisc (one of on, off)'],
    ['link set eth0 address 1:2', '"1:2" is no MAC address'],
    ['link set eth0 name a-name-of-more-than-15', '"a-name-of-more-than-15" is no name'],
    ['link set eth0 up lo', '"lo" is no word of rtap link set'],
    ['link add x0', 'of which type?'],
    ['link add x0 type veth pear', '"pear" is nothing that rtap knows of type veth'],
    ['link delete', 'which interface?'],
    ['link property put dev x altname y', '"put" is neither add nor del'],
    ['addr add 10.0.0.1/33 dev x', '"33" is no length of a prefix'],
    ['addr add 10.0.0.1/24', 'of which interface?'],
    ['addr add 10.0.0.256 dev x', '"10.0.0.256" is no IP address'],
    ['addr add 10.0.0.1 dev x valid_lft 1 preferred_lft 2', 'preferred_lft is longer'],
    ['route add via 10.0.0.1', 'to where?'],
    ['route show table nonsense', '"nonsense" is no table'],
    ['neigh add 10.0.0.1', 'behind which interface?'],
    ['run --mode rxonly --iface x0 --iface x0', '--iface x0 is given twice'],
    ['run --mode io --rate 10', '--rate is for --mode txonly'],
    ['run --mode rxonly --size 64', '--size is for --mode txonly'],
    ['run --mode io --mac zz', "'zz' is wrong: it must be a MAC address as 02:00:00:00:00:01"],
    [
      'link set eth0 name à',
      '"à" is no name of an interface (1 to 15 bytes, without blanks, slashes, colons and the byte 0xa0)',
    ],
    ['monitor lo eth0/1', '"eth0/1" is no name of an interface'],
    ['neigh show nud good', '"good" is no state'],
  ])('rtap %s', async (line, message) => {
    expect(await code(line)).toBe(2);
    expect(errors).toContain(`rtap: ${message}`);
    expect(errors.split('\n').filter((each) => each.startsWith('rtap: '))).toHaveLength(1);
    expect(output).toBe('');
  });

  it('no command at all shows the help', async () => {
    expect(await code('')).toBe(2);
    expect(errors).toContain('Usage: rtap');
  });
});

test('Ctrl-C before a replay is ready is code 130, without a line', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rtap-replay-'));
  const path = join(folder, 'trace.pcapng');
  const writer = new PcapngWriter();
  writer.addInterface();
  writeFileSync(path, writer.take());
  const interrupt = (event: string | symbol): void => {
    if (event === 'SIGINT') queueMicrotask(() => process.emit('SIGINT'));
  };
  process.on('newListener', interrupt);
  try {
    expect(await code(`replay ${path} --loop --json`)).toBe(130);
    expect([output, errors]).toEqual(['', '']);
  } finally {
    process.off('newListener', interrupt);
    rmSync(folder, { recursive: true });
  }
});

describe('a namespace', () => {
  it.each(['no-such-name', '/no/such/path', '999999999'])(
    'that is not there is code 1: %s',
    async (netns) => {
      expect(await code(`--netns ${netns} link show`)).toBe(1);
      expect(errors).toMatch(/^rtap: .*(does not exist|no process)/);
    },
  );

  it('without a name is wrong usage', async () => {
    expect(await code('link show --netns ..')).toBe(2);
  });
});

describe('an error is told', () => {
  it('as one line with its hint', () => {
    const told = tellError(new CliError('it failed', { hint: 'do that' }));
    expect(told).toEqual({ text: 'rtap: it failed (do that)', exitCode: 1 });
    expect(tellError(usageError('what?'))).toEqual({ text: 'rtap: what?', exitCode: 2 });
  });

  it('of another package by its code and hint', () => {
    const refused = Object.assign(new Error('EPERM: no'), { code: 'EPERM', hint: 'run as root' });
    expect(tellError(refused)).toEqual({ text: 'rtap: EPERM: no (run as root)', exitCode: 1 });
    const value = 'The value of "options.mac" is out of range. It must be a MAC. Received \'zz\'';
    const wrong = Object.assign(new RangeError(value), { code: 'ERR_OUT_OF_RANGE' });
    expect(tellError(wrong)).toEqual({
      text: "rtap: 'zz' is wrong: it must be a MAC",
      exitCode: 2,
    });
    const range = Object.assign(new RangeError('too large'), { code: 'ERR_OUT_OF_RANGE' });
    expect(tellError(range).exitCode).toBe(2);
  });

  it('with a stack when it is a fault of ours', () => {
    const { text, exitCode } = tellError(new TypeError('undefined is no function'));
    expect(text).toMatch(/undefined is no function\n {4}at /);
    expect(exitCode).toBe(1);
    expect(tellError('thrown')).toEqual({ text: 'rtap: thrown', exitCode: 1 });
  });
});
