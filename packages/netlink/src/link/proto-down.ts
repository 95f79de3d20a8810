/**
 * Proto-down: linux/if_link.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import { wrongValue } from '../argument.ts';
import type { RawAttribute } from '../attribute.ts';
import { attributeLength, type Filled, keep, valueU32 } from '../body.ts';
import { optionalU32, propertiesOf } from '../request.ts';
import type { MessageSource } from '../source.ts';
import type { MessageWriter } from '../writer.ts';

/** Why a protocol holds a link down. */
export interface LinkProtoDownReason {
  /** Which reasons are to be changed. IFLA_PROTO_DOWN_REASON_MASK */
  readonly mask?: number | undefined;
  /** Reasons, as bits. IFLA_PROTO_DOWN_REASON_VALUE */
  readonly value?: number | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
export function readLinkProtoDownReason(
  source: MessageSource,
  offset: number,
  limit: number,
): LinkProtoDownReason {
  const { view, little } = source;
  const into: Filled<LinkProtoDownReason> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // IFLA_PROTO_DOWN_REASON_MASK
        into.mask = valueU32(source, start, end);
        break;
      case 2: // IFLA_PROTO_DOWN_REASON_VALUE
        into.value = valueU32(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link LinkProtoDownReason}, in the order of its properties. */
export function writeLinkProtoDownReason(
  writer: MessageWriter,
  value: LinkProtoDownReason,
  at: string,
): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'mask': // IFLA_PROTO_DOWN_REASON_MASK
        optionalU32(writer, 1, at + property, value.mask);
        break;
      case 'value': // IFLA_PROTO_DOWN_REASON_VALUE
        optionalU32(writer, 2, at + property, value.value);
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of LinkProtoDownReason', property);
    }
  }
}
