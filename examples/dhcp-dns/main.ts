/**
 * DHCP and DNS for one network namespace: `node main.ts [/run/netns/a]`. The server is 10.0.0.1; a client that asks for an
 * address gets one, and is known by its name from then on.
 *
 * @module
 */

import { openTap } from '@rtap/core';
import { parseIpAddress, parseMacAddress, respond } from '@rtap/frames';
import { Leases } from './leases.ts';
import { Server } from './server.ts';

const host = { mac: parseMacAddress('02:00:00:00:00:01'), ipv4: parseIpAddress('10.0.0.1') };
const [netns] = process.argv.slice(2);

const tap = await openTap(netns === undefined ? {} : { netns });
const leases = new Leases(parseIpAddress('10.0.0.10'), 100);
const server = new Server(host, leases, (line) => console.log(line));
process.once('SIGINT', () => void tap.close());
console.log(`${tap.name} is up, ask 10.0.0.1 for an address; end with Ctrl-C`);

for await (const batch of tap.batches()) {
  for (let i = 0; i < batch.count; i += 1) {
    const frame = batch.frame(i);
    const length = respond(frame, host);
    const answer = length > 0 ? frame.subarray(0, length) : server.answer(frame);
    if (answer !== undefined) tap.send(answer);
  }
}
await tap.close();
