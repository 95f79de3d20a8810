/**
 * Dpll-pin: linux/if_link.h.
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

/** The DPLL pin of a link. */
export interface LinkDpllPin {
  /** Id of the pin. DPLL_A_PIN_ID */
  readonly id?: number | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
export function readLinkDpllPin(
  body: Uint8Array,
  offset: number,
  limit: number,
  little: boolean,
): LinkDpllPin {
  const into: Filled<LinkDpllPin> = {};

  while (offset < limit) {
    const length = attributeLength(body, offset, limit, little);
    const type = loadU16(body, offset + 2, little);
    const start = offset + NLA_HDRLEN;
    const end = offset + length;
    switch (type & NLA_TYPE_MASK) {
      case 1: // DPLL_A_PIN_ID
        into.id = valueU32(body, start, end, little);
        break;
      default:
        keep(into, type, body, start, end);
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
