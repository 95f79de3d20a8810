/**
 * Inet: linux/if_link.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`.
 *
 * @module
 */

import { wrongValue } from '../argument.ts';
import type { RawAttribute } from '../attribute.ts';
import { attributeLength, checkValue, type Filled, keep, valueU32, valueU8 } from '../body.ts';
import { NLA_HDRLEN, NLA_TYPE_MASK } from '../constants.ts';
import { readArray } from '../list.ts';
import { loadI32, loadU16, loadU32, loadU64 } from '../load.ts';
import {
  elements,
  optionalBytes,
  optionalU32,
  optionalU8,
  propertiesOf,
  putNumber,
} from '../request.ts';
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
  body: Uint8Array,
  start: number,
  end: number,
  little: boolean,
): LinkInet6CacheInfo {
  checkValue(start, end, 16);
  return {
    maxReassemblyLength: loadU32(body, start, little),
    updated: loadU32(body, start + 4, little),
    reachableTime: loadU32(body, start + 8, little),
    retransmissionTime: loadU32(body, start + 12, little),
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
  readonly conf?: readonly number[] | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
function readLinkInet(body: Uint8Array, offset: number, limit: number, little: boolean): LinkInet {
  const into: Filled<LinkInet> = {};

  while (offset < limit) {
    const length = attributeLength(body, offset, limit, little);
    const type = loadU16(body, offset + 2, little);
    const start = offset + NLA_HDRLEN;
    const end = offset + length;
    switch (type & NLA_TYPE_MASK) {
      case 1: // IFLA_INET_CONF
        into.conf = readArray(start, end, 4, (from) => loadI32(body, from, little));
        break;
      default:
        keep(into, type, body, start, end);
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
          for (const item of elements(at + property, value.conf))
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
  readonly conf?: readonly number[] | undefined;
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
export function readLinkInet6(
  body: Uint8Array,
  offset: number,
  limit: number,
  little: boolean,
): LinkInet6 {
  const into: Filled<LinkInet6> = {};

  while (offset < limit) {
    const length = attributeLength(body, offset, limit, little);
    const type = loadU16(body, offset + 2, little);
    const start = offset + NLA_HDRLEN;
    const end = offset + length;
    switch (type & NLA_TYPE_MASK) {
      case 1: // IFLA_INET6_FLAGS
        into.flags = valueU32(body, start, end, little);
        break;
      case 2: // IFLA_INET6_CONF
        into.conf = readArray(start, end, 4, (from) => loadI32(body, from, little));
        break;
      case 3: // IFLA_INET6_STATS
        into.statistics = readArray(start, end, 8, (from) => loadU64(body, from, little));
        break;
      case 5: // IFLA_INET6_CACHEINFO
        into.cacheInfo = readLinkInet6CacheInfo(body, start, end, little);
        break;
      case 6: // IFLA_INET6_ICMP6STATS
        into.icmp6Statistics = readArray(start, end, 8, (from) => loadU64(body, from, little));
        break;
      case 7: // IFLA_INET6_TOKEN
        into.token = body.subarray(start, end);
        break;
      case 8: // IFLA_INET6_ADDR_GEN_MODE
        into.addressGenerationMode = valueU8(body, start, end);
        break;
      case 9: // IFLA_INET6_RA_MTU
        into.routerMtu = valueU32(body, start, end, little);
        break;
      default:
        keep(into, type, body, start, end);
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
          for (const item of elements(at + property, value.conf))
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
function readLinkMctp(body: Uint8Array, offset: number, limit: number, little: boolean): LinkMctp {
  const into: Filled<LinkMctp> = {};

  while (offset < limit) {
    const length = attributeLength(body, offset, limit, little);
    const type = loadU16(body, offset + 2, little);
    const start = offset + NLA_HDRLEN;
    const end = offset + length;
    switch (type & NLA_TYPE_MASK) {
      case 1: // IFLA_MCTP_NET
        into.network = valueU32(body, start, end, little);
        break;
      case 2: // IFLA_MCTP_PHYS_BINDING
        into.physicalBinding = valueU8(body, start, end);
        break;
      default:
        keep(into, type, body, start, end);
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
export function readLinkAfSpec(
  body: Uint8Array,
  offset: number,
  limit: number,
  little: boolean,
): LinkAfSpec {
  const into: Filled<LinkAfSpec> = {};

  while (offset < limit) {
    const length = attributeLength(body, offset, limit, little);
    const type = loadU16(body, offset + 2, little);
    const start = offset + NLA_HDRLEN;
    const end = offset + length;
    switch (type & NLA_TYPE_MASK) {
      case 2: // AF_INET
        into.inet = readLinkInet(body, start, end, little);
        break;
      case 10: // AF_INET6
        into.inet6 = readLinkInet6(body, start, end, little);
        break;
      case 45: // AF_MCTP
        into.mctp = readLinkMctp(body, start, end, little);
        break;
      default:
        keep(into, type, body, start, end);
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
