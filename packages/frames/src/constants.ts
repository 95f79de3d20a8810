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

/** Protocol number of ICMP (`linux/in.h`). */
export const IPPROTO_ICMP = 1;
/** Protocol number of UDP (`linux/in.h`). */
export const IPPROTO_UDP = 17;
/** Next header number of ICMPv6 (`linux/in6.h`). */
export const IPPROTO_ICMPV6 = 58;
