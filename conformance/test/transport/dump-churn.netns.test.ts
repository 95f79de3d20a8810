import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NetworkNamespace } from '@rtap/native';
import { createTestNamespace } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { NetlinkClient } from '@rtap/transport';
import { describe, expect } from 'vitest';
import { batch } from './ip-batch.ts';

/** How often the kernel has to interrupt a dump before the tests are content. RTAP_SOAK=1 makes it more. */
const INTERRUPTIONS = process.env['RTAP_SOAK'] === undefined ? 10 : 300;
/** Interfaces that stay, so that a dump takes several datagrams. */
const STAYING = 150;

/** Has interfaces come and go, over and over, until it is stopped. */
async function churn(netns: NetworkNamespace): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'rtap-churn-'));
  const file = join(folder, 'batch');
  const lines = Array.from(
    { length: 50 },
    (_, n) => `tuntap add c${n} mode tap\naddress add 10.66.${n}.1/24 dev c${n}\nlink del c${n}\n`,
  );
  writeFileSync(file, lines.join(''));
  const child = await netns.exec('sh', ['-c', `while ip -batch ${file}; do :; done`], {
    stdio: 'ignore',
  });
  return async () => {
    // The one that changes ends by itself when its file is gone.
    rmSync(folder, { recursive: true });
    await child.exited;
  };
}

async function staying(netns: NetworkNamespace): Promise<void> {
  await batch(
    netns,
    Array.from({ length: STAYING }, (_, n) => [
      `tuntap add s${n} mode tap`,
      `address add 10.67.${n}.1/24 dev s${n}`,
    ]).flat(),
  );
}

describe('while interfaces come and go', () => {
  test('dumps are whole: each of those that stay is in it, and none is in it twice', async ({
    netns: _,
    judges,
  }) => {
    judges('ip');
    await using netns = await createTestNamespace();
    await staying(netns);
    await using client = await NetlinkClient.open({ netns });
    const stop = await churn(netns);
    let interruptions = 0;
    try {
      while (interruptions < INTERRUPTIONS) {
        const links = client.links({ attempts: 1000 });
        const names = (await links.toArray()).map(({ name }) => name ?? '');
        expect(new Set(names).size).toBe(names.length);
        expect(names.filter((name) => name.startsWith('s'))).toHaveLength(STAYING);
        const addresses = client.addresses({ attempts: 1000 });
        const labels = (await addresses.toArray()).flatMap(({ label = [] }) => label);
        expect(new Set(labels).size).toBe(labels.length);
        expect(labels.filter((label) => label.startsWith('s'))).toHaveLength(STAYING);
        interruptions += links.attempts - 1 + addresses.attempts - 1;
      }
    } finally {
      await stop();
    }
  }, 300_000);
});
