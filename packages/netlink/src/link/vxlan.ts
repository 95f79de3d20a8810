/**
 * Vxlan: linux/if_link.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import { wrongValue } from '../argument.ts';
import type { RawAttribute } from '../attribute.ts';
import {
  attributeLength,
  checkValue,
  type Filled,
  keep,
  valueBigEndianU16,
  valueBigEndianU32,
  valueBool,
  valueU32,
  valueU8,
} from '../body.ts';
import { optionalBytes, optionalU32, optionalU8, propertiesOf, putNumber } from '../request.ts';
import { type MessageSource, valueBytes } from '../source.ts';
import type { MessageWriter } from '../writer.ts';

/** A range of ports. `struct ifla_vxlan_port_range` */
export interface VxlanPortRange {
  /** First port. */
  readonly low: number;
  /** Last port. */
  readonly high: number;
}

/** Reads a `struct ifla_vxlan_port_range`; a longer one is fine. */
function readVxlanPortRange(source: MessageSource, start: number, end: number): VxlanPortRange {
  checkValue(source, start, end, 4);

  const { view } = source;
  return { low: view.getUint16(start), high: view.getUint16(start + 2) };
}

/** Writes a `struct ifla_vxlan_port_range`. */
function writeVxlanPortRange(writer: MessageWriter, value: VxlanPortRange, at: string): void {
  putNumber(writer, 'u16', `${at}.low`, value.low, true);
  putNumber(writer, 'u16', `${at}.high`, value.high, true);
}

/** Parameters of a VXLAN interface. */
export interface VxlanData {
  /** VXLAN network identifier, 24 bits. IFLA_VXLAN_ID */
  readonly id?: number | undefined;
  /** IPv4 address of the group or of the other end, 4 bytes. IFLA_VXLAN_GROUP */
  readonly group?: Uint8Array | undefined;
  /** Index of the interface below. IFLA_VXLAN_LINK */
  readonly link?: number | undefined;
  /** Own IPv4 address, 4 bytes. IFLA_VXLAN_LOCAL */
  readonly local?: Uint8Array | undefined;
  /** Time to live; 0: that of the route. IFLA_VXLAN_TTL */
  readonly ttl?: number | undefined;
  /** Type of service; 1: that of the packet. IFLA_VXLAN_TOS */
  readonly tos?: number | undefined;
  /** Whether it learns addresses. IFLA_VXLAN_LEARNING */
  readonly learning?: boolean | undefined;
  /** How long addresses are kept, in seconds. IFLA_VXLAN_AGEING */
  readonly ageing?: number | undefined;
  /** Most addresses; 0: no limit. IFLA_VXLAN_LIMIT */
  readonly limit?: number | undefined;
  /** Source ports. IFLA_VXLAN_PORT_RANGE */
  readonly portRange?: VxlanPortRange | undefined;
  /** Whether it answers ARP. IFLA_VXLAN_PROXY */
  readonly proxy?: boolean | undefined;
  /** Route short circuit. IFLA_VXLAN_RSC */
  readonly routeShortCircuit?: boolean | undefined;
  /** Whether it tells of unknown link-layer addresses. IFLA_VXLAN_L2MISS */
  readonly layer2Miss?: boolean | undefined;
  /** Whether it tells of unknown IP addresses. IFLA_VXLAN_L3MISS */
  readonly layer3Miss?: boolean | undefined;
  /** Destination port. IFLA_VXLAN_PORT */
  readonly port?: number | undefined;
  /** IPv6 address of the group or of the other end, 16 bytes. IFLA_VXLAN_GROUP6 */
  readonly group6?: Uint8Array | undefined;
  /** Own IPv6 address, 16 bytes. IFLA_VXLAN_LOCAL6 */
  readonly local6?: Uint8Array | undefined;
  /** Whether UDP checksums are sent over IPv4. IFLA_VXLAN_UDP_CSUM */
  readonly udpChecksum?: boolean | undefined;
  /** Whether none are sent over IPv6. IFLA_VXLAN_UDP_ZERO_CSUM6_TX */
  readonly udpZeroChecksum6Tx?: boolean | undefined;
  /** Whether none are accepted over IPv6. IFLA_VXLAN_UDP_ZERO_CSUM6_RX */
  readonly udpZeroChecksum6Rx?: boolean | undefined;
  /** Remote checksum offload, sending. IFLA_VXLAN_REMCSUM_TX */
  readonly remoteChecksumTx?: boolean | undefined;
  /** Remote checksum offload, receiving. IFLA_VXLAN_REMCSUM_RX */
  readonly remoteChecksumRx?: boolean | undefined;
  /** Group based policy. IFLA_VXLAN_GBP */
  readonly groupBasedPolicy?: boolean | undefined;
  /** No partial remote checksums. IFLA_VXLAN_REMCSUM_NOPARTIAL */
  readonly remoteChecksumNoPartial?: boolean | undefined;
  /** Whether routes say where packets go. IFLA_VXLAN_COLLECT_METADATA */
  readonly collectMetadata?: boolean | undefined;
  /** Flow label of IPv6. IFLA_VXLAN_LABEL */
  readonly label?: number | undefined;
  /** Generic protocol extension. IFLA_VXLAN_GPE */
  readonly genericProtocolExtension?: boolean | undefined;
  /** Whether the time to live is that of the packet. IFLA_VXLAN_TTL_INHERIT */
  readonly ttlInherit?: boolean | undefined;
  /** Don't fragment: 0 unset, 1 set, 2 that of the packet. IFLA_VXLAN_DF */
  readonly dontFragment?: number | undefined;
  /** Whether network identifiers are filtered. IFLA_VXLAN_VNIFILTER */
  readonly vniFilter?: boolean | undefined;
  /** Whether packets to the host itself take a short cut. IFLA_VXLAN_LOCALBYPASS */
  readonly localBypass?: boolean | undefined;
  /** Flow label: 0 fixed, 1 that of the packet. IFLA_VXLAN_LABEL_POLICY */
  readonly labelPolicy?: number | undefined;
  /** Bits of the header that are not checked: eight bytes. IFLA_VXLAN_RESERVED_BITS */
  readonly reservedBits?: Uint8Array | undefined;
  /** Whether multicast is routed. IFLA_VXLAN_MC_ROUTE */
  readonly multicastRoute?: boolean | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
export function readVxlanData(source: MessageSource, offset: number, limit: number): VxlanData {
  const { view, little } = source;
  const into: Filled<VxlanData> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // IFLA_VXLAN_ID
        into.id = valueU32(source, start, end);
        break;
      case 2: // IFLA_VXLAN_GROUP
        into.group = valueBytes(source, start, end);
        break;
      case 3: // IFLA_VXLAN_LINK
        into.link = valueU32(source, start, end);
        break;
      case 4: // IFLA_VXLAN_LOCAL
        into.local = valueBytes(source, start, end);
        break;
      case 5: // IFLA_VXLAN_TTL
        into.ttl = valueU8(source, start, end);
        break;
      case 6: // IFLA_VXLAN_TOS
        into.tos = valueU8(source, start, end);
        break;
      case 7: // IFLA_VXLAN_LEARNING
        into.learning = valueBool(source, start, end);
        break;
      case 8: // IFLA_VXLAN_AGEING
        into.ageing = valueU32(source, start, end);
        break;
      case 9: // IFLA_VXLAN_LIMIT
        into.limit = valueU32(source, start, end);
        break;
      case 10: // IFLA_VXLAN_PORT_RANGE
        into.portRange = readVxlanPortRange(source, start, end);
        break;
      case 11: // IFLA_VXLAN_PROXY
        into.proxy = valueBool(source, start, end);
        break;
      case 12: // IFLA_VXLAN_RSC
        into.routeShortCircuit = valueBool(source, start, end);
        break;
      case 13: // IFLA_VXLAN_L2MISS
        into.layer2Miss = valueBool(source, start, end);
        break;
      case 14: // IFLA_VXLAN_L3MISS
        into.layer3Miss = valueBool(source, start, end);
        break;
      case 15: // IFLA_VXLAN_PORT
        into.port = valueBigEndianU16(source, start, end);
        break;
      case 16: // IFLA_VXLAN_GROUP6
        into.group6 = valueBytes(source, start, end);
        break;
      case 17: // IFLA_VXLAN_LOCAL6
        into.local6 = valueBytes(source, start, end);
        break;
      case 18: // IFLA_VXLAN_UDP_CSUM
        into.udpChecksum = valueBool(source, start, end);
        break;
      case 19: // IFLA_VXLAN_UDP_ZERO_CSUM6_TX
        into.udpZeroChecksum6Tx = valueBool(source, start, end);
        break;
      case 20: // IFLA_VXLAN_UDP_ZERO_CSUM6_RX
        into.udpZeroChecksum6Rx = valueBool(source, start, end);
        break;
      case 21: // IFLA_VXLAN_REMCSUM_TX
        into.remoteChecksumTx = valueBool(source, start, end);
        break;
      case 22: // IFLA_VXLAN_REMCSUM_RX
        into.remoteChecksumRx = valueBool(source, start, end);
        break;
      case 23: // IFLA_VXLAN_GBP
        into.groupBasedPolicy = true;
        break;
      case 24: // IFLA_VXLAN_REMCSUM_NOPARTIAL
        into.remoteChecksumNoPartial = true;
        break;
      case 25: // IFLA_VXLAN_COLLECT_METADATA
        into.collectMetadata = valueBool(source, start, end);
        break;
      case 26: // IFLA_VXLAN_LABEL
        into.label = valueBigEndianU32(source, start, end);
        break;
      case 27: // IFLA_VXLAN_GPE
        into.genericProtocolExtension = true;
        break;
      case 28: // IFLA_VXLAN_TTL_INHERIT
        into.ttlInherit = valueBool(source, start, end);
        break;
      case 29: // IFLA_VXLAN_DF
        into.dontFragment = valueU8(source, start, end);
        break;
      case 30: // IFLA_VXLAN_VNIFILTER
        into.vniFilter = valueBool(source, start, end);
        break;
      case 31: // IFLA_VXLAN_LOCALBYPASS
        into.localBypass = valueBool(source, start, end);
        break;
      case 32: // IFLA_VXLAN_LABEL_POLICY
        into.labelPolicy = valueU32(source, start, end);
        break;
      case 33: // IFLA_VXLAN_RESERVED_BITS
        into.reservedBits = valueBytes(source, start, end);
        break;
      case 34: // IFLA_VXLAN_MC_ROUTE
        into.multicastRoute = valueBool(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link VxlanData}, in the order of its properties. */
export function writeVxlanData(writer: MessageWriter, value: VxlanData, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'id': // IFLA_VXLAN_ID
        optionalU32(writer, 1, at + property, value.id);
        break;
      case 'group': // IFLA_VXLAN_GROUP
        optionalBytes(writer, 2, at + property, value.group);
        break;
      case 'link': // IFLA_VXLAN_LINK
        optionalU32(writer, 3, at + property, value.link);
        break;
      case 'local': // IFLA_VXLAN_LOCAL
        optionalBytes(writer, 4, at + property, value.local);
        break;
      case 'ttl': // IFLA_VXLAN_TTL
        optionalU8(writer, 5, at + property, value.ttl);
        break;
      case 'tos': // IFLA_VXLAN_TOS
        optionalU8(writer, 6, at + property, value.tos);
        break;
      case 'learning': // IFLA_VXLAN_LEARNING
        if (value.learning !== undefined) {
          writer.attributeU8(7, value.learning ? 1 : 0);
        }
        break;
      case 'ageing': // IFLA_VXLAN_AGEING
        optionalU32(writer, 8, at + property, value.ageing);
        break;
      case 'limit': // IFLA_VXLAN_LIMIT
        optionalU32(writer, 9, at + property, value.limit);
        break;
      case 'portRange': // IFLA_VXLAN_PORT_RANGE
        if (value.portRange !== undefined) {
          writer.beginNest(10);
          writeVxlanPortRange(writer, value.portRange, at + property);
          writer.endNest();
        }
        break;
      case 'proxy': // IFLA_VXLAN_PROXY
        if (value.proxy !== undefined) {
          writer.attributeU8(11, value.proxy ? 1 : 0);
        }
        break;
      case 'routeShortCircuit': // IFLA_VXLAN_RSC
        if (value.routeShortCircuit !== undefined) {
          writer.attributeU8(12, value.routeShortCircuit ? 1 : 0);
        }
        break;
      case 'layer2Miss': // IFLA_VXLAN_L2MISS
        if (value.layer2Miss !== undefined) {
          writer.attributeU8(13, value.layer2Miss ? 1 : 0);
        }
        break;
      case 'layer3Miss': // IFLA_VXLAN_L3MISS
        if (value.layer3Miss !== undefined) {
          writer.attributeU8(14, value.layer3Miss ? 1 : 0);
        }
        break;
      case 'port': // IFLA_VXLAN_PORT
        if (value.port !== undefined) {
          writer.beginNest(15);
          putNumber(writer, 'u16', at + property, value.port, true);
          writer.endNest();
        }
        break;
      case 'group6': // IFLA_VXLAN_GROUP6
        optionalBytes(writer, 16, at + property, value.group6);
        break;
      case 'local6': // IFLA_VXLAN_LOCAL6
        optionalBytes(writer, 17, at + property, value.local6);
        break;
      case 'udpChecksum': // IFLA_VXLAN_UDP_CSUM
        if (value.udpChecksum !== undefined) {
          writer.attributeU8(18, value.udpChecksum ? 1 : 0);
        }
        break;
      case 'udpZeroChecksum6Tx': // IFLA_VXLAN_UDP_ZERO_CSUM6_TX
        if (value.udpZeroChecksum6Tx !== undefined) {
          writer.attributeU8(19, value.udpZeroChecksum6Tx ? 1 : 0);
        }
        break;
      case 'udpZeroChecksum6Rx': // IFLA_VXLAN_UDP_ZERO_CSUM6_RX
        if (value.udpZeroChecksum6Rx !== undefined) {
          writer.attributeU8(20, value.udpZeroChecksum6Rx ? 1 : 0);
        }
        break;
      case 'remoteChecksumTx': // IFLA_VXLAN_REMCSUM_TX
        if (value.remoteChecksumTx !== undefined) {
          writer.attributeU8(21, value.remoteChecksumTx ? 1 : 0);
        }
        break;
      case 'remoteChecksumRx': // IFLA_VXLAN_REMCSUM_RX
        if (value.remoteChecksumRx !== undefined) {
          writer.attributeU8(22, value.remoteChecksumRx ? 1 : 0);
        }
        break;
      case 'groupBasedPolicy': // IFLA_VXLAN_GBP
        if (value.groupBasedPolicy !== undefined) {
          if (value.groupBasedPolicy) writer.attributeFlag(23);
        }
        break;
      case 'remoteChecksumNoPartial': // IFLA_VXLAN_REMCSUM_NOPARTIAL
        if (value.remoteChecksumNoPartial !== undefined) {
          if (value.remoteChecksumNoPartial) writer.attributeFlag(24);
        }
        break;
      case 'collectMetadata': // IFLA_VXLAN_COLLECT_METADATA
        if (value.collectMetadata !== undefined) {
          writer.attributeU8(25, value.collectMetadata ? 1 : 0);
        }
        break;
      case 'label': // IFLA_VXLAN_LABEL
        if (value.label !== undefined) {
          writer.beginNest(26);
          putNumber(writer, 'u32', at + property, value.label, true);
          writer.endNest();
        }
        break;
      case 'genericProtocolExtension': // IFLA_VXLAN_GPE
        if (value.genericProtocolExtension !== undefined) {
          if (value.genericProtocolExtension) writer.attributeFlag(27);
        }
        break;
      case 'ttlInherit': // IFLA_VXLAN_TTL_INHERIT
        if (value.ttlInherit !== undefined) {
          writer.attributeU8(28, value.ttlInherit ? 1 : 0);
        }
        break;
      case 'dontFragment': // IFLA_VXLAN_DF
        optionalU8(writer, 29, at + property, value.dontFragment);
        break;
      case 'vniFilter': // IFLA_VXLAN_VNIFILTER
        if (value.vniFilter !== undefined) {
          writer.attributeU8(30, value.vniFilter ? 1 : 0);
        }
        break;
      case 'localBypass': // IFLA_VXLAN_LOCALBYPASS
        if (value.localBypass !== undefined) {
          writer.attributeU8(31, value.localBypass ? 1 : 0);
        }
        break;
      case 'labelPolicy': // IFLA_VXLAN_LABEL_POLICY
        optionalU32(writer, 32, at + property, value.labelPolicy);
        break;
      case 'reservedBits': // IFLA_VXLAN_RESERVED_BITS
        optionalBytes(writer, 33, at + property, value.reservedBits);
        break;
      case 'multicastRoute': // IFLA_VXLAN_MC_ROUTE
        if (value.multicastRoute !== undefined) {
          writer.attributeU8(34, value.multicastRoute ? 1 : 0);
        }
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of VxlanData', property);
    }
  }
}
