/**
 * Vrf: linux/if_link.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`.
 *
 * @module
 */

import { wrongValue } from '../argument.ts';
import type { RawAttribute } from '../attribute.ts';
import { attributeLength, type Filled, keep, valueU32 } from '../body.ts';
import { NLA_HDRLEN, NLA_TYPE_MASK } from '../constants.ts';
import { loadU16 } from '../load.ts';
import { optionalU32, propertiesOf } from '../request.ts';
import type { MessageWriter } from '../writer.ts';

/** Parameters of a VRF. */
export interface VrfData {
  /** Routing table. IFLA_VRF_TABLE */
  readonly table?: number | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
export function readVrfData(
  body: Uint8Array,
  offset: number,
  limit: number,
  little: boolean,
): VrfData {
  const into: Filled<VrfData> = {};

  while (offset < limit) {
    const length = attributeLength(body, offset, limit, little);
    const type = loadU16(body, offset + 2, little);
    const start = offset + NLA_HDRLEN;
    const end = offset + length;
    switch (type & NLA_TYPE_MASK) {
      case 1: // IFLA_VRF_TABLE
        into.table = valueU32(body, start, end, little);
        break;
      default:
        keep(into, type, body, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link VrfData}, in the order of its properties. */
export function writeVrfData(writer: MessageWriter, value: VrfData, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'table': // IFLA_VRF_TABLE
        optionalU32(writer, 1, at + property, value.table);
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of VrfData', property);
    }
  }
}

/** Parameters of a port of a VRF. */
export interface VrfPortData {
  /** Routing table. IFLA_VRF_PORT_TABLE */
  readonly table?: number | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
export function readVrfPortData(
  body: Uint8Array,
  offset: number,
  limit: number,
  little: boolean,
): VrfPortData {
  const into: Filled<VrfPortData> = {};

  while (offset < limit) {
    const length = attributeLength(body, offset, limit, little);
    const type = loadU16(body, offset + 2, little);
    const start = offset + NLA_HDRLEN;
    const end = offset + length;
    switch (type & NLA_TYPE_MASK) {
      case 1: // IFLA_VRF_PORT_TABLE
        into.table = valueU32(body, start, end, little);
        break;
      default:
        keep(into, type, body, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link VrfPortData}, in the order of its properties. */
export function writeVrfPortData(writer: MessageWriter, value: VrfPortData, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'table': // IFLA_VRF_PORT_TABLE
        optionalU32(writer, 1, at + property, value.table);
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of VrfPortData', property);
    }
  }
}
