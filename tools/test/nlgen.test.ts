import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import * as netlink from '../../packages/netlink/src/index.ts';
import { generate, outdated } from '../nlgen/main.ts';
import { address } from '../nlgen/spec/address.ts';
import { families } from '../nlgen/spec/index.ts';

const sources = join(import.meta.dirname, '../../packages/netlink/src');

describe('the generated families', () => {
  let files: Map<string, string>;
  let folder: string;

  beforeAll(async () => {
    files = await generate(families);
    folder = mkdtempSync(join(tmpdir(), 'rtap-nlgen-'));
    for (const path of files.keys()) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), readFileSync(join(sources, path)));
    }
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are what the tables give', () => {
    expect(files.size).toBeGreaterThan(5);
    expect(outdated(files, sources)).toEqual([]);
    expect(outdated(files, folder)).toEqual([]);
  });

  it('are found out when they were changed by hand', () => {
    const path = join(folder, 'address.ts');
    writeFileSync(path, readFileSync(path, 'utf8').replace('case 9:', 'case 99:'));
    expect(outdated(files, folder)).toEqual(['address.ts']);
  });

  it('are found out when they are not there', () => {
    rmSync(join(folder, 'link'), { recursive: true });
    expect(outdated(files, folder)).toContain('link/names.ts');
  });

  it('are found out when the table was changed', async () => {
    const attributes = address.attributes.map((row) =>
      row.name === 'protocol' ? { ...row, type: 'u16' as const } : row,
    );
    expect(outdated(await generate([{ ...address, attributes }]), sources)).toEqual([
      'address.ts',
      'address/constants.ts',
    ]);
  });
});

/** What no tool of iproute2 and no kernel says, so that nobody can record it. */
const NEVER_SAID = new Set(['RTM_DELNEXTHOPBUCKET']);

describe('recordings', () => {
  const folder = join(sources, '../test/goldens');
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  const numbers = netlink as unknown as Readonly<Record<string, number>>;

  it('hold every message type of every table', () => {
    const said = new Set<number>();
    for (const file of files) {
      const steps: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      for (const step of Array.isArray(steps) ? steps : [steps]) {
        const { sent, received, built } = step as Golden;
        if (built !== undefined) continue;
        for (const datagram of [sent ?? '', ...received]) {
          const bytes = new Uint8Array(Buffer.from(datagram, 'hex'));
          for (const { type } of netlink.messages(bytes, 'little')) said.add(type);
        }
      }
    }
    const missing = families
      .filter(({ messages }) => messages.generic !== true)
      .flatMap(({ messages }) => [...Object.keys(messages.events), ...messages.requests])
      .filter((type) => !NEVER_SAID.has(type) && !said.has(numbers[type] ?? -1));
    expect(missing).toEqual([]);
  });

  it('are all made by the recorder', () => {
    const scenes = ['scenes.mjs', 'events.mjs']
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join('');
    const made = [...scenes.matchAll(/golden: '(\w+)'|kind\('(\w+)'/g)].map(
      ([, golden, kind]) => `${golden ?? kind}.json`,
    );
    expect(made.toSorted()).toEqual(files.toSorted());
  });
});

interface Golden {
  readonly sent?: string;
  readonly received: readonly string[];
  readonly built?: string;
}
