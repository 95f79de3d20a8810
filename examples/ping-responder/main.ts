/**
 * A host at 10.0.0.2 and 2001:db8::2 that answers pings.
 *
 * @module
 */

import { openTap } from '@rtap/core';
import { parseIpAddress, parseMacAddress, respond } from '@rtap/frames';

const host = {
  mac: parseMacAddress('02:00:00:00:00:02'),
  ipv4: parseIpAddress('10.0.0.2'),
  ipv6: parseIpAddress('2001:db8::2'),
};

const tap = await openTap({ addresses: ['10.0.0.1/24', '2001:db8::1/64'] });
process.once('SIGINT', () => void tap.close());
console.log(`${tap.name} is up: ping 10.0.0.2 or 2001:db8::2, end with Ctrl-C`);

let answers = 0;
for await (const batch of tap.batches()) {
  for (let i = 0; i < batch.count; i += 1) {
    // Each question is rewritten into its answer, in place.
    const frame = batch.frame(i);
    const length = respond(frame, host);
    if (length > 0 && tap.send(frame.subarray(0, length))) answers += 1;
  }
}
console.log(`${answers} answers`);
await tap.close();
