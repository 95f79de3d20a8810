/**
 * Brings a port of this machine's loopback interface into a network namespace, by a socket in the file system, which
 * network namespaces don't part.
 *
 * @module
 */

import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import type { NetworkNamespace } from '@rtap/core';

/** Run in the namespace: listens where the kernel likes, says where, and passes on. */
const FAR = `
const { connect, createServer } = require('node:net');
const server = createServer((near) => {
  const far = connect(process.argv[1]);
  near.pipe(far).pipe(near);
  near.on('error', () => far.destroy());
  far.on('error', () => near.destroy());
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit()).resume();
`;

/** What stands between. */
export interface LoopbackRelay extends AsyncDisposable {
  /** On the loopback interface of the namespace. */
  readonly port: number;
}

/**
 * Makes one.
 *
 * @param folder for the socket
 */
export async function relayPort(
  netns: NetworkNamespace,
  port: number,
  folder: string,
): Promise<LoopbackRelay> {
  const path = join(folder, 'relay');
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    near.pipe(far).pipe(near);
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
  }).listen(path);
  await once(server, 'listening');
  const child = await netns.exec(process.execPath, ['-e', FAR, path], { stdio: 'pipe' });
  if (child.stdin === null || child.stdout === null) throw new TypeError('no relay');
  const [said]: unknown[] = await once(child.stdout, 'data');
  const { stdin } = child;
  return {
    port: Number(String(said)),
    [Symbol.asyncDispose]: async () => {
      stdin.end();
      await child.exited;
      server.close();
    },
  };
}
