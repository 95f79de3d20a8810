/**
 * Routing rules as `ip rule` takes them, made into what it sends.
 *
 * @module
 */

import {
  AF_INET,
  FIB_RULE_INVERT,
  FR_ACT_GOTO,
  FR_ACT_TO_TBL,
  FR_ACT_UNSPEC,
  RTM_DELRULE,
  RTM_NEWRULE,
  RT_TABLE_MAIN,
  RT_TABLE_UNSPEC,
} from '@rtap/netlink';
import { encodeRule } from '@rtap/netlink/rule';
import type { RuleAttributes, RuleRequest } from '@rtap/netlink/rule';
import { checkInteger, checkObject, checkPrefixLength, invalidArgumentType } from './argument.ts';
import type { Conversation } from './conversation.ts';
import type { RequestOptions } from './exchange.ts';
import { inOrderOf } from './property-order.ts';
import { change } from './requests.ts';
import { familyOf } from './route-operations.ts';

/**
 * A routing rule: see {@link NetlinkClient.addRule}.
 *
 * Attributes are sent in the order of the properties, as iproute2 follows its arguments.
 */
export interface Rule extends Omit<RuleAttributes, 'unknown'> {
  /** AF_INET or AF_INET6. Left out: that of the addresses; AF_INET without any. */
  readonly family?: number;
  /** Length of the destination's prefix in bits. Left out: all of it. */
  readonly destinationLength?: number;
  /** Length of the source's prefix in bits. Left out: all of it. */
  readonly sourceLength?: number;
  /** Type of service. */
  readonly tos?: number;
  /** RT_TABLE_*, or any number of 32 bits. Left out: RT_TABLE_MAIN of a new rule that looks in a table. */
  readonly table?: number;
  /** FR_ACT_*. Left out: FR_ACT_GOTO with `goto`, else FR_ACT_TO_TBL; to delete, any. */
  readonly action?: number;
  /** Whether it is for all packets but these: `ip rule add not`. FIB_RULE_INVERT */
  readonly invert?: boolean;
}

/** Adds or deletes a rule. */
export async function changeRule(
  conversation: Conversation,
  name: 'RTM_NEWRULE' | 'RTM_DELRULE',
  flags: number,
  rule: Rule,
  options: RequestOptions,
): Promise<void> {
  const type = name === 'RTM_DELRULE' ? RTM_DELRULE : RTM_NEWRULE;
  const request = ruleRequest(rule, type === RTM_DELRULE);
  await change(conversation, name, flags, (header) => encodeRule(type, request, header), options);
}

/** An address; `from all` has one of no bytes. */
function checkAddress(name: string, value: unknown): void {
  if (!(value instanceof Uint8Array)) {
    throw invalidArgumentType(name, 'an instance of Uint8Array', value);
  }
  if (value.length !== 0)
    checkInteger(`${name}.length`, value.length === 4 ? 4 : value.length, 4, 16);
}

/** Makes the request, with what iproute2 adds: family, action and table. */
function ruleRequest(rule: Rule, remove: boolean): RuleRequest {
  checkObject('rule', rule);
  const { source, destination, invert = false, masterTable = false, goto } = rule;
  if (source !== undefined) checkAddress('rule.source', source);
  if (destination !== undefined) checkAddress('rule.destination', destination);
  const known = [source, destination].find((address) => (address?.length ?? 0) > 0);
  const usual = goto === undefined ? FR_ACT_TO_TBL : FR_ACT_GOTO;
  const action = rule.action ?? (remove && goto === undefined ? FR_ACT_UNSPEC : usual);
  const main = action === FR_ACT_TO_TBL && !masterTable && !remove;
  const { invert: _, ...attributes } = rule;
  const request: RuleRequest = {
    ...attributes,
    family: rule.family ?? (known === undefined ? AF_INET : familyOf(known)),
    destinationLength: checkPrefixLength(
      'rule.destinationLength',
      rule.destinationLength,
      destination,
    ),
    sourceLength: checkPrefixLength('rule.sourceLength', rule.sourceLength, source),
    table: rule.table ?? (main ? RT_TABLE_MAIN : RT_TABLE_UNSPEC),
    action,
    flags: invert ? FIB_RULE_INVERT : 0,
  };
  return inOrderOf(request, rule);
}
