/**
 * The table of routing rules.
 *
 * @module
 */

import {
  AF_INET,
  AF_INET6,
  FIB_RULE_FIND_SADDR,
  FIB_RULE_INVERT,
  FIB_RULE_PERMANENT,
  RTM_DELRULE,
  RTM_GETRULE,
  RTM_NEWRULE,
  RTNLGRP_IPV4_RULE,
  RTNLGRP_IPV6_RULE,
  RTNLGRP_LINK,
} from '@rtap/netlink';
import type { NetlinkMessage, RequestHeader } from '@rtap/netlink';
import { decodeRule, encodeRule } from '@rtap/netlink/rule';
import type { RuleMessage } from '@rtap/netlink/rule';
import { linkCauses } from './link-causes.ts';
import type { TableFamily } from './table-family.ts';

/**
 * Rules of IPv4 and IPv6, told by all that they say; whether their interfaces and the rules that they go on
 * with are there changes without a word.
 */
export const ruleFamily: TableFamily<RuleMessage> = Object.freeze({
  groups: [RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE],
  name: 'RTM_GETRULE',
  added: RTM_NEWRULE,
  removed: RTM_DELRULE,
  encode: (header: RequestHeader) => encodeRule(RTM_GETRULE, {}, header),
  decode: (message: NetlinkMessage) => decodeRule(message),
  key: ruleKey,
  whole: ({ family }: RuleMessage) => family === AF_INET || family === AF_INET6,
  dumpsOthers: false,
  silent: {
    groups: [RTNLGRP_LINK],
    listen: () => {
      const byLink = linkCauses();
      return (message: NetlinkMessage) =>
        byLink(message) || message.type === RTM_NEWRULE || message.type === RTM_DELRULE;
    },
    state: (rule: RuleMessage) => `${ruleKey(rule)} ${rule.flags}`,
  },
});

/** FIB_RULE_*: those that are part of the rule; the others tell what became of it. */
const OWN_FLAGS = FIB_RULE_PERMANENT | FIB_RULE_INVERT | FIB_RULE_FIND_SADDR;

function ruleKey(rule: RuleMessage): string {
  const { event: _, flags, unknown, ...content } = rule;
  const others = unknown.map(({ type, value }) => `${type}=${value.join('.')}`);
  const told = Object.entries(content).filter(([, value]) => value !== undefined);
  const text = told.map(([name, value]) => `${name}=${valueText(value)}`);
  return [...text, flags & OWN_FLAGS, ...others].join(' ');
}

function valueText(value: unknown): string {
  if (value instanceof Uint8Array) return value.join('.');
  if (typeof value === 'object' && value !== null) return Object.values(value).join('-');
  return String(value);
}
