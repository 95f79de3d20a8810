/**
 * Bond: linux/if_link.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import { wrongValue } from '../argument.ts';
import type { RawAttribute } from '../attribute.ts';
import { attributeLength, type Filled, keep, valueU64 } from '../body.ts';
import { propertiesOf, putNumber } from '../request.ts';
import type { MessageSource } from '../source.ts';
import type { MessageWriter } from '../writer.ts';

/** What a bond counts of 802.3ad. */
export interface StatsBond3ad {
  /** LACP frames received. BOND_3AD_STAT_LACPDU_RX */
  readonly lacpduRx?: bigint | undefined;
  /** LACP frames sent. BOND_3AD_STAT_LACPDU_TX */
  readonly lacpduTx?: bigint | undefined;
  /** Unknown ones. BOND_3AD_STAT_LACPDU_UNKNOWN_RX */
  readonly lacpduUnknownRx?: bigint | undefined;
  /** Illegal ones. BOND_3AD_STAT_LACPDU_ILLEGAL_RX */
  readonly lacpduIllegalRx?: bigint | undefined;
  /** Markers received. BOND_3AD_STAT_MARKER_RX */
  readonly markerRx?: bigint | undefined;
  /** Markers sent. BOND_3AD_STAT_MARKER_TX */
  readonly markerTx?: bigint | undefined;
  /** Answers received. BOND_3AD_STAT_MARKER_RESP_RX */
  readonly markerResponseRx?: bigint | undefined;
  /** Answers sent. BOND_3AD_STAT_MARKER_RESP_TX */
  readonly markerResponseTx?: bigint | undefined;
  /** Unknown markers. BOND_3AD_STAT_MARKER_UNKNOWN_RX */
  readonly markerUnknownRx?: bigint | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
function readStatsBond3ad(source: MessageSource, offset: number, limit: number): StatsBond3ad {
  const { view, little } = source;
  const into: Filled<StatsBond3ad> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 0: // BOND_3AD_STAT_LACPDU_RX
        into.lacpduRx = valueU64(source, start, end);
        break;
      case 1: // BOND_3AD_STAT_LACPDU_TX
        into.lacpduTx = valueU64(source, start, end);
        break;
      case 2: // BOND_3AD_STAT_LACPDU_UNKNOWN_RX
        into.lacpduUnknownRx = valueU64(source, start, end);
        break;
      case 3: // BOND_3AD_STAT_LACPDU_ILLEGAL_RX
        into.lacpduIllegalRx = valueU64(source, start, end);
        break;
      case 4: // BOND_3AD_STAT_MARKER_RX
        into.markerRx = valueU64(source, start, end);
        break;
      case 5: // BOND_3AD_STAT_MARKER_TX
        into.markerTx = valueU64(source, start, end);
        break;
      case 6: // BOND_3AD_STAT_MARKER_RESP_RX
        into.markerResponseRx = valueU64(source, start, end);
        break;
      case 7: // BOND_3AD_STAT_MARKER_RESP_TX
        into.markerResponseTx = valueU64(source, start, end);
        break;
      case 8: // BOND_3AD_STAT_MARKER_UNKNOWN_RX
        into.markerUnknownRx = valueU64(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link StatsBond3ad}, in the order of its properties. */
function writeStatsBond3ad(writer: MessageWriter, value: StatsBond3ad, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'lacpduRx': // BOND_3AD_STAT_LACPDU_RX
        if (value.lacpduRx !== undefined) {
          writer.beginNest(0);
          putNumber(writer, 'u64', at + property, value.lacpduRx);
          writer.endNest();
        }
        break;
      case 'lacpduTx': // BOND_3AD_STAT_LACPDU_TX
        if (value.lacpduTx !== undefined) {
          writer.beginNest(1);
          putNumber(writer, 'u64', at + property, value.lacpduTx);
          writer.endNest();
        }
        break;
      case 'lacpduUnknownRx': // BOND_3AD_STAT_LACPDU_UNKNOWN_RX
        if (value.lacpduUnknownRx !== undefined) {
          writer.beginNest(2);
          putNumber(writer, 'u64', at + property, value.lacpduUnknownRx);
          writer.endNest();
        }
        break;
      case 'lacpduIllegalRx': // BOND_3AD_STAT_LACPDU_ILLEGAL_RX
        if (value.lacpduIllegalRx !== undefined) {
          writer.beginNest(3);
          putNumber(writer, 'u64', at + property, value.lacpduIllegalRx);
          writer.endNest();
        }
        break;
      case 'markerRx': // BOND_3AD_STAT_MARKER_RX
        if (value.markerRx !== undefined) {
          writer.beginNest(4);
          putNumber(writer, 'u64', at + property, value.markerRx);
          writer.endNest();
        }
        break;
      case 'markerTx': // BOND_3AD_STAT_MARKER_TX
        if (value.markerTx !== undefined) {
          writer.beginNest(5);
          putNumber(writer, 'u64', at + property, value.markerTx);
          writer.endNest();
        }
        break;
      case 'markerResponseRx': // BOND_3AD_STAT_MARKER_RESP_RX
        if (value.markerResponseRx !== undefined) {
          writer.beginNest(6);
          putNumber(writer, 'u64', at + property, value.markerResponseRx);
          writer.endNest();
        }
        break;
      case 'markerResponseTx': // BOND_3AD_STAT_MARKER_RESP_TX
        if (value.markerResponseTx !== undefined) {
          writer.beginNest(7);
          putNumber(writer, 'u64', at + property, value.markerResponseTx);
          writer.endNest();
        }
        break;
      case 'markerUnknownRx': // BOND_3AD_STAT_MARKER_UNKNOWN_RX
        if (value.markerUnknownRx !== undefined) {
          writer.beginNest(8);
          putNumber(writer, 'u64', at + property, value.markerUnknownRx);
          writer.endNest();
        }
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of StatsBond3ad', property);
    }
  }
}

/** What a bond counts. */
export interface StatsBond {
  /** 802.3ad. BOND_XSTATS_3AD */
  readonly lacp?: StatsBond3ad | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
export function readStatsBond(source: MessageSource, offset: number, limit: number): StatsBond {
  const { view, little } = source;
  const into: Filled<StatsBond> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // BOND_XSTATS_3AD
        into.lacp = readStatsBond3ad(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link StatsBond}, in the order of its properties. */
export function writeStatsBond(writer: MessageWriter, value: StatsBond, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'lacp': // BOND_XSTATS_3AD
        if (value.lacp !== undefined) {
          writer.beginNest(1);
          writeStatsBond3ad(writer, value.lacp, `${at + property}.`);
          writer.endNest();
        }
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of StatsBond', property);
    }
  }
}
