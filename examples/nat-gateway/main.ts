/**
 * A NAT gateway in user space, between a private network and the rest: `node main.ts /run/netns/inside /run/netns/outside`.
 * Inside it is the router 10.0.0.1; outside it has the one address 192.0.2.2, behind which all hosts of the inside are.
 *
 * @module
 */

import { RtapError, openTap } from '@rtap/core';
import type { FrameBatch, TapDevice } from '@rtap/core';
import { parseIpAddress, parseMacAddress, respond } from '@rtap/frames';
import { Nat } from './nat.ts';

const [insideNamespace, outsideNamespace] = process.argv.slice(2);
if (insideNamespace === undefined || outsideNamespace === undefined) {
  console.error('usage: node main.ts INSIDE-NAMESPACE OUTSIDE-NAMESPACE');
  process.exit(2);
}

const router = { mac: parseMacAddress('02:00:00:00:00:01'), ipv4: parseIpAddress('10.0.0.1') };
const outer = { mac: parseMacAddress('02:00:00:00:00:02'), ipv4: parseIpAddress('192.0.2.2') };

const inside = await openTap({
  netns: insideNamespace,
  addresses: ['10.0.0.2/24'],
  routes: [{ destination: 'default', gateway: '10.0.0.1' }],
});
const outside = await openTap({ netns: outsideNamespace, addresses: ['192.0.2.1/24'] });
const close = async (): Promise<void> => {
  await Promise.all([inside.close(), outside.close()]);
};
process.once('SIGINT', () => void close());

const nat = new Nat(router, outer);
const sweeping = setInterval(() => nat.sweep(), 10_000).unref();

/** Frames of one side: what is for the gateway itself is answered, all else is translated and goes on. */
async function route(
  from: TapDevice,
  to: TapDevice,
  here: typeof router,
  there: typeof router,
  translate: (frame: Uint8Array) => boolean,
): Promise<void> {
  const out = to.createBatch();
  // Frames as the wire has them: their checksums are made, and none is longer than the MTU.
  for await (const batch of from.batches()) {
    // The kernel's interface is the one station at the other end of each cable.
    const station = parseMacAddress(to.macAddress ?? '');
    for (let i = 0; i < batch.count; i += 1) {
      const frame = batch.frame(i);
      if (translate(frame)) {
        frame.set(station, 0);
        frame.set(there.mac, 6);
        out.push(frame);
        continue;
      }
      const length = respond(frame, here);
      if (length > 0) from.send(frame.subarray(0, length));
    }
    sendAll(to, out);
    out.clear();
  }
}

/** While the link is down frames are lost, as on any cable. */
function sendAll(tap: TapDevice, batch: FrameBatch): void {
  try {
    tap.queue(0).txBurst(batch);
  } catch (error) {
    if (!(error instanceof RtapError)) throw error;
  }
}

console.log(`${inside.name} and ${outside.name} are up, end with Ctrl-C`);
await Promise.all([
  route(inside, outside, router, outer, (frame) => nat.outward(frame)),
  route(outside, inside, outer, router, (frame) => nat.inward(frame)),
]);
clearInterval(sweeping);
console.log(`${nat.flows} flows, ${nat.translated} packets translated`);
await close();
