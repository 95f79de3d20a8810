/**
 * All targets: each family by its table, and what is above them.
 *
 * @module
 */

import { families } from '../nlgen/spec/index.ts';
import { ackTarget } from './ack-target.ts';
import { clientTarget } from './client-target.ts';
import { familyTarget } from './family-target.ts';
import { streamTarget } from './stream-target.ts';
import type { Target } from './target.ts';
import { trackerTarget } from './tracker-target.ts';

export const targets: readonly Target[] = [
  ...families.map(familyTarget),
  ackTarget,
  streamTarget,
  trackerTarget,
  clientTarget,
];
