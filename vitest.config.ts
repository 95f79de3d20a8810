import { defineConfig } from 'vitest/config';

const setupFiles = ['tools/vitest/wasm-in-workers.ts'];
const exclude = ['**/node_modules/**', '**/dist/**', '**/target/**'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          setupFiles,
          include: ['{packages/*,conformance,bench,tools}/test/**/*.test.ts'],
          exclude: [...exclude, '**/*.netns.test.ts'],
          // Far more than any needs: a busy machine is no failure.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          // One file at a time, after the unit tests: they share the kernel, and two cores are soon busy.
          name: 'netns',
          setupFiles,
          include: ['{packages/*,conformance,bench,tools}/test/**/*.netns.test.ts'],
          exclude,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
    ],
    coverage: { provider: 'v8', include: ['packages/*/src/**'] },
  },
});
