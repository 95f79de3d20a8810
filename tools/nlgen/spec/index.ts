/**
 * All tables.
 *
 * @module
 */

import type { Family } from '../table.ts';
import { address } from './address.ts';
import { link } from './link.ts';
import { neighbour } from './neighbour.ts';
import { route } from './route.ts';
import { rule } from './rule.ts';
import { nexthop } from './nexthop.ts';
import { netnsId } from './netns-id.ts';
import { stats } from './stats.ts';
import { statsQuery } from './stats-query.ts';
import { trafficControl } from './tc.ts';
import { trafficControlAction } from './tc-action.ts';
import { genericFamily } from './generic-family.ts';
import { ethtoolLinkInfo, ethtoolLinkState } from './ethtool.ts';

/** The families, in the order in which they are generated. */
export const families: readonly Family[] = [
  address,
  link,
  neighbour,
  route,
  rule,
  nexthop,
  netnsId,
  stats,
  statsQuery,
  trafficControl,
  trafficControlAction,
  genericFamily,
  ethtoolLinkState,
  ethtoolLinkInfo,
];
