/**
 * Numbers of the protocols that this package reads and builds, under the kernel's names.
 *
 * @module
 */

// linux/if_ether.h

/** EtherType of IPv4 (`linux/if_ether.h`). */
export const ETH_P_IP = 0x0800;
/** EtherType of ARP (`linux/if_ether.h`). */
export const ETH_P_ARP = 0x0806;
/** EtherType of a VLAN tag, IEEE 802.1Q (`linux/if_ether.h`). */
export const ETH_P_8021Q = 0x8100;
/** EtherType of IPv6 (`linux/if_ether.h`). */
export const ETH_P_IPV6 = 0x86dd;
/** EtherType of a service VLAN tag, IEEE 802.1ad (`linux/if_ether.h`). */
export const ETH_P_8021AD = 0x88a8;

// linux/in.h, linux/in6.h

/** Next header number of IPv6 hop-by-hop options (`linux/in6.h`). */
export const IPPROTO_HOPOPTS = 0;
/** Protocol number of ICMP (`linux/in.h`). */
export const IPPROTO_ICMP = 1;
/** Protocol number of TCP (`linux/in.h`). */
export const IPPROTO_TCP = 6;
/** Protocol number of UDP (`linux/in.h`). */
export const IPPROTO_UDP = 17;
/** Next header number of an IPv6 routing header (`linux/in6.h`). */
export const IPPROTO_ROUTING = 43;
/** Next header number of an IPv6 fragment header (`linux/in6.h`). */
export const IPPROTO_FRAGMENT = 44;
/** Protocol number of an encapsulating security payload (`linux/in.h`). */
export const IPPROTO_ESP = 50;
/** Protocol number of an authentication header (`linux/in.h`). */
export const IPPROTO_AH = 51;
/** Next header number of ICMPv6 (`linux/in6.h`). */
export const IPPROTO_ICMPV6 = 58;
/** Next header number that says that nothing follows (`linux/in6.h`). */
export const IPPROTO_NONE = 59;
/** Next header number of IPv6 destination options (`linux/in6.h`). */
export const IPPROTO_DSTOPTS = 60;
