/**
 * Names of attributes, for paths such as `linkinfo.kind`.
 *
 * @module
 */

import { addressAttributeNames } from './address/names.ts';
import {
  RTM_DELACTION,
  RTM_DELADDR,
  RTM_DELCHAIN,
  RTM_DELLINK,
  RTM_DELLINKPROP,
  RTM_DELNEIGH,
  RTM_DELNEXTHOP,
  RTM_DELNSID,
  RTM_DELQDISC,
  RTM_DELROUTE,
  RTM_DELRULE,
  RTM_DELTCLASS,
  RTM_DELTFILTER,
  RTM_GETACTION,
  RTM_GETADDR,
  RTM_GETCHAIN,
  RTM_GETLINK,
  RTM_GETNEIGH,
  RTM_GETNEXTHOP,
  RTM_GETNEXTHOPBUCKET,
  RTM_GETNSID,
  RTM_GETQDISC,
  RTM_GETROUTE,
  RTM_GETRULE,
  RTM_GETSTATS,
  RTM_GETTCLASS,
  RTM_GETTFILTER,
  RTM_NEWACTION,
  RTM_NEWADDR,
  RTM_NEWCHAIN,
  RTM_NEWLINK,
  RTM_NEWLINKPROP,
  RTM_NEWNEIGH,
  RTM_NEWNEXTHOP,
  RTM_NEWNSID,
  RTM_NEWQDISC,
  RTM_NEWROUTE,
  RTM_NEWRULE,
  RTM_NEWTCLASS,
  RTM_NEWTFILTER,
  RTM_SETLINK,
  RTM_SETSTATS,
} from './constants.ts';
import { linkAttributeNames } from './link/names.ts';
import { netnsIdAttributeNames } from './netns-id/names.ts';
import { nexthopAttributeNames } from './nexthop/names.ts';
import { ruleAttributeNames } from './rule/names.ts';
import { routeAttributeNames } from './route/names.ts';
import { neighbourAttributeNames } from './neighbour/names.ts';
import { statsQueryAttributeNames } from './stats-query/names.ts';
import { trafficControlAttributeNames } from './tc/names.ts';
import { trafficControlActionAttributeNames } from './tc-action/names.ts';

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
  /** Type of the attribute that holds it where that one isn't there, with an ending. */
  readonly or?: number;
  /** The ending. */
  readonly ending?: string;
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

/** The layouts of NETLINK_ROUTE. */
const linkLayout: RequestLayout = { headerLength: 16, names: linkAttributeNames };
const addressLayout: RequestLayout = { headerLength: 8, names: addressAttributeNames };
const neighbourLayout: RequestLayout = { headerLength: 12, names: neighbourAttributeNames };
const routeLayout: RequestLayout = { headerLength: 12, names: routeAttributeNames };
const ruleLayout: RequestLayout = { headerLength: 12, names: ruleAttributeNames };
const nexthopLayout: RequestLayout = { headerLength: 8, names: nexthopAttributeNames };
const netnsIdLayout: RequestLayout = { headerLength: 4, names: netnsIdAttributeNames };
const trafficControlLayout: RequestLayout = {
  headerLength: 20,
  names: trafficControlAttributeNames,
};
const trafficControlActionLayout: RequestLayout = {
  headerLength: 4,
  names: trafficControlActionAttributeNames,
};
const statsQueryLayout: RequestLayout = { headerLength: 12, names: statsQueryAttributeNames };

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
    case RTM_GETNEXTHOPBUCKET:
      return nexthopLayout;
    case RTM_NEWNSID:
    case RTM_DELNSID:
    case RTM_GETNSID:
      return netnsIdLayout;
    case RTM_GETSTATS:
    case RTM_SETSTATS:
      return statsQueryLayout;
    case RTM_NEWQDISC:
    case RTM_DELQDISC:
    case RTM_GETQDISC:
    case RTM_NEWTCLASS:
    case RTM_DELTCLASS:
    case RTM_GETTCLASS:
    case RTM_NEWTFILTER:
    case RTM_DELTFILTER:
    case RTM_GETTFILTER:
    case RTM_NEWCHAIN:
    case RTM_DELCHAIN:
    case RTM_GETCHAIN:
      return trafficControlLayout;
    case RTM_NEWACTION:
    case RTM_DELACTION:
    case RTM_GETACTION:
      return trafficControlActionLayout;
    default:
      return undefined;
  }
}
