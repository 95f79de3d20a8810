/**
 * Rules as `ip -N -j -d rule show` prints them, made of what we have decoded.
 *
 * @module
 */

import {
  FIB_RULE_IIF_DETACHED,
  FIB_RULE_INVERT,
  FIB_RULE_OIF_DETACHED,
  FIB_RULE_UNRESOLVED,
  FR_ACT_GOTO,
  FR_ACT_NOP,
  FR_ACT_TO_TBL,
} from '@rtap/netlink';
import type { RuleMessage } from '@rtap/netlink';
import { hex, ip } from './text.ts';
import { refuseUnknown } from './unknown.ts';

/** A prefix: its length only when it isn't a host's. */
function selector(
  name: 'src' | 'dst',
  bytes: Uint8Array | undefined,
  length: number,
): Record<string, unknown> {
  if (bytes === undefined) return name === 'src' ? { src: 'all' } : {};
  return { [name]: ip(bytes), [`${name}len`]: length === 8 * bytes.length ? undefined : length };
}

/** A range; one of a single number is printed as that. */
function range(
  name: string,
  ports: { readonly start: number; readonly end: number } | undefined,
): Record<string, unknown> {
  if (ports === undefined) return {};
  if (ports.start === ports.end) return { [name]: ports.start };
  return { [`${name}_start`]: ports.start, [`${name}_end`]: ports.end };
}

/** One rule. */
export function printedRule(rule: RuleMessage): object {
  refuseUnknown(rule);
  const flag = (bits: number): null | undefined => ((rule.flags & bits) === 0 ? undefined : null);
  const goesOn = [FR_ACT_TO_TBL, FR_ACT_GOTO, FR_ACT_NOP].includes(rule.action);
  const flow = rule.flow ?? 0;
  return {
    priority: rule.priority ?? 0,
    not: flag(FIB_RULE_INVERT),
    ...selector('src', rule.source, rule.sourceLength),
    ...selector('dst', rule.destination, rule.destinationLength),
    tos: hex(rule.tos || undefined),
    fwmark: hex(rule.mark),
    fwmask: rule.markMask === 0xffffffff ? undefined : hex(rule.markMask),
    iif: rule.inputName,
    iif_detached: flag(FIB_RULE_IIF_DETACHED),
    oif: rule.outputName,
    oif_detached: flag(FIB_RULE_OIF_DETACHED),
    l3mdev: rule.masterTable ? null : undefined,
    uid_start: rule.uidRange?.start,
    uid_end: rule.uidRange?.end,
    ipproto: rule.ipProtocol === undefined ? undefined : `ipproto-${rule.ipProtocol}`,
    ...range('sport', rule.sourcePorts),
    ...range('dport', rule.destinationPorts),
    tun_id: rule.tunnelId === undefined ? undefined : Number(rule.tunnelId),
    table: rule.table === 0 ? undefined : String(rule.table),
    suppress_prefixlen:
      rule.suppressPrefixLength === 0xffffffff ? undefined : rule.suppressPrefixLength,
    suppress_ifgroup:
      rule.suppressGroup === undefined || rule.suppressGroup === 0xffffffff
        ? undefined
        : String(rule.suppressGroup),
    flow_from: flow >>> 16 === 0 ? undefined : String(flow >>> 16),
    flow_to: (flow & 0xffff) === 0 ? undefined : String(flow & 0xffff),
    goto: rule.goto,
    unresolved: flag(FIB_RULE_UNRESOLVED),
    nop: rule.action === FR_ACT_NOP ? null : undefined,
    action: goesOn ? undefined : String(rule.action),
    protocol: String(rule.protocol),
  };
}
