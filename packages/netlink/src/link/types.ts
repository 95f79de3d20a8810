/**
 * What link messages say: linux/if_link.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import type { RawAttribute } from '../attribute.ts';
import type { BondData, BondSlaveData } from './bond.ts';
import type { BridgePortData } from './bridge-port.ts';
import type { BridgeAfSpec, BridgeData } from './bridge.ts';
import type { LinkDevlinkPort } from './devlink-port.ts';
import type { LinkDpllPin } from './dpll-pin.ts';
import type { LinkAfSpec, LinkInet6 } from './inet.ts';
import type { MacvlanData } from './macvlan.ts';
import type { LinkMap } from './map.ts';
import type { LinkProtoDownReason } from './proto-down.ts';
import type { LinkStatistics, LinkStatistics32 } from './statistics.ts';
import type { TunData } from './tun.ts';
import type { LinkPort, VirtualFunction } from './virtual-function.ts';
import type { VlanData } from './vlan.ts';
import type { VrfData, VrfPortData } from './vrf.ts';
import type { VxlanData } from './vxlan.ts';
import type { LinkXdp } from './xdp.ts';

/** Operational state: IF_OPER_* of linux/if.h, ifOperStatus of RFC 2863. */
export type OperState =
  'unknown' | 'notPresent' | 'down' | 'lowerLayerDown' | 'testing' | 'dormant' | 'up';

/** By number, from 0. */
export const OPER_STATE_NAMES: readonly OperState[] = [
  'unknown',
  'notPresent',
  'down',
  'lowerLayerDown',
  'testing',
  'dormant',
  'up',
];

/** Parameters of a virtual Ethernet pair. The kernel tells none. */
export interface VethData {
  /** The other end, as a request. VETH_INFO_PEER */
  readonly peer?: LinkRequest | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Kind of an interface and what belongs to the kind. */
export interface LinkInfo {
  /** Kind: `tun`, `veth`, `bridge` ... IFLA_INFO_KIND */
  readonly kind?: string | undefined;
  /** Parameters of the kind; of a kind that is not known here: their bytes. IFLA_INFO_DATA */
  readonly data?: LinkInfoData[keyof LinkInfoData] | Uint8Array | undefined;
  /** Kind of the master of this port: `bridge`, `bond` ... IFLA_INFO_SLAVE_KIND */
  readonly slaveKind?: string | undefined;
  /** Parameters of the port; of a kind that is not known here: their bytes. IFLA_INFO_SLAVE_DATA */
  readonly slaveData?: LinkInfoSlaveData[keyof LinkInfoSlaveData] | Uint8Array | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Types of `data`, by `kind`. */
export interface LinkInfoData {
  /** Of kind `bond`. */
  readonly bond: BondData;
  /** Of kind `bridge`. */
  readonly bridge: BridgeData;
  /** Of kind `macvlan`. */
  readonly macvlan: MacvlanData;
  /** Of kind `macvtap`. */
  readonly macvtap: MacvlanData;
  /** Of kind `tun`. */
  readonly tun: TunData;
  /** Of kind `veth`. */
  readonly veth: VethData;
  /** Of kind `vlan`. */
  readonly vlan: VlanData;
  /** Of kind `vrf`. */
  readonly vrf: VrfData;
  /** Of kind `vxlan`. */
  readonly vxlan: VxlanData;
}

/** Types of `slaveData`, by `slaveKind`. */
export interface LinkInfoSlaveData {
  /** Of kind `bond`. */
  readonly bond: BondSlaveData;
  /** Of kind `bridge`. */
  readonly bridge: BridgePortData;
  /** Of kind `vrf`. */
  readonly vrf: VrfPortData;
}

/** What a link message and a link request can both say, header apart. */
export interface LinkAttributes {
  /** Name. IFLA_IFNAME */
  readonly name?: string | undefined;
  /** Maximum transmission unit in bytes, Ethernet header not counted. IFLA_MTU */
  readonly mtu?: number | undefined;
  /** Least MTU that can be set. IFLA_MIN_MTU */
  readonly minMtu?: number | undefined;
  /** Greatest MTU that can be set; 0: no limit. IFLA_MAX_MTU */
  readonly maxMtu?: number | undefined;
  /** Link-layer address, such as six bytes of a MAC address. IFLA_ADDRESS */
  readonly address?: Uint8Array | undefined;
  /** Link-layer broadcast address. IFLA_BROADCAST */
  readonly broadcast?: Uint8Array | undefined;
  /** Link-layer address that the hardware came with. IFLA_PERM_ADDRESS */
  readonly permanentAddress?: Uint8Array | undefined;
  /**
   * Operational state; a number beyond RFC 2863's is `unknown`, and in `unknown` of the message.
   * IFLA_OPERSTATE
   */
  readonly operState?: OperState | undefined;
  /** Link mode: 0 default, 1 dormant, 2 testing. IFLA_LINKMODE */
  readonly linkMode?: number | undefined;
  /** Whether there is a carrier. IFLA_CARRIER */
  readonly carrier?: boolean | undefined;
  /** How often the carrier came or went. IFLA_CARRIER_CHANGES */
  readonly carrierChanges?: number | undefined;
  /** How often it came. IFLA_CARRIER_UP_COUNT */
  readonly carrierUpCount?: number | undefined;
  /** How often it went. IFLA_CARRIER_DOWN_COUNT */
  readonly carrierDownCount?: number | undefined;
  /** Length of the transmit queue in packets. IFLA_TXQLEN */
  readonly txQueueLength?: number | undefined;
  /** Number of transmit queues. IFLA_NUM_TX_QUEUES */
  readonly txQueues?: number | undefined;
  /** Number of receive queues. IFLA_NUM_RX_QUEUES */
  readonly rxQueues?: number | undefined;
  /** How many want the interface promiscuous. IFLA_PROMISCUITY */
  readonly promiscuity?: number | undefined;
  /** How many want all multicast. IFLA_ALLMULTI */
  readonly allMulticast?: number | undefined;
  /** Group. IFLA_GROUP */
  readonly group?: number | undefined;
  /** Index of the master, such as a bridge; 0 in a request: none. IFLA_MASTER */
  readonly master?: number | undefined;
  /** Index of the interface below or of the peer, in `linkNetnsId`. IFLA_LINK */
  readonly link?: number | undefined;
  /** Id of the namespace that `link` is in, when it is another one. IFLA_LINK_NETNSID */
  readonly linkNetnsId?: number | undefined;
  /**
   * Id of the namespace that the interface moves to: of a delete that is a move. IFLA_NEW_NETNSID
   */
  readonly newNetnsId?: number | undefined;
  /**
   * Its index there: of a delete that is a move; in a request: the index to get. IFLA_NEW_IFINDEX
   */
  readonly newIndex?: number | undefined;
  /** Queueing discipline. IFLA_QDISC */
  readonly queueDiscipline?: string | undefined;
  /** Alias, for people. IFLA_IFALIAS */
  readonly alias?: string | undefined;
  /** Alternative names. IFLA_PROP_LIST */
  readonly alternativeNames?: readonly string[] | undefined;
  /** Kind and what belongs to it. IFLA_LINKINFO */
  readonly info?: LinkInfo | undefined;
  /** What a message of family AF_BRIDGE says of a port and its VLANs. IFLA_AF_SPEC */
  readonly bridgeSpec?: BridgeAfSpec | undefined;
  /** What address families say. IFLA_AF_SPEC */
  readonly afSpec?: LinkAfSpec | undefined;
  /** Counters. IFLA_STATS64 */
  readonly stats64?: LinkStatistics | undefined;
  /** Whether a protocol holds it down. IFLA_PROTO_DOWN */
  readonly protoDown?: boolean | undefined;
  /** Most segments of a super-frame that it sends. IFLA_GSO_MAX_SEGS */
  readonly gsoMaxSegments?: number | undefined;
  /** Most bytes of a super-frame that it sends. IFLA_GSO_MAX_SIZE */
  readonly gsoMaxSize?: number | undefined;
  /** Most bytes of a super-frame that is put together of received ones. IFLA_GRO_MAX_SIZE */
  readonly groMaxSize?: number | undefined;
  /** As `gsoMaxSize`, of IPv4. IFLA_GSO_IPV4_MAX_SIZE */
  readonly gsoIpv4MaxSize?: number | undefined;
  /** As `groMaxSize`, of IPv4. IFLA_GRO_IPV4_MAX_SIZE */
  readonly groIpv4MaxSize?: number | undefined;
  /** Most bytes of a super-frame that the hardware takes. IFLA_TSO_MAX_SIZE */
  readonly tsoMaxSize?: number | undefined;
  /** Most segments of one. IFLA_TSO_MAX_SEGS */
  readonly tsoMaxSegments?: number | undefined;
  /** How far ahead the hardware can pace, in nanoseconds. IFLA_MAX_PACING_OFFLOAD_HORIZON */
  readonly maxPacingOffloadHorizon?: bigint | undefined;
  /** Whether it cannot move to another namespace. IFLA_NETNS_IMMUTABLE */
  readonly netnsImmutable?: boolean | undefined;
  /** Bytes that it wants in front of a packet. IFLA_HEADROOM */
  readonly headroom?: number | undefined;
  /** Bytes that it wants behind a packet. IFLA_TAILROOM */
  readonly tailroom?: number | undefined;
  /** Id of the physical port. IFLA_PHYS_PORT_ID */
  readonly physicalPortId?: Uint8Array | undefined;
  /** Id of the switch. IFLA_PHYS_SWITCH_ID */
  readonly physicalSwitchId?: Uint8Array | undefined;
  /** Name of the physical port. IFLA_PHYS_PORT_NAME */
  readonly physicalPortName?: string | undefined;
  /** Name of the device that it is of. IFLA_PARENT_DEV_NAME */
  readonly parentDeviceName?: string | undefined;
  /** Name of that device's bus. IFLA_PARENT_DEV_BUS_NAME */
  readonly parentDeviceBusName?: string | undefined;
  /** What caused a notification: IFLA_EVENT_*. IFLA_EVENT */
  readonly cause?: number | undefined;
  /** In a request: network namespace to move to, as that of a process. IFLA_NET_NS_PID */
  readonly netnsPid?: number | undefined;
  /**
   * In a request: network namespace to move to, as a file descriptor of the sender. IFLA_NET_NS_FD
   */
  readonly netnsFd?: number | undefined;
  /** Id of the namespace that a request is about. IFLA_TARGET_NETNSID */
  readonly targetNetnsId?: number | undefined;
  /** In a request: what to tell in addition and what to leave out: RTEXT_FILTER_*. IFLA_EXT_MASK */
  readonly extensionMask?: number | undefined;
  /** Number of virtual functions. IFLA_NUM_VF */
  readonly virtualFunctionCount?: number | undefined;
  /** Virtual functions. IFLA_VFINFO_LIST */
  readonly virtualFunctions?: readonly VirtualFunction[] | undefined;
  /** Port profiles of virtual functions. IFLA_VF_PORTS */
  readonly virtualPorts?: readonly LinkPort[] | undefined;
  /** Port profile of the link itself. IFLA_PORT_SELF */
  readonly ownPort?: LinkPort | undefined;
  /** What a message of family AF_BRIDGE says of a port. IFLA_PROTINFO */
  readonly bridgePort?: BridgePortData | undefined;
  /** What a message of family AF_INET6 says. IFLA_PROTINFO */
  readonly inet6?: LinkInet6 | undefined;
  /** XDP programs. IFLA_XDP */
  readonly xdp?: LinkXdp | undefined;
  /** Why a protocol holds it down. IFLA_PROTO_DOWN_REASON */
  readonly protoDownReason?: LinkProtoDownReason | undefined;
  /** Devlink port. IFLA_DEVLINK_PORT */
  readonly devlinkPort?: LinkDevlinkPort | undefined;
  /** DPLL pin. IFLA_DPLL_PIN */
  readonly dpllPin?: LinkDpllPin | undefined;
  /** Where its hardware is. IFLA_MAP */
  readonly map?: LinkMap | undefined;
  /** Counters in 32 bits. IFLA_STATS */
  readonly stats?: LinkStatistics32 | undefined;
}

/** A link as the kernel tells it: RTM_NEWLINK or RTM_DELLINK. */
export interface LinkMessage extends LinkAttributes {
  /** `new`: RTM_NEWLINK. `delete`: RTM_DELLINK. */
  readonly event: 'new' | 'delete';
  /** AF_UNSPEC; AF_BRIDGE of a message of the bridge: its delete is a port that left its bridge. */
  readonly family: number;
  /** Device type: ARPHRD_* of linux/if_arp.h, 1 for Ethernet. */
  readonly deviceType: number;
  /** Index, by which the kernel tells interfaces apart; 0 in a request: told by name, or new. */
  readonly index: number;
  /** IFF_*; in a request: to be set, of those in `change`. */
  readonly flags: number;
  /** The flags that have changed, or are to change; 0xffffffff when everything has. */
  readonly change: number;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown: readonly RawAttribute[];
}

/**
 * What to say in a link request. Only what is given is sent, in the order in which it is given.
 */
export interface LinkRequest extends LinkAttributes {
  /**
   * AF_UNSPEC; AF_BRIDGE of a message of the bridge: its delete is a port that left its bridge.
   * @default 0
   */
  readonly family?: number | undefined;
  /** Device type: ARPHRD_* of linux/if_arp.h, 1 for Ethernet. @default 0 */
  readonly deviceType?: number | undefined;
  /**
   * Index, by which the kernel tells interfaces apart; 0 in a request: told by name, or new.
   * @default 0
   */
  readonly index?: number | undefined;
  /** IFF_*; in a request: to be set, of those in `change`. @default 0 */
  readonly flags?: number | undefined;
  /** The flags that have changed, or are to change; 0xffffffff when everything has. @default 0 */
  readonly change?: number | undefined;
  /** Further attributes, sent as they are. */
  readonly raw?: readonly RawAttribute[] | undefined;
}
