/**
 * Dpll-pin: linux/if_link.h.
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

/** The DPLL pin of a link. */
export interface LinkDpllPin {
  /** Id of the pin. DPLL_A_PIN_ID */
  readonly id?: number | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
export function readLinkDpllPin(source: MessageSource, offset: number, limit: number): LinkDpllPin {
  const { view, little } = source;
  const into: Filled<LinkDpllPin> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // DPLL_A_PIN_ID
        into.id = valueU32(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link LinkDpllPin}, in the order of its properties. */
export function writeLinkDpllPin(writer: MessageWriter, value: LinkDpllPin, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'id': // DPLL_A_PIN_ID
        optionalU32(writer, 1, at + property, value.id);
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of LinkDpllPin', property);
    }
  }
}
