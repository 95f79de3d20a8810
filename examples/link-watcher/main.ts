/**
 * Runs a command whenever the link of an interface goes up or down: `node main.ts eth0 notify-send 'the cable'`. The
 * command finds INTERFACE and STATUS (`up` or `down`) in its environment. The interface need not be there yet.
 *
 * @module
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { kernelSockets, linkStateOf, watchLinks } from '@rtap/transport';
import type { LinkStatus } from '@rtap/transport';

const [name, command, ...args] = process.argv.slice(2);
if (name === undefined || command === undefined) {
  console.error('usage: node main.ts INTERFACE COMMAND [ARGUMENT...]');
  process.exit(2);
}

const watch = await watchLinks({ sockets: await kernelSockets() });
process.once('SIGINT', () => watch.close());

async function run(program: string, status: LinkStatus): Promise<void> {
  const env = { ...process.env, INTERFACE: name, STATUS: status };
  const child = spawn(program, args, { env, stdio: 'inherit' });
  await once(child, 'exit').catch((error: unknown) => console.error(String(error)));
}

let known: LinkStatus | undefined;
for await (const event of watch) {
  // After a loss comes a snapshot: what has changed meanwhile is seen in it.
  if (event.type === 'lost' || event.type === 'resync') continue;
  const isOurs = 'item' in event && (event.item.name === name || event.previous?.name === name);
  if (event.type !== 'snapshot' && !isOurs) continue;
  const link = watch.items.find((item) => item.name === name);
  const status = link === undefined ? 'down' : linkStateOf(link).status;
  if (known === undefined) console.log(`${name} is ${status}, end with Ctrl-C`);
  // One command after the other. What is so no more when its turn comes is left out.
  else if (status !== known) await run(command, status);
  known = status;
}
