/**
 * Verdaccio on a port of the kernel's choice, for as long as the parent lives: `registry-process.ts CONFIG`.
 *
 * @module
 */

import { Server } from 'node:http';
import { runServer } from 'verdaccio';

// However the parent ends, the channel to it closes.
process.on('disconnect', () => process.exit());

const server: unknown = await runServer(process.argv[2]);
if (!(server instanceof Server)) throw new TypeError('verdaccio made no server');
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) process.send?.(address.port);
});
