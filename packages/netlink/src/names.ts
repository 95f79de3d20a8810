/**
 * Names of attributes, for paths such as `linkinfo.kind`.
 *
 * @module
 */

import { addressAttributeNames } from './address/names.ts';
import {
  RTM_DELADDR,
  RTM_DELLINK,
  RTM_DELLINKPROP,
  RTM_DELNEIGH,
  RTM_DELNEXTHOP,
  RTM_DELNSID,
  RTM_DELROUTE,
  RTM_DELRULE,
  RTM_GETADDR,
  RTM_GETLINK,
  RTM_GETNEIGH,
  RTM_GETNEXTHOP,
  RTM_GETNSID,
  RTM_GETROUTE,
  RTM_GETRULE,
  RTM_NEWADDR,
  RTM_NEWLINK,
  RTM_NEWLINKPROP,
  RTM_NEWNEIGH,
  RTM_NEWNEXTHOP,
  RTM_NEWNSID,
  RTM_NEWROUTE,
  RTM_NEWRULE,
  RTM_SETLINK,
} from './constants.ts';
import { netnsIdAttributeNames } from './netns-id/names.ts';
import { nexthopAttributeNames } from './nexthop/names.ts';
import { ruleAttributeNames } from './rule/names.ts';
import { routeAttributeNames } from './route/names.ts';
import { neighbourAttributeNames } from './neighbour/names.ts';

/**
 * Names of the attributes of one level, by type: a name, or a name and the level below, which may
 * stand behind a fixed struct of so many bytes. {@link EVERY} is for types that have no entry.
 */
export interface AttributeNames {
  readonly [type: number]:
    string | readonly [name: string, below: AttributeNames | SelectedNames, headerLength?: number];
}

/** Names of a level that depend on a string beside it, such as the kind of a link. */
export interface SelectedNames {
  /** Type of the attribute that holds the string. */
  readonly selector: number;
  /** Names by the string. */
  readonly choices: Readonly<Record<string, AttributeNames>>;
}

/** Entry of {@link AttributeNames} for all types that have none of their own, and are told by their number. */
export const EVERY = -1;

/** What has to be known of a request to find attributes in it. */
export interface RequestLayout {
  /** Length of the fixed struct behind the message header, in bytes, a multiple of four. */
  readonly headerLength: number;
  /** Names of the attributes that follow it. */
  readonly names: AttributeNames;
}

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
  12: 'protinfo',
  13: 'txqlen',
  14: 'map',
  15: 'weight',
  16: 'operstate',
  17: 'linkmode',
  18: ['linkinfo', { 1: 'kind', 2: 'data', 3: 'xstats', 4: 'slave-kind', 5: 'slave-data' }],
  19: 'net-ns-pid',
  20: 'ifalias',
  21: 'num-vf',
  22: 'vfinfo-list',
  23: 'stats64',
  24: 'vf-ports',
  25: 'port-self',
  26: ['af-spec', { 2: 'inet', 7: 'bridge', 10: 'inet6' }],
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
  43: ['xdp', { 1: 'fd', 2: 'attached', 3: 'flags', 4: 'prog-id', 8: 'expected-fd' }],
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
  55: 'proto-down-reason',
  56: 'parent-dev-name',
  57: 'parent-dev-bus-name',
  58: 'gro-max-size',
  59: 'tso-max-size',
  60: 'tso-max-segs',
  61: 'allmulti',
  62: 'devlink-port',
  63: 'gso-ipv4-max-size',
  64: 'gro-ipv4-max-size',
  65: 'dpll-pin',
  66: 'max-pacing-offload-horizon',
  67: 'netns-immutable',
  68: 'headroom',
  69: 'tailroom',
};

/** The layouts of NETLINK_ROUTE. */
const linkLayout: RequestLayout = { headerLength: 16, names: linkAttributeNames };
const addressLayout: RequestLayout = { headerLength: 8, names: addressAttributeNames };
const neighbourLayout: RequestLayout = { headerLength: 12, names: neighbourAttributeNames };
const routeLayout: RequestLayout = { headerLength: 12, names: routeAttributeNames };
const ruleLayout: RequestLayout = { headerLength: 12, names: ruleAttributeNames };
const nexthopLayout: RequestLayout = { headerLength: 8, names: nexthopAttributeNames };
const netnsIdLayout: RequestLayout = { headerLength: 4, names: netnsIdAttributeNames };

/** Tells the layout of a request of NETLINK_ROUTE by its message type, when it is known here. */
export function routeRequestLayout(type: number): RequestLayout | undefined {
  switch (type) {
    case RTM_NEWLINK:
    case RTM_DELLINK:
    case RTM_GETLINK:
    case RTM_SETLINK:
    case RTM_NEWLINKPROP:
    case RTM_DELLINKPROP:
      return linkLayout;
    case RTM_NEWADDR:
    case RTM_DELADDR:
    case RTM_GETADDR:
      return addressLayout;
    case RTM_NEWNEIGH:
    case RTM_DELNEIGH:
    case RTM_GETNEIGH:
      return neighbourLayout;
    case RTM_NEWROUTE:
    case RTM_DELROUTE:
    case RTM_GETROUTE:
      return routeLayout;
    case RTM_NEWRULE:
    case RTM_DELRULE:
    case RTM_GETRULE:
      return ruleLayout;
    case RTM_NEWNEXTHOP:
    case RTM_DELNEXTHOP:
    case RTM_GETNEXTHOP:
      return nexthopLayout;
    case RTM_NEWNSID:
    case RTM_DELNSID:
    case RTM_GETNSID:
      return netnsIdLayout;
    default:
      return undefined;
  }
}
