/**
 * Fixtures for vitest: a namespace a test file, judges that are skipped with a reason when they are missing, and what
 * was on the wire of a test that failed.
 *
 * @module
 */

import { rm } from 'node:fs/promises';
import { test as base } from 'vitest';
import type { TestAPI } from 'vitest';
import { NetworkNamespace } from '@rtap/native';
import type { NetworkNamespaceCreateOptions } from '@rtap/native';
import { errorCode } from '@rtap/transport';
import { observeCaptures } from './capture-observer.ts';
import type { Capture } from './capture.ts';
import { captureFile, defaultCaptureFolder, keepCaptures } from './keep-captures.ts';
import { missingForNamespaces, missingProgram } from './requirements.ts';
import { createTestNamespace } from './test-namespace.ts';
import { createTopology } from './topology.ts';

/** What tests of the kernel get. */
export interface NamespaceFixtures {
  /** The test file's own network namespace, closed after its last test. Without root the test is skipped and says why. */
  readonly netns: NetworkNamespace;
  /**
   * {@link createTestNamespace} for this test: closed after it, and its name taken away, however it ends, a timeout
   * included. Skips as `netns` does.
   */
  readonly createTestNamespace: typeof createTestNamespace;
  /** {@link createTopology} for this test: closed after it, however it ends, a timeout included. Skips as `netns` does. */
  readonly createTopology: typeof createTopology;
  /** Skips the test, with the package to install, unless all these programs are there. */
  readonly judges: (...programs: readonly string[]) => void;
  /**
   * Where a test that fails leaves one pcapng file of all that it captured, in its last try; its failure says the path.
   * When it passes again that file is gone. The environment's RTAP_CAPTURE_FOLDER, or `.rtap/captures` in the working directory, unless `test.extend` gives another one.
   */
  readonly captureFolder: string;
}

/**
 * A `test` with {@link NamespaceFixtures}.
 *
 * Captures that a test began are stopped after it; those of tests that run concurrently in one file are not, and each
 * of these tests keeps what all of them captured meanwhile.
 */
export const test: TestAPI<
  NamespaceFixtures & {
    readonly fileNamespace: NetworkNamespace | null;
    readonly keptCaptures: undefined;
  }
> = base.extend<
  NamespaceFixtures & {
    readonly fileNamespace: NetworkNamespace | null;
    readonly keptCaptures: undefined;
  }
>({
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
  createTestNamespace: async ({ skip }, use) => {
    await lend(createTestNamespace, skip, use, forgetName);
  },
  createTopology: async ({ skip }, use) => {
    await lend(createTopology, skip, use);
  },
  judges: async ({ skip }, use) => {
    await use((...programs) => {
      const missing = programs.map(missingProgram).filter((reason) => reason !== undefined);
      if (missing.length > 0) skip(missing.join('; '));
    });
  },
  captureFolder: async ({}, use) => {
    await use(defaultCaptureFolder());
  },
  keptCaptures: [
    async ({ captureFolder, task }, use) => {
      const captures: Capture[] = [];
      const observation = observeCaptures((capture) => captures.push(capture));
      await use(undefined);
      observation[Symbol.dispose]();
      if (task.concurrent !== true) await Promise.all(captures.map((capture) => capture.stop()));
      if (captures.length === 0) return;
      const { state, errors } = task.result ?? {};
      const path = captureFile(captureFolder, task.name, task.id);
      if (state === 'fail' && task.fails !== true) {
        await keepCaptures(path, captures);
        const error = errors?.at(-1);
        if (error !== undefined) error.message += `\n\nwhat was on the wire: ${path}`;
      } else {
        // That of an earlier try, or of an earlier run.
        await rm(path, { force: true });
      }
    },
    { auto: true },
  ],
});

/** Takes the name of a namespace away, if it has one and the test has not done so. */
async function forgetName({ name }: NetworkNamespaceCreateOptions = {}): Promise<void> {
  if (name === undefined) return;
  try {
    await NetworkNamespace.delete(name);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

/** Lets a test make what is disposed after it, also what is still being made then. */
async function lend<Args extends readonly unknown[], Made extends AsyncDisposable>(
  make: (...args: Args) => Promise<Made>,
  skip: (reason: string) => void,
  use: (make: (...args: Args) => Promise<Made>) => Promise<void>,
  forget?: (...args: Args) => Promise<void>,
): Promise<void> {
  const made: { readonly making: Promise<Made>; readonly args: Args }[] = [];
  await use((...args) => {
    const missing = missingForNamespaces();
    if (missing !== undefined) skip(missing);
    const making = make(...args);
    made.push({ making, args });
    return making;
  });
  const ended = made.map(async ({ making, args }) => {
    // What could not be made failed where it was asked for.
    const each = await making.catch(() => undefined);
    if (each === undefined) return;
    try {
      await each[Symbol.asyncDispose]();
    } finally {
      await forget?.(...args);
    }
  });
  for (const result of await Promise.allSettled(ended)) {
    if (result.status === 'rejected') throw result.reason;
  }
}
