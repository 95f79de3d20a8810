/**
 * Bridge: linux/if_link.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`.
 *
 * @module
 */

import { wrongValue } from '../argument.ts';
import type { RawAttribute } from '../attribute.ts';
import { attributeLength, checkValue, type Filled, keep } from '../body.ts';
import { NLA_HDRLEN, NLA_TYPE_MASK } from '../constants.ts';
import { loadU16, loadU64 } from '../load.ts';
import { elements, propertiesOf, putNumber } from '../request.ts';
import type { MessageWriter } from '../writer.ts';

/** What a bridge counts of a VLAN. `struct bridge_vlan_xstats` */
export interface StatsBridgeVlan {
  /** Bytes received. */
  readonly rxBytes: bigint;
  /** Packets received. */
  readonly rxPackets: bigint;
  /** Bytes sent. */
  readonly txBytes: bigint;
  /** Packets sent. */
  readonly txPackets: bigint;
  /** VLAN id. */
  readonly vid: number;
  /** BRIDGE_VLAN_INFO_* of linux/if_bridge.h. */
  readonly flags: number;
}

/** Reads a `struct bridge_vlan_xstats`; a longer one is fine. */
function readStatsBridgeVlan(
  body: Uint8Array,
  start: number,
  end: number,
  little: boolean,
): StatsBridgeVlan {
  checkValue(start, end, 40);
  return {
    rxBytes: loadU64(body, start, little),
    rxPackets: loadU64(body, start + 8, little),
    txBytes: loadU64(body, start + 16, little),
    txPackets: loadU64(body, start + 24, little),
    vid: loadU16(body, start + 32, little),
    flags: loadU16(body, start + 34, little),
  };
}

/** Writes a `struct bridge_vlan_xstats`. */
function writeStatsBridgeVlan(writer: MessageWriter, value: StatsBridgeVlan, at: string): void {
  putNumber(writer, 'u64', `${at}.rxBytes`, value.rxBytes);
  putNumber(writer, 'u64', `${at}.rxPackets`, value.rxPackets);
  putNumber(writer, 'u64', `${at}.txBytes`, value.txBytes);
  putNumber(writer, 'u64', `${at}.txPackets`, value.txPackets);
  putNumber(writer, 'u16', `${at}.vid`, value.vid);
  putNumber(writer, 'u16', `${at}.flags`, value.flags);
  writer.bytes(new Uint8Array(4));
}

/** What a bridge counts of IGMP and MLD. `struct br_mcast_stats` */
export interface StatsBridgeMulticast {
  /** IGMPv1 queries, received. */
  readonly igmpV1QueriesRx: bigint;
  /** IGMPv1 queries, sent. */
  readonly igmpV1QueriesTx: bigint;
  /** IGMPv2 queries, received. */
  readonly igmpV2QueriesRx: bigint;
  /** IGMPv2 queries, sent. */
  readonly igmpV2QueriesTx: bigint;
  /** IGMPv3 queries, received. */
  readonly igmpV3QueriesRx: bigint;
  /** IGMPv3 queries, sent. */
  readonly igmpV3QueriesTx: bigint;
  /** IGMP leaves, received. */
  readonly igmpLeavesRx: bigint;
  /** IGMP leaves, sent. */
  readonly igmpLeavesTx: bigint;
  /** IGMPv1 reports, received. */
  readonly igmpV1ReportsRx: bigint;
  /** IGMPv1 reports, sent. */
  readonly igmpV1ReportsTx: bigint;
  /** IGMPv2 reports, received. */
  readonly igmpV2ReportsRx: bigint;
  /** IGMPv2 reports, sent. */
  readonly igmpV2ReportsTx: bigint;
  /** IGMPv3 reports, received. */
  readonly igmpV3ReportsRx: bigint;
  /** IGMPv3 reports, sent. */
  readonly igmpV3ReportsTx: bigint;
  /** IGMP that could not be read. */
  readonly igmpParseErrors: bigint;
  /** MLDv1 queries, received. */
  readonly mldV1QueriesRx: bigint;
  /** MLDv1 queries, sent. */
  readonly mldV1QueriesTx: bigint;
  /** MLDv2 queries, received. */
  readonly mldV2QueriesRx: bigint;
  /** MLDv2 queries, sent. */
  readonly mldV2QueriesTx: bigint;
  /** MLD leaves, received. */
  readonly mldLeavesRx: bigint;
  /** MLD leaves, sent. */
  readonly mldLeavesTx: bigint;
  /** MLDv1 reports, received. */
  readonly mldV1ReportsRx: bigint;
  /** MLDv1 reports, sent. */
  readonly mldV1ReportsTx: bigint;
  /** MLDv2 reports, received. */
  readonly mldV2ReportsRx: bigint;
  /** MLDv2 reports, sent. */
  readonly mldV2ReportsTx: bigint;
  /** MLD that could not be read. */
  readonly mldParseErrors: bigint;
  /** Bytes of multicast, received. */
  readonly bytesRx: bigint;
  /** Bytes of multicast, sent. */
  readonly bytesTx: bigint;
  /** Packets of multicast, received. */
  readonly packetsRx: bigint;
  /** Packets of multicast, sent. */
  readonly packetsTx: bigint;
}

/** Reads a `struct br_mcast_stats`; a longer one is fine. */
function readStatsBridgeMulticast(
  body: Uint8Array,
  start: number,
  end: number,
  little: boolean,
): StatsBridgeMulticast {
  return {
    igmpV1QueriesRx: end - start < 8 ? 0n : loadU64(body, start, little),
    igmpV1QueriesTx: end - start < 16 ? 0n : loadU64(body, start + 8, little),
    igmpV2QueriesRx: end - start < 24 ? 0n : loadU64(body, start + 16, little),
    igmpV2QueriesTx: end - start < 32 ? 0n : loadU64(body, start + 24, little),
    igmpV3QueriesRx: end - start < 40 ? 0n : loadU64(body, start + 32, little),
    igmpV3QueriesTx: end - start < 48 ? 0n : loadU64(body, start + 40, little),
    igmpLeavesRx: end - start < 56 ? 0n : loadU64(body, start + 48, little),
    igmpLeavesTx: end - start < 64 ? 0n : loadU64(body, start + 56, little),
    igmpV1ReportsRx: end - start < 72 ? 0n : loadU64(body, start + 64, little),
    igmpV1ReportsTx: end - start < 80 ? 0n : loadU64(body, start + 72, little),
    igmpV2ReportsRx: end - start < 88 ? 0n : loadU64(body, start + 80, little),
    igmpV2ReportsTx: end - start < 96 ? 0n : loadU64(body, start + 88, little),
    igmpV3ReportsRx: end - start < 104 ? 0n : loadU64(body, start + 96, little),
    igmpV3ReportsTx: end - start < 112 ? 0n : loadU64(body, start + 104, little),
    igmpParseErrors: end - start < 120 ? 0n : loadU64(body, start + 112, little),
    mldV1QueriesRx: end - start < 128 ? 0n : loadU64(body, start + 120, little),
    mldV1QueriesTx: end - start < 136 ? 0n : loadU64(body, start + 128, little),
    mldV2QueriesRx: end - start < 144 ? 0n : loadU64(body, start + 136, little),
    mldV2QueriesTx: end - start < 152 ? 0n : loadU64(body, start + 144, little),
    mldLeavesRx: end - start < 160 ? 0n : loadU64(body, start + 152, little),
    mldLeavesTx: end - start < 168 ? 0n : loadU64(body, start + 160, little),
    mldV1ReportsRx: end - start < 176 ? 0n : loadU64(body, start + 168, little),
    mldV1ReportsTx: end - start < 184 ? 0n : loadU64(body, start + 176, little),
    mldV2ReportsRx: end - start < 192 ? 0n : loadU64(body, start + 184, little),
    mldV2ReportsTx: end - start < 200 ? 0n : loadU64(body, start + 192, little),
    mldParseErrors: end - start < 208 ? 0n : loadU64(body, start + 200, little),
    bytesRx: end - start < 216 ? 0n : loadU64(body, start + 208, little),
    bytesTx: end - start < 224 ? 0n : loadU64(body, start + 216, little),
    packetsRx: end - start < 232 ? 0n : loadU64(body, start + 224, little),
    packetsTx: end - start < 240 ? 0n : loadU64(body, start + 232, little),
  };
}

/** Writes a `struct br_mcast_stats`. */
function writeStatsBridgeMulticast(
  writer: MessageWriter,
  value: StatsBridgeMulticast,
  at: string,
): void {
  putNumber(writer, 'u64', `${at}.igmpV1QueriesRx`, value.igmpV1QueriesRx);
  putNumber(writer, 'u64', `${at}.igmpV1QueriesTx`, value.igmpV1QueriesTx);
  putNumber(writer, 'u64', `${at}.igmpV2QueriesRx`, value.igmpV2QueriesRx);
  putNumber(writer, 'u64', `${at}.igmpV2QueriesTx`, value.igmpV2QueriesTx);
  putNumber(writer, 'u64', `${at}.igmpV3QueriesRx`, value.igmpV3QueriesRx);
  putNumber(writer, 'u64', `${at}.igmpV3QueriesTx`, value.igmpV3QueriesTx);
  putNumber(writer, 'u64', `${at}.igmpLeavesRx`, value.igmpLeavesRx);
  putNumber(writer, 'u64', `${at}.igmpLeavesTx`, value.igmpLeavesTx);
  putNumber(writer, 'u64', `${at}.igmpV1ReportsRx`, value.igmpV1ReportsRx);
  putNumber(writer, 'u64', `${at}.igmpV1ReportsTx`, value.igmpV1ReportsTx);
  putNumber(writer, 'u64', `${at}.igmpV2ReportsRx`, value.igmpV2ReportsRx);
  putNumber(writer, 'u64', `${at}.igmpV2ReportsTx`, value.igmpV2ReportsTx);
  putNumber(writer, 'u64', `${at}.igmpV3ReportsRx`, value.igmpV3ReportsRx);
  putNumber(writer, 'u64', `${at}.igmpV3ReportsTx`, value.igmpV3ReportsTx);
  putNumber(writer, 'u64', `${at}.igmpParseErrors`, value.igmpParseErrors);
  putNumber(writer, 'u64', `${at}.mldV1QueriesRx`, value.mldV1QueriesRx);
  putNumber(writer, 'u64', `${at}.mldV1QueriesTx`, value.mldV1QueriesTx);
  putNumber(writer, 'u64', `${at}.mldV2QueriesRx`, value.mldV2QueriesRx);
  putNumber(writer, 'u64', `${at}.mldV2QueriesTx`, value.mldV2QueriesTx);
  putNumber(writer, 'u64', `${at}.mldLeavesRx`, value.mldLeavesRx);
  putNumber(writer, 'u64', `${at}.mldLeavesTx`, value.mldLeavesTx);
  putNumber(writer, 'u64', `${at}.mldV1ReportsRx`, value.mldV1ReportsRx);
  putNumber(writer, 'u64', `${at}.mldV1ReportsTx`, value.mldV1ReportsTx);
  putNumber(writer, 'u64', `${at}.mldV2ReportsRx`, value.mldV2ReportsRx);
  putNumber(writer, 'u64', `${at}.mldV2ReportsTx`, value.mldV2ReportsTx);
  putNumber(writer, 'u64', `${at}.mldParseErrors`, value.mldParseErrors);
  putNumber(writer, 'u64', `${at}.bytesRx`, value.bytesRx);
  putNumber(writer, 'u64', `${at}.bytesTx`, value.bytesTx);
  putNumber(writer, 'u64', `${at}.packetsRx`, value.packetsRx);
  putNumber(writer, 'u64', `${at}.packetsTx`, value.packetsTx);
}

/** What a bridge counts of the spanning tree. `struct bridge_stp_xstats` */
export interface StatsBridgeSpanningTree {
  /** How often the port came to block. */
  readonly blocked: bigint;
  /** How often it came to forward. */
  readonly forwarded: bigint;
  /** BPDUs received. */
  readonly rxBpdus: bigint;
  /** BPDUs sent. */
  readonly txBpdus: bigint;
  /** Topology changes received. */
  readonly rxTopologyChanges: bigint;
  /** Topology changes sent. */
  readonly txTopologyChanges: bigint;
}

/** Reads a `struct bridge_stp_xstats`; a longer one is fine. */
function readStatsBridgeSpanningTree(
  body: Uint8Array,
  start: number,
  end: number,
  little: boolean,
): StatsBridgeSpanningTree {
  return {
    blocked: end - start < 8 ? 0n : loadU64(body, start, little),
    forwarded: end - start < 16 ? 0n : loadU64(body, start + 8, little),
    rxBpdus: end - start < 24 ? 0n : loadU64(body, start + 16, little),
    txBpdus: end - start < 32 ? 0n : loadU64(body, start + 24, little),
    rxTopologyChanges: end - start < 40 ? 0n : loadU64(body, start + 32, little),
    txTopologyChanges: end - start < 48 ? 0n : loadU64(body, start + 40, little),
  };
}

/** Writes a `struct bridge_stp_xstats`. */
function writeStatsBridgeSpanningTree(
  writer: MessageWriter,
  value: StatsBridgeSpanningTree,
  at: string,
): void {
  putNumber(writer, 'u64', `${at}.blocked`, value.blocked);
  putNumber(writer, 'u64', `${at}.forwarded`, value.forwarded);
  putNumber(writer, 'u64', `${at}.rxBpdus`, value.rxBpdus);
  putNumber(writer, 'u64', `${at}.txBpdus`, value.txBpdus);
  putNumber(writer, 'u64', `${at}.rxTopologyChanges`, value.rxTopologyChanges);
  putNumber(writer, 'u64', `${at}.txTopologyChanges`, value.txTopologyChanges);
}

/** What a bridge counts, of itself or of a port. */
export interface StatsBridge {
  /** By VLAN. BRIDGE_XSTATS_VLAN */
  readonly vlans?: readonly StatsBridgeVlan[] | undefined;
  /** IGMP and MLD, where it counts them. BRIDGE_XSTATS_MCAST */
  readonly multicast?: StatsBridgeMulticast | undefined;
  /** The spanning tree; of ports only. BRIDGE_XSTATS_STP */
  readonly spanningTree?: StatsBridgeSpanningTree | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
export function readStatsBridge(
  body: Uint8Array,
  offset: number,
  limit: number,
  little: boolean,
): StatsBridge {
  const into: Filled<StatsBridge> = {};

  while (offset < limit) {
    const length = attributeLength(body, offset, limit, little);
    const type = loadU16(body, offset + 2, little);
    const start = offset + NLA_HDRLEN;
    const end = offset + length;
    switch (type & NLA_TYPE_MASK) {
      case 1: // BRIDGE_XSTATS_VLAN
        (into.vlans ??= []).push(readStatsBridgeVlan(body, start, end, little));
        break;
      case 2: // BRIDGE_XSTATS_MCAST
        into.multicast = readStatsBridgeMulticast(body, start, end, little);
        break;
      case 4: // BRIDGE_XSTATS_STP
        into.spanningTree = readStatsBridgeSpanningTree(body, start, end, little);
        break;
      default:
        keep(into, type, body, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link StatsBridge}, in the order of its properties. */
export function writeStatsBridge(writer: MessageWriter, value: StatsBridge, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'vlans': // BRIDGE_XSTATS_VLAN
        for (const item of elements(at + property, value.vlans ?? [])) {
          writer.beginNest(1);
          writeStatsBridgeVlan(writer, item, at + property);
          writer.endNest();
        }
        break;
      case 'multicast': // BRIDGE_XSTATS_MCAST
        if (value.multicast !== undefined) {
          writer.beginNest(2);
          writeStatsBridgeMulticast(writer, value.multicast, at + property);
          writer.endNest();
        }
        break;
      case 'spanningTree': // BRIDGE_XSTATS_STP
        if (value.spanningTree !== undefined) {
          writer.beginNest(4);
          writeStatsBridgeSpanningTree(writer, value.spanningTree, at + property);
          writer.endNest();
        }
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of StatsBridge', property);
    }
  }
}
