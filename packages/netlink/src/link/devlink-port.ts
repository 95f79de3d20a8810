/**
 * Devlink-port: linux/if_link.h.
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

/** The devlink port of a link. */
export interface LinkDevlinkPort {
  /** Name of the bus. DEVLINK_ATTR_BUS_NAME */
  readonly busName?: string | undefined;
  /** Name of the device. DEVLINK_ATTR_DEV_NAME */
  readonly deviceName?: string | undefined;
  /** Index of the port. DEVLINK_ATTR_PORT_INDEX */
  readonly portIndex?: number | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
export function readLinkDevlinkPort(
  source: MessageSource,
  offset: number,
  limit: number,
): LinkDevlinkPort {
  const { view, little } = source;
  const into: Filled<LinkDevlinkPort> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // DEVLINK_ATTR_BUS_NAME
        into.busName = valueString(source, start, end);
        break;
      case 2: // DEVLINK_ATTR_DEV_NAME
        into.deviceName = valueString(source, start, end);
        break;
      case 3: // DEVLINK_ATTR_PORT_INDEX
        into.portIndex = valueU32(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link LinkDevlinkPort}, in the order of its properties. */
export function writeLinkDevlinkPort(
  writer: MessageWriter,
  value: LinkDevlinkPort,
  at: string,
): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'busName': // DEVLINK_ATTR_BUS_NAME
        optionalString(writer, 1, at + property, value.busName);
        break;
      case 'deviceName': // DEVLINK_ATTR_DEV_NAME
        optionalString(writer, 2, at + property, value.deviceName);
        break;
      case 'portIndex': // DEVLINK_ATTR_PORT_INDEX
        optionalU32(writer, 3, at + property, value.portIndex);
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of LinkDevlinkPort', property);
    }
  }
}
