/**
 * Header: linux/ethtool_netlink.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import { wrongValue } from '../argument.ts';
import type { RawAttribute } from '../attribute.ts';
import { attributeLength, type Filled, keep, valueString, valueU32 } from '../body.ts';
import { optionalString, optionalU32, propertiesOf } from '../request.ts';
import type { MessageSource } from '../source.ts';
import type { MessageWriter } from '../writer.ts';

/** Which interface a message of ethtool is about; in requests: by index or by name. */
export interface EthtoolHeader {
  /** Index of the interface. ETHTOOL_A_HEADER_DEV_INDEX */
  readonly index?: number | undefined;
  /** Name of the interface. ETHTOOL_A_HEADER_DEV_NAME */
  readonly name?: string | undefined;
  /** Of requests: ETHTOOL_FLAG_*. ETHTOOL_A_HEADER_FLAGS */
  readonly flags?: number | undefined;
  /** Index of one of its PHYs, for messages that are about a PHY. ETHTOOL_A_HEADER_PHY_INDEX */
  readonly phyIndex?: number | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
export function readEthtoolHeader(
  source: MessageSource,
  offset: number,
  limit: number,
): EthtoolHeader {
  const { view, little } = source;
  const into: Filled<EthtoolHeader> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // ETHTOOL_A_HEADER_DEV_INDEX
        into.index = valueU32(source, start, end);
        break;
      case 2: // ETHTOOL_A_HEADER_DEV_NAME
        into.name = valueString(source, start, end);
        break;
      case 3: // ETHTOOL_A_HEADER_FLAGS
        into.flags = valueU32(source, start, end);
        break;
      case 4: // ETHTOOL_A_HEADER_PHY_INDEX
        into.phyIndex = valueU32(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of an {@link EthtoolHeader}, in the order of its properties. */
export function writeEthtoolHeader(writer: MessageWriter, value: EthtoolHeader, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'index': // ETHTOOL_A_HEADER_DEV_INDEX
        optionalU32(writer, 1, at + property, value.index);
        break;
      case 'name': // ETHTOOL_A_HEADER_DEV_NAME
        optionalString(writer, 2, at + property, value.name);
        break;
      case 'flags': // ETHTOOL_A_HEADER_FLAGS
        optionalU32(writer, 3, at + property, value.flags);
        break;
      case 'phyIndex': // ETHTOOL_A_HEADER_PHY_INDEX
        optionalU32(writer, 4, at + property, value.phyIndex);
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of EthtoolHeader', property);
    }
  }
}
