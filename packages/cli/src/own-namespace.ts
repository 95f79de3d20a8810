/**
 * A network namespace for what is tried out, so that the host is untouched.
 *
 * @module
 */

import type { NetworkNamespace } from '@rtap/core';
import { createTestNamespace } from '@rtap/testkit';
import { errorCode } from '@rtap/transport';

/**
 * Makes a namespace whose loopback is up: a rootless one where this process may make no other.
 *
 * @throws what `NetworkNamespace.create` throws for a rootless one then, with a hint that says what forbids it.
 */
export async function createOwnNamespace(): Promise<NetworkNamespace> {
  try {
    return await createTestNamespace();
  } catch (error) {
    if (errorCode(error) !== 'EPERM') throw error;
    return createTestNamespace({ rootless: true });
  }
}
