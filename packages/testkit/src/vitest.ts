/**
 * Fixtures for vitest: a namespace a test file, and judges that are skipped with a reason when they are missing.
 *
 * @module
 */

import { test as base } from 'vitest';
import type { TestAPI } from 'vitest';
import type { NetworkNamespace } from '@rtap/native';
import { missingForNamespaces, missingProgram } from './requirements.ts';
import { createTestNamespace } from './test-namespace.ts';

/** What tests of the kernel get. */
export interface NamespaceFixtures {
  /** The test file's own network namespace, closed after its last test. Without root the test is skipped and says why. */
  readonly netns: NetworkNamespace;
  /** Skips the test, with the package to install, unless all these programs are there. */
  readonly judges: (...programs: readonly string[]) => void;
}

/** A `test` with {@link NamespaceFixtures}. */
export const test: TestAPI<
  NamespaceFixtures & { readonly fileNamespace: NetworkNamespace | null }
> = base.extend<NamespaceFixtures & { readonly fileNamespace: NetworkNamespace | null }>({
  fileNamespace: [
    async ({}, use) => {
      const netns = missingForNamespaces() === undefined ? await createTestNamespace() : null;
      await use(netns);
      await netns?.close();
    },
    { scope: 'file' },
  ],
  netns: async ({ fileNamespace, skip }, use) => {
    if (fileNamespace === null) skip(missingForNamespaces() ?? 'no network namespace');
    else await use(fileNamespace);
  },
  judges: async ({ skip }, use) => {
    await use((...programs) => {
      const missing = programs.map(missingProgram).filter((reason) => reason !== undefined);
      if (missing.length > 0) skip(missing.join('; '));
    });
  },
});
