/**
 * Settings of IP on an interface: what `conf` of `afSpec.inet` and `afSpec.inet6` holds.
 *
 * Names of files in `/proc/sys/net/ipv4/conf/INTERFACE` and `/proc/sys/net/ipv6/conf/INTERFACE` by the
 * numbers of linux/ip.h and linux/ipv6.h.
 *
 * @module
 */

// Settings of IPv4, from 1 on: `conf[IPV4_DEVCONF_FORWARDING - 1]`. linux/ip.h

/** Setting `forwarding` of net.ipv4.conf. */
export const IPV4_DEVCONF_FORWARDING = 1;
/** Setting `mc_forwarding` of net.ipv4.conf. */
export const IPV4_DEVCONF_MC_FORWARDING = 2;
/** Setting `proxy_arp` of net.ipv4.conf. */
export const IPV4_DEVCONF_PROXY_ARP = 3;
/** Setting `accept_redirects` of net.ipv4.conf. */
export const IPV4_DEVCONF_ACCEPT_REDIRECTS = 4;
/** Setting `secure_redirects` of net.ipv4.conf. */
export const IPV4_DEVCONF_SECURE_REDIRECTS = 5;
/** Setting `send_redirects` of net.ipv4.conf. */
export const IPV4_DEVCONF_SEND_REDIRECTS = 6;
/** Setting `shared_media` of net.ipv4.conf. */
export const IPV4_DEVCONF_SHARED_MEDIA = 7;
/** Setting `rp_filter` of net.ipv4.conf. */
export const IPV4_DEVCONF_RP_FILTER = 8;
/** Setting `accept_source_route` of net.ipv4.conf. */
export const IPV4_DEVCONF_ACCEPT_SOURCE_ROUTE = 9;
/** Setting `bootp_relay` of net.ipv4.conf. */
export const IPV4_DEVCONF_BOOTP_RELAY = 10;
/** Setting `log_martians` of net.ipv4.conf. */
export const IPV4_DEVCONF_LOG_MARTIANS = 11;
/** Setting `tag` of net.ipv4.conf. */
export const IPV4_DEVCONF_TAG = 12;
/** Setting `arp_filter` of net.ipv4.conf. */
export const IPV4_DEVCONF_ARPFILTER = 13;
/** Setting `medium_id` of net.ipv4.conf. */
export const IPV4_DEVCONF_MEDIUM_ID = 14;
/** Setting `disable_xfrm` of net.ipv4.conf. */
export const IPV4_DEVCONF_NOXFRM = 15;
/** Setting `disable_policy` of net.ipv4.conf. */
export const IPV4_DEVCONF_NOPOLICY = 16;
/** Setting `force_igmp_version` of net.ipv4.conf. */
export const IPV4_DEVCONF_FORCE_IGMP_VERSION = 17;
/** Setting `arp_announce` of net.ipv4.conf. */
export const IPV4_DEVCONF_ARP_ANNOUNCE = 18;
/** Setting `arp_ignore` of net.ipv4.conf. */
export const IPV4_DEVCONF_ARP_IGNORE = 19;
/** Setting `promote_secondaries` of net.ipv4.conf. */
export const IPV4_DEVCONF_PROMOTE_SECONDARIES = 20;
/** Setting `arp_accept` of net.ipv4.conf. */
export const IPV4_DEVCONF_ARP_ACCEPT = 21;
/** Setting `arp_notify` of net.ipv4.conf. */
export const IPV4_DEVCONF_ARP_NOTIFY = 22;
/** Setting `accept_local` of net.ipv4.conf. */
export const IPV4_DEVCONF_ACCEPT_LOCAL = 23;
/** Setting `src_valid_mark` of net.ipv4.conf. */
export const IPV4_DEVCONF_SRC_VMARK = 24;
/** Setting `proxy_arp_pvlan` of net.ipv4.conf. */
export const IPV4_DEVCONF_PROXY_ARP_PVLAN = 25;
/** Setting `route_localnet` of net.ipv4.conf. */
export const IPV4_DEVCONF_ROUTE_LOCALNET = 26;
/** Setting `igmpv2_unsolicited_report_interval` of net.ipv4.conf. */
export const IPV4_DEVCONF_IGMPV2_UNSOLICITED_REPORT_INTERVAL = 27;
/** Setting `igmpv3_unsolicited_report_interval` of net.ipv4.conf. */
export const IPV4_DEVCONF_IGMPV3_UNSOLICITED_REPORT_INTERVAL = 28;
/** Setting `ignore_routes_with_linkdown` of net.ipv4.conf. */
export const IPV4_DEVCONF_IGNORE_ROUTES_WITH_LINKDOWN = 29;
/** Setting `drop_unicast_in_l2_multicast` of net.ipv4.conf. */
export const IPV4_DEVCONF_DROP_UNICAST_IN_L2_MULTICAST = 30;
/** Setting `drop_gratuitous_arp` of net.ipv4.conf. */
export const IPV4_DEVCONF_DROP_GRATUITOUS_ARP = 31;
/** Setting `bc_forwarding` of net.ipv4.conf. */
export const IPV4_DEVCONF_BC_FORWARDING = 32;
/** Setting `arp_evict_nocarrier` of net.ipv4.conf. */
export const IPV4_DEVCONF_ARP_EVICT_NOCARRIER = 33;

// Settings of IPv6, from 0 on: `conf[DEVCONF_FORWARDING]`. linux/ipv6.h

/** Setting `forwarding` of net.ipv6.conf. */
export const DEVCONF_FORWARDING = 0;
/** Setting `hop_limit` of net.ipv6.conf. */
export const DEVCONF_HOPLIMIT = 1;
/** Setting `mtu` of net.ipv6.conf. */
export const DEVCONF_MTU6 = 2;
/** Setting `accept_ra` of net.ipv6.conf. */
export const DEVCONF_ACCEPT_RA = 3;
/** Setting `accept_redirects` of net.ipv6.conf. */
export const DEVCONF_ACCEPT_REDIRECTS = 4;
/** Setting `autoconf` of net.ipv6.conf. */
export const DEVCONF_AUTOCONF = 5;
/** Setting `dad_transmits` of net.ipv6.conf. */
export const DEVCONF_DAD_TRANSMITS = 6;
/** Setting `router_solicitations` of net.ipv6.conf. */
export const DEVCONF_RTR_SOLICITS = 7;
/** Setting `router_solicitation_interval` of net.ipv6.conf. */
export const DEVCONF_RTR_SOLICIT_INTERVAL = 8;
/** Setting `router_solicitation_delay` of net.ipv6.conf. */
export const DEVCONF_RTR_SOLICIT_DELAY = 9;
/** Setting `use_tempaddr` of net.ipv6.conf. */
export const DEVCONF_USE_TEMPADDR = 10;
/** Setting `temp_valid_lft` of net.ipv6.conf. */
export const DEVCONF_TEMP_VALID_LFT = 11;
/** Setting `temp_prefered_lft` of net.ipv6.conf. */
export const DEVCONF_TEMP_PREFERED_LFT = 12;
/** Setting `regen_max_retry` of net.ipv6.conf. */
export const DEVCONF_REGEN_MAX_RETRY = 13;
/** Setting `max_desync_factor` of net.ipv6.conf. */
export const DEVCONF_MAX_DESYNC_FACTOR = 14;
/** Setting `max_addresses` of net.ipv6.conf. */
export const DEVCONF_MAX_ADDRESSES = 15;
/** Setting `force_mld_version` of net.ipv6.conf. */
export const DEVCONF_FORCE_MLD_VERSION = 16;
/** Setting `accept_ra_defrtr` of net.ipv6.conf. */
export const DEVCONF_ACCEPT_RA_DEFRTR = 17;
/** Setting `accept_ra_pinfo` of net.ipv6.conf. */
export const DEVCONF_ACCEPT_RA_PINFO = 18;
/** Setting `accept_ra_rtr_pref` of net.ipv6.conf. */
export const DEVCONF_ACCEPT_RA_RTR_PREF = 19;
/** Setting `router_probe_interval` of net.ipv6.conf. */
export const DEVCONF_RTR_PROBE_INTERVAL = 20;
/** Setting `accept_ra_rt_info_max_plen` of net.ipv6.conf. */
export const DEVCONF_ACCEPT_RA_RT_INFO_MAX_PLEN = 21;
/** Setting `proxy_ndp` of net.ipv6.conf. */
export const DEVCONF_PROXY_NDP = 22;
/** Setting `optimistic_dad` of net.ipv6.conf. */
export const DEVCONF_OPTIMISTIC_DAD = 23;
/** Setting `accept_source_route` of net.ipv6.conf. */
export const DEVCONF_ACCEPT_SOURCE_ROUTE = 24;
/** Setting `mc_forwarding` of net.ipv6.conf. */
export const DEVCONF_MC_FORWARDING = 25;
/** Setting `disable_ipv6` of net.ipv6.conf. */
export const DEVCONF_DISABLE_IPV6 = 26;
/** Setting `accept_dad` of net.ipv6.conf. */
export const DEVCONF_ACCEPT_DAD = 27;
/** Setting `force_tllao` of net.ipv6.conf. */
export const DEVCONF_FORCE_TLLAO = 28;
/** Setting `ndisc_notify` of net.ipv6.conf. */
export const DEVCONF_NDISC_NOTIFY = 29;
/** Setting `mldv1_unsolicited_report_interval` of net.ipv6.conf. */
export const DEVCONF_MLDV1_UNSOLICITED_REPORT_INTERVAL = 30;
/** Setting `mldv2_unsolicited_report_interval` of net.ipv6.conf. */
export const DEVCONF_MLDV2_UNSOLICITED_REPORT_INTERVAL = 31;
/** Setting `suppress_frag_ndisc` of net.ipv6.conf. */
export const DEVCONF_SUPPRESS_FRAG_NDISC = 32;
/** Setting `accept_ra_from_local` of net.ipv6.conf. */
export const DEVCONF_ACCEPT_RA_FROM_LOCAL = 33;
/** Setting `use_optimistic` of net.ipv6.conf. */
export const DEVCONF_USE_OPTIMISTIC = 34;
/** Setting `accept_ra_mtu` of net.ipv6.conf. */
export const DEVCONF_ACCEPT_RA_MTU = 35;
/** Setting `stable_secret` of net.ipv6.conf. */
export const DEVCONF_STABLE_SECRET = 36;
/** Setting `use_oif_addrs_only` of net.ipv6.conf. */
export const DEVCONF_USE_OIF_ADDRS_ONLY = 37;
/** Setting `accept_ra_min_hop_limit` of net.ipv6.conf. */
export const DEVCONF_ACCEPT_RA_MIN_HOP_LIMIT = 38;
/** Setting `ignore_routes_with_linkdown` of net.ipv6.conf. */
export const DEVCONF_IGNORE_ROUTES_WITH_LINKDOWN = 39;
/** Setting `drop_unicast_in_l2_multicast` of net.ipv6.conf. */
export const DEVCONF_DROP_UNICAST_IN_L2_MULTICAST = 40;
/** Setting `drop_unsolicited_na` of net.ipv6.conf. */
export const DEVCONF_DROP_UNSOLICITED_NA = 41;
/** Setting `keep_addr_on_down` of net.ipv6.conf. */
export const DEVCONF_KEEP_ADDR_ON_DOWN = 42;
/** Setting `router_solicitation_max_interval` of net.ipv6.conf. */
export const DEVCONF_RTR_SOLICIT_MAX_INTERVAL = 43;
/** Setting `seg6_enabled` of net.ipv6.conf. */
export const DEVCONF_SEG6_ENABLED = 44;
/** Setting `seg6_require_hmac` of net.ipv6.conf. */
export const DEVCONF_SEG6_REQUIRE_HMAC = 45;
/** Setting `enhanced_dad` of net.ipv6.conf. */
export const DEVCONF_ENHANCED_DAD = 46;
/** Setting `addr_gen_mode` of net.ipv6.conf. */
export const DEVCONF_ADDR_GEN_MODE = 47;
/** Setting `disable_policy` of net.ipv6.conf. */
export const DEVCONF_DISABLE_POLICY = 48;
/** Setting `accept_ra_rt_info_min_plen` of net.ipv6.conf. */
export const DEVCONF_ACCEPT_RA_RT_INFO_MIN_PLEN = 49;
/** Setting `ndisc_tclass` of net.ipv6.conf. */
export const DEVCONF_NDISC_TCLASS = 50;
/** Setting `rpl_seg_enabled` of net.ipv6.conf. */
export const DEVCONF_RPL_SEG_ENABLED = 51;
/** Setting `ra_defrtr_metric` of net.ipv6.conf. */
export const DEVCONF_RA_DEFRTR_METRIC = 52;
/** Setting `ioam6_enabled` of net.ipv6.conf. */
export const DEVCONF_IOAM6_ENABLED = 53;
/** Setting `ioam6_id` of net.ipv6.conf. */
export const DEVCONF_IOAM6_ID = 54;
/** Setting `ioam6_id_wide` of net.ipv6.conf. */
export const DEVCONF_IOAM6_ID_WIDE = 55;
/** Setting `ndisc_evict_nocarrier` of net.ipv6.conf. */
export const DEVCONF_NDISC_EVICT_NOCARRIER = 56;
/** Setting `accept_untracked_na` of net.ipv6.conf. */
export const DEVCONF_ACCEPT_UNTRACKED_NA = 57;
/** Setting `accept_ra_min_lft` of net.ipv6.conf. */
export const DEVCONF_ACCEPT_RA_MIN_LFT = 58;
/** Setting `force_forwarding` of net.ipv6.conf. */
export const DEVCONF_FORCE_FORWARDING = 59;
