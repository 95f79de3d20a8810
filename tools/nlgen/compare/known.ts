/**
 * Where a table and a specification of the kernel differ, and the table stays: what is left is news.
 *
 * The kernel's headers and code are the judge, and recorded messages.
 *
 * @module
 */

import type { Finding } from './compare.ts';

/** What {@link Finding.where} is, what follows it told by a `*` at its end, and why. */
type Known = readonly [where: string, why: string];

const DATA = 'link: IFLA_LINKINFO > IFLA_INFO_DATA';
const SLAVE_DATA = 'link: IFLA_LINKINFO > IFLA_INFO_SLAVE_DATA';
const VF = 'link: IFLA_VFINFO_LIST > IFLA_VF_INFO';

const known: readonly Known[] = [
  ['address: IFA_TARGET_NETNSID', 'the spec is vague: NLA_S32'],
  ['link: IFLA_LINK', 'signed, as iproute2 shows it'],
  [
    'link: IFLA_PROTINFO',
    'the spec is wrong: attributes of a bridge port or of IPv6, by the family',
  ],
  ['link: IFLA_MAP', 'the spec is wrong: the kernel sends the struct with its padding'],
  ['link: IFLA_VF_PORTS', 'the spec is wrong: attributes IFLA_VF_PORT, with IFLA_PORT_* inside'],
  ['link: IFLA_PORT_SELF > *', 'the spec is vague: IFLA_PORT_*'],
  ['link: IFLA_ALT_IFNAME', 'stands in IFLA_PROP_LIST only, and is read there'],
  ['link: IFLA_PROTO_DOWN_REASON', 'the spec is wrong: attributes IFLA_PROTO_DOWN_REASON_*'],
  ['link: IFLA_DEVLINK_PORT', 'the spec is vague: attributes DEVLINK_ATTR_*'],
  ['link: IFLA_DPLL_PIN > DPLL_A_PIN_ID', 'the spec is wrong: DPLL_A_PIN_ID of linux/dpll.h'],
  [`${DATA}(bridge) > IFLA_BR_VLAN_PROTOCOL`, 'the spec is wrong: nla_put_be16'],
  [`${DATA}(bridge) > IFLA_BR_ROOT_ID`, 'eight bytes, given as bytes'],
  [`${DATA}(bridge) > IFLA_BR_BRIDGE_ID`, 'eight bytes, given as bytes'],
  [`${DATA}(bridge) > IFLA_BR_FDB_FLUSH`, 'the spec is vague: NLA_FLAG'],
  [`${DATA}(bridge) > IFLA_BR_NF_CALL_IP6TABLES`, 'the spec is wrong up to 6.12'],
  [`${DATA}(vlan) > *`, 'the spec is wrong up to 6.12: names'],
  [`${DATA}(macvlan)`, 'the spec has no format for it'],
  [`${DATA}(macvtap)`, 'the spec has no format for it'],
  [`${DATA}(veth)`, 'the spec has no format for it'],
  [`${DATA}(vxlan)`, 'the spec has no format for it'],
  [`${SLAVE_DATA}(vrf)`, 'the spec has no format for it'],
  [`${SLAVE_DATA}(bridge) > IFLA_BRPORT_ROOT_ID`, 'eight bytes, given as bytes'],
  [`${SLAVE_DATA}(bridge) > IFLA_BRPORT_BRIDGE_ID`, 'eight bytes, given as bytes'],
  [`${SLAVE_DATA}(bond) > IFLA_BOND_SLAVE_PRIO`, 'the spec is wrong: NLA_S32'],
  [
    `${VF} > IFLA_VF_IB_NODE_GUID*`,
    'the spec is wrong: the kernel sends the struct with its padding',
  ],
  [
    `${VF} > IFLA_VF_IB_PORT_GUID*`,
    'the spec is wrong: the kernel sends the struct with its padding',
  ],
  [`${VF} > IFLA_VF_VLAN_LIST > IFLA_VF_VLAN_INFO.*`, 'the spec is wrong: __be16 and padding'],
  ['link: IFLA_AF_SPEC > AF_INET > IFLA_INET_CONF', 'the spec is wrong: int'],
  ['link: IFLA_AF_SPEC > AF_INET6 > IFLA_INET6_CONF', 'the spec is wrong: int'],
  ['link: IFLA_AF_SPEC > AF_INET6 > IFLA_INET6_CACHEINFO.*', 'the spec is wrong: all are __u32'],
  ['neighbour: NDA_PORT', 'the spec is wrong: __be16'],
  ['neighbour: NDA_FDB_EXT_ATTRS', 'the spec is vague: attributes NFEA_*'],
  ['route: RTA_PROTOINFO', 'linux/rtnetlink.h: no longer used'],
  ['route: RTA_SESSION', 'linux/rtnetlink.h: no longer used'],
  ['route: RTA_MP_ALGO', 'linux/rtnetlink.h: no longer used'],
  ['route: RTA_PAD', 'padding'],
  ['route: RTA_CACHEINFO*', 'the spec is wrong: eight numbers, the third is signed'],
  ['route: RTA_EXPIRES', 'IPv6 takes 32 bits, multicast routes tell 64'],
  ['route: RTA_SPORT', 'the spec is wrong: __be16'],
  ['route: RTA_DPORT', 'the spec is wrong: __be16'],
  ['rule: FRA_TUN_ID', 'the spec is wrong: __be64'],
  [
    'stats: IFLA_STATS_LINK_OFFLOAD_XSTATS > IFLA_OFFLOAD_XSTATS_HW_S_INFO',
    'numbered by IFLA_OFFLOAD_XSTATS_*, so that each has a name',
  ],
  ['tc: TCA_STATS', 'the spec is wrong: the kernel sends the struct with its padding'],
];

/** Why a table and a specification may differ there; undefined: it is news. */
export function reasonFor({ where }: Finding): string | undefined {
  const found = known.find(([place]) =>
    place.endsWith('*') ? where.startsWith(place.slice(0, -1)) : where === place,
  );
  return found?.[1];
}
