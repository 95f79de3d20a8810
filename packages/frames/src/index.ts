/**
 * Readers and builders for frames from Ethernet to TCP, their checksums, captures in pcapng and pcap,
 * MAC and IP addresses as text, and a responder that turns requests into answers in place.
 *
 * Every function is pure: bytes in, bytes or plain data out. Nothing here opens a socket, imports
 * from Node, or keeps what it was given; readers give views, builders bytes of their own. Only
 * `CaptureReader` and `PcapngWriter` have a state: what came in parts, and what was not taken yet.
 *
 * @module
 */

export { ArpPacket, buildArp, readArp, type ArpFields } from './arp.ts';
export {
  buildIpv6Fragment,
  buildIpv6Options,
  buildIpv6Routing,
  type Ipv6FragmentFields,
  type Ipv6Option,
  type Ipv6OptionsFields,
  type Ipv6RoutingFields,
} from './build-ipv6-extensions.ts';
export { buildTcp, type TcpFields } from './build-tcp.ts';
export { CaptureError, type CaptureErrorCode } from './capture-error.ts';
export { CaptureReader, type CaptureReaderOptions } from './capture-reader.ts';
export {
  LINKTYPE_ETHERNET,
  LINKTYPE_RAW,
  type ByteOrder,
  type CapturedPacket,
  type CaptureInterface,
  type CaptureOption,
  type CaptureRecord,
  type CaptureSection,
  type CaptureStatistics,
} from './capture-record.ts';
export { checksum, onesComplementSum, pseudoHeaderSum } from './checksum.ts';
export {
  ETH_P_8021AD,
  ETH_P_8021Q,
  ETH_P_ARP,
  ETH_P_IP,
  ETH_P_IPV6,
  IPPROTO_AH,
  IPPROTO_DSTOPTS,
  IPPROTO_ESP,
  IPPROTO_FRAGMENT,
  IPPROTO_HOPOPTS,
  IPPROTO_ICMP,
  IPPROTO_ICMPV6,
  IPPROTO_NONE,
  IPPROTO_ROUTING,
  IPPROTO_TCP,
  IPPROTO_UDP,
} from './constants.ts';
export { describeFrame } from './describe-frame.ts';
export { EchoMessage, type EchoFields } from './echo.ts';
export {
  buildEthernet,
  EthernetHeader,
  readEthernet,
  type EthernetFields,
  type VlanTag,
} from './ethernet.ts';
export { buildIcmpEcho, IcmpEcho, readIcmpEcho } from './icmp.ts';
export {
  buildIcmpError,
  IcmpError,
  readIcmpError,
  type IcmpErrorFields,
  type IcmpErrorType,
} from './icmp-error.ts';
export {
  buildIcmpv6Error,
  Icmpv6Error,
  readIcmpv6Error,
  type Icmpv6ErrorFields,
  type Icmpv6ErrorType,
} from './icmpv6-error.ts';
export { buildIcmpv6Echo, Icmpv6Echo, readIcmpv6Echo, type Icmpv6EchoFields } from './icmpv6.ts';
export { formatIpAddress, parseIpAddress, solicitedNodeAddress } from './ip-address.ts';
export { buildIpv4Options, readIpv4Options, type Ipv4Option } from './ipv4-options.ts';
export { buildIpv4, Ipv4Header, readIpv4, type Ipv4Fields } from './ipv4.ts';
export { Ipv6UpperLayer, readIpv6UpperLayer } from './ipv6-extensions.ts';
export { buildIpv6, Ipv6Header, readIpv6, type Ipv6Fields } from './ipv6.ts';
export { formatMacAddress, multicastMacAddress, parseMacAddress } from './mac-address.ts';
export {
  buildMulticastListenerReport,
  readMulticastListenerReport,
  type MulticastListenerReport,
  type MulticastListenerReportFields,
  type MulticastRecord,
} from './multicast-listener.ts';
export {
  buildNeighbourAdvertisement,
  buildNeighbourSolicitation,
  NeighbourDiscoveryMessage,
  readNeighbourDiscovery,
  type NeighbourAdvertisementFields,
  type NeighbourSolicitationFields,
} from './neighbour-discovery.ts';
export type { NeighbourOption, PrefixInformation } from './neighbour-options.ts';
export { completeChecksum, updateChecksum, writePartialChecksum } from './partial-checksum.ts';
export {
  buildIcmpv6Redirect,
  buildRouterAdvertisement,
  buildRouterSolicitation,
  readRouterDiscovery,
  RouterDiscoveryMessage,
  type Icmpv6RedirectFields,
  type RouterAdvertisementFields,
  type RouterDiscoveryFields,
  type RouterDiscoveryType,
} from './router-discovery.ts';
export {
  PcapngWriter,
  type PcapngInterfaceFields,
  type PcapngPacketFields,
  type PcapngStatisticsFields,
  type PcapngWriterOptions,
} from './pcapng-writer.ts';
export { respond, type ResponderHost } from './responder.ts';
export { readTcpOptions, type SackBlock, type TcpOption } from './tcp-options.ts';
export { readTcp, TcpHeader } from './tcp.ts';
export { buildUdp, readUdp, UdpHeader, type UdpFields } from './udp.ts';
