/**
 * Macvlan: linux/if_link.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import { wrongValue } from '../argument.ts';
import type { RawAttribute } from '../attribute.ts';
import { attributeLength, type Filled, keep, valueS32, valueU16, valueU32 } from '../body.ts';
import { holdsOther, readList } from '../list.ts';
import {
  elements,
  numberOf,
  optionalBytes,
  optionalI32,
  optionalU32,
  propertiesOf,
  putNumber,
} from '../request.ts';
import { type MessageSource, valueBytes } from '../source.ts';
import type { MessageWriter } from '../writer.ts';

/** Mode of a MACVLAN: MACVLAN_MODE_* of linux/if_link.h. */
export type MacvlanMode = 'private' | 'vepa' | 'bridge' | 'passthru' | 'source';

/** By number. */
const MACVLAN_MODE_NAMES: Readonly<Record<number, MacvlanMode>> = {
  1: 'private',
  2: 'vepa',
  4: 'bridge',
  8: 'passthru',
  16: 'source',
};

/** Parameters of a MACVLAN or MACVTAP interface. */
export interface MacvlanData {
  /** Who may talk to whom. IFLA_MACVLAN_MODE */
  readonly mode?: MacvlanMode | undefined;
  /** MACVLAN_FLAG_*. IFLA_MACVLAN_FLAGS */
  readonly flags?: number | undefined;
  /**
   * In a request, of source addresses: 0 add, 1 delete, 2 flush, 3 set. IFLA_MACVLAN_MACADDR_MODE
   */
  readonly addressMode?: number | undefined;
  /** In a request: a source address, six bytes. IFLA_MACVLAN_MACADDR */
  readonly address?: Uint8Array | undefined;
  /** Source addresses, six bytes each. IFLA_MACVLAN_MACADDR_DATA */
  readonly addresses?: readonly Uint8Array[] | undefined;
  /** How many source addresses there are. IFLA_MACVLAN_MACADDR_COUNT */
  readonly addressCount?: number | undefined;
  /** Length of the broadcast queue that is asked for. IFLA_MACVLAN_BC_QUEUE_LEN */
  readonly broadcastQueueLength?: number | undefined;
  /** Length of the broadcast queue. IFLA_MACVLAN_BC_QUEUE_LEN_USED */
  readonly broadcastQueueLengthUsed?: number | undefined;
  /** Up to how many interfaces get broadcasts at once. IFLA_MACVLAN_BC_CUTOFF */
  readonly broadcastCutoff?: number | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
export function readMacvlanData(source: MessageSource, offset: number, limit: number): MacvlanData {
  const { view, little } = source;
  const into: Filled<MacvlanData> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // IFLA_MACVLAN_MODE
        {
          const named = MACVLAN_MODE_NAMES[valueU32(source, start, end)];
          if (named === undefined) keep(into, type, source, start, end);
          else into.mode = named;
        }
        break;
      case 2: // IFLA_MACVLAN_FLAGS
        into.flags = valueU16(source, start, end);
        break;
      case 3: // IFLA_MACVLAN_MACADDR_MODE
        into.addressMode = valueU32(source, start, end);
        break;
      case 4: // IFLA_MACVLAN_MACADDR
        into.address = valueBytes(source, start, end);
        break;
      case 5: // IFLA_MACVLAN_MACADDR_DATA
        if (holdsOther(source, start, end, 4)) keep(into, type, source, start, end);
        else into.addresses = readList(source, start, end, 4, valueBytes);
        break;
      case 6: // IFLA_MACVLAN_MACADDR_COUNT
        into.addressCount = valueU32(source, start, end);
        break;
      case 7: // IFLA_MACVLAN_BC_QUEUE_LEN
        into.broadcastQueueLength = valueU32(source, start, end);
        break;
      case 8: // IFLA_MACVLAN_BC_QUEUE_LEN_USED
        into.broadcastQueueLengthUsed = valueU32(source, start, end);
        break;
      case 9: // IFLA_MACVLAN_BC_CUTOFF
        into.broadcastCutoff = valueS32(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link MacvlanData}, in the order of its properties. */
export function writeMacvlanData(writer: MessageWriter, value: MacvlanData, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'mode': // IFLA_MACVLAN_MODE
        if (value.mode !== undefined) {
          writer.beginNest(1);
          putNumber(
            writer,
            'u32',
            at + property,
            numberOf(MACVLAN_MODE_NAMES, at + property, value.mode, 'MacvlanMode'),
          );
          writer.endNest();
        }
        break;
      case 'flags': // IFLA_MACVLAN_FLAGS
        if (value.flags !== undefined) {
          writer.beginNest(2);
          putNumber(writer, 'u16', at + property, value.flags);
          writer.endNest();
        }
        break;
      case 'addressMode': // IFLA_MACVLAN_MACADDR_MODE
        optionalU32(writer, 3, at + property, value.addressMode);
        break;
      case 'address': // IFLA_MACVLAN_MACADDR
        optionalBytes(writer, 4, at + property, value.address);
        break;
      case 'addresses': // IFLA_MACVLAN_MACADDR_DATA
        if (value.addresses !== undefined) {
          writer.beginNest(5);
          for (const item of elements(at + property, value.addresses)) {
            optionalBytes(writer, 4, at + property, item);
          }
          writer.endNest();
        }
        break;
      case 'addressCount': // IFLA_MACVLAN_MACADDR_COUNT
        optionalU32(writer, 6, at + property, value.addressCount);
        break;
      case 'broadcastQueueLength': // IFLA_MACVLAN_BC_QUEUE_LEN
        optionalU32(writer, 7, at + property, value.broadcastQueueLength);
        break;
      case 'broadcastQueueLengthUsed': // IFLA_MACVLAN_BC_QUEUE_LEN_USED
        optionalU32(writer, 8, at + property, value.broadcastQueueLengthUsed);
        break;
      case 'broadcastCutoff': // IFLA_MACVLAN_BC_CUTOFF
        optionalI32(writer, 9, at + property, value.broadcastCutoff);
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of MacvlanData', property);
    }
  }
}
