/**
 * Records what passes a device into a pcapng file, both directions: `node main.ts FILE`. On the other side of the cable
 * is a host at 10.0.0.2 that answers pings, so that there is something to see.
 *
 * @module
 */

import { open } from 'node:fs/promises';
import { openTap } from '@rtap/core';
import { PcapngWriter, parseIpAddress, parseMacAddress, respond } from '@rtap/frames';

const [path] = process.argv.slice(2);
if (path === undefined) {
  console.error('usage: node main.ts FILE');
  process.exit(2);
}
const host = { mac: parseMacAddress('02:00:00:00:00:02'), ipv4: parseIpAddress('10.0.0.2') };

const file = await open(path, 'w');
const tap = await openTap({ addresses: ['10.0.0.1/24'] });
const writer = new PcapngWriter({ application: 'rtap pcapng-recorder' });
writer.addInterface({ name: tap.name });

/** Nanoseconds since 1970. */
const now = (): bigint =>
  BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n;

process.once('SIGINT', () => void tap.close());
console.log(`${tap.name} is up: ping 10.0.0.2, end with Ctrl-C`);
let count = 0;
for await (const batch of tap.batches()) {
  const timestamp = now();
  for (let i = 0; i < batch.count; i += 1) {
    const frame = batch.frame(i);
    // Before it is answered, as that is done in place.
    writer.writePacket(frame, { timestamp, direction: 'outbound' });
    count += 1;
    const answer = frame.subarray(0, respond(frame, host));
    if (answer.length === 0 || !tap.send(answer)) continue;
    writer.writePacket(answer, { timestamp: now(), direction: 'inbound' });
    count += 1;
  }
  // Once a burst; what comes meanwhile waits in the kernel.
  await file.write(writer.take());
}
await file.close();
console.log(`${count} frames are in ${path}`);
await tap.close();
