/**
 * What IPv4, IPv6 and MCTP say of a link: IFLA_AF_SPEC and IFLA_PROTINFO.
 *
 * @module
 */

import { field, row, type Nest, type Struct } from '../table.ts';

const file = 'link/inet';

export const linkInet: Nest = {
  doc: 'What IPv4 says of a link.',
  prefix: 'IFLA_INET_',
  file,
  attributes: [
    row(
      1,
      'IFLA_INET_CONF',
      'conf',
      { array: 's32' },
      'Settings, as in /proc/sys/net/ipv4/conf. Index n: IPV4_DEVCONF_* n + 1. Only told: requests have attributes in its place, a u32 each, of the type IPV4_DEVCONF_*.',
    ),
  ],
};

export const linkInet6CacheInfo: Struct = {
  doc: 'Times of IPv6 on a link.',
  kernel: 'ifla_cacheinfo',
  file,
  fields: [
    field('maxReassemblyLength', 'u32', 'Longest packet that is put together, in bytes.'),
    field('updated', 'u32', 'When it was changed, in hundredths of a second since boot.'),
    field('reachableTime', 'u32', 'How long a neighbour counts as reachable, in milliseconds.'),
    field('retransmissionTime', 'u32', 'Between solicitations, in milliseconds.'),
  ],
};

export const linkInet6: Nest = {
  doc: 'What IPv6 says of a link.',
  prefix: 'IFLA_INET6_',
  file,
  others: { 4: 'IFLA_INET6_MCAST' },
  attributes: [
    row(1, 'IFLA_INET6_FLAGS', 'flags', 'u32', 'IF_* of net/if_inet6.h: 0x80000000 ready.'),
    row(
      2,
      'IFLA_INET6_CONF',
      'conf',
      { array: 's32' },
      'Settings, as in /proc/sys/net/ipv6/conf, times in milliseconds. Index n: DEVCONF_* n. Only told.',
    ),
    row(
      3,
      'IFLA_INET6_STATS',
      'statistics',
      { array: 'u64' },
      'Counters of IPv6. Index n: IPSTATS_MIB_* n of linux/snmp.h; the first is how many there are.',
    ),
    row(5, 'IFLA_INET6_CACHEINFO', 'cacheInfo', { struct: 'LinkInet6CacheInfo' }, 'Times.'),
    row(
      6,
      'IFLA_INET6_ICMP6STATS',
      'icmp6Statistics',
      { array: 'u64' },
      'Counters of ICMPv6. Index n: ICMP6_MIB_* n of linux/snmp.h; the first is how many there are.',
    ),
    row(
      7,
      'IFLA_INET6_TOKEN',
      'token',
      'bytes',
      'Interface identifier to make addresses of, 16 bytes.',
    ),
    row(
      8,
      'IFLA_INET6_ADDR_GEN_MODE',
      'addressGenerationMode',
      'u8',
      'IN6_ADDR_GEN_MODE_*: 0 EUI-64, 1 none, 2 stable, 3 random.',
    ),
    row(9, 'IFLA_INET6_RA_MTU', 'routerMtu', 'u32', 'MTU that routers tell.'),
  ],
};

export const linkMctp: Nest = {
  doc: 'What MCTP says of a link.',
  prefix: 'IFLA_MCTP_',
  file,
  attributes: [
    row(1, 'IFLA_MCTP_NET', 'network', 'u32', 'Network.'),
    row(
      2,
      'IFLA_MCTP_PHYS_BINDING',
      'physicalBinding',
      'u8',
      'Physical binding, as DSP0239 numbers them.',
    ),
  ],
};

export const linkAfSpec: Nest = {
  doc: 'What address families say of a link.',
  prefix: 'AF_',
  file,
  others: { 7: 'AF_BRIDGE' },
  attributes: [
    row(2, 'AF_INET', 'inet', { nest: 'LinkInet' }, 'IPv4.'),
    row(10, 'AF_INET6', 'inet6', { nest: 'LinkInet6' }, 'IPv6.'),
    row(45, 'AF_MCTP', 'mctp', { nest: 'LinkMctp' }, 'MCTP.'),
  ],
};
