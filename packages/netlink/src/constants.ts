/**
 * The numbers of rtnetlink, by the names that the kernel's user-space headers give them.
 *
 * One group a header. Each is a constant of its own, so that a bundle holds only those in use.
 *
 * @module
 */

// Numbers of attributes: generated from the tables of the families

export * from './address/constants.ts';
export * from './link/constants.ts';
export * from './neighbour/constants.ts';
export * from './route/constants.ts';
export * from './rule/constants.ts';
export * from './nexthop/constants.ts';
export * from './netns-id/constants.ts';
export * from './stats/constants.ts';
export * from './stats-query/constants.ts';
export * from './tc/constants.ts';
export * from './tc-action/constants.ts';
export * from './generic-family/constants.ts';
export * from './ethtool-link-state/constants.ts';
export * from './ethtool-link-info/constants.ts';

// Settings of IP on an interface

export * from './devconf.ts';

// Message header: linux/netlink.h

/** Message type: nothing, to be skipped. */
export const NLMSG_NOOP = 1;
/** Message type: an acknowledgement, error 0 or not. */
export const NLMSG_ERROR = 2;
/** Message type: the end of a dump. */
export const NLMSG_DONE = 3;
/** Message type: data was lost. The kernel never sends it; ENOBUFS tells instead. */
export const NLMSG_OVERRUN = 4;
/** Length of `struct nlmsghdr` in bytes. */
export const NLMSG_HDRLEN = 16;
/** Flag of every request. */
export const NLM_F_REQUEST = 0x1;
/** Flag: part of several messages that NLMSG_DONE ends. */
export const NLM_F_MULTI = 0x2;
/** Flag of a request: acknowledge success too. */
export const NLM_F_ACK = 0x4;
/** Flag of a request: send the resulting notification to the sender as well. */
export const NLM_F_ECHO = 0x8;
/** Flag of a dump message: what is dumped changed meanwhile, the dump is inconsistent. */
export const NLM_F_DUMP_INTR = 0x10;
/** Flag of a dump message: the dump was filtered as asked. */
export const NLM_F_DUMP_FILTERED = 0x20;
/** Flag of a get request: the whole table. */
export const NLM_F_ROOT = 0x100;
/** Flag of a get request: all that match. */
export const NLM_F_MATCH = 0x200;
/** Flag of a get request: an atomic snapshot. Not supported by rtnetlink. */
export const NLM_F_ATOMIC = 0x400;
/** Flags of a dump request: NLM_F_ROOT and NLM_F_MATCH. */
export const NLM_F_DUMP = 0x300;
/** Flag of a new request: replace what is there. */
export const NLM_F_REPLACE = 0x100;
/** Flag of a new request: fail when it is there. */
export const NLM_F_EXCL = 0x200;
/** Flag of a new request: create it when it is not there. */
export const NLM_F_CREATE = 0x400;
/** Flag of a new request: add to the end of the list. */
export const NLM_F_APPEND = 0x800;
/** Flag of an acknowledgement: of the request only the header is repeated. */
export const NLM_F_CAPPED = 0x100;
/** Flag of an acknowledgement: attributes of the extended acknowledgement follow. */
export const NLM_F_ACK_TLVS = 0x200;

// Attribute header: linux/netlink.h

/** Length of `struct nlattr` in bytes. */
export const NLA_HDRLEN = 4;
/** Bit of an attribute type: the value is a list of attributes. Often left out by the kernel. */
export const NLA_F_NESTED = 0x8000;
/** Bit of an attribute type: the value is in network byte order. */
export const NLA_F_NET_BYTEORDER = 0x4000;
/** The bits of an attribute type that are the type. */
export const NLA_TYPE_MASK = 0x3fff;

// Extended acknowledgement: enum nlmsgerr_attrs of linux/netlink.h

/** The reason in words, NUL-terminated. */
export const NLMSGERR_ATTR_MSG = 1;
/** Offset in the request of the attribute at fault, u32. */
export const NLMSGERR_ATTR_OFFS = 2;
/** What a subsystem returns on success, bytes. */
export const NLMSGERR_ATTR_COOKIE = 3;
/** What the kernel would have accepted, nested. */
export const NLMSGERR_ATTR_POLICY = 4;
/** Type of an attribute that is missing, u32. */
export const NLMSGERR_ATTR_MISS_TYPE = 5;
/** Offset in the request of the nest in which one is missing, u32. */
export const NLMSGERR_ATTR_MISS_NEST = 6;

// What a policy in an extended acknowledgement says: enum netlink_policy_type_attr of linux/netlink.h

/** Type of the value, enum netlink_attribute_type, u32. */
export const NL_POLICY_TYPE_ATTR_TYPE = 1;

/** Least signed value, s64. */
export const NL_POLICY_TYPE_ATTR_MIN_VALUE_S = 2;

/** Greatest signed value, s64. */
export const NL_POLICY_TYPE_ATTR_MAX_VALUE_S = 3;

/** Least unsigned value, u64. */
export const NL_POLICY_TYPE_ATTR_MIN_VALUE_U = 4;

/** Greatest unsigned value, u64. */
export const NL_POLICY_TYPE_ATTR_MAX_VALUE_U = 5;

/** Least length, u32. */
export const NL_POLICY_TYPE_ATTR_MIN_LENGTH = 6;

/** Greatest length, u32. */
export const NL_POLICY_TYPE_ATTR_MAX_LENGTH = 7;

/** Bits of a bitfield that may be set, u32. */
export const NL_POLICY_TYPE_ATTR_BITFIELD32_MASK = 10;

/** Bits that may be set, u64. */
export const NL_POLICY_TYPE_ATTR_MASK = 12;

// Message types of NETLINK_ROUTE: linux/rtnetlink.h

/** A link is new or has changed; as a request: make or change it. */
export const RTM_NEWLINK = 16;
/** A link is gone; as a request: delete it. */
export const RTM_DELLINK = 17;
/** Request: tell about a link. */
export const RTM_GETLINK = 18;
/** Request: change a link. */
export const RTM_SETLINK = 19;
/** An address is new or has changed; as a request: make or change it. */
export const RTM_NEWADDR = 20;
/** An address is gone; as a request: delete it. */
export const RTM_DELADDR = 21;
/** Request: tell about an address. */
export const RTM_GETADDR = 22;
/** A route is new or has changed; as a request: make or change it. */
export const RTM_NEWROUTE = 24;
/** A route is gone; as a request: delete it. */
export const RTM_DELROUTE = 25;
/** Request: tell about a route. */
export const RTM_GETROUTE = 26;
/** A neighbour is new or has changed; as a request: make or change it. */
export const RTM_NEWNEIGH = 28;
/** A neighbour is gone; as a request: delete it. */
export const RTM_DELNEIGH = 29;
/** Request: tell about a neighbour. */
export const RTM_GETNEIGH = 30;
/** A network namespace id is new or has changed; as a request: make or change it. */
export const RTM_NEWNSID = 88;
/** A network namespace id is gone; as a request: delete it. */
export const RTM_DELNSID = 89;
/** Request: tell about a network namespace id. */
export const RTM_GETNSID = 90;
/** A property of a link, such as an alternative name is new or has changed; as a request: make or change it. */
export const RTM_NEWLINKPROP = 108;
/** A property of a link, such as an alternative name is gone; as a request: delete it. */
export const RTM_DELLINKPROP = 109;

// Multicast groups of NETLINK_ROUTE: enum rtnetlink_groups of linux/rtnetlink.h

/** Group of link changes. */
export const RTNLGRP_LINK = 1;
/** Group of neighbour changes. */
export const RTNLGRP_NEIGH = 3;
/** Group of IPv4 address changes. */
export const RTNLGRP_IPV4_IFADDR = 5;
/** Group of IPv4 route changes. */
export const RTNLGRP_IPV4_ROUTE = 7;
/** Group of IPv6 address changes. */
export const RTNLGRP_IPV6_IFADDR = 9;
/** Group of IPv6 route changes. */
export const RTNLGRP_IPV6_ROUTE = 11;
/** Group of network namespace id changes. */
export const RTNLGRP_NSID = 28;
/** The link group as a bit of `nl_groups`, for sockets that bind with a mask. */
export const RTMGRP_LINK = 1;

// Address families: linux/socket.h

/** No family. */
export const AF_UNSPEC = 0;
/** IPv4. */
export const AF_INET = 2;
/** The bridge: a RTM_DELLINK of this family says that a port left its bridge. */
export const AF_BRIDGE = 7;
/** IPv6. */
export const AF_INET6 = 10;

// Interface flags: linux/if.h

/** Administratively up. */
export const IFF_UP = 0x1;
/** Has a broadcast address. */
export const IFF_BROADCAST = 0x2;
/** Debugging is on. */
export const IFF_DEBUG = 0x4;
/** Is a loopback interface. */
export const IFF_LOOPBACK = 0x8;
/** Is a point-to-point link. */
export const IFF_POINTOPOINT = 0x10;
/** Avoids trailers. Of no use today. */
export const IFF_NOTRAILERS = 0x20;
/** Operational: RFC 2863's state is up or unknown, and the carrier is there. */
export const IFF_RUNNING = 0x40;
/** Has no ARP. */
export const IFF_NOARP = 0x80;
/** Promiscuous as asked by IFF_PROMISC itself; `promiscuity` counts all who asked. */
export const IFF_PROMISC = 0x100;
/** Receives all multicast as asked by IFF_ALLMULTI itself. */
export const IFF_ALLMULTI = 0x200;
/** Is the master of a bond. */
export const IFF_MASTER = 0x400;
/** Is a slave of a bond. */
export const IFF_SLAVE = 0x800;
/** Can do multicast. */
export const IFF_MULTICAST = 0x1000;
/** Can select its media. */
export const IFF_PORTSEL = 0x2000;
/** Selects its media by itself. */
export const IFF_AUTOMEDIA = 0x4000;
/** Loses its addresses when it goes down. */
export const IFF_DYNAMIC = 0x8000;
/** The carrier is there. */
export const IFF_LOWER_UP = 0x10000;
/** Waits for an event, such as 802.1X. */
export const IFF_DORMANT = 0x20000;
/** Echoes the packets it sends. */
export const IFF_ECHO = 0x40000;

// Values of IFLA_EXT_MASK: linux/rtnetlink.h

/** Tell of virtual functions. */
export const RTEXT_FILTER_VF = 0x1;
/** Tell of the VLANs of bridge ports. */
export const RTEXT_FILTER_BRVLAN = 0x2;
/** The same, as ranges. */
export const RTEXT_FILTER_BRVLAN_COMPRESSED = 0x4;
/** Leave out statistics. */
export const RTEXT_FILTER_SKIP_STATS = 0x8;

// Address flags: linux/if_addr.h

/** IPv4: secondary. IPv6: temporary (IFA_F_TEMPORARY). */
export const IFA_F_SECONDARY = 0x1;
/** No duplicate address detection. */
export const IFA_F_NODAD = 0x2;
/** Usable during duplicate address detection. */
export const IFA_F_OPTIMISTIC = 0x4;
/** A duplicate was found. */
export const IFA_F_DADFAILED = 0x8;
/** Mobile IPv6 home address. */
export const IFA_F_HOMEADDRESS = 0x10;
/** Its preferred lifetime is over. */
export const IFA_F_DEPRECATED = 0x20;
/** Duplicate address detection is not over. */
export const IFA_F_TENTATIVE = 0x40;
/** Has no lifetime. */
export const IFA_F_PERMANENT = 0x80;
/** The kernel makes temporary addresses of it. */
export const IFA_F_MANAGETEMPADDR = 0x100;
/** No prefix route is made. */
export const IFA_F_NOPREFIXROUTE = 0x200;
/** A multicast address to join. */
export const IFA_F_MCAUTOJOIN = 0x400;
/** Made by RFC 7217. */
export const IFA_F_STABLE_PRIVACY = 0x800;

// Address scopes: enum rt_scope_t of linux/rtnetlink.h

/** Valid everywhere. */
export const RT_SCOPE_UNIVERSE = 0;
/** Valid in the site. IPv6. */
export const RT_SCOPE_SITE = 200;
/** Valid on the link. */
export const RT_SCOPE_LINK = 253;
/** Valid on this host. */
export const RT_SCOPE_HOST = 254;
/** Nowhere: in a request to delete, any scope. */
export const RT_SCOPE_NOWHERE = 255;

// States of neighbours: linux/neighbour.h

/** No state. */
export const NUD_NONE = 0x00;
/** Being resolved. */
export const NUD_INCOMPLETE = 0x01;
/** Known to be there. */
export const NUD_REACHABLE = 0x02;
/** Was there, not known whether it still is. */
export const NUD_STALE = 0x04;
/** Was there and is in use: asked for soon. */
export const NUD_DELAY = 0x08;
/** Asked for. */
export const NUD_PROBE = 0x10;
/** Not found. */
export const NUD_FAILED = 0x20;
/** Needs no resolution. */
export const NUD_NOARP = 0x40;
/** Set by hand, stays. */
export const NUD_PERMANENT = 0x80;

// Flags of neighbours: linux/neighbour.h

/** In use. */
export const NTF_USE = 0x01;
/** Of the forwarding database of the interface itself. */
export const NTF_SELF = 0x02;
/** Of the forwarding database of the master. */
export const NTF_MASTER = 0x04;
/** Answered for by proxy. */
export const NTF_PROXY = 0x08;
/** Learned by somebody outside the kernel. */
export const NTF_EXT_LEARNED = 0x10;
/** Offloaded to the hardware. */
export const NTF_OFFLOADED = 0x20;
/** Does not move to another port. */
export const NTF_STICKY = 0x40;
/** A router. IPv6. */
export const NTF_ROUTER = 0x80;
/** In the extended flags: kept resolved by the kernel. */
export const NTF_EXT_MANAGED = 0x1;
/** Extended flag: its port is locked, so it may not be used to forward. */
export const NTF_EXT_LOCKED = 0x2;
/** Extended flag: a program vouches for it, the kernel keeps it. */
export const NTF_EXT_EXT_VALIDATED = 0x4;

// Types of routes: linux/rtnetlink.h

/** Not said. */
export const RTN_UNSPEC = 0;
/** To a gateway or a link. */
export const RTN_UNICAST = 1;
/** To this host. */
export const RTN_LOCAL = 2;
/** To this host, sent as broadcast. */
export const RTN_BROADCAST = 3;
/** To this host, sent as unicast. */
export const RTN_ANYCAST = 4;
/** Multicast. */
export const RTN_MULTICAST = 5;
/** Dropped. */
export const RTN_BLACKHOLE = 6;
/** Refused as unreachable. */
export const RTN_UNREACHABLE = 7;
/** Refused as prohibited. */
export const RTN_PROHIBIT = 8;
/** Not in this table. */
export const RTN_THROW = 9;
/** Translated. Not in use. */
export const RTN_NAT = 10;
/** Resolved elsewhere. Not in use. */
export const RTN_XRESOLVE = 11;

// Who made a route: linux/rtnetlink.h. Of others the kernel knows nothing

/** Not said. */
export const RTPROT_UNSPEC = 0;
/** ICMP redirects. */
export const RTPROT_REDIRECT = 1;
/** The kernel. */
export const RTPROT_KERNEL = 2;
/** Boot; what iproute2 says by default. */
export const RTPROT_BOOT = 3;
/** The administrator. */
export const RTPROT_STATIC = 4;
/** Router advertisements. */
export const RTPROT_RA = 9;
/** A DHCP client. */
export const RTPROT_DHCP = 16;

// Routing tables: linux/rtnetlink.h

/** Not said, or told by RTA_TABLE. */
export const RT_TABLE_UNSPEC = 0;
/** What the header says of tables that are too great for it. */
export const RT_TABLE_COMPAT = 252;
/** Default. */
export const RT_TABLE_DEFAULT = 253;
/** Main. */
export const RT_TABLE_MAIN = 254;
/** Local addresses. */
export const RT_TABLE_LOCAL = 255;

// Flags of routes: linux/rtnetlink.h

/** Tell of changes. */
export const RTM_F_NOTIFY = 0x100;
/** A clone. */
export const RTM_F_CLONED = 0x200;
/** Prefix addresses. */
export const RTM_F_PREFIX = 0x800;
/** Request: tell the table that was found. */
export const RTM_F_LOOKUP_TABLE = 0x1000;
/** Request: tell the route that was found as it stands in the table. */
export const RTM_F_FIB_MATCH = 0x2000;
/** Offloaded. */
export const RTM_F_OFFLOAD = 0x4000;
/** Packets are trapped. */
export const RTM_F_TRAP = 0x8000;
/** Could not be offloaded. */
export const RTM_F_OFFLOAD_FAILED = 0x20000000;

// Flags of nexthops: linux/rtnetlink.h

/** Dead. */
export const RTNH_F_DEAD = 1;
/** Looked up again and again. */
export const RTNH_F_PERVASIVE = 2;
/** The gateway is taken to be on the link. */
export const RTNH_F_ONLINK = 4;
/** Offloaded. */
export const RTNH_F_OFFLOAD = 8;
/** The link has no carrier. */
export const RTNH_F_LINKDOWN = 16;
/** Not resolved. */
export const RTNH_F_UNRESOLVED = 32;
/** Packets are trapped. */
export const RTNH_F_TRAP = 64;

// Message types of rules: linux/rtnetlink.h

/** A rule is new; as a request: make it. */
export const RTM_NEWRULE = 32;
/** A rule is gone; as a request: delete it. */
export const RTM_DELRULE = 33;
/** Request: tell about rules. */
export const RTM_GETRULE = 34;

// Multicast groups of rules: enum rtnetlink_groups of linux/rtnetlink.h

/** Group of IPv4 rule changes. */
export const RTNLGRP_IPV4_RULE = 8;
/** Group of IPv6 rule changes. */
export const RTNLGRP_IPV6_RULE = 19;

// Actions of rules: linux/fib_rules.h

/** Not said. */
export const FR_ACT_UNSPEC = 0;
/** Look up in a table. */
export const FR_ACT_TO_TBL = 1;
/** Go on with another rule. */
export const FR_ACT_GOTO = 2;
/** Nothing. */
export const FR_ACT_NOP = 3;
/** Drop. */
export const FR_ACT_BLACKHOLE = 6;
/** Refuse as unreachable. */
export const FR_ACT_UNREACHABLE = 7;
/** Refuse as prohibited. */
export const FR_ACT_PROHIBIT = 8;

// Flags of rules: linux/fib_rules.h

/** Cannot be deleted. */
export const FIB_RULE_PERMANENT = 1;
/** For what does not match. */
export const FIB_RULE_INVERT = 2;
/** The rule to go on with is not there. */
export const FIB_RULE_UNRESOLVED = 4;
/** The interface that packets come from is not there. */
export const FIB_RULE_IIF_DETACHED = 8;
/** The interface that a socket is bound to is not there. */
export const FIB_RULE_OIF_DETACHED = 16;
/** The source address may be chosen by it. */
export const FIB_RULE_FIND_SADDR = 0x10000;

// Message types of nexthops: linux/rtnetlink.h

/** A nexthop is new or has changed; as a request: make or change it. */
export const RTM_NEWNEXTHOP = 104;
/** A nexthop is gone; as a request: delete it. */
export const RTM_DELNEXTHOP = 105;
/** Request: tell about a nexthop. */
export const RTM_GETNEXTHOP = 106;
/** A bucket of a resilient group has changed. */
export const RTM_NEWNEXTHOPBUCKET = 116;
/** A bucket is gone; the kernel sends none. */
export const RTM_DELNEXTHOPBUCKET = 117;
/** Request: tell about buckets of resilient groups. */
export const RTM_GETNEXTHOPBUCKET = 118;
/** Multicast group of nexthop changes. */
export const RTNLGRP_NEXTHOP = 32;

// Message types of statistics: linux/rtnetlink.h

/** Statistics of an interface. */
export const RTM_NEWSTATS = 92;
/** Request: tell about statistics. */
export const RTM_GETSTATS = 94;
/** Request: set what is counted. */
export const RTM_SETSTATS = 95;
/** Multicast group of changes of what hardware counts: RTM_NEWSTATS. */
export const RTNLGRP_STATS = 36;

// Message types of traffic control: linux/rtnetlink.h

/** A queueing discipline is new or has changed; as a request: make or change it. */
export const RTM_NEWQDISC = 36;
/** A queueing discipline is gone; as a request: delete it. */
export const RTM_DELQDISC = 37;
/** Request: tell about queueing disciplines. */
export const RTM_GETQDISC = 38;
/** A class is new or has changed; as a request: make or change it. */
export const RTM_NEWTCLASS = 40;
/** A class is gone; as a request: delete it. */
export const RTM_DELTCLASS = 41;
/** Request: tell about classes. */
export const RTM_GETTCLASS = 42;
/** A filter is new or has changed; as a request: make or change it. */
export const RTM_NEWTFILTER = 44;
/** A filter is gone; as a request: delete it. */
export const RTM_DELTFILTER = 45;
/** Request: tell about filters. */
export const RTM_GETTFILTER = 46;
/** An action; as a request: make or change it. */
export const RTM_NEWACTION = 48;
/** An action is gone; as a request: delete it. */
export const RTM_DELACTION = 49;
/** Request: tell about actions. Its answers are of this type too. */
export const RTM_GETACTION = 50;
/** A chain of filters is new or has changed; as a request: make or change it. */
export const RTM_NEWCHAIN = 100;
/** A chain of filters is gone; as a request: delete it. */
export const RTM_DELCHAIN = 101;
/** Request: tell about chains of filters. The answer about a single one is of this type too. */
export const RTM_GETCHAIN = 102;
/** Multicast group of changes of traffic control. */
export const RTNLGRP_TC = 4;

// Handles of traffic control: linux/pkt_sched.h

/** No handle. */
export const TC_H_UNSPEC = 0;
/** As a parent: the root of what goes out. */
export const TC_H_ROOT = 0xffffffff;
/** As a parent: what comes in. */
export const TC_H_INGRESS = 0xfffffff1;
/** As a parent: what comes in and what goes out, for filters only. */
export const TC_H_CLSACT = 0xfffffff1;

// Types of groups of nexthops: linux/nexthop.h

/** By the hash of a packet. */
export const NEXTHOP_GRP_TYPE_MPATH = 0;
/** Resilient: what changes moves few flows. */
export const NEXTHOP_GRP_TYPE_RES = 1;

// Flags of NHA_OP_FLAGS: linux/nexthop.h

/** In a request: tell what is counted of groups. */
export const NHA_OP_FLAG_DUMP_STATS = 0x1;
/** In a request: tell what hardware counts of groups. */
export const NHA_OP_FLAG_DUMP_HW_STATS = 0x2;
/** In an answer: the upper bits of the weights are true, so `weightHigh` counts. */
export const NHA_OP_FLAG_RESP_GRP_RESVD_0 = 0x80000000;

// Generic netlink: linux/genetlink.h

/** Message type of the controller of generic netlink, `nlctrl`. */
export const GENL_ID_CTRL = 0x10;
/** Flag of a command: for those with CAP_NET_ADMIN in the first user namespace. */
export const GENL_ADMIN_PERM = 0x01;
/** Flag of a command: it can be a request for one thing. */
export const GENL_CMD_CAP_DO = 0x02;
/** Flag of a command: it can be a request for all there is. */
export const GENL_CMD_CAP_DUMP = 0x04;
/** Flag of a command: its attributes are checked by a policy. */
export const GENL_CMD_CAP_HASPOL = 0x08;
/** Flag of a command: for those with CAP_NET_ADMIN in the user namespace of the network namespace. */
export const GENL_UNS_ADMIN_PERM = 0x10;
/** Command of the controller: a family is there. */
export const CTRL_CMD_NEWFAMILY = 1;
/** Command of the controller: a family is gone. */
export const CTRL_CMD_DELFAMILY = 2;
/** Command of the controller: tell a family, or all. */
export const CTRL_CMD_GETFAMILY = 3;
/** Command of the controller: a multicast group is there. */
export const CTRL_CMD_NEWMCAST_GRP = 7;
/** Command of the controller: a multicast group is gone. */
export const CTRL_CMD_DELMCAST_GRP = 8;

// ethtool: linux/ethtool_netlink.h

/** Command of ethtool: tell port and transceiver. */
export const ETHTOOL_MSG_LINKINFO_GET = 2;
/** Command of ethtool: tell the state of the link. */
export const ETHTOOL_MSG_LINKSTATE_GET = 6;
/** Command of an answer of ethtool: port and transceiver. */
export const ETHTOOL_MSG_LINKINFO_GET_REPLY = 2;
/** Command of an event of ethtool: port or transceiver changed. */
export const ETHTOOL_MSG_LINKINFO_NTF = 3;
/** Command of an answer of ethtool: the state of the link. */
export const ETHTOOL_MSG_LINKSTATE_GET_REPLY = 6;
