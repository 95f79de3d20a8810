/**
 * The part of link messages that tells the state of a link: RTM_NEWLINK and RTM_DELLINK, linux/if_link.h.
 *
 * @module
 */

import { wrongType } from './argument.ts';
import {
  attributeLength,
  checkStruct,
  valueBool,
  valueS32,
  valueString,
  valueU32,
  valueU8,
} from './body.ts';
import { RTM_DELLINK, RTM_NEWLINK } from './constants.ts';
import { type Endian, hostEndian } from './endian.ts';
import { type LinkMessage, OPER_STATE_NAMES, type OperState } from './link/types.ts';
import { type NetlinkMessage, sourceOf } from './message.ts';
import { type MessageSource, valueBytes } from './source.ts';

/** What a link message says of who an interface is, how its link is, and where it went. */
export type LinkStateMessage = Pick<
  LinkMessage,
  | 'event'
  | 'family'
  | 'index'
  | 'flags'
  | 'name'
  | 'mtu'
  | 'address'
  | 'operState'
  | 'carrier'
  | 'carrierChanges'
  | 'newNetnsId'
  | 'newIndex'
>;

/**
 * Decodes the part of a link message that tells the state of the link, as {@link decodeLink} says it. Other attributes are
 * stepped over, whatever is in them: for whoever waits for changes, and for nothing else.
 *
 * `address` is a view of the datagram, not a copy.
 *
 * @param endian Byte order of the message. Default: that of the host.
 * @throws {@link MalformedError} when a length is wrong; TypeError (`ERR_INVALID_ARG_TYPE`) when it is no link message.
 *
 * @example
 * import { decodeLinkState, encodeLink, IFF_UP, messages, RTM_NEWLINK } from '@rtap/netlink';
 *
 * const link = { index: 3, name: 'rtap0', flags: IFF_UP, carrier: true };
 * for (const message of messages(encodeLink(RTM_NEWLINK, link, { flags: 0, sequence: 0 }))) {
 *   const { name, flags, carrier } = decodeLinkState(message);
 *   console.log(name, flags === IFF_UP, carrier); // rtap0 true true
 * }
 */
export function decodeLinkState(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): LinkStateMessage {
  const { type } = message;
  if (type !== RTM_NEWLINK && type !== RTM_DELLINK) {
    throw wrongType('message', 'an RTM_NEWLINK or RTM_DELLINK message', type);
  }
  const source = sourceOf(message, endian === 'little');
  checkStruct(source, source.start, source.end, 16, 'ifinfomsg');
  return new DecodedLinkState(type === RTM_NEWLINK ? 'new' : 'delete', source);
}

/** The shape is the same for every message, so that code that reads it stays monomorphic. */
class DecodedLinkState implements LinkStateMessage {
  event: 'new' | 'delete';
  family: number;
  index: number;
  flags: number;
  name: string | undefined = undefined;
  mtu: number | undefined = undefined;
  address: Uint8Array | undefined = undefined;
  operState: OperState | undefined = undefined;
  carrier: boolean | undefined = undefined;
  carrierChanges: number | undefined = undefined;
  newNetnsId: number | undefined = undefined;
  newIndex: number | undefined = undefined;

  constructor(event: 'new' | 'delete', source: MessageSource) {
    const { view, little, start: struct, end: limit } = source;
    this.event = event;
    this.family = view.getUint8(struct);
    this.index = view.getInt32(struct + 4, little);
    this.flags = view.getUint32(struct + 8, little);
    for (let offset = struct + 16; offset < limit;) {
      const length = attributeLength(source, offset, limit);
      const start = offset + 4;
      const end = offset + length;
      switch (view.getUint16(offset + 2, little) & 0x3fff) {
        case 1: // IFLA_ADDRESS
          this.address = valueBytes(source, start, end);
          break;
        case 3: // IFLA_IFNAME
          this.name = valueString(source, start, end);
          break;
        case 4: // IFLA_MTU
          this.mtu = valueU32(source, start, end);
          break;
        case 16: // IFLA_OPERSTATE
          this.operState = OPER_STATE_NAMES[valueU8(source, start, end)] ?? 'unknown';
          break;
        case 33: // IFLA_CARRIER
          this.carrier = valueBool(source, start, end);
          break;
        case 35: // IFLA_CARRIER_CHANGES
          this.carrierChanges = valueU32(source, start, end);
          break;
        case 45: // IFLA_NEW_NETNSID
          this.newNetnsId = valueS32(source, start, end);
          break;
        case 49: // IFLA_NEW_IFINDEX
          this.newIndex = valueS32(source, start, end);
          break;
        default:
      }
      offset += (length + 3) & ~3;
    }
  }
}
