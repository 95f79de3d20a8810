/**
 * Nexthops as `ip -N -j -d nexthop show` prints them, made of what we have decoded.
 *
 * @module
 */

import type { NexthopMessage } from '@rtap/netlink';
import { flagNames, ip } from './text.ts';
import type { NameOf } from './text.ts';
import { refuseUnknown } from './unknown.ts';

/** RTNH_F_* of linux/rtnetlink.h. */
const FLAGS = {
  dead: 1,
  onlink: 4,
  pervasive: 2,
  offload: 8,
  trap: 0x40,
  linkdown: 0x10,
  unresolved: 0x20,
};

/** One nexthop; the weights of a group are printed when one isn't 1. */
export function printedNexthop(message: NexthopMessage, nameOf: NameOf): object {
  refuseUnknown(message);
  const { group, resilientGroup } = message;
  const ticks = (value: number | bigint | undefined): number => Number(value) / 100;
  return {
    id: message.id,
    group: group?.map(({ id, weight }) => ({ id, weight: weight === 0 ? undefined : weight + 1 })),
    type: group && message.groupType ? 'resilient' : undefined,
    resilient_args: resilientGroup && {
      buckets: resilientGroup.buckets,
      idle_timer: ticks(resilientGroup.idleTimer),
      unbalanced_timer: ticks(resilientGroup.unbalancedTimer),
      unbalanced_time: ticks(resilientGroup.unbalancedTime),
    },
    gateway: ip(message.gateway),
    dev: nameOf(message.outputIndex),
    scope: String(message.scope),
    blackhole: message.blackhole ? null : undefined,
    protocol: String(message.protocol),
    flags: flagNames(message.flags, FLAGS),
    fdb: message.fdb ? null : undefined,
  };
}
