/**
 * Tun: linux/if_link.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import { wrongValue } from '../argument.ts';
import type { RawAttribute } from '../attribute.ts';
import { attributeLength, type Filled, keep, valueBool, valueU32, valueU8 } from '../body.ts';
import { optionalU32, optionalU8, propertiesOf } from '../request.ts';
import type { MessageSource } from '../source.ts';
import type { MessageWriter } from '../writer.ts';

/** Parameters of a TUN or TAP interface. */
export interface TunData {
  /** User id of who may open it. IFLA_TUN_OWNER */
  readonly owner?: number | undefined;
  /** Group id of those who may open it. IFLA_TUN_GROUP */
  readonly group?: number | undefined;
  /** 1: TUN (IFF_TUN). 2: TAP (IFF_TAP). IFLA_TUN_TYPE */
  readonly type?: number | undefined;
  /** Whether packets begin with `struct tun_pi`. IFLA_TUN_PI */
  readonly packetInformation?: boolean | undefined;
  /** Whether packets begin with `struct virtio_net_hdr`. IFLA_TUN_VNET_HDR */
  readonly virtioHeader?: boolean | undefined;
  /** Whether it stays when nobody has it open. IFLA_TUN_PERSIST */
  readonly persist?: boolean | undefined;
  /** Whether it can have several queues. IFLA_TUN_MULTI_QUEUE */
  readonly multiQueue?: boolean | undefined;
  /** How many queues are attached. IFLA_TUN_NUM_QUEUES */
  readonly queues?: number | undefined;
  /** How many are detached. IFLA_TUN_NUM_DISABLED_QUEUES */
  readonly disabledQueues?: number | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
export function readTunData(source: MessageSource, offset: number, limit: number): TunData {
  const { view, little } = source;
  const into: Filled<TunData> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // IFLA_TUN_OWNER
        into.owner = valueU32(source, start, end);
        break;
      case 2: // IFLA_TUN_GROUP
        into.group = valueU32(source, start, end);
        break;
      case 3: // IFLA_TUN_TYPE
        into.type = valueU8(source, start, end);
        break;
      case 4: // IFLA_TUN_PI
        into.packetInformation = valueBool(source, start, end);
        break;
      case 5: // IFLA_TUN_VNET_HDR
        into.virtioHeader = valueBool(source, start, end);
        break;
      case 6: // IFLA_TUN_PERSIST
        into.persist = valueBool(source, start, end);
        break;
      case 7: // IFLA_TUN_MULTI_QUEUE
        into.multiQueue = valueBool(source, start, end);
        break;
      case 8: // IFLA_TUN_NUM_QUEUES
        into.queues = valueU32(source, start, end);
        break;
      case 9: // IFLA_TUN_NUM_DISABLED_QUEUES
        into.disabledQueues = valueU32(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link TunData}, in the order of its properties. */
export function writeTunData(writer: MessageWriter, value: TunData, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'owner': // IFLA_TUN_OWNER
        optionalU32(writer, 1, at + property, value.owner);
        break;
      case 'group': // IFLA_TUN_GROUP
        optionalU32(writer, 2, at + property, value.group);
        break;
      case 'type': // IFLA_TUN_TYPE
        optionalU8(writer, 3, at + property, value.type);
        break;
      case 'packetInformation': // IFLA_TUN_PI
        if (value.packetInformation !== undefined) {
          writer.attributeU8(4, value.packetInformation ? 1 : 0);
        }
        break;
      case 'virtioHeader': // IFLA_TUN_VNET_HDR
        if (value.virtioHeader !== undefined) {
          writer.attributeU8(5, value.virtioHeader ? 1 : 0);
        }
        break;
      case 'persist': // IFLA_TUN_PERSIST
        if (value.persist !== undefined) {
          writer.attributeU8(6, value.persist ? 1 : 0);
        }
        break;
      case 'multiQueue': // IFLA_TUN_MULTI_QUEUE
        if (value.multiQueue !== undefined) {
          writer.attributeU8(7, value.multiQueue ? 1 : 0);
        }
        break;
      case 'queues': // IFLA_TUN_NUM_QUEUES
        optionalU32(writer, 8, at + property, value.queues);
        break;
      case 'disabledQueues': // IFLA_TUN_NUM_DISABLED_QUEUES
        optionalU32(writer, 9, at + property, value.disabledQueues);
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of TunData', property);
    }
  }
}
