/**
 * Bridge: linux/if_link.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import { wrongValue } from '../argument.ts';
import type { RawAttribute } from '../attribute.ts';
import { attributeLength, checkValue, type Filled, keep, padded } from '../body.ts';
import { loadU64 } from '../load.ts';
import { elements, propertiesOf, putNumber } from '../request.ts';
import type { MessageSource } from '../source.ts';
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
function readStatsBridgeVlan(source: MessageSource, start: number, end: number): StatsBridgeVlan {
  checkValue(source, start, end, 40);

  const { view, little } = source;
  return {
    rxBytes: loadU64(view, start, little),
    rxPackets: loadU64(view, start + 8, little),
    txBytes: loadU64(view, start + 16, little),
    txPackets: loadU64(view, start + 24, little),
    vid: view.getUint16(start + 32, little),
    flags: view.getUint16(start + 34, little),
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
  source: MessageSource,
  start: number,
  end: number,
): StatsBridgeMulticast {
  if (end - start < 240) return readStatsBridgeMulticast(padded(source, start, end, 240), 0, 240);
  const { view, little } = source;
  return {
    igmpV1QueriesRx: loadU64(view, start, little),
    igmpV1QueriesTx: loadU64(view, start + 8, little),
    igmpV2QueriesRx: loadU64(view, start + 16, little),
    igmpV2QueriesTx: loadU64(view, start + 24, little),
    igmpV3QueriesRx: loadU64(view, start + 32, little),
    igmpV3QueriesTx: loadU64(view, start + 40, little),
    igmpLeavesRx: loadU64(view, start + 48, little),
    igmpLeavesTx: loadU64(view, start + 56, little),
    igmpV1ReportsRx: loadU64(view, start + 64, little),
    igmpV1ReportsTx: loadU64(view, start + 72, little),
    igmpV2ReportsRx: loadU64(view, start + 80, little),
    igmpV2ReportsTx: loadU64(view, start + 88, little),
    igmpV3ReportsRx: loadU64(view, start + 96, little),
    igmpV3ReportsTx: loadU64(view, start + 104, little),
    igmpParseErrors: loadU64(view, start + 112, little),
    mldV1QueriesRx: loadU64(view, start + 120, little),
    mldV1QueriesTx: loadU64(view, start + 128, little),
    mldV2QueriesRx: loadU64(view, start + 136, little),
    mldV2QueriesTx: loadU64(view, start + 144, little),
    mldLeavesRx: loadU64(view, start + 152, little),
    mldLeavesTx: loadU64(view, start + 160, little),
    mldV1ReportsRx: loadU64(view, start + 168, little),
    mldV1ReportsTx: loadU64(view, start + 176, little),
    mldV2ReportsRx: loadU64(view, start + 184, little),
    mldV2ReportsTx: loadU64(view, start + 192, little),
    mldParseErrors: loadU64(view, start + 200, little),
    bytesRx: loadU64(view, start + 208, little),
    bytesTx: loadU64(view, start + 216, little),
    packetsRx: loadU64(view, start + 224, little),
    packetsTx: loadU64(view, start + 232, little),
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
  source: MessageSource,
  start: number,
  end: number,
): StatsBridgeSpanningTree {
  if (end - start < 48) return readStatsBridgeSpanningTree(padded(source, start, end, 48), 0, 48);
  const { view, little } = source;
  return {
    blocked: loadU64(view, start, little),
    forwarded: loadU64(view, start + 8, little),
    rxBpdus: loadU64(view, start + 16, little),
    txBpdus: loadU64(view, start + 24, little),
    rxTopologyChanges: loadU64(view, start + 32, little),
    txTopologyChanges: loadU64(view, start + 40, little),
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
export function readStatsBridge(source: MessageSource, offset: number, limit: number): StatsBridge {
  const { view, little } = source;
  const into: Filled<StatsBridge> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // BRIDGE_XSTATS_VLAN
        (into.vlans ??= []).push(readStatsBridgeVlan(source, start, end));
        break;
      case 2: // BRIDGE_XSTATS_MCAST
        into.multicast = readStatsBridgeMulticast(source, start, end);
        break;
      case 4: // BRIDGE_XSTATS_STP
        into.spanningTree = readStatsBridgeSpanningTree(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
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
