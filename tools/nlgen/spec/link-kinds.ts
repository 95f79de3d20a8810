/**
 * Kinds of links: linux/if_link.h, linux/veth.h.
 *
 * @module
 */

import { field, row, type Nest, type Struct } from '../table.ts';

export const tunData: Nest = {
  doc: 'Parameters of a TUN or TAP interface.',
  prefix: 'IFLA_TUN_',
  file: 'link/tun',
  attributes: [
    row(1, 'IFLA_TUN_OWNER', 'owner', 'u32', 'User id of who may open it.'),
    row(2, 'IFLA_TUN_GROUP', 'group', 'u32', 'Group id of those who may open it.'),
    row(3, 'IFLA_TUN_TYPE', 'type', 'u8', '1: TUN (IFF_TUN). 2: TAP (IFF_TAP).'),
    row(
      4,
      'IFLA_TUN_PI',
      'packetInformation',
      'bool',
      'Whether packets begin with `struct tun_pi`.',
    ),
    row(
      5,
      'IFLA_TUN_VNET_HDR',
      'virtioHeader',
      'bool',
      'Whether packets begin with `struct virtio_net_hdr`.',
    ),
    row(6, 'IFLA_TUN_PERSIST', 'persist', 'bool', 'Whether it stays when nobody has it open.'),
    row(7, 'IFLA_TUN_MULTI_QUEUE', 'multiQueue', 'bool', 'Whether it can have several queues.'),
    row(8, 'IFLA_TUN_NUM_QUEUES', 'queues', 'u32', 'How many queues are attached.'),
    row(9, 'IFLA_TUN_NUM_DISABLED_QUEUES', 'disabledQueues', 'u32', 'How many are detached.'),
  ],
};

export const vethData: Nest = {
  doc: 'Parameters of a virtual Ethernet pair. The kernel tells none.',
  prefix: 'VETH_INFO_',
  attributes: [row(1, 'VETH_INFO_PEER', 'peer', { message: true }, 'The other end, as a request.')],
};

export const vlanFlags: Struct = {
  doc: 'Flags of a VLAN.',
  kernel: 'ifla_vlan_flags',
  file: 'link/vlan',
  fields: [
    field('flags', 'u32', 'VLAN_FLAG_* of linux/if_vlan.h.'),
    field('mask', 'u32', 'Which of them are to be set.'),
  ],
};

export const vlanQosMapping: Struct = {
  doc: 'Which priority becomes which.',
  kernel: 'ifla_vlan_qos_mapping',
  file: 'link/vlan',
  fields: [field('from', 'u32', 'This one.'), field('to', 'u32', 'Becomes that one.')],
};

const QOS = { id: 1, kernel: 'IFLA_VLAN_QOS_MAPPING' };

export const vlanData: Nest = {
  doc: 'Parameters of a VLAN interface.',
  prefix: 'IFLA_VLAN_',
  file: 'link/vlan',
  attributes: [
    row(1, 'IFLA_VLAN_ID', 'id', 'u16', 'VLAN id, 0 to 4095.'),
    row(2, 'IFLA_VLAN_FLAGS', 'flags', { struct: 'VlanFlags' }, 'Flags.'),
    row(
      3,
      'IFLA_VLAN_EGRESS_QOS',
      'egressQos',
      { list: { struct: 'VlanQosMapping' }, of: QOS },
      'From priorities of packets to those of frames.',
    ),
    row(
      4,
      'IFLA_VLAN_INGRESS_QOS',
      'ingressQos',
      { list: { struct: 'VlanQosMapping' }, of: QOS },
      'From priorities of frames to those of packets.',
    ),
    row(
      5,
      'IFLA_VLAN_PROTOCOL',
      'protocol',
      'u16',
      'EtherType: 0x8100 (802.1Q) or 0x88a8 (802.1ad).',
      { order: 'big' },
    ),
  ],
};

export const vxlanPortRange: Struct = {
  doc: 'A range of ports.',
  kernel: 'ifla_vxlan_port_range',
  file: 'link/vxlan',
  fields: [
    field('low', 'u16', 'First port.', { order: 'big' }),
    field('high', 'u16', 'Last port.', { order: 'big' }),
  ],
};

export const vxlanData: Nest = {
  doc: 'Parameters of a VXLAN interface.',
  prefix: 'IFLA_VXLAN_',
  file: 'link/vxlan',
  attributes: [
    row(1, 'IFLA_VXLAN_ID', 'id', 'u32', 'VXLAN network identifier, 24 bits.'),
    row(
      2,
      'IFLA_VXLAN_GROUP',
      'group',
      'bytes',
      'IPv4 address of the group or of the other end, 4 bytes.',
    ),
    row(3, 'IFLA_VXLAN_LINK', 'link', 'u32', 'Index of the interface below.'),
    row(4, 'IFLA_VXLAN_LOCAL', 'local', 'bytes', 'Own IPv4 address, 4 bytes.'),
    row(5, 'IFLA_VXLAN_TTL', 'ttl', 'u8', 'Time to live; 0: that of the route.'),
    row(6, 'IFLA_VXLAN_TOS', 'tos', 'u8', 'Type of service; 1: that of the packet.'),
    row(7, 'IFLA_VXLAN_LEARNING', 'learning', 'bool', 'Whether it learns addresses.'),
    row(8, 'IFLA_VXLAN_AGEING', 'ageing', 'u32', 'How long addresses are kept, in seconds.'),
    row(9, 'IFLA_VXLAN_LIMIT', 'limit', 'u32', 'Most addresses; 0: no limit.'),
    row(10, 'IFLA_VXLAN_PORT_RANGE', 'portRange', { struct: 'VxlanPortRange' }, 'Source ports.'),
    row(11, 'IFLA_VXLAN_PROXY', 'proxy', 'bool', 'Whether it answers ARP.'),
    row(12, 'IFLA_VXLAN_RSC', 'routeShortCircuit', 'bool', 'Route short circuit.'),
    row(
      13,
      'IFLA_VXLAN_L2MISS',
      'layer2Miss',
      'bool',
      'Whether it tells of unknown link-layer addresses.',
    ),
    row(14, 'IFLA_VXLAN_L3MISS', 'layer3Miss', 'bool', 'Whether it tells of unknown IP addresses.'),
    row(15, 'IFLA_VXLAN_PORT', 'port', 'u16', 'Destination port.', { order: 'big' }),
    row(
      16,
      'IFLA_VXLAN_GROUP6',
      'group6',
      'bytes',
      'IPv6 address of the group or of the other end, 16 bytes.',
    ),
    row(17, 'IFLA_VXLAN_LOCAL6', 'local6', 'bytes', 'Own IPv6 address, 16 bytes.'),
    row(
      18,
      'IFLA_VXLAN_UDP_CSUM',
      'udpChecksum',
      'bool',
      'Whether UDP checksums are sent over IPv4.',
    ),
    row(
      19,
      'IFLA_VXLAN_UDP_ZERO_CSUM6_TX',
      'udpZeroChecksum6Tx',
      'bool',
      'Whether none are sent over IPv6.',
    ),
    row(
      20,
      'IFLA_VXLAN_UDP_ZERO_CSUM6_RX',
      'udpZeroChecksum6Rx',
      'bool',
      'Whether none are accepted over IPv6.',
    ),
    row(
      21,
      'IFLA_VXLAN_REMCSUM_TX',
      'remoteChecksumTx',
      'bool',
      'Remote checksum offload, sending.',
    ),
    row(
      22,
      'IFLA_VXLAN_REMCSUM_RX',
      'remoteChecksumRx',
      'bool',
      'Remote checksum offload, receiving.',
    ),
    row(23, 'IFLA_VXLAN_GBP', 'groupBasedPolicy', 'flag', 'Group based policy.'),
    row(
      24,
      'IFLA_VXLAN_REMCSUM_NOPARTIAL',
      'remoteChecksumNoPartial',
      'flag',
      'No partial remote checksums.',
    ),
    row(
      25,
      'IFLA_VXLAN_COLLECT_METADATA',
      'collectMetadata',
      'bool',
      'Whether routes say where packets go.',
    ),
    row(26, 'IFLA_VXLAN_LABEL', 'label', 'u32', 'Flow label of IPv6.', { order: 'big' }),
    row(27, 'IFLA_VXLAN_GPE', 'genericProtocolExtension', 'flag', 'Generic protocol extension.'),
    row(
      28,
      'IFLA_VXLAN_TTL_INHERIT',
      'ttlInherit',
      'bool',
      'Whether the time to live is that of the packet.',
    ),
    row(
      29,
      'IFLA_VXLAN_DF',
      'dontFragment',
      'u8',
      "Don't fragment: 0 unset, 1 set, 2 that of the packet.",
    ),
    row(
      30,
      'IFLA_VXLAN_VNIFILTER',
      'vniFilter',
      'bool',
      'Whether network identifiers are filtered.',
    ),
    row(
      31,
      'IFLA_VXLAN_LOCALBYPASS',
      'localBypass',
      'bool',
      'Whether packets to the host itself take a short cut.',
    ),
    row(
      32,
      'IFLA_VXLAN_LABEL_POLICY',
      'labelPolicy',
      'u32',
      'Flow label: 0 fixed, 1 that of the packet.',
    ),
    row(
      33,
      'IFLA_VXLAN_RESERVED_BITS',
      'reservedBits',
      'bytes',
      'Bits of the header that are not checked: eight bytes.',
    ),
    row(34, 'IFLA_VXLAN_MC_ROUTE', 'multicastRoute', 'bool', 'Whether multicast is routed.'),
  ],
};

export const macvlanData: Nest = {
  doc: 'Parameters of a MACVLAN or MACVTAP interface.',
  prefix: 'IFLA_MACVLAN_',
  file: 'link/macvlan',
  attributes: [
    row(
      1,
      'IFLA_MACVLAN_MODE',
      'mode',
      { enum: 'MacvlanMode', of: 'u32' },
      'Who may talk to whom.',
    ),
    row(2, 'IFLA_MACVLAN_FLAGS', 'flags', 'u16', 'MACVLAN_FLAG_*.'),
    row(
      3,
      'IFLA_MACVLAN_MACADDR_MODE',
      'addressMode',
      'u32',
      'In a request, of source addresses: 0 add, 1 delete, 2 flush, 3 set.',
    ),
    row(
      4,
      'IFLA_MACVLAN_MACADDR',
      'address',
      'bytes',
      'In a request: a source address, six bytes.',
    ),
    row(
      5,
      'IFLA_MACVLAN_MACADDR_DATA',
      'addresses',
      { list: 'bytes', of: { id: 4, kernel: 'IFLA_MACVLAN_MACADDR' } },
      'Source addresses, six bytes each.',
    ),
    row(
      6,
      'IFLA_MACVLAN_MACADDR_COUNT',
      'addressCount',
      'u32',
      'How many source addresses there are.',
    ),
    row(
      7,
      'IFLA_MACVLAN_BC_QUEUE_LEN',
      'broadcastQueueLength',
      'u32',
      'Length of the broadcast queue that is asked for.',
    ),
    row(
      8,
      'IFLA_MACVLAN_BC_QUEUE_LEN_USED',
      'broadcastQueueLengthUsed',
      'u32',
      'Length of the broadcast queue.',
    ),
    row(
      9,
      'IFLA_MACVLAN_BC_CUTOFF',
      'broadcastCutoff',
      's32',
      'Up to how many interfaces get broadcasts at once.',
    ),
  ],
};

export const vrfData: Nest = {
  doc: 'Parameters of a VRF.',
  prefix: 'IFLA_VRF_',
  file: 'link/vrf',
  attributes: [row(1, 'IFLA_VRF_TABLE', 'table', 'u32', 'Routing table.')],
};

export const vrfPortData: Nest = {
  doc: 'Parameters of a port of a VRF.',
  prefix: 'IFLA_VRF_PORT_',
  file: 'link/vrf',
  attributes: [row(1, 'IFLA_VRF_PORT_TABLE', 'table', 'u32', 'Routing table.')],
};

export const bondAdInfo: Nest = {
  doc: 'The active aggregator of a bond: 802.3ad.',
  prefix: 'IFLA_BOND_AD_INFO_',
  file: 'link/bond',
  attributes: [
    row(1, 'IFLA_BOND_AD_INFO_AGGREGATOR', 'aggregator', 'u16', 'Id of the aggregator.'),
    row(2, 'IFLA_BOND_AD_INFO_NUM_PORTS', 'ports', 'u16', 'How many ports it has.'),
    row(3, 'IFLA_BOND_AD_INFO_ACTOR_KEY', 'actorKey', 'u16', 'Own key.'),
    row(4, 'IFLA_BOND_AD_INFO_PARTNER_KEY', 'partnerKey', 'u16', "The partner's key."),
    row(
      5,
      'IFLA_BOND_AD_INFO_PARTNER_MAC',
      'partnerMac',
      'bytes',
      "The partner's address, six bytes.",
    ),
  ],
};

export const bondData: Nest = {
  doc: 'Parameters of a bond.',
  prefix: 'IFLA_BOND_',
  file: 'link/bond',
  attributes: [
    row(
      1,
      'IFLA_BOND_MODE',
      'mode',
      'u8',
      'BOND_MODE_* of linux/if_bonding.h: 0 round robin, 1 active backup, 2 XOR, 3 broadcast, 4 802.3ad, 5 TLB, 6 ALB.',
    ),
    row(2, 'IFLA_BOND_ACTIVE_SLAVE', 'activeSlave', 'u32', 'Index of the active slave.'),
    row(3, 'IFLA_BOND_MIIMON', 'miiMonitor', 'u32', 'Between looks at links, in milliseconds.'),
    row(4, 'IFLA_BOND_UPDELAY', 'upDelay', 'u32', 'Before a link counts as up, in milliseconds.'),
    row(
      5,
      'IFLA_BOND_DOWNDELAY',
      'downDelay',
      'u32',
      'Before a link counts as down, in milliseconds.',
    ),
    row(6, 'IFLA_BOND_USE_CARRIER', 'useCarrier', 'bool', 'Whether the carrier tells.'),
    row(7, 'IFLA_BOND_ARP_INTERVAL', 'arpInterval', 'u32', 'Between ARP probes, in milliseconds.'),
    row(
      8,
      'IFLA_BOND_ARP_IP_TARGET',
      'arpTargets',
      { list: 'bytes', of: { first: 0 } },
      'IPv4 addresses of ARP probes, 4 bytes each.',
    ),
    row(9, 'IFLA_BOND_ARP_VALIDATE', 'arpValidate', 'u32', 'Which probes are judged.'),
    row(
      10,
      'IFLA_BOND_ARP_ALL_TARGETS',
      'arpAllTargets',
      'u32',
      'Whether 0 one, or 1 all, must answer.',
    ),
    row(11, 'IFLA_BOND_PRIMARY', 'primary', 'u32', 'Index of the slave that is preferred.'),
    row(
      12,
      'IFLA_BOND_PRIMARY_RESELECT',
      'primaryReselect',
      'u8',
      'When the primary is chosen again: 0 always, 1 when better, 2 on failure.',
    ),
    row(
      13,
      'IFLA_BOND_FAIL_OVER_MAC',
      'failOverMac',
      'u8',
      'Whose address is used: 0 none, 1 active, 2 follow.',
    ),
    row(14, 'IFLA_BOND_XMIT_HASH_POLICY', 'transmitHashPolicy', 'u8', 'BOND_XMIT_POLICY_*.'),
    row(
      15,
      'IFLA_BOND_RESEND_IGMP',
      'resendIgmp',
      'u32',
      'How many IGMP reports follow a fail-over.',
    ),
    row(
      16,
      'IFLA_BOND_NUM_PEER_NOTIF',
      'peerNotifications',
      'u8',
      'How many notifications follow a fail-over.',
    ),
    row(
      17,
      'IFLA_BOND_ALL_SLAVES_ACTIVE',
      'allSlavesActive',
      'bool',
      'Whether duplicates are kept.',
    ),
    row(18, 'IFLA_BOND_MIN_LINKS', 'minLinks', 'u32', 'Least links for a carrier.'),
    row(
      19,
      'IFLA_BOND_LP_INTERVAL',
      'learningPacketInterval',
      'u32',
      'Between learning packets, in seconds.',
    ),
    row(
      20,
      'IFLA_BOND_PACKETS_PER_SLAVE',
      'packetsPerSlave',
      'u32',
      'Packets before the next slave, in round robin.',
    ),
    row(21, 'IFLA_BOND_AD_LACP_RATE', 'lacpRate', 'u8', '0 slow, 1 fast.'),
    row(22, 'IFLA_BOND_AD_SELECT', 'aggregatorSelect', 'u8', '0 stable, 1 bandwidth, 2 count.'),
    row(
      23,
      'IFLA_BOND_AD_INFO',
      'aggregatorInfo',
      { nest: 'BondAdInfo' },
      'The active aggregator.',
    ),
    row(24, 'IFLA_BOND_AD_ACTOR_SYS_PRIO', 'actorSystemPriority', 'u16', 'Own system priority.'),
    row(25, 'IFLA_BOND_AD_USER_PORT_KEY', 'userPortKey', 'u16', 'Upper bits of the port key.'),
    row(26, 'IFLA_BOND_AD_ACTOR_SYSTEM', 'actorSystem', 'bytes', 'Own system address, six bytes.'),
    row(
      27,
      'IFLA_BOND_TLB_DYNAMIC_LB',
      'dynamicLoadBalancing',
      'bool',
      'Whether TLB shuffles flows.',
    ),
    row(
      28,
      'IFLA_BOND_PEER_NOTIF_DELAY',
      'peerNotificationDelay',
      'u32',
      'Between notifications, in milliseconds.',
    ),
    row(
      29,
      'IFLA_BOND_AD_LACP_ACTIVE',
      'lacpActive',
      'bool',
      'Whether LACP frames are sent unasked.',
    ),
    row(30, 'IFLA_BOND_MISSED_MAX', 'missedMax', 'u8', 'How many probes may be missed.'),
    row(
      31,
      'IFLA_BOND_NS_IP6_TARGET',
      'neighbourTargets',
      { list: 'bytes', of: { first: 0 } },
      'IPv6 addresses of probes, 16 bytes each.',
    ),
    row(
      32,
      'IFLA_BOND_COUPLED_CONTROL',
      'coupledControl',
      'bool',
      'Whether receiving and sending are coupled.',
    ),
    row(
      33,
      'IFLA_BOND_BROADCAST_NEIGH',
      'broadcastNeighbour',
      'bool',
      'Whether ARP and neighbour discovery go to all slaves.',
    ),
    row(
      34,
      'IFLA_BOND_LACP_STRICT',
      'lacpStrict',
      'bool',
      'Whether there is no carrier without a partner of LACP.',
    ),
  ],
};

export const bondSlaveData: Nest = {
  doc: 'Parameters of a slave of a bond.',
  prefix: 'IFLA_BOND_SLAVE_',
  file: 'link/bond',
  attributes: [
    row(1, 'IFLA_BOND_SLAVE_STATE', 'state', 'u8', '0 active, 1 backup.'),
    row(
      2,
      'IFLA_BOND_SLAVE_MII_STATUS',
      'miiStatus',
      'u8',
      '0 up, 1 going down, 2 down, 3 coming up.',
    ),
    row(
      3,
      'IFLA_BOND_SLAVE_LINK_FAILURE_COUNT',
      'linkFailures',
      'u32',
      'How often its link failed.',
    ),
    row(4, 'IFLA_BOND_SLAVE_PERM_HWADDR', 'permanentAddress', 'bytes', 'Its own address.'),
    row(5, 'IFLA_BOND_SLAVE_QUEUE_ID', 'queueId', 'u16', 'Queue that is sent by it.'),
    row(6, 'IFLA_BOND_SLAVE_AD_AGGREGATOR_ID', 'aggregatorId', 'u16', 'Id of its aggregator.'),
    row(
      7,
      'IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE',
      'actorPortState',
      'u8',
      'Own port state, 802.3ad.',
    ),
    row(
      8,
      'IFLA_BOND_SLAVE_AD_PARTNER_OPER_PORT_STATE',
      'partnerPortState',
      'u16',
      "The partner's port state.",
    ),
    row(9, 'IFLA_BOND_SLAVE_PRIO', 'priority', 's32', 'Priority among slaves.'),
    row(
      10,
      'IFLA_BOND_SLAVE_ACTOR_PORT_PRIO',
      'actorPortPriority',
      'u16',
      'Priority of its port, 802.3ad.',
    ),
    row(11, 'IFLA_BOND_SLAVE_AD_CHURN_ACTOR_STATE', 'churnActorState', 'u8', 'Own churn machine.'),
    row(
      12,
      'IFLA_BOND_SLAVE_AD_CHURN_PARTNER_STATE',
      'churnPartnerState',
      'u8',
      "The partner's churn machine.",
    ),
  ],
};
