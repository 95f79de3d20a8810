/**
 * A switch that learns which MAC address is behind which of its ports, with a port in each network namespace that is
 * given: `node main.ts /run/netns/a /run/netns/b ...`; or with three in this one.
 *
 * @module
 */

import { openTap } from '@rtap/core';
import { portsFor } from './forward.ts';
import { MacTable } from './mac-table.ts';
import { Port } from './port.ts';

const namespaces = process.argv.slice(2);
const places = namespaces.length > 0 ? namespaces.map((netns) => ({ netns })) : [{}, {}, {}];

const ports: Port[] = [];
for (const place of places) ports.push(new Port(await openTap(place)));
const closeAll = async (): Promise<void> => {
  await Promise.all(ports.map(({ tap }) => tap.close()));
};
process.once('SIGINT', () => void closeAll());

const table = new MacTable<Port>();

/** Where the frames of one port go. Frames that the kernel has not finished go on as they are, with their headers. */
async function forward(from: Port): Promise<void> {
  for await (const batch of from.tap.batches({ superFrames: true })) {
    for (let i = 0; i < batch.count; i += 1) {
      const frame = batch.frame(i);
      for (const to of portsFor(frame, from, ports, table)) to.put(frame, batch.header(i));
    }
    for (const port of ports) port.flush();
  }
  // A port that is gone takes nothing any more.
  table.forget(from);
}

console.log(`${ports.map(({ tap }) => tap.name).join(', ')} are up, end with Ctrl-C`);
await Promise.all(ports.map(forward));
for (const { tap } of ports) {
  const { rxPackets, txPackets } = tap.counters;
  console.log(`${tap.name}: ${rxPackets} frames came, ${txPackets} went`);
}
await closeAll();
