/**
 * Netlink conversations: requests with their answers, one filtered link subscription shared by all who watch
 * interfaces, and the link-state tracker.
 *
 * Nothing here needs the real kernel: every part takes a datagram socket ({@link NetlinkTransport}), and
 * `@rtap/transport/testing` has an rtnetlink in memory. Only {@link openNetlinkSocket} and
 * {@link kernelSockets} load `@rtap/native`, on first use.
 *
 * @module
 */

export { debugs, netlinkChannelNames } from './channels.ts';
export type { NetlinkDatagram, NetlinkRequestTrace } from './channels.ts';
export { TransportError, errorCode } from './errors.ts';
export type { TransportErrorCode } from './errors.ts';
export { BPF_MAXINSNS, linkFilter } from './link-filter.ts';
export { LinkSubscription } from './link-subscription.ts';
export type { LinkWatch, LinkWatcher, ResyncReason } from './link-subscription.ts';
export { LINK_DOWN, beginTracking, linkStateOf, trackLink, trackRemoval } from './link-tracker.ts';
export type { LinkEvent, LinkState, LinkStatus, Tracked, TrackedLink } from './link-tracker.ts';
export type { Dump, DumpOptions, DumpRequest, InterruptedPolicy } from './dump.ts';
export type { Disturbance, NetlinkWarning, RequestOptions } from './exchange.ts';
export { addressFamily } from './address-table.ts';
export { linkFamily } from './link-table.ts';
export { neighbourFamily } from './neighbour-table.ts';
export { nexthopFamily } from './nexthop-table.ts';
export { routeFamily } from './route-table.ts';
export { ruleFamily } from './rule-table.ts';
export type {
  SilentChanges,
  TableEffect,
  TableFamily,
  TableGroups,
  TableMessage,
} from './table-family.ts';
export type { InterfaceAddress } from './address-operations.ts';
export type { WhichLink } from './link-operations.ts';
export type { ForwardingEntry, WhichForwardingEntry } from './forwarding-operations.ts';
export type { Neighbour, WhichNeighbour } from './neighbour-operations.ts';
export type { Nexthop, NexthopGroupMember } from './nexthop-operations.ts';
export type { RouteQuery } from './route-query.ts';
export type { Route, RouteWay } from './route.ts';
export type { Rule } from './rule-operations.ts';
export type { ForwardingDumpOptions, NeighbourDumpOptions } from './neighbour-dump.ts';
export type { NexthopDumpOptions } from './nexthop-dump.ts';
export type { RouteDumpOptions } from './route-dump.ts';
export type { RuleDumpOptions } from './rule-dump.ts';
export { NetlinkClient } from './netlink-client.ts';
export type { NetlinkClientOptions } from './request-client.ts';
export type { AddressDumpOptions } from './address-dump.ts';
export type { LinkDumpOptions } from './link-dump.ts';
export type {
  BpfInstruction,
  Datagram,
  NetlinkOption,
  NetlinkRequestTransport,
  NetlinkSocketOptions,
  NetlinkSockets,
  NetlinkSubscriptionTransport,
  NetlinkTransport,
} from './netlink-transport.ts';
export { kernelSockets, openNetlinkSocket } from './open-netlink-socket.ts';
export { throwLater } from './throw-later.ts';
export { watchLink } from './watch-link.ts';
export type { WatchLinkOptions } from './watch-link.ts';
export type { TableEvent, TableResyncReason } from './table-events.ts';
export { watchTable } from './table-watch.ts';
export type { TableReaderOptions, TableWatch, WatchTableOptions } from './table-watch.ts';
export {
  watchAddresses,
  watchLinks,
  watchNeighbours,
  watchNexthops,
  watchRoutes,
  watchRules,
} from './watch-tables.ts';
