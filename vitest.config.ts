import { join } from 'node:path';

import { defineConfig } from 'vitest/config';

const setupFiles = ['tools/vitest/wasm-in-workers.ts'];
/** Programs that tests start have their types stripped once, and not each time: half a second of each start. */
const env = { NODE_COMPILE_CACHE: join(import.meta.dirname, '.rtap/compile-cache') };
const exclude = ['**/node_modules/**', '**/dist/**', '**/target/**'];
/** Tests that start whole programs and mostly wait for them: two files at a time, and the two cores are used. */
const programs = [
  'packages/cli/test/**/*.netns.test.ts',
  'conformance/test/{cli,docs,examples,install}/**/*.netns.test.ts',
  'tools/test/{site,*.netns}.test.ts',
];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          setupFiles,
          env,
          include: ['{packages/*,conformance,bench,examples,tools}/test/**/*.test.ts'],
          exclude: [...exclude, ...programs, '**/*.netns.test.ts'],
          // Far more than any needs: a busy machine is no failure.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          // One file at a time: they share the kernel, and two cores are soon busy.
          name: 'netns',
          setupFiles,
          env,
          include: ['{packages/*,conformance,bench,tools}/test/**/*.netns.test.ts'],
          exclude: [...exclude, ...programs],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'programs',
          setupFiles,
          env,
          include: programs,
          exclude,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
    ],
    coverage: { provider: 'v8', include: ['packages/*/src/**'] },
  },
});
