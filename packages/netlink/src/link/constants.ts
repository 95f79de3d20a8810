/**
 * Numbers of the attributes of link messages: linux/if_link.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

// Attributes: linux/if_link.h

/** Name. String. */
export const IFLA_IFNAME = 3;
/** Maximum transmission unit in bytes, Ethernet header not counted. u32. */
export const IFLA_MTU = 4;
/** Least MTU that can be set. u32. */
export const IFLA_MIN_MTU = 50;
/** Greatest MTU that can be set; 0: no limit. u32. */
export const IFLA_MAX_MTU = 51;
/** Link-layer address, such as six bytes of a MAC address. Bytes. */
export const IFLA_ADDRESS = 1;
/** Link-layer broadcast address. Bytes. */
export const IFLA_BROADCAST = 2;
/** Link-layer address that the hardware came with. Bytes. */
export const IFLA_PERM_ADDRESS = 54;
/**
 * Operational state; a number beyond RFC 2863's is `unknown`, and in `unknown` of the message.
 * u8.
 */
export const IFLA_OPERSTATE = 16;
/** Link mode: 0 default, 1 dormant, 2 testing. u8. */
export const IFLA_LINKMODE = 17;
/** Whether there is a carrier. u8, 0 or 1. */
export const IFLA_CARRIER = 33;
/** How often the carrier came or went. u32. */
export const IFLA_CARRIER_CHANGES = 35;
/** How often it came. u32. */
export const IFLA_CARRIER_UP_COUNT = 47;
/** How often it went. u32. */
export const IFLA_CARRIER_DOWN_COUNT = 48;
/** Length of the transmit queue in packets. u32. */
export const IFLA_TXQLEN = 13;
/** Number of transmit queues. u32. */
export const IFLA_NUM_TX_QUEUES = 31;
/** Number of receive queues. u32. */
export const IFLA_NUM_RX_QUEUES = 32;
/** How many want the interface promiscuous. u32. */
export const IFLA_PROMISCUITY = 30;
/** How many want all multicast. u32. */
export const IFLA_ALLMULTI = 61;
/** Group. u32. */
export const IFLA_GROUP = 27;
/** Index of the master, such as a bridge; 0 in a request: none. u32. */
export const IFLA_MASTER = 10;
/** Index of the interface below or of the peer, in `linkNetnsId`. s32. */
export const IFLA_LINK = 5;
/** Id of the namespace that `link` is in, when it is another one. s32. */
export const IFLA_LINK_NETNSID = 37;
/** Id of the namespace that the interface moves to: of a delete that is a move. s32. */
export const IFLA_NEW_NETNSID = 45;
/** Its index there: of a delete that is a move; in a request: the index to get. s32. */
export const IFLA_NEW_IFINDEX = 49;
/** Queueing discipline. String. */
export const IFLA_QDISC = 6;
/** Alias, for people. String. */
export const IFLA_IFALIAS = 20;
/** Alternative names. Nested. */
export const IFLA_PROP_LIST = 52;
/** Alternative names. One of the list. */
export const IFLA_ALT_IFNAME = 53;
/** Kind and what belongs to it. Nested. */
export const IFLA_LINKINFO = 18;
/** What a message of family AF_BRIDGE says of a port and its VLANs. Nested. */
export const IFLA_AF_SPEC = 26;
/** Counters. Struct. */
export const IFLA_STATS64 = 23;
/** Whether a protocol holds it down. u8, 0 or 1. */
export const IFLA_PROTO_DOWN = 39;
/** Most segments of a super-frame that it sends. u32. */
export const IFLA_GSO_MAX_SEGS = 40;
/** Most bytes of a super-frame that it sends. u32. */
export const IFLA_GSO_MAX_SIZE = 41;
/** Most bytes of a super-frame that is put together of received ones. u32. */
export const IFLA_GRO_MAX_SIZE = 58;
/** As `gsoMaxSize`, of IPv4. u32. */
export const IFLA_GSO_IPV4_MAX_SIZE = 63;
/** As `groMaxSize`, of IPv4. u32. */
export const IFLA_GRO_IPV4_MAX_SIZE = 64;
/** Most bytes of a super-frame that the hardware takes. u32. */
export const IFLA_TSO_MAX_SIZE = 59;
/** Most segments of one. u32. */
export const IFLA_TSO_MAX_SEGS = 60;
/** How far ahead the hardware can pace, in nanoseconds. uint. */
export const IFLA_MAX_PACING_OFFLOAD_HORIZON = 66;
/** Whether it cannot move to another namespace. u8, 0 or 1. */
export const IFLA_NETNS_IMMUTABLE = 67;
/** Bytes that it wants in front of a packet. u16. */
export const IFLA_HEADROOM = 68;
/** Bytes that it wants behind a packet. u16. */
export const IFLA_TAILROOM = 69;
/** Id of the physical port. Bytes. */
export const IFLA_PHYS_PORT_ID = 34;
/** Id of the switch. Bytes. */
export const IFLA_PHYS_SWITCH_ID = 36;
/** Name of the physical port. String. */
export const IFLA_PHYS_PORT_NAME = 38;
/** Name of the device that it is of. String. */
export const IFLA_PARENT_DEV_NAME = 56;
/** Name of that device's bus. String. */
export const IFLA_PARENT_DEV_BUS_NAME = 57;
/** What caused a notification: IFLA_EVENT_*. u32. */
export const IFLA_EVENT = 44;
/** In a request: network namespace to move to, as that of a process. u32. */
export const IFLA_NET_NS_PID = 19;
/** In a request: network namespace to move to, as a file descriptor of the sender. u32. */
export const IFLA_NET_NS_FD = 28;
/** Id of the namespace that a request is about. s32. */
export const IFLA_TARGET_NETNSID = 46;
/** In a request: what to tell in addition and what to leave out: RTEXT_FILTER_*. u32. */
export const IFLA_EXT_MASK = 29;
/** Number of virtual functions. u32. */
export const IFLA_NUM_VF = 21;
/** Virtual functions. Nested. */
export const IFLA_VFINFO_LIST = 22;
/** Virtual functions. One of the list. */
export const IFLA_VF_INFO = 1;
/** Port profiles of virtual functions. Nested. */
export const IFLA_VF_PORTS = 24;
/** Port profiles of virtual functions. One of the list. */
export const IFLA_VF_PORT = 1;
/** Port profile of the link itself. Nested. */
export const IFLA_PORT_SELF = 25;
/** What a message of family AF_BRIDGE says of a port. Nested. */
export const IFLA_PROTINFO = 12;
/** XDP programs. Nested. */
export const IFLA_XDP = 43;
/** Why a protocol holds it down. Nested. */
export const IFLA_PROTO_DOWN_REASON = 55;
/** Devlink port. Nested. */
export const IFLA_DEVLINK_PORT = 62;
/** DPLL pin. Nested. */
export const IFLA_DPLL_PIN = 65;
/** Where its hardware is. Struct. */
export const IFLA_MAP = 14;
/** Counters in 32 bits. Struct. */
export const IFLA_STATS = 7;
/** Not decoded here. */
export const IFLA_COST = 8;
/** Not decoded here. */
export const IFLA_PRIORITY = 9;
/** Not decoded here. */
export const IFLA_WIRELESS = 11;
/** Not decoded here. */
export const IFLA_WEIGHT = 15;
/** Not decoded here. */
export const IFLA_PAD = 42;

// Inside: TunData

/** User id of who may open it. u32. */
export const IFLA_TUN_OWNER = 1;
/** Group id of those who may open it. u32. */
export const IFLA_TUN_GROUP = 2;
/** 1: TUN (IFF_TUN). 2: TAP (IFF_TAP). u8. */
export const IFLA_TUN_TYPE = 3;
/** Whether packets begin with `struct tun_pi`. u8, 0 or 1. */
export const IFLA_TUN_PI = 4;
/** Whether packets begin with `struct virtio_net_hdr`. u8, 0 or 1. */
export const IFLA_TUN_VNET_HDR = 5;
/** Whether it stays when nobody has it open. u8, 0 or 1. */
export const IFLA_TUN_PERSIST = 6;
/** Whether it can have several queues. u8, 0 or 1. */
export const IFLA_TUN_MULTI_QUEUE = 7;
/** How many queues are attached. u32. */
export const IFLA_TUN_NUM_QUEUES = 8;
/** How many are detached. u32. */
export const IFLA_TUN_NUM_DISABLED_QUEUES = 9;

// Inside: VethData

/** The other end, as a request. Nested. */
export const VETH_INFO_PEER = 1;

// Inside: VlanData

/** VLAN id, 0 to 4095. u16. */
export const IFLA_VLAN_ID = 1;
/** Flags. Struct. */
export const IFLA_VLAN_FLAGS = 2;
/** From priorities of packets to those of frames. Nested. */
export const IFLA_VLAN_EGRESS_QOS = 3;
/** From priorities of packets to those of frames. One of the list. */
export const IFLA_VLAN_QOS_MAPPING = 1;
/** From priorities of frames to those of packets. Nested. */
export const IFLA_VLAN_INGRESS_QOS = 4;
/** EtherType: 0x8100 (802.1Q) or 0x88a8 (802.1ad). u16. */
export const IFLA_VLAN_PROTOCOL = 5;

// Inside: VxlanData

/** VXLAN network identifier, 24 bits. u32. */
export const IFLA_VXLAN_ID = 1;
/** IPv4 address of the group or of the other end, 4 bytes. Bytes. */
export const IFLA_VXLAN_GROUP = 2;
/** Index of the interface below. u32. */
export const IFLA_VXLAN_LINK = 3;
/** Own IPv4 address, 4 bytes. Bytes. */
export const IFLA_VXLAN_LOCAL = 4;
/** Time to live; 0: that of the route. u8. */
export const IFLA_VXLAN_TTL = 5;
/** Type of service; 1: that of the packet. u8. */
export const IFLA_VXLAN_TOS = 6;
/** Whether it learns addresses. u8, 0 or 1. */
export const IFLA_VXLAN_LEARNING = 7;
/** How long addresses are kept, in seconds. u32. */
export const IFLA_VXLAN_AGEING = 8;
/** Most addresses; 0: no limit. u32. */
export const IFLA_VXLAN_LIMIT = 9;
/** Source ports. Struct. */
export const IFLA_VXLAN_PORT_RANGE = 10;
/** Whether it answers ARP. u8, 0 or 1. */
export const IFLA_VXLAN_PROXY = 11;
/** Route short circuit. u8, 0 or 1. */
export const IFLA_VXLAN_RSC = 12;
/** Whether it tells of unknown link-layer addresses. u8, 0 or 1. */
export const IFLA_VXLAN_L2MISS = 13;
/** Whether it tells of unknown IP addresses. u8, 0 or 1. */
export const IFLA_VXLAN_L3MISS = 14;
/** Destination port. u16. */
export const IFLA_VXLAN_PORT = 15;
/** IPv6 address of the group or of the other end, 16 bytes. Bytes. */
export const IFLA_VXLAN_GROUP6 = 16;
/** Own IPv6 address, 16 bytes. Bytes. */
export const IFLA_VXLAN_LOCAL6 = 17;
/** Whether UDP checksums are sent over IPv4. u8, 0 or 1. */
export const IFLA_VXLAN_UDP_CSUM = 18;
/** Whether none are sent over IPv6. u8, 0 or 1. */
export const IFLA_VXLAN_UDP_ZERO_CSUM6_TX = 19;
/** Whether none are accepted over IPv6. u8, 0 or 1. */
export const IFLA_VXLAN_UDP_ZERO_CSUM6_RX = 20;
/** Remote checksum offload, sending. u8, 0 or 1. */
export const IFLA_VXLAN_REMCSUM_TX = 21;
/** Remote checksum offload, receiving. u8, 0 or 1. */
export const IFLA_VXLAN_REMCSUM_RX = 22;
/** Group based policy. Without a value. */
export const IFLA_VXLAN_GBP = 23;
/** No partial remote checksums. Without a value. */
export const IFLA_VXLAN_REMCSUM_NOPARTIAL = 24;
/** Whether routes say where packets go. u8, 0 or 1. */
export const IFLA_VXLAN_COLLECT_METADATA = 25;
/** Flow label of IPv6. u32. */
export const IFLA_VXLAN_LABEL = 26;
/** Generic protocol extension. Without a value. */
export const IFLA_VXLAN_GPE = 27;
/** Whether the time to live is that of the packet. u8, 0 or 1. */
export const IFLA_VXLAN_TTL_INHERIT = 28;
/** Don't fragment: 0 unset, 1 set, 2 that of the packet. u8. */
export const IFLA_VXLAN_DF = 29;
/** Whether network identifiers are filtered. u8, 0 or 1. */
export const IFLA_VXLAN_VNIFILTER = 30;
/** Whether packets to the host itself take a short cut. u8, 0 or 1. */
export const IFLA_VXLAN_LOCALBYPASS = 31;
/** Flow label: 0 fixed, 1 that of the packet. u32. */
export const IFLA_VXLAN_LABEL_POLICY = 32;
/** Bits of the header that are not checked: eight bytes. Bytes. */
export const IFLA_VXLAN_RESERVED_BITS = 33;
/** Whether multicast is routed. u8, 0 or 1. */
export const IFLA_VXLAN_MC_ROUTE = 34;

// Inside: MacvlanData

/** Who may talk to whom. u32. */
export const IFLA_MACVLAN_MODE = 1;
/** MACVLAN_FLAG_*. u16. */
export const IFLA_MACVLAN_FLAGS = 2;
/** In a request, of source addresses: 0 add, 1 delete, 2 flush, 3 set. u32. */
export const IFLA_MACVLAN_MACADDR_MODE = 3;
/** In a request: a source address, six bytes. Bytes. */
export const IFLA_MACVLAN_MACADDR = 4;
/** Source addresses, six bytes each. Nested. */
export const IFLA_MACVLAN_MACADDR_DATA = 5;
/** How many source addresses there are. u32. */
export const IFLA_MACVLAN_MACADDR_COUNT = 6;
/** Length of the broadcast queue that is asked for. u32. */
export const IFLA_MACVLAN_BC_QUEUE_LEN = 7;
/** Length of the broadcast queue. u32. */
export const IFLA_MACVLAN_BC_QUEUE_LEN_USED = 8;
/** Up to how many interfaces get broadcasts at once. s32. */
export const IFLA_MACVLAN_BC_CUTOFF = 9;

// Inside: VrfData

/** Routing table. u32. */
export const IFLA_VRF_TABLE = 1;

// Inside: VrfPortData

/** Routing table. u32. */
export const IFLA_VRF_PORT_TABLE = 1;

// Inside: BridgeQuerierState

/** IPv4 address, 4 bytes. Bytes. */
export const BRIDGE_QUERIER_IP_ADDRESS = 1;
/** Index of the port that it is behind. u32. */
export const BRIDGE_QUERIER_IP_PORT = 2;
/** Until another querier is not believed in any more, in hundredths of a second. u64. */
export const BRIDGE_QUERIER_IP_OTHER_TIMER = 3;
/** IPv6 address, 16 bytes. Bytes. */
export const BRIDGE_QUERIER_IPV6_ADDRESS = 5;
/** As `port`, of MLD. u32. */
export const BRIDGE_QUERIER_IPV6_PORT = 6;
/** As `otherTimer`, of MLD. u64. */
export const BRIDGE_QUERIER_IPV6_OTHER_TIMER = 7;
/** Not decoded here. */
export const BRIDGE_QUERIER_PAD = 4;

// Inside: BridgeData

/** Forward delay, in hundredths of a second. u32. */
export const IFLA_BR_FORWARD_DELAY = 1;
/** Hello time, in hundredths of a second. u32. */
export const IFLA_BR_HELLO_TIME = 2;
/** Greatest age of a message, in hundredths of a second. u32. */
export const IFLA_BR_MAX_AGE = 3;
/** How long addresses are kept, in hundredths of a second. u32. */
export const IFLA_BR_AGEING_TIME = 4;
/** Spanning tree: 0 off, 1 the kernel, 2 user space. u32. */
export const IFLA_BR_STP_STATE = 5;
/** Priority of the bridge. u16. */
export const IFLA_BR_PRIORITY = 6;
/** Whether VLANs are told apart. u8, 0 or 1. */
export const IFLA_BR_VLAN_FILTERING = 7;
/** EtherType of VLANs: 0x8100 or 0x88a8. u16. */
export const IFLA_BR_VLAN_PROTOCOL = 8;
/** Which link-local groups are forwarded, as bits. u16. */
export const IFLA_BR_GROUP_FWD_MASK = 9;
/** Id of the root: priority (2 bytes) and address (6). Bytes. */
export const IFLA_BR_ROOT_ID = 10;
/** Id of the bridge: priority (2 bytes) and address (6). Bytes. */
export const IFLA_BR_BRIDGE_ID = 11;
/** Number of the port towards the root. u16. */
export const IFLA_BR_ROOT_PORT = 12;
/** Cost of the path to the root. u32. */
export const IFLA_BR_ROOT_PATH_COST = 13;
/** Whether the topology changes. u8, 0 or 1. */
export const IFLA_BR_TOPOLOGY_CHANGE = 14;
/** Whether this bridge found a change. u8, 0 or 1. */
export const IFLA_BR_TOPOLOGY_CHANGE_DETECTED = 15;
/** Until the next hello, in hundredths of a second. u64. */
export const IFLA_BR_HELLO_TIMER = 16;
/** Until the next notification, in hundredths of a second. u64. */
export const IFLA_BR_TCN_TIMER = 17;
/** Until the change is over, in hundredths of a second. u64. */
export const IFLA_BR_TOPOLOGY_CHANGE_TIMER = 18;
/** Until old addresses are removed, in hundredths of a second. u64. */
export const IFLA_BR_GC_TIMER = 19;
/** Group address of the spanning tree, six bytes. Bytes. */
export const IFLA_BR_GROUP_ADDR = 20;
/** In a request: forget all addresses. Without a value. */
export const IFLA_BR_FDB_FLUSH = 21;
/** Multicast router: 0 off, 1 learnt, 2 on. u8. */
export const IFLA_BR_MCAST_ROUTER = 22;
/** Whether it snoops on IGMP and MLD. u8, 0 or 1. */
export const IFLA_BR_MCAST_SNOOPING = 23;
/** Whether queries bear its own address. u8, 0 or 1. */
export const IFLA_BR_MCAST_QUERY_USE_IFADDR = 24;
/** Whether it sends queries. u8, 0 or 1. */
export const IFLA_BR_MCAST_QUERIER = 25;
/** Of no use today. u32. */
export const IFLA_BR_MCAST_HASH_ELASTICITY = 26;
/** Most multicast groups. u32. */
export const IFLA_BR_MCAST_HASH_MAX = 27;
/** Queries before a group is left. u32. */
export const IFLA_BR_MCAST_LAST_MEMBER_CNT = 28;
/** Queries at the start. u32. */
export const IFLA_BR_MCAST_STARTUP_QUERY_CNT = 29;
/** Between queries before a group is left, in hundredths of a second. u64. */
export const IFLA_BR_MCAST_LAST_MEMBER_INTVL = 30;
/** How long a membership lasts, in hundredths of a second. u64. */
export const IFLA_BR_MCAST_MEMBERSHIP_INTVL = 31;
/** How long another querier is believed in, in hundredths of a second. u64. */
export const IFLA_BR_MCAST_QUERIER_INTVL = 32;
/** Between queries, in hundredths of a second. u64. */
export const IFLA_BR_MCAST_QUERY_INTVL = 33;
/** How long answers may take, in hundredths of a second. u64. */
export const IFLA_BR_MCAST_QUERY_RESPONSE_INTVL = 34;
/** Between queries at the start, in hundredths of a second. u64. */
export const IFLA_BR_MCAST_STARTUP_QUERY_INTVL = 35;
/** Whether IPv4 goes through iptables. u8, 0 or 1. */
export const IFLA_BR_NF_CALL_IPTABLES = 36;
/** Whether IPv6 goes through ip6tables. u8, 0 or 1. */
export const IFLA_BR_NF_CALL_IP6TABLES = 37;
/** Whether ARP goes through arptables. u8, 0 or 1. */
export const IFLA_BR_NF_CALL_ARPTABLES = 38;
/** VLAN of frames without a tag, of new ports; 0: none. u16. */
export const IFLA_BR_VLAN_DEFAULT_PVID = 39;
/** Whether it counts by VLAN. u8, 0 or 1. */
export const IFLA_BR_VLAN_STATS_ENABLED = 41;
/** Whether it counts IGMP and MLD. u8, 0 or 1. */
export const IFLA_BR_MCAST_STATS_ENABLED = 42;
/** Version of IGMP. u8. */
export const IFLA_BR_MCAST_IGMP_VERSION = 43;
/** Version of MLD. u8. */
export const IFLA_BR_MCAST_MLD_VERSION = 44;
/** Whether it counts by VLAN and port. u8, 0 or 1. */
export const IFLA_BR_VLAN_STATS_PER_PORT = 45;
/** Further options. Struct. */
export const IFLA_BR_MULTI_BOOLOPT = 46;
/** Who sends queries. Nested. */
export const IFLA_BR_MCAST_QUERIER_STATE = 47;
/** How many addresses it has learnt. u32. */
export const IFLA_BR_FDB_N_LEARNED = 48;
/** Most addresses that it learns; 0: no limit. u32. */
export const IFLA_BR_FDB_MAX_LEARNED = 49;
/** Who runs the spanning tree: 0 user space if it can, 1 user space, 2 the kernel. u32. */
export const IFLA_BR_STP_MODE = 50;
/** Not decoded here. */
export const IFLA_BR_PAD = 40;

// Inside: BridgePortData

/**
 * BR_STATE_* of linux/if_bridge.h: 0 disabled, 1 listening, 2 learning, 3 forwarding, 4 blocking.
 * u8.
 */
export const IFLA_BRPORT_STATE = 1;
/** Priority of the port. u16. */
export const IFLA_BRPORT_PRIORITY = 2;
/** Cost of the path. u32. */
export const IFLA_BRPORT_COST = 3;
/** Whether frames may leave by the port that they came in by. u8, 0 or 1. */
export const IFLA_BRPORT_MODE = 4;
/** Whether BPDUs shut the port. u8, 0 or 1. */
export const IFLA_BRPORT_GUARD = 5;
/** Whether it may not become the root port. u8, 0 or 1. */
export const IFLA_BRPORT_PROTECT = 6;
/** Whether multicast groups are left at once. u8, 0 or 1. */
export const IFLA_BRPORT_FAST_LEAVE = 7;
/** Whether it learns addresses. u8, 0 or 1. */
export const IFLA_BRPORT_LEARNING = 8;
/** Whether unknown unicast is flooded to it. u8, 0 or 1. */
export const IFLA_BRPORT_UNICAST_FLOOD = 9;
/** Proxy ARP. u8, 0 or 1. */
export const IFLA_BRPORT_PROXYARP = 10;
/** Whether the device tells what it learnt. u8, 0 or 1. */
export const IFLA_BRPORT_LEARNING_SYNC = 11;
/** Proxy ARP for Wi-Fi. u8, 0 or 1. */
export const IFLA_BRPORT_PROXYARP_WIFI = 12;
/** Id of the designated root: priority (2 bytes) and address (6). Bytes. */
export const IFLA_BRPORT_ROOT_ID = 13;
/** Id of the designated bridge: priority (2 bytes) and address (6). Bytes. */
export const IFLA_BRPORT_BRIDGE_ID = 14;
/** Designated port. u16. */
export const IFLA_BRPORT_DESIGNATED_PORT = 15;
/** Designated cost. u16. */
export const IFLA_BRPORT_DESIGNATED_COST = 16;
/** Id of the port. u16. */
export const IFLA_BRPORT_ID = 17;
/** Number of the port. u16. */
export const IFLA_BRPORT_NO = 18;
/** Whether a change is to be acknowledged. u8, 0 or 1. */
export const IFLA_BRPORT_TOPOLOGY_CHANGE_ACK = 19;
/** Whether a configuration message waits. u8, 0 or 1. */
export const IFLA_BRPORT_CONFIG_PENDING = 20;
/** Until the last message is too old, in hundredths of a second. u64. */
export const IFLA_BRPORT_MESSAGE_AGE_TIMER = 21;
/** Until the next state, in hundredths of a second. u64. */
export const IFLA_BRPORT_FORWARD_DELAY_TIMER = 22;
/** Until the next message may be sent, in hundredths of a second. u64. */
export const IFLA_BRPORT_HOLD_TIMER = 23;
/** In a request: forget the addresses of the port. Without a value. */
export const IFLA_BRPORT_FLUSH = 24;
/** Multicast router: 0 off, 1 learnt, 2 on, 3 learnt by a message. u8. */
export const IFLA_BRPORT_MULTICAST_ROUTER = 25;
/** Whether multicast is flooded to it. u8, 0 or 1. */
export const IFLA_BRPORT_MCAST_FLOOD = 27;
/** Whether multicast is sent as unicast. u8, 0 or 1. */
export const IFLA_BRPORT_MCAST_TO_UCAST = 28;
/** Whether VLANs are mapped to tunnels. u8, 0 or 1. */
export const IFLA_BRPORT_VLAN_TUNNEL = 29;
/** Whether broadcast is flooded to it. u8, 0 or 1. */
export const IFLA_BRPORT_BCAST_FLOOD = 30;
/** Which link-local groups are forwarded, as bits. u16. */
export const IFLA_BRPORT_GROUP_FWD_MASK = 31;
/** Whether ARP and neighbour discovery are answered for others. u8, 0 or 1. */
export const IFLA_BRPORT_NEIGH_SUPPRESS = 32;
/** Whether it cannot talk to other isolated ports. u8, 0 or 1. */
export const IFLA_BRPORT_ISOLATED = 33;
/** Index of the port that takes over. u32. */
export const IFLA_BRPORT_BACKUP_PORT = 34;
/** Whether the MRP ring is open. u8, 0 or 1. */
export const IFLA_BRPORT_MRP_RING_OPEN = 35;
/** Whether the MRP interconnection is open. u8, 0 or 1. */
export const IFLA_BRPORT_MRP_IN_OPEN = 36;
/** Most hosts that are tracked explicitly. u32. */
export const IFLA_BRPORT_MCAST_EHT_HOSTS_LIMIT = 37;
/** How many are. u32. */
export const IFLA_BRPORT_MCAST_EHT_HOSTS_CNT = 38;
/** Whether only known addresses may send. u8, 0 or 1. */
export const IFLA_BRPORT_LOCKED = 39;
/** MAC authentication bypass. u8, 0 or 1. */
export const IFLA_BRPORT_MAB = 40;
/** How many multicast groups it is in. u32. */
export const IFLA_BRPORT_MCAST_N_GROUPS = 41;
/** Most of them; 0: no limit. u32. */
export const IFLA_BRPORT_MCAST_MAX_GROUPS = 42;
/** As `neighbourSuppress`, by VLAN. u8, 0 or 1. */
export const IFLA_BRPORT_NEIGH_VLAN_SUPPRESS = 43;
/** Id of the nexthop to the backup port. u32. */
export const IFLA_BRPORT_BACKUP_NHID = 44;
/** Whether gratuitous ARP and neighbour advertisements go through all the same. u8, 0 or 1. */
export const IFLA_BRPORT_NEIGH_FORWARD_GRAT = 45;
/** Not decoded here. */
export const IFLA_BRPORT_PAD = 26;

// Inside: BridgeVlanTunnel

/** Id of the tunnel. u32. */
export const IFLA_BRIDGE_VLAN_TUNNEL_ID = 1;
/** VLAN id. u16. */
export const IFLA_BRIDGE_VLAN_TUNNEL_VID = 2;
/** BRIDGE_VLAN_INFO_*. u16. */
export const IFLA_BRIDGE_VLAN_TUNNEL_FLAGS = 3;

// Inside: BridgeSpanningTree

/** Number of the spanning tree. u16. */
export const IFLA_BRIDGE_MST_ENTRY_MSTI = 1;
/** BR_STATE_* of linux/if_bridge.h. u8. */
export const IFLA_BRIDGE_MST_ENTRY_STATE = 2;

// Inside: BridgeAfSpec

/** BRIDGE_FLAGS_*: 1 the master, 2 the device itself. u16. */
export const IFLA_BRIDGE_FLAGS = 0;
/** BRIDGE_MODE_*: 0 VEB, 1 VEPA. u16. */
export const IFLA_BRIDGE_MODE = 1;
/** VLANs. Struct. */
export const IFLA_BRIDGE_VLAN_INFO = 2;
/** Which VLANs go into which tunnels. Nested. */
export const IFLA_BRIDGE_VLAN_TUNNEL_INFO = 3;
/** State of the port in multiple spanning trees. Nested. */
export const IFLA_BRIDGE_MST = 6;
/** State of the port in multiple spanning trees. One of the list. */
export const IFLA_BRIDGE_MST_ENTRY = 1;
/** Not decoded here. */
export const IFLA_BRIDGE_MRP = 4;
/** Not decoded here. */
export const IFLA_BRIDGE_CFM = 5;

// Inside: BondAdInfo

/** Id of the aggregator. u16. */
export const IFLA_BOND_AD_INFO_AGGREGATOR = 1;
/** How many ports it has. u16. */
export const IFLA_BOND_AD_INFO_NUM_PORTS = 2;
/** Own key. u16. */
export const IFLA_BOND_AD_INFO_ACTOR_KEY = 3;
/** The partner's key. u16. */
export const IFLA_BOND_AD_INFO_PARTNER_KEY = 4;
/** The partner's address, six bytes. Bytes. */
export const IFLA_BOND_AD_INFO_PARTNER_MAC = 5;

// Inside: BondData

/**
 * BOND_MODE_* of linux/if_bonding.h: 0 round robin, 1 active backup, 2 XOR, 3 broadcast, 4
 * 802.3ad, 5 TLB, 6 ALB. u8.
 */
export const IFLA_BOND_MODE = 1;
/** Index of the active slave. u32. */
export const IFLA_BOND_ACTIVE_SLAVE = 2;
/** Between looks at links, in milliseconds. u32. */
export const IFLA_BOND_MIIMON = 3;
/** Before a link counts as up, in milliseconds. u32. */
export const IFLA_BOND_UPDELAY = 4;
/** Before a link counts as down, in milliseconds. u32. */
export const IFLA_BOND_DOWNDELAY = 5;
/** Whether the carrier tells. u8, 0 or 1. */
export const IFLA_BOND_USE_CARRIER = 6;
/** Between ARP probes, in milliseconds. u32. */
export const IFLA_BOND_ARP_INTERVAL = 7;
/** IPv4 addresses of ARP probes, 4 bytes each. Nested. */
export const IFLA_BOND_ARP_IP_TARGET = 8;
/** Which probes are judged. u32. */
export const IFLA_BOND_ARP_VALIDATE = 9;
/** Whether 0 one, or 1 all, must answer. u32. */
export const IFLA_BOND_ARP_ALL_TARGETS = 10;
/** Index of the slave that is preferred. u32. */
export const IFLA_BOND_PRIMARY = 11;
/** When the primary is chosen again: 0 always, 1 when better, 2 on failure. u8. */
export const IFLA_BOND_PRIMARY_RESELECT = 12;
/** Whose address is used: 0 none, 1 active, 2 follow. u8. */
export const IFLA_BOND_FAIL_OVER_MAC = 13;
/** BOND_XMIT_POLICY_*. u8. */
export const IFLA_BOND_XMIT_HASH_POLICY = 14;
/** How many IGMP reports follow a fail-over. u32. */
export const IFLA_BOND_RESEND_IGMP = 15;
/** How many notifications follow a fail-over. u8. */
export const IFLA_BOND_NUM_PEER_NOTIF = 16;
/** Whether duplicates are kept. u8, 0 or 1. */
export const IFLA_BOND_ALL_SLAVES_ACTIVE = 17;
/** Least links for a carrier. u32. */
export const IFLA_BOND_MIN_LINKS = 18;
/** Between learning packets, in seconds. u32. */
export const IFLA_BOND_LP_INTERVAL = 19;
/** Packets before the next slave, in round robin. u32. */
export const IFLA_BOND_PACKETS_PER_SLAVE = 20;
/** 0 slow, 1 fast. u8. */
export const IFLA_BOND_AD_LACP_RATE = 21;
/** 0 stable, 1 bandwidth, 2 count. u8. */
export const IFLA_BOND_AD_SELECT = 22;
/** The active aggregator. Nested. */
export const IFLA_BOND_AD_INFO = 23;
/** Own system priority. u16. */
export const IFLA_BOND_AD_ACTOR_SYS_PRIO = 24;
/** Upper bits of the port key. u16. */
export const IFLA_BOND_AD_USER_PORT_KEY = 25;
/** Own system address, six bytes. Bytes. */
export const IFLA_BOND_AD_ACTOR_SYSTEM = 26;
/** Whether TLB shuffles flows. u8, 0 or 1. */
export const IFLA_BOND_TLB_DYNAMIC_LB = 27;
/** Between notifications, in milliseconds. u32. */
export const IFLA_BOND_PEER_NOTIF_DELAY = 28;
/** Whether LACP frames are sent unasked. u8, 0 or 1. */
export const IFLA_BOND_AD_LACP_ACTIVE = 29;
/** How many probes may be missed. u8. */
export const IFLA_BOND_MISSED_MAX = 30;
/** IPv6 addresses of probes, 16 bytes each. Nested. */
export const IFLA_BOND_NS_IP6_TARGET = 31;
/** Whether receiving and sending are coupled. u8, 0 or 1. */
export const IFLA_BOND_COUPLED_CONTROL = 32;
/** Whether ARP and neighbour discovery go to all slaves. u8, 0 or 1. */
export const IFLA_BOND_BROADCAST_NEIGH = 33;
/** Whether there is no carrier without a partner of LACP. u8, 0 or 1. */
export const IFLA_BOND_LACP_STRICT = 34;

// Inside: BondSlaveData

/** 0 active, 1 backup. u8. */
export const IFLA_BOND_SLAVE_STATE = 1;
/** 0 up, 1 going down, 2 down, 3 coming up. u8. */
export const IFLA_BOND_SLAVE_MII_STATUS = 2;
/** How often its link failed. u32. */
export const IFLA_BOND_SLAVE_LINK_FAILURE_COUNT = 3;
/** Its own address. Bytes. */
export const IFLA_BOND_SLAVE_PERM_HWADDR = 4;
/** Queue that is sent by it. u16. */
export const IFLA_BOND_SLAVE_QUEUE_ID = 5;
/** Id of its aggregator. u16. */
export const IFLA_BOND_SLAVE_AD_AGGREGATOR_ID = 6;
/** Own port state, 802.3ad. u8. */
export const IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE = 7;
/** The partner's port state. u16. */
export const IFLA_BOND_SLAVE_AD_PARTNER_OPER_PORT_STATE = 8;
/** Priority among slaves. s32. */
export const IFLA_BOND_SLAVE_PRIO = 9;
/** Priority of its port, 802.3ad. u16. */
export const IFLA_BOND_SLAVE_ACTOR_PORT_PRIO = 10;
/** Own churn machine. u8. */
export const IFLA_BOND_SLAVE_AD_CHURN_ACTOR_STATE = 11;
/** The partner's churn machine. u8. */
export const IFLA_BOND_SLAVE_AD_CHURN_PARTNER_STATE = 12;

// Inside: LinkInfo

/** Kind: `tun`, `veth`, `bridge` ... String. */
export const IFLA_INFO_KIND = 1;
/** Parameters of the kind; of a kind that is not known here: their bytes. Nested. */
export const IFLA_INFO_DATA = 2;
/** Kind of the master of this port: `bridge`, `bond` ... String. */
export const IFLA_INFO_SLAVE_KIND = 4;
/** Parameters of the port; of a kind that is not known here: their bytes. Nested. */
export const IFLA_INFO_SLAVE_DATA = 5;
/** Not decoded here. */
export const IFLA_INFO_XSTATS = 3;

// Inside: LinkInet

/** Settings, as in /proc/sys/net/ipv4/conf. Array. */
export const IFLA_INET_CONF = 1;

// Inside: LinkInet6

/** IF_* of net/if_inet6.h: 0x80000000 ready. u32. */
export const IFLA_INET6_FLAGS = 1;
/** Settings, as in /proc/sys/net/ipv6/conf, times in milliseconds. Array. */
export const IFLA_INET6_CONF = 2;
/** Counters of IPv6. Array. */
export const IFLA_INET6_STATS = 3;
/** Times. Struct. */
export const IFLA_INET6_CACHEINFO = 5;
/** Counters of ICMPv6. Array. */
export const IFLA_INET6_ICMP6STATS = 6;
/** Interface identifier to make addresses of, 16 bytes. Bytes. */
export const IFLA_INET6_TOKEN = 7;
/** IN6_ADDR_GEN_MODE_*: 0 EUI-64, 1 none, 2 stable, 3 random. u8. */
export const IFLA_INET6_ADDR_GEN_MODE = 8;
/** MTU that routers tell. u32. */
export const IFLA_INET6_RA_MTU = 9;
/** Not decoded here. */
export const IFLA_INET6_MCAST = 4;

// Inside: LinkMctp

/** Network. u32. */
export const IFLA_MCTP_NET = 1;
/** Physical binding, as DSP0239 numbers them. u8. */
export const IFLA_MCTP_PHYS_BINDING = 2;

// Inside: LinkXdp

/** In a request: the program, as a file descriptor; -1: none. s32. */
export const IFLA_XDP_FD = 1;
/** XDP_ATTACHED_*: 0 none, 1 driver, 2 generic, 3 hardware, 4 several. u8. */
export const IFLA_XDP_ATTACHED = 2;
/** In a request: XDP_FLAGS_*. u32. */
export const IFLA_XDP_FLAGS = 3;
/** Id of the program. u32. */
export const IFLA_XDP_PROG_ID = 4;
/** Id of the program in the driver. u32. */
export const IFLA_XDP_DRV_PROG_ID = 5;
/** Id of the generic program. u32. */
export const IFLA_XDP_SKB_PROG_ID = 6;
/** Id of the program in hardware. u32. */
export const IFLA_XDP_HW_PROG_ID = 7;
/** In a request: the program that must be there, as a file descriptor. s32. */
export const IFLA_XDP_EXPECTED_FD = 8;

// Inside: LinkProtoDownReason

/** Which reasons are to be changed. u32. */
export const IFLA_PROTO_DOWN_REASON_MASK = 1;
/** Reasons, as bits. u32. */
export const IFLA_PROTO_DOWN_REASON_VALUE = 2;

// Inside: LinkDevlinkPort

/** Name of the bus. String. */
export const DEVLINK_ATTR_BUS_NAME = 1;
/** Name of the device. String. */
export const DEVLINK_ATTR_DEV_NAME = 2;
/** Index of the port. u32. */
export const DEVLINK_ATTR_PORT_INDEX = 3;

// Inside: LinkDpllPin

/** Id of the pin. u32. */
export const DPLL_A_PIN_ID = 1;

// Inside: VirtualFunctionStatistics

/** Packets received. u64. */
export const IFLA_VF_STATS_RX_PACKETS = 0;
/** Packets sent. u64. */
export const IFLA_VF_STATS_TX_PACKETS = 1;
/** Bytes received. u64. */
export const IFLA_VF_STATS_RX_BYTES = 2;
/** Bytes sent. u64. */
export const IFLA_VF_STATS_TX_BYTES = 3;
/** Broadcast packets received. u64. */
export const IFLA_VF_STATS_BROADCAST = 4;
/** Multicast packets received. u64. */
export const IFLA_VF_STATS_MULTICAST = 5;
/** Received and dropped. u64. */
export const IFLA_VF_STATS_RX_DROPPED = 7;
/** Not sent. u64. */
export const IFLA_VF_STATS_TX_DROPPED = 8;
/** Not decoded here. */
export const IFLA_VF_STATS_PAD = 6;

// Inside: VirtualFunction

/** Address. Struct. */
export const IFLA_VF_MAC = 1;
/** VLAN. Struct. */
export const IFLA_VF_VLAN = 2;
/** Greatest rate. Struct. */
export const IFLA_VF_TX_RATE = 3;
/** Whether source addresses are checked. Struct. */
export const IFLA_VF_SPOOFCHK = 4;
/** Link state. Struct. */
export const IFLA_VF_LINK_STATE = 5;
/** Rates. Struct. */
export const IFLA_VF_RATE = 6;
/** Whether RSS may be asked for. Struct. */
export const IFLA_VF_RSS_QUERY_EN = 7;
/** Counters. Nested. */
export const IFLA_VF_STATS = 8;
/** Whether it is trusted. Struct. */
export const IFLA_VF_TRUST = 9;
/** Node GUID. Struct. */
export const IFLA_VF_IB_NODE_GUID = 10;
/** Port GUID. Struct. */
export const IFLA_VF_IB_PORT_GUID = 11;
/** VLANs. Nested. */
export const IFLA_VF_VLAN_LIST = 12;
/** VLANs. One of the list. */
export const IFLA_VF_VLAN_INFO = 1;
/** Link-layer broadcast address, filled up to 32 bytes with zeros. Bytes. */
export const IFLA_VF_BROADCAST = 13;

// Inside: LinkPort

/** Number of the virtual function. s32. */
export const IFLA_PORT_VF = 1;
/** Name of the profile. String. */
export const IFLA_PORT_PROFILE = 2;
/** `struct ifla_port_vsi`. Bytes. */
export const IFLA_PORT_VSI_TYPE = 3;
/** UUID of the instance. Bytes. */
export const IFLA_PORT_INSTANCE_UUID = 4;
/** UUID of the host. Bytes. */
export const IFLA_PORT_HOST_UUID = 5;
/** PORT_REQUEST_*. u8. */
export const IFLA_PORT_REQUEST = 6;
/** PORT_*_RESPONSE_*. u16. */
export const IFLA_PORT_RESPONSE = 7;
