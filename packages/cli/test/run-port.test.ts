/**
 * What a port of `rtap run` counts as dropped.
 *
 * @module
 */

import { openTap } from '@rtap/core';
import { FakeKernel } from '@rtap/testkit';
import { expect, test } from 'vitest';
import { Port } from '../src/run/port.ts';

test('frames that could not be sent are dropped, those that were not to be sent are not', async () => {
  await using tap = await openTap({ kernel: new FakeKernel(), queues: 2 });
  const port = new Port(tap);
  const batch = tap.createBatch();
  for (let frame = 0; frame < 3; frame += 1) batch.push(new Uint8Array(60));
  batch.setLength(1, 0);
  port.send(1, batch);
  expect([port.droppedOf(0), port.droppedOf(1)]).toEqual([0, 0]);
  await tap.linkDown();
  port.send(1, batch);
  expect([port.droppedOf(0), port.droppedOf(1), port.dropped]).toEqual([0, 2, 2]);
});
