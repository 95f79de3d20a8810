/**
 * Names of the attributes of link messages: linux/if_link.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import type { AttributeNames } from '../names.ts';

const tunDataNames: AttributeNames = {
  1: 'owner',
  2: 'group',
  3: 'type',
  4: 'pi',
  5: 'vnet-hdr',
  6: 'persist',
  7: 'multi-queue',
  8: 'num-queues',
  9: 'num-disabled-queues',
};

const vethDataNames: AttributeNames = {
  get 1(): readonly [string, AttributeNames, number] {
    return ['peer', linkAttributeNames, 16];
  },
};

const vlanDataNames: AttributeNames = {
  1: 'id',
  2: 'flags',
  3: ['egress-qos', { 1: 'vlan-qos-mapping' }],
  4: ['ingress-qos', { 1: 'vlan-qos-mapping' }],
  5: 'protocol',
};

const vxlanDataNames: AttributeNames = {
  1: 'id',
  2: 'group',
  3: 'link',
  4: 'local',
  5: 'ttl',
  6: 'tos',
  7: 'learning',
  8: 'ageing',
  9: 'limit',
  10: 'port-range',
  11: 'proxy',
  12: 'rsc',
  13: 'l2miss',
  14: 'l3miss',
  15: 'port',
  16: 'group6',
  17: 'local6',
  18: 'udp-csum',
  19: 'udp-zero-csum6-tx',
  20: 'udp-zero-csum6-rx',
  21: 'remcsum-tx',
  22: 'remcsum-rx',
  23: 'gbp',
  24: 'remcsum-nopartial',
  25: 'collect-metadata',
  26: 'label',
  27: 'gpe',
  28: 'ttl-inherit',
  29: 'df',
  30: 'vnifilter',
  31: 'localbypass',
  32: 'label-policy',
  33: 'reserved-bits',
  34: 'mc-route',
};

const macvlanDataNames: AttributeNames = {
  1: 'mode',
  2: 'flags',
  3: 'macaddr-mode',
  4: 'macaddr',
  5: ['macaddr-data', { 4: 'macvlan-macaddr' }],
  6: 'macaddr-count',
  7: 'bc-queue-len',
  8: 'bc-queue-len-used',
  9: 'bc-cutoff',
};

const vrfDataNames: AttributeNames = {
  1: 'table',
};

const vrfPortDataNames: AttributeNames = {
  1: 'table',
};

const bridgeQuerierStateNames: AttributeNames = {
  1: 'ip-address',
  2: 'ip-port',
  3: 'ip-other-timer',
  4: 'pad',
  5: 'ipv6-address',
  6: 'ipv6-port',
  7: 'ipv6-other-timer',
};

const bridgeDataNames: AttributeNames = {
  1: 'forward-delay',
  2: 'hello-time',
  3: 'max-age',
  4: 'ageing-time',
  5: 'stp-state',
  6: 'priority',
  7: 'vlan-filtering',
  8: 'vlan-protocol',
  9: 'group-fwd-mask',
  10: 'root-id',
  11: 'bridge-id',
  12: 'root-port',
  13: 'root-path-cost',
  14: 'topology-change',
  15: 'topology-change-detected',
  16: 'hello-timer',
  17: 'tcn-timer',
  18: 'topology-change-timer',
  19: 'gc-timer',
  20: 'group-addr',
  21: 'fdb-flush',
  22: 'mcast-router',
  23: 'mcast-snooping',
  24: 'mcast-query-use-ifaddr',
  25: 'mcast-querier',
  26: 'mcast-hash-elasticity',
  27: 'mcast-hash-max',
  28: 'mcast-last-member-cnt',
  29: 'mcast-startup-query-cnt',
  30: 'mcast-last-member-intvl',
  31: 'mcast-membership-intvl',
  32: 'mcast-querier-intvl',
  33: 'mcast-query-intvl',
  34: 'mcast-query-response-intvl',
  35: 'mcast-startup-query-intvl',
  36: 'nf-call-iptables',
  37: 'nf-call-ip6tables',
  38: 'nf-call-arptables',
  39: 'vlan-default-pvid',
  40: 'pad',
  41: 'vlan-stats-enabled',
  42: 'mcast-stats-enabled',
  43: 'mcast-igmp-version',
  44: 'mcast-mld-version',
  45: 'vlan-stats-per-port',
  46: 'multi-boolopt',
  47: ['mcast-querier-state', bridgeQuerierStateNames],
  48: 'fdb-n-learned',
  49: 'fdb-max-learned',
  50: 'stp-mode',
};

const bridgePortDataNames: AttributeNames = {
  1: 'state',
  2: 'priority',
  3: 'cost',
  4: 'mode',
  5: 'guard',
  6: 'protect',
  7: 'fast-leave',
  8: 'learning',
  9: 'unicast-flood',
  10: 'proxyarp',
  11: 'learning-sync',
  12: 'proxyarp-wifi',
  13: 'root-id',
  14: 'bridge-id',
  15: 'designated-port',
  16: 'designated-cost',
  17: 'id',
  18: 'no',
  19: 'topology-change-ack',
  20: 'config-pending',
  21: 'message-age-timer',
  22: 'forward-delay-timer',
  23: 'hold-timer',
  24: 'flush',
  25: 'multicast-router',
  26: 'pad',
  27: 'mcast-flood',
  28: 'mcast-to-ucast',
  29: 'vlan-tunnel',
  30: 'bcast-flood',
  31: 'group-fwd-mask',
  32: 'neigh-suppress',
  33: 'isolated',
  34: 'backup-port',
  35: 'mrp-ring-open',
  36: 'mrp-in-open',
  37: 'mcast-eht-hosts-limit',
  38: 'mcast-eht-hosts-cnt',
  39: 'locked',
  40: 'mab',
  41: 'mcast-n-groups',
  42: 'mcast-max-groups',
  43: 'neigh-vlan-suppress',
  44: 'backup-nhid',
  45: 'neigh-forward-grat',
};

const bondAdInfoNames: AttributeNames = {
  1: 'aggregator',
  2: 'num-ports',
  3: 'actor-key',
  4: 'partner-key',
  5: 'partner-mac',
};

const bondDataNames: AttributeNames = {
  1: 'mode',
  2: 'active-slave',
  3: 'miimon',
  4: 'updelay',
  5: 'downdelay',
  6: 'use-carrier',
  7: 'arp-interval',
  8: 'arp-ip-target',
  9: 'arp-validate',
  10: 'arp-all-targets',
  11: 'primary',
  12: 'primary-reselect',
  13: 'fail-over-mac',
  14: 'xmit-hash-policy',
  15: 'resend-igmp',
  16: 'num-peer-notif',
  17: 'all-slaves-active',
  18: 'min-links',
  19: 'lp-interval',
  20: 'packets-per-slave',
  21: 'ad-lacp-rate',
  22: 'ad-select',
  23: ['ad-info', bondAdInfoNames],
  24: 'ad-actor-sys-prio',
  25: 'ad-user-port-key',
  26: 'ad-actor-system',
  27: 'tlb-dynamic-lb',
  28: 'peer-notif-delay',
  29: 'ad-lacp-active',
  30: 'missed-max',
  31: 'ns-ip6-target',
  32: 'coupled-control',
  33: 'broadcast-neigh',
  34: 'lacp-strict',
};

const bondSlaveDataNames: AttributeNames = {
  1: 'state',
  2: 'mii-status',
  3: 'link-failure-count',
  4: 'perm-hwaddr',
  5: 'queue-id',
  6: 'ad-aggregator-id',
  7: 'ad-actor-oper-port-state',
  8: 'ad-partner-oper-port-state',
  9: 'prio',
  10: 'actor-port-prio',
  11: 'ad-churn-actor-state',
  12: 'ad-churn-partner-state',
};

const linkInfoNames: AttributeNames = {
  1: 'kind',
  2: [
    'data',
    {
      selector: 1,
      choices: {
        bond: bondDataNames,
        bridge: bridgeDataNames,
        macvlan: macvlanDataNames,
        macvtap: macvlanDataNames,
        tun: tunDataNames,
        veth: vethDataNames,
        vlan: vlanDataNames,
        vrf: vrfDataNames,
        vxlan: vxlanDataNames,
      },
    },
  ],
  3: 'xstats',
  4: 'slave-kind',
  5: [
    'slave-data',
    {
      selector: 4,
      or: 1,
      ending: '_slave',
      choices: { bond: bondSlaveDataNames, bridge: bridgePortDataNames, vrf: vrfPortDataNames },
    },
  ],
};

const linkInetNames: AttributeNames = {
  1: 'conf',
};

const linkInet6Names: AttributeNames = {
  1: 'flags',
  2: 'conf',
  3: 'stats',
  4: 'mcast',
  5: 'cacheinfo',
  6: 'icmp6stats',
  7: 'token',
  8: 'addr-gen-mode',
  9: 'ra-mtu',
};

const linkMctpNames: AttributeNames = {
  1: 'net',
  2: 'phys-binding',
};

const linkAfSpecNames: AttributeNames = {
  2: ['inet', linkInetNames],
  7: 'bridge',
  10: ['inet6', linkInet6Names],
  45: ['mctp', linkMctpNames],
};

const linkXdpNames: AttributeNames = {
  1: 'fd',
  2: 'attached',
  3: 'flags',
  4: 'prog-id',
  5: 'drv-prog-id',
  6: 'skb-prog-id',
  7: 'hw-prog-id',
  8: 'expected-fd',
};

const linkProtoDownReasonNames: AttributeNames = {
  1: 'mask',
  2: 'value',
};

const linkDevlinkPortNames: AttributeNames = {
  1: 'bus-name',
  2: 'dev-name',
  3: 'port-index',
};

const linkDpllPinNames: AttributeNames = {
  1: 'id',
};

const virtualFunctionStatisticsNames: AttributeNames = {
  0: 'rx-packets',
  1: 'tx-packets',
  2: 'rx-bytes',
  3: 'tx-bytes',
  4: 'broadcast',
  5: 'multicast',
  6: 'pad',
  7: 'rx-dropped',
  8: 'tx-dropped',
};

const virtualFunctionNames: AttributeNames = {
  1: 'mac',
  2: 'vlan',
  3: 'tx-rate',
  4: 'spoofchk',
  5: 'link-state',
  6: 'rate',
  7: 'rss-query-en',
  8: ['stats', virtualFunctionStatisticsNames],
  9: 'trust',
  10: 'ib-node-guid',
  11: 'ib-port-guid',
  12: ['vlan-list', { 1: 'vf-vlan-info' }],
  13: 'broadcast',
};

const linkPortNames: AttributeNames = {
  1: 'vf',
  2: 'profile',
  3: 'vsi-type',
  4: 'instance-uuid',
  5: 'host-uuid',
  6: 'request',
  7: 'response',
};

/**
 * Names of the attributes of link messages: those of linux/if_link.h without `IFLA_`, small, with
 * dashes.
 */
export const linkAttributeNames: AttributeNames = {
  1: 'address',
  2: 'broadcast',
  3: 'ifname',
  4: 'mtu',
  5: 'link',
  6: 'qdisc',
  7: 'stats',
  8: 'cost',
  9: 'priority',
  10: 'master',
  11: 'wireless',
  12: ['protinfo', linkInet6Names],
  13: 'txqlen',
  14: 'map',
  15: 'weight',
  16: 'operstate',
  17: 'linkmode',
  18: ['linkinfo', linkInfoNames],
  19: 'net-ns-pid',
  20: 'ifalias',
  21: 'num-vf',
  22: ['vfinfo-list', { 1: ['vf-info', virtualFunctionNames] }],
  23: 'stats64',
  24: ['vf-ports', { 1: ['vf-port', linkPortNames] }],
  25: ['port-self', linkPortNames],
  26: ['af-spec', linkAfSpecNames],
  27: 'group',
  28: 'net-ns-fd',
  29: 'ext-mask',
  30: 'promiscuity',
  31: 'num-tx-queues',
  32: 'num-rx-queues',
  33: 'carrier',
  34: 'phys-port-id',
  35: 'carrier-changes',
  36: 'phys-switch-id',
  37: 'link-netnsid',
  38: 'phys-port-name',
  39: 'proto-down',
  40: 'gso-max-segs',
  41: 'gso-max-size',
  42: 'pad',
  43: ['xdp', linkXdpNames],
  44: 'event',
  45: 'new-netnsid',
  46: 'target-netnsid',
  47: 'carrier-up-count',
  48: 'carrier-down-count',
  49: 'new-ifindex',
  50: 'min-mtu',
  51: 'max-mtu',
  52: ['prop-list', { 53: 'alt-ifname' }],
  53: 'alt-ifname',
  54: 'perm-address',
  55: ['proto-down-reason', linkProtoDownReasonNames],
  56: 'parent-dev-name',
  57: 'parent-dev-bus-name',
  58: 'gro-max-size',
  59: 'tso-max-size',
  60: 'tso-max-segs',
  61: 'allmulti',
  62: ['devlink-port', linkDevlinkPortNames],
  63: 'gso-ipv4-max-size',
  64: 'gro-ipv4-max-size',
  65: ['dpll-pin', linkDpllPinNames],
  66: 'max-pacing-offload-horizon',
  67: 'netns-immutable',
  68: 'headroom',
  69: 'tailroom',
};
