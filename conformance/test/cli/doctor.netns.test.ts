import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expectNoLeaks } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { expect } from 'vitest';

const bin = join(import.meta.dirname, '../../../packages/cli/src/bin.ts');

test('rtap doctor proves each offload, and leaves nothing behind', async ({ netns }) => {
  await expectNoLeaks(
    async () => {
      const { stdout } = await promisify(execFile)(process.execPath, [bin, 'doctor']);
      for (const offload of ['checksum', 'tso4', 'tso6', 'tsoEcn', 'uso4', 'uso6']) {
        expect(stdout).toContain(`offload ${offload}: whole as it was sent, and cut as the kernel`);
      }
      expect(stdout).toContain('ready');
    },
    { namespaces: [netns] },
  );
});
