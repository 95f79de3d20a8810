import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  findsFolder,
  readCorpus,
  readFinds,
  targetOf,
  writeCorpus,
  writeFind,
} from '../fuzz/corpus.ts';
import { Coverage } from '../fuzz/coverage.ts';
import { Fuzzer } from '../fuzz/fuzzer.ts';
import { partOf, readInput, writeInput, type Input } from '../fuzz/input.ts';
import { Random } from '../fuzz/random.ts';
import { outcomeOf, type Target } from '../fuzz/target.ts';
import { targets } from '../fuzz/targets.ts';
import { attempt, Violation } from '../fuzz/violation.ts';
import { hidden } from './fuzz-sample.ts';
import { MalformedError } from '../../packages/netlink/src/index.ts';

/** Changed inputs a target: a short version of `npm run fuzz`. */
const RUNS = 600;

describe.each(targets.map((target) => [target.name, target] as const))('%s', (name, target) => {
  it('takes its seeds, its corpus and what was found once', async () => {
    expect(target.seeds().length).toBeGreaterThan(0);
    for (const input of [...target.seeds(), ...readCorpus(name)]) {
      expect(await outcomeOf(target, input)).toBeUndefined();
    }
    for (const [file, input] of readFinds(name)) {
      expect(await outcomeOf(target, input), file).toBeUndefined();
    }
  });

  it('takes changes of them', async () => {
    const fuzzer = new Fuzzer(target, new Random(1), readCorpus(name));
    await fuzzer.run({ runs: RUNS });
    expect(fuzzer.done.finds.map(({ signature }) => signature)).toEqual([]);
    expect(fuzzer.done.executions).toBeGreaterThanOrEqual(RUNS);
  });
});

it('every find is for a target', () => {
  const files = existsSync(findsFolder) ? readdirSync(findsFolder) : [];
  const names = targets.map(({ name }) => name);
  for (const file of files) expect(names).toContain(targetOf(file));
});

/** A message of attributes. */
function sample(...attributes: readonly number[]): Input {
  const body = Uint8Array.from(attributes);
  return [partOf({ type: 16, flags: 0, sequence: 0, portId: 0, body })];
}

/** A target that breaks where `breaks` says so. */
function planted(breaks: (input: Input) => void): Target {
  return {
    name: 'planted',
    seeds: () => [sample(8, 0, 1, 0, 1, 2, 3, 4, 8, 0, 2, 0, 0, 0, 0, 0)],
    headerOf: () => 16,
    run: breaks,
  };
}

describe('the fuzzer', () => {
  it('finds what breaks, makes it small, and tells it once', async () => {
    const target = planted(([part]) => {
      if ((part?.bytes.length ?? 0) > 40) throw new Violation('too long');
    });
    const fuzzer = new Fuzzer(target, new Random(5), []);
    await fuzzer.run({ runs: 5000 });
    expect(fuzzer.done.finds).toHaveLength(1);
    const [find] = fuzzer.done.finds;
    expect(find?.error).toBeInstanceOf(Violation);
    expect(find?.input[0]?.bytes.length).toBeLessThanOrEqual(44);
  });

  it('is led by the code that it reaches to what chance does not find', async () => {
    const target = planted(([part]) => hidden(part?.bytes.subarray(16) ?? new Uint8Array()));
    const coverage = new Coverage(['tools/test/fuzz-sample.ts']);
    const led = new Fuzzer(target, new Random(7), [], coverage);
    await led.run({ runs: 60_000, enough: () => led.done.finds.length > 0 });
    coverage.stop();
    const blind = new Fuzzer(target, new Random(7), []);
    await blind.run({ runs: led.done.executions });
    expect(led.done.finds).toHaveLength(1);
    expect(led.done.added.length).toBeGreaterThan(1);
    expect(blind.done.finds).toHaveLength(0);
  });

  it('does the same for the same seed', async () => {
    const runs = async (): Promise<string[]> => {
      const seen: string[] = [];
      const target = planted(
        (input) => void seen.push(Buffer.from(writeInput(input)).toString('hex')),
      );
      await new Fuzzer(target, new Random(9), []).run({ runs: 300 });
      return seen;
    };
    expect(await runs()).toEqual(await runs());
  });

  it('takes a refusal for one only when its offset is in the message', () => {
    const refuse = (offset: number) => (): never => {
      throw new MalformedError('no', offset);
    };
    expect(attempt('it', 10, refuse(10))).toBeUndefined();
    expect(() => attempt('it', 10, refuse(11))).toThrow('tells offset 11 of 10 bytes');
    expect(() => attempt('it', 10, refuse(-1))).toThrow(Violation);
    expect(() =>
      attempt('it', 10, () => {
        throw new RangeError('Maximum call stack size exceeded');
      }),
    ).toThrow('it threw RangeError');
  });
});

describe('files', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rtap-fuzz-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('keep inputs', () => {
    const inputs: Input[] = [
      sample(1, 2, 3),
      [...sample(), { control: 9, bytes: Uint8Array.of(1) }],
      [],
    ];
    for (const input of inputs) expect(readInput(writeInput(input))).toEqual(input);
    writeCorpus('link', inputs, folder);
    expect(readCorpus('link', folder)).toEqual(inputs);
    expect(readCorpus('route', folder)).toEqual([]);
    const file = writeFind('netns-id', inputs[0]!, folder);
    expect(targetOf(file)).toBe('netns-id');
    expect(readFinds('netns-id', folder)).toEqual([[basename(file), inputs[0]]]);
  });

  it('that were cut short are read as far as they go', () => {
    const bytes = writeInput(sample(1, 2, 3, 4));
    for (let length = 0; length <= bytes.length; length += 1) {
      expect(readInput(bytes.subarray(0, length)).length).toBe(length < 5 ? 0 : 1);
    }
  });
});
