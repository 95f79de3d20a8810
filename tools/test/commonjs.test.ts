import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { asCommonJs, writeCommonJs } from '../commonjs.mjs';

it('renames the types that are beside, and no package', () => {
  const text = [
    `import { A } from './request-1.js';`,
    `export { B as default } from '../b.js';`,
    `type C = import('./c.js').C;`,
    `import { D } from '@rtap/netlink';`,
    `import { E } from 'd.js';`,
  ];
  expect(asCommonJs(text.join('\n')).split('\n')).toEqual([
    `import { A } from './request-1.cjs';`,
    `export { B as default } from '../b.cjs';`,
    `type C = import('./c.cjs').C;`,
    ...text.slice(3),
  ]);
});

it('writes what exports say that CommonJS gets', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rtap-commonjs-'));
  try {
    mkdirSync(join(folder, 'dist/testing'), { recursive: true });
    writeFileSync(join(folder, 'dist/testing/index.d.ts'), `export * from '../types.js';\n`);
    writeFileSync(join(folder, 'dist/types.d.ts'), `export declare const a: 1;\n`);
    const types = './dist/testing/index.d';
    const exports = {
      './testing': {
        import: { types: `${types}.ts`, default: './dist/testing/index.js' },
        require: { types: `${types}.cts`, default: './dist/testing/index.cjs' },
      },
      './package.json': './package.json',
    };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ publishConfig: { exports } }));
    writeCommonJs(folder);
    const read = (path: string): string => readFileSync(join(folder, 'dist', path), 'utf8');
    expect(read('testing/index.cjs')).toContain(`module.exports = require('./index.js');`);
    expect(read('testing/index.d.cts')).toBe(`export * from '../types.cjs';\n`);
    expect(read('types.d.cts')).toBe(read('types.d.ts'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
