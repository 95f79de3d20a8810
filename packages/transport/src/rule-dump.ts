/**
 * Which routing rules to dump, and the request for it.
 *
 * @module
 */

import { AF_UNSPEC, RTM_GETRULE, RTM_NEWRULE } from '@rtap/netlink';
import { decodeRule, encodeRule } from '@rtap/netlink/rule';
import type { RuleMessage } from '@rtap/netlink/rule';
import type { DumpOptions, DumpRequest } from './dump.ts';

/** Which routing rules to dump: see {@link NetlinkClient.rules}. */
export interface RuleDumpOptions extends DumpOptions {
  /** Only AF_INET, or only AF_INET6; all when left out. */
  readonly family?: number;
  /** Only those that look in this table. */
  readonly table?: number;
  /** Only those of this priority. */
  readonly priority?: number;
  /** Only those of this protocol, RTPROT_*. */
  readonly protocol?: number;
}

/** Makes the request; the kernel filters by family only. */
export function ruleDump(options: RuleDumpOptions): DumpRequest<RuleMessage> {
  const { family = AF_UNSPEC, table, priority, protocol } = options;
  return {
    name: 'RTM_GETRULE',
    encode: (header) => encodeRule(RTM_GETRULE, { family }, header),
    type: RTM_NEWRULE,
    decode: (message) => decodeRule(message),
    filter: (rule) =>
      (family === AF_UNSPEC || rule.family === family) &&
      (table === undefined || rule.table === table) &&
      // The kernel doesn't tell a priority of 0.
      (priority === undefined || (rule.priority ?? 0) === priority) &&
      (protocol === undefined || (rule.protocol ?? 0) === protocol),
  };
}
