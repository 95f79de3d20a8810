import { describe, expect, it } from 'vitest';
import {
  AF_INET,
  AF_INET6,
  attributePath,
  decodeRule,
  decodeRuleRequest,
  encodeRule,
  FIB_RULE_INVERT,
  FR_ACT_BLACKHOLE,
  FR_ACT_TO_TBL,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_EXCL,
  NLM_F_REQUEST,
  routeRequestLayout,
  RTM_DELRULE,
  RTM_GETRULE,
  RTM_NEWLINK,
  RTM_NEWRULE,
  type RuleMessage,
  type RulePortRange,
  type RuleRequest,
} from '../src/index.ts';
import { addressText, firstMessage, recordedMessages, testFamily } from './family.ts';
import { fromHex, golden, withoutSequence, type Printed } from './golden.ts';

const DUMPS = ['rule_dump4', 'rule_dump6'];
const dumped = DUMPS.flatMap((name) => recordedMessages(golden(name).received, [RTM_NEWRULE]));

const TABLES = new Map([
  [253, 'default'],
  [254, 'main'],
  [255, 'local'],
]);

function defined(object: Printed): Printed {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

const hex = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : `0x${value.toString(16)}`;

/** What ip prints of a range of ports. */
function ports(name: string, range: RulePortRange | undefined): Printed {
  if (range === undefined) return {};
  if (range.start === range.end) return { [name]: range.start };
  return { [`${name}_start`]: range.start, [`${name}_end`]: range.end };
}

/** What `ip -d -j rule` prints of a rule. */
function print(rule: RuleMessage): Printed {
  const { source, destination, action, flow, suppressPrefixLength: suppress } = rule;
  const toTable = action === FR_ACT_TO_TBL;
  return defined({
    priority: rule.priority ?? 0,
    not: (rule.flags & FIB_RULE_INVERT) === 0 ? undefined : null,
    src: source === undefined ? 'all' : addressText(source),
    srclen: source && rule.sourceLength,
    dst: destination && addressText(destination),
    dstlen: destination && rule.destinationLength,
    tos: hex(rule.tos || undefined),
    fwmark: hex(rule.mark),
    fwmask: rule.markMask === 0xffff_ffff ? undefined : hex(rule.markMask),
    iif: rule.inputName,
    oif: rule.outputName,
    uid_start: rule.uidRange?.start,
    uid_end: rule.uidRange?.end,
    ipproto: rule.ipProtocol === 6 ? 'tcp' : rule.ipProtocol,
    ...ports('sport', rule.sourcePorts),
    ...ports('dport', rule.destinationPorts),
    table: toTable ? (TABLES.get(rule.table) ?? String(rule.table)) : undefined,
    suppress_prefixlen: suppress === 0xffff_ffff ? undefined : suppress,
    flow_from: flow && String(flow >>> 16),
    flow_to: flow && String(flow & 0xffff),
    goto: rule.goto,
    action: action === FR_ACT_BLACKHOLE ? 'blackhole' : undefined,
    protocol: rule.protocol === 2 ? 'kernel' : 'unspec',
  });
}

describe('decodeRule', () => {
  it.each(DUMPS)('%s: tells what ip tells', (name) => {
    const { received, printed } = golden(name);
    const rules = recordedMessages(received, [RTM_NEWRULE]).map((message) =>
      decodeRule(message, 'little'),
    );
    expect(rules.map(print)).toEqual(printed);
    expect(rules.flatMap(({ unknown }) => unknown)).toEqual([]);
  });

  it('keeps what it does not know', () => {
    const body = fromHex('02000000 fe000001 02000000 0600 6440 0102 0000');
    const message = { type: RTM_DELRULE, flags: 0, sequence: 0, portId: 0, body };
    expect(decodeRule(message, 'little')).toMatchObject({
      event: 'delete',
      table: 254,
      flags: FIB_RULE_INVERT,
      unknown: [{ type: 0x4064, value: Uint8Array.of(1, 2) }],
    });
  });

  it('refuses other messages', () => {
    expect(() => decodeRule({ ...dumped[0]!, type: RTM_NEWLINK })).toThrow(TypeError);
    expect(() => decodeRule({ ...dumped[0]!, type: RTM_GETRULE })).toThrow(TypeError);
  });
});

describe('encodeRule, judged by iproute2', () => {
  const create = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL;
  const cases: readonly (readonly [string, number, number, RuleRequest])[] = [
    [
      'rule_add6',
      RTM_NEWRULE,
      create,
      {
        family: AF_INET6,
        sourceLength: 32,
        action: FR_ACT_TO_TBL,
        source: fromHex('20010db8000000000000000000000000'),
        table: 4000,
        priority: 1002,
      },
    ],
    [
      'rule_add_ports',
      RTM_NEWRULE,
      create,
      {
        family: AF_INET,
        action: FR_ACT_TO_TBL,
        ipProtocol: 6,
        sourcePorts: { start: 1000, end: 2000 },
        destinationPorts: { start: 443, end: 443 },
        uidRange: { start: 1000, end: 2000 },
        table: 4001,
        priority: 1001,
      },
    ],
    ['rule_del', RTM_DELRULE, NLM_F_REQUEST | NLM_F_ACK, { family: AF_INET, priority: 1005 }],
    ['rule_dump4', RTM_GETRULE, NLM_F_REQUEST | NLM_F_DUMP, { family: AF_INET }],
    ['rule_dump6', RTM_GETRULE, NLM_F_REQUEST | NLM_F_DUMP, { family: AF_INET6 }],
  ];

  it.each(cases)('%s', (name, type, flags, request) => {
    const { sent } = golden(name);
    const bytes = encodeRule(type, request, { flags, sequence: 0 }, 'little');
    expect(bytes).toEqual(withoutSequence(sent));
    const fixed = { destinationLength: 0, sourceLength: 0, tos: 0, table: 0, action: 0, flags: 0 };
    const decoded = decodeRuleRequest(firstMessage(sent), 'little');
    expect(decoded).toEqual({ ...fixed, ...request });
  });

  it('says all that a message says', () => {
    const request: RuleRequest = {
      family: AF_INET,
      destinationLength: 8,
      sourceLength: 9,
      tos: 4,
      table: 4000,
      action: FR_ACT_TO_TBL,
      flags: FIB_RULE_INVERT,
      destination: fromHex('0a000000'),
      source: fromHex('0b000000'),
      inputName: 'tap0',
      goto: 1,
      priority: 2,
      mark: 3,
      flow: 4,
      tunnelId: 2n ** 63n + 5n,
      suppressGroup: 6,
      suppressPrefixLength: 7,
      markMask: 8,
      outputName: 'tap1',
      masterTable: true,
      uidRange: { start: 9, end: 10 },
      protocol: 11,
      ipProtocol: 12,
      sourcePorts: { start: 13, end: 14 },
      destinationPorts: { start: 15, end: 16 },
      dscp: 17,
      flowLabel: 0x1_2345,
      flowLabelMask: 0xf_ffff,
      sourcePortMask: 18,
      destinationPortMask: 19,
      dscpMask: 20,
    };
    const header = { flags: 0, sequence: 0 };
    const message = firstMessage(encodeRule(RTM_NEWRULE, request, header, 'little'));
    expect(decodeRule(message, 'little')).toEqual({ event: 'new', ...request, unknown: [] });
    // The id of a tunnel is in network byte order.
    expect(Buffer.from(message.body).toString('hex')).toContain('0c000c008000000000000005');
  });

  it('names attributes', () => {
    const layout = routeRequestLayout(RTM_NEWRULE)!;
    expect(attributePath(golden('rule_add_ports').sent, 36, layout, true)).toBe('sport-range');
  });
});

testFamily('rules', {
  decode: decodeRule,
  decodeRequest: decodeRuleRequest,
  encode: encodeRule,
  recorded: [
    ...dumped,
    ...['rule_add6', 'rule_add_ports'].map((name) => firstMessage(golden(name).sent)),
  ],
});
