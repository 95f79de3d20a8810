import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

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
