/**
 * A codec for Linux rtnetlink in plain TypeScript: bytes to typed messages and back.
 *
 * Every function is pure: bytes in, values out. Nothing here opens a socket, imports from Node or
 * keeps state, so it runs in a browser as well. Bytes in what is decoded are views of what was
 * given, not copies: they are valid as long as the caller leaves those bytes alone.
 *
 * @module
 */

export { decodeAcknowledgement, type Acknowledgement } from './ack.ts';
export {
  decodeAddress,
  decodeAddressRequest,
  encodeAddress,
  type AddressAttributes,
  type AddressCacheInfo,
  type AddressMessage,
  type AddressRequest,
} from './address.ts';
export { AttributeReader, attributesOf, type RawAttribute } from './attribute.ts';
export * from './constants.ts';
export { hostEndian, type Endian } from './endian.ts';
export { errnoMessage, errnoName } from './errno.ts';
export {
  MalformedError,
  NetlinkError,
  type ExtendedAcknowledgement,
  type NetlinkErrorOptions,
} from './errors.ts';
export {
  decodeLink,
  decodeLinkRequest,
  encodeLink,
  type BondAdInfo,
  type BondData,
  type BondSlaveData,
  type BridgeAfSpec,
  type BridgeBooleanOptions,
  type BridgeData,
  type BridgePortData,
  type BridgeQuerierState,
  type BridgeSpanningTree,
  type BridgeVlanInfo,
  type BridgeVlanTunnel,
  type LinkAfSpec,
  type LinkAttributes,
  type LinkDevlinkPort,
  type LinkDpllPin,
  type LinkInet,
  type LinkInet6,
  type LinkInet6CacheInfo,
  type LinkInfo,
  type LinkInfoData,
  type LinkInfoSlaveData,
  type LinkMap,
  type LinkMctp,
  type LinkMessage,
  type LinkPort,
  type LinkProtoDownReason,
  type LinkRequest,
  type LinkStatistics,
  type LinkStatistics32,
  type LinkXdp,
  type MacvlanData,
  type MacvlanMode,
  type OperState,
  type TunData,
  type VethData,
  type VirtualFunction,
  type VirtualFunctionGuid,
  type VirtualFunctionLinkState,
  type VirtualFunctionMac,
  type VirtualFunctionRate,
  type VirtualFunctionSetting,
  type VirtualFunctionStatistics,
  type VirtualFunctionTxRate,
  type VirtualFunctionVlan,
  type VirtualFunctionVlanInfo,
  type VlanData,
  type VlanFlags,
  type VlanQosMapping,
  type VrfData,
  type VrfPortData,
  type VxlanData,
  type VxlanPortRange,
} from './link.ts';
export { linkAttributeNames } from './link/names.ts';
export { messages, type NetlinkMessage } from './message.ts';
export { addressAttributeNames } from './address/names.ts';
export { neighbourAttributeNames } from './neighbour/names.ts';
export {
  EVERY,
  routeRequestLayout,
  type AttributeNames,
  type RequestLayout,
  type SelectedNames,
} from './names.ts';
export { attributePath } from './path.ts';
export {
  decodeNeighbour,
  decodeNeighbourRequest,
  encodeNeighbour,
  type NeighbourAttributes,
  type NeighbourCacheInfo,
  type NeighbourFdb,
  type NeighbourMessage,
  type NeighbourRequest,
} from './neighbour.ts';
export {
  decodeRoute,
  decodeRouteRequest,
  encodeRoute,
  type RouteAttributes,
  type RouteCacheInfo,
  type RouteMessage,
  type RouteMetrics,
  type RouteMulticastStatistics,
  type RouteNexthop,
  type RouteRequest,
} from './route.ts';
export { routeAttributeNames } from './route/names.ts';
export {
  decodeRule,
  decodeRuleRequest,
  encodeRule,
  type RuleAttributes,
  type RuleMessage,
  type RulePortRange,
  type RuleRequest,
  type RuleUidRange,
} from './rule.ts';
export { ruleAttributeNames } from './rule/names.ts';
export {
  decodeNexthop,
  decodeNexthopRequest,
  encodeNexthop,
  type NexthopAttributes,
  type NexthopBucket,
  type NexthopGroupEntry,
  type NexthopGroupStatistics,
  type NexthopMessage,
  type NexthopRequest,
  type NexthopResilientGroup,
} from './nexthop.ts';
export { nexthopAttributeNames } from './nexthop/names.ts';
export {
  decodeNetnsId,
  decodeNetnsIdRequest,
  encodeNetnsId,
  type NetnsIdAttributes,
  type NetnsIdMessage,
  type NetnsIdRequest,
} from './netns-id.ts';
export { netnsIdAttributeNames } from './netns-id/names.ts';
export {
  decodeStats,
  decodeStatsRequest,
  encodeStats,
  type StatsAddressFamilies,
  type StatsAttributes,
  type StatsHardware,
  type StatsKinds,
  type StatsMessage,
  type StatsMpls,
  type StatsMplsLink,
  type StatsOffload,
  type StatsOffloadInfo,
  type StatsOffloadUse,
  type StatsRequest,
} from './stats.ts';
export type { StatsBond, StatsBond3ad } from './stats/bond.ts';
export type {
  StatsBridge,
  StatsBridgeMulticast,
  StatsBridgeSpanningTree,
  StatsBridgeVlan,
} from './stats/bridge.ts';
export { statsAttributeNames } from './stats/names.ts';
export {
  decodeStatsQuery,
  decodeStatsQueryRequest,
  encodeStatsQuery,
  type StatsFilters,
  type StatsQueryAttributes,
  type StatsQueryMessage,
  type StatsQueryRequest,
} from './stats-query.ts';
export { statsQueryAttributeNames } from './stats-query/names.ts';
export {
  decodeTrafficControl,
  decodeTrafficControlRequest,
  encodeTrafficControl,
  type TrafficControlAttributes,
  type TrafficControlEstimator,
  type TrafficControlMessage,
  type TrafficControlRequest,
  type TrafficControlStatistics,
} from './tc.ts';
export type { TrafficControlFlags } from './tc/flags.ts';
export { trafficControlAttributeNames } from './tc/names.ts';
export {
  decodeTrafficControlAction,
  decodeTrafficControlActionRequest,
  encodeTrafficControlAction,
  type TrafficControlActionAttributes,
  type TrafficControlActionMessage,
  type TrafficControlActionRequest,
} from './tc-action.ts';
export { trafficControlActionAttributeNames } from './tc-action/names.ts';
export {
  decodeGenericFamily,
  decodeGenericFamilyRequest,
  encodeGenericFamily,
  type GenericFamilyAttributes,
  type GenericFamilyMessage,
  type GenericFamilyRequest,
  type GenericGroup,
  type GenericOperation,
} from './generic-family.ts';
export { genericFamilyAttributeNames } from './generic-family/names.ts';
export { genericRequestLayout } from './generic-layout.ts';
export {
  decodeEthtoolLinkState,
  decodeEthtoolLinkStateRequest,
  encodeEthtoolLinkState,
  type EthtoolLinkStateAttributes,
  type EthtoolLinkStateMessage,
  type EthtoolLinkStateRequest,
} from './ethtool-link-state.ts';
export { ethtoolLinkStateAttributeNames } from './ethtool-link-state/names.ts';
export {
  decodeEthtoolLinkInfo,
  decodeEthtoolLinkInfoRequest,
  encodeEthtoolLinkInfo,
  type EthtoolLinkInfoAttributes,
  type EthtoolLinkInfoMessage,
  type EthtoolLinkInfoRequest,
} from './ethtool-link-info.ts';
export { ethtoolLinkInfoAttributeNames } from './ethtool-link-info/names.ts';
export type { EthtoolHeader } from './ethtool/header.ts';
export type { AttributePolicy } from './policy.ts';
export type { RequestHeader } from './request.ts';
export { MessageWriter } from './writer.ts';
