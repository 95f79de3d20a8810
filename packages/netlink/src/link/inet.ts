/**
 * Inet: linux/if_link.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import { wrongValue } from '../argument.ts';
import type { RawAttribute } from '../attribute.ts';
import { attributeLength, checkValue, type Filled, keep, valueU32, valueU8 } from '../body.ts';
import { readS32Array, readU64Array } from '../list.ts';
import {
  elements,
  numbers,
  optionalBytes,
  optionalU32,
  optionalU8,
  propertiesOf,
  putNumber,
} from '../request.ts';
import { type MessageSource, valueBytes } from '../source.ts';
import type { MessageWriter } from '../writer.ts';

/** Times of IPv6 on a link. `struct ifla_cacheinfo` */
export interface LinkInet6CacheInfo {
  /** Longest packet that is put together, in bytes. */
  readonly maxReassemblyLength: number;
  /** When it was changed, in hundredths of a second since boot. */
  readonly updated: number;
  /** How long a neighbour counts as reachable, in milliseconds. */
  readonly reachableTime: number;
  /** Between solicitations, in milliseconds. */
  readonly retransmissionTime: number;
}

/** Reads a `struct ifla_cacheinfo`; a longer one is fine. */
function readLinkInet6CacheInfo(
  source: MessageSource,
  start: number,
  end: number,
): LinkInet6CacheInfo {
  checkValue(source, start, end, 16);

  const { view, little } = source;
  return {
    maxReassemblyLength: view.getUint32(start, little),
    updated: view.getUint32(start + 4, little),
    reachableTime: view.getUint32(start + 8, little),
    retransmissionTime: view.getUint32(start + 12, little),
  };
}

/** Writes a `struct ifla_cacheinfo`. */
function writeLinkInet6CacheInfo(
  writer: MessageWriter,
  value: LinkInet6CacheInfo,
  at: string,
): void {
  putNumber(writer, 'u32', `${at}.maxReassemblyLength`, value.maxReassemblyLength);
  putNumber(writer, 'u32', `${at}.updated`, value.updated);
  putNumber(writer, 'u32', `${at}.reachableTime`, value.reachableTime);
  putNumber(writer, 'u32', `${at}.retransmissionTime`, value.retransmissionTime);
}

/** What IPv4 says of a link. */
export interface LinkInet {
  /**
   * Settings, as in /proc/sys/net/ipv4/conf. Index n: IPV4_DEVCONF_* n + 1. Only told: requests
   * have attributes in its place, a u32 each, of the type IPV4_DEVCONF_*. IFLA_INET_CONF
   */
  readonly conf?: Int32Array | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
function readLinkInet(source: MessageSource, offset: number, limit: number): LinkInet {
  const { view, little } = source;
  const into: Filled<LinkInet> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // IFLA_INET_CONF
        into.conf = readS32Array(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link LinkInet}, in the order of its properties. */
function writeLinkInet(writer: MessageWriter, value: LinkInet, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'conf': // IFLA_INET_CONF
        if (value.conf !== undefined) {
          writer.beginNest(1);
          for (const item of numbers(at + property, value.conf))
            putNumber(writer, 's32', at + property, item);
          writer.endNest();
        }
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of LinkInet', property);
    }
  }
}

/** What IPv6 says of a link. */
export interface LinkInet6 {
  /** IF_* of net/if_inet6.h: 0x80000000 ready. IFLA_INET6_FLAGS */
  readonly flags?: number | undefined;
  /**
   * Settings, as in /proc/sys/net/ipv6/conf, times in milliseconds. Index n: DEVCONF_* n. Only
   * told. IFLA_INET6_CONF
   */
  readonly conf?: Int32Array | undefined;
  /**
   * Counters of IPv6. Index n: IPSTATS_MIB_* n of linux/snmp.h; the first is how many there are.
   * IFLA_INET6_STATS
   */
  readonly statistics?: readonly bigint[] | undefined;
  /** Times. IFLA_INET6_CACHEINFO */
  readonly cacheInfo?: LinkInet6CacheInfo | undefined;
  /**
   * Counters of ICMPv6. Index n: ICMP6_MIB_* n of linux/snmp.h; the first is how many there are.
   * IFLA_INET6_ICMP6STATS
   */
  readonly icmp6Statistics?: readonly bigint[] | undefined;
  /** Interface identifier to make addresses of, 16 bytes. IFLA_INET6_TOKEN */
  readonly token?: Uint8Array | undefined;
  /** IN6_ADDR_GEN_MODE_*: 0 EUI-64, 1 none, 2 stable, 3 random. IFLA_INET6_ADDR_GEN_MODE */
  readonly addressGenerationMode?: number | undefined;
  /** MTU that routers tell. IFLA_INET6_RA_MTU */
  readonly routerMtu?: number | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
export function readLinkInet6(source: MessageSource, offset: number, limit: number): LinkInet6 {
  const { view, little } = source;
  const into: Filled<LinkInet6> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // IFLA_INET6_FLAGS
        into.flags = valueU32(source, start, end);
        break;
      case 2: // IFLA_INET6_CONF
        into.conf = readS32Array(source, start, end);
        break;
      case 3: // IFLA_INET6_STATS
        into.statistics = readU64Array(source, start, end);
        break;
      case 5: // IFLA_INET6_CACHEINFO
        into.cacheInfo = readLinkInet6CacheInfo(source, start, end);
        break;
      case 6: // IFLA_INET6_ICMP6STATS
        into.icmp6Statistics = readU64Array(source, start, end);
        break;
      case 7: // IFLA_INET6_TOKEN
        into.token = valueBytes(source, start, end);
        break;
      case 8: // IFLA_INET6_ADDR_GEN_MODE
        into.addressGenerationMode = valueU8(source, start, end);
        break;
      case 9: // IFLA_INET6_RA_MTU
        into.routerMtu = valueU32(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link LinkInet6}, in the order of its properties. */
export function writeLinkInet6(writer: MessageWriter, value: LinkInet6, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'flags': // IFLA_INET6_FLAGS
        optionalU32(writer, 1, at + property, value.flags);
        break;
      case 'conf': // IFLA_INET6_CONF
        if (value.conf !== undefined) {
          writer.beginNest(2);
          for (const item of numbers(at + property, value.conf))
            putNumber(writer, 's32', at + property, item);
          writer.endNest();
        }
        break;
      case 'statistics': // IFLA_INET6_STATS
        if (value.statistics !== undefined) {
          writer.beginNest(3);
          for (const item of elements(at + property, value.statistics))
            putNumber(writer, 'u64', at + property, item);
          writer.endNest();
        }
        break;
      case 'cacheInfo': // IFLA_INET6_CACHEINFO
        if (value.cacheInfo !== undefined) {
          writer.beginNest(5);
          writeLinkInet6CacheInfo(writer, value.cacheInfo, at + property);
          writer.endNest();
        }
        break;
      case 'icmp6Statistics': // IFLA_INET6_ICMP6STATS
        if (value.icmp6Statistics !== undefined) {
          writer.beginNest(6);
          for (const item of elements(at + property, value.icmp6Statistics))
            putNumber(writer, 'u64', at + property, item);
          writer.endNest();
        }
        break;
      case 'token': // IFLA_INET6_TOKEN
        optionalBytes(writer, 7, at + property, value.token);
        break;
      case 'addressGenerationMode': // IFLA_INET6_ADDR_GEN_MODE
        optionalU8(writer, 8, at + property, value.addressGenerationMode);
        break;
      case 'routerMtu': // IFLA_INET6_RA_MTU
        optionalU32(writer, 9, at + property, value.routerMtu);
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of LinkInet6', property);
    }
  }
}

/** What MCTP says of a link. */
export interface LinkMctp {
  /** Network. IFLA_MCTP_NET */
  readonly network?: number | undefined;
  /** Physical binding, as DSP0239 numbers them. IFLA_MCTP_PHYS_BINDING */
  readonly physicalBinding?: number | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
function readLinkMctp(source: MessageSource, offset: number, limit: number): LinkMctp {
  const { view, little } = source;
  const into: Filled<LinkMctp> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // IFLA_MCTP_NET
        into.network = valueU32(source, start, end);
        break;
      case 2: // IFLA_MCTP_PHYS_BINDING
        into.physicalBinding = valueU8(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link LinkMctp}, in the order of its properties. */
function writeLinkMctp(writer: MessageWriter, value: LinkMctp, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'network': // IFLA_MCTP_NET
        optionalU32(writer, 1, at + property, value.network);
        break;
      case 'physicalBinding': // IFLA_MCTP_PHYS_BINDING
        optionalU8(writer, 2, at + property, value.physicalBinding);
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of LinkMctp', property);
    }
  }
}

/** What address families say of a link. */
export interface LinkAfSpec {
  /** IPv4. AF_INET */
  readonly inet?: LinkInet | undefined;
  /** IPv6. AF_INET6 */
  readonly inet6?: LinkInet6 | undefined;
  /** MCTP. AF_MCTP */
  readonly mctp?: LinkMctp | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
export function readLinkAfSpec(source: MessageSource, offset: number, limit: number): LinkAfSpec {
  const { view, little } = source;
  const into: Filled<LinkAfSpec> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 2: // AF_INET
        into.inet = readLinkInet(source, start, end);
        break;
      case 10: // AF_INET6
        into.inet6 = readLinkInet6(source, start, end);
        break;
      case 45: // AF_MCTP
        into.mctp = readLinkMctp(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link LinkAfSpec}, in the order of its properties. */
export function writeLinkAfSpec(writer: MessageWriter, value: LinkAfSpec, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'inet': // AF_INET
        if (value.inet !== undefined) {
          writer.beginNest(2);
          writeLinkInet(writer, value.inet, `${at + property}.`);
          writer.endNest();
        }
        break;
      case 'inet6': // AF_INET6
        if (value.inet6 !== undefined) {
          writer.beginNest(10);
          writeLinkInet6(writer, value.inet6, `${at + property}.`);
          writer.endNest();
        }
        break;
      case 'mctp': // AF_MCTP
        if (value.mctp !== undefined) {
          writer.beginNest(45);
          writeLinkMctp(writer, value.mctp, `${at + property}.`);
          writer.endNest();
        }
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of LinkAfSpec', property);
    }
  }
}
