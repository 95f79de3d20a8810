/**
 * Links: RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK and RTM_SETLINK, linux/if_link.h.
 *
 * Pure: bytes in, values out, and back. Bytes in what is decoded are views of the datagram, and
 * what is decoded late reads it then: whoever uses a receive buffer again reads or copies first.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import { checkObject, wrongType, wrongValue } from './argument.ts';
import {
  RTM_DELLINK,
  RTM_DELLINKPROP,
  RTM_GETLINK,
  RTM_NEWLINK,
  RTM_NEWLINKPROP,
  RTM_SETLINK,
} from './constants.ts';
import { type Endian, hostEndian } from './endian.ts';
import { writeLike } from './like.ts';
import { DecodedLink } from './link/decode.ts';
import { readLinkRequest } from './link/read.ts';
import type { LinkRequest } from './link/types.ts';
import { writeLinkHeader, writeLinkProperty, writeLinkRequest } from './link/write.ts';
import { type NetlinkMessage, sourceOf } from './message.ts';
import type { RequestHeader } from './request.ts';
import { bodySource, valueBytes } from './source.ts';
import { MessageWriter } from './writer.ts';

export type {
  OperState,
  VethData,
  LinkInfo,
  LinkInfoData,
  LinkInfoSlaveData,
  LinkAttributes,
  LinkMessage,
  LinkRequest,
} from './link/types.ts';
export type { MacvlanMode, MacvlanData } from './link/macvlan.ts';
export type { LinkStatistics, LinkStatistics32 } from './link/statistics.ts';
export type { LinkMap } from './link/map.ts';
export type { LinkInet6CacheInfo, LinkInet, LinkInet6, LinkMctp, LinkAfSpec } from './link/inet.ts';
export type {
  BridgeBooleanOptions,
  BridgeVlanInfo,
  BridgeQuerierState,
  BridgeData,
  BridgeVlanTunnel,
  BridgeSpanningTree,
  BridgeAfSpec,
} from './link/bridge.ts';
export type { VlanFlags, VlanQosMapping, VlanData } from './link/vlan.ts';
export type { VxlanPortRange, VxlanData } from './link/vxlan.ts';
export type {
  VirtualFunctionMac,
  VirtualFunctionVlan,
  VirtualFunctionVlanInfo,
  VirtualFunctionTxRate,
  VirtualFunctionRate,
  VirtualFunctionSetting,
  VirtualFunctionLinkState,
  VirtualFunctionGuid,
  VirtualFunctionStatistics,
  VirtualFunction,
  LinkPort,
} from './link/virtual-function.ts';
export type { TunData } from './link/tun.ts';
export type { VrfData, VrfPortData } from './link/vrf.ts';
export type { BridgePortData } from './link/bridge-port.ts';
export type { BondAdInfo, BondData, BondSlaveData } from './link/bond.ts';
export type { LinkXdp } from './link/xdp.ts';
export type { LinkProtoDownReason } from './link/proto-down.ts';
export type { LinkDevlinkPort } from './link/devlink-port.ts';
export type { LinkDpllPin } from './link/dpll-pin.ts';
export { decodeLink } from './link/decode.ts';

/**
 * Encodes a link request.
 *
 * Nothing is added to what is given. Attributes stand in the order of the properties of
 * `request`, and are as iproute2 writes them. What {@link decodeLink} gave is written as it was,
 * byte by byte. The bytes are the caller's.
 *
 * @param type RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK, RTM_SETLINK, RTM_NEWLINKPROP or
 * RTM_DELLINKPROP.
 * @param endian Byte order. Default: that of the host.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`) or RangeError
 * (`ERR_OUT_OF_RANGE`) when something cannot be written.
 *
 * @example
 * import { encodeLink, IFF_UP, NLM_F_ACK, NLM_F_REQUEST, RTM_NEWLINK } from '@rtap/netlink';
 *
 * // ip link set dev INTERFACE up, for the interface with index 3
 * const request = encodeLink(
 *   RTM_NEWLINK,
 *   { index: 3, flags: IFF_UP, change: IFF_UP },
 *   { flags: NLM_F_REQUEST | NLM_F_ACK, sequence: 1 },
 * );
 * console.log(request.length); // 32
 */
export function encodeLink(
  type: number,
  request: LinkRequest,
  header: RequestHeader,
  endian: Endian = hostEndian,
): Uint8Array {
  if (!isLinkType(type))
    throw wrongValue(
      'type',
      'must be RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK, RTM_SETLINK, RTM_NEWLINKPROP or RTM_DELLINKPROP',
      type,
    );
  checkObject('request', request);
  const writer = new MessageWriter(endian);
  writer.begin(type, header.flags, header.sequence, header.portId ?? 0);
  const little = endian === 'little';
  const source = DecodedLink.source(request);
  if (source?.little === little && header.like === undefined) {
    return writer.bytes(valueBytes(source, source.start, source.end)).finish();
  }
  const plain = source === undefined ? request : readLinkRequest(source, source.start, source.end);
  if (header.like === undefined) {
    writeLinkRequest(writer, plain);
  } else {
    writeLike(writer, header.like.body, plain, {
      headerLength: 16,
      little,
      read: (body) => readLinkRequest(bodySource(body, little), 0, body.length),
      writeHeader: () => writeLinkHeader(writer, plain, ''),
      writeProperty: (property) => writeLinkProperty(writer, property, plain, ''),
    });
  }
  return writer.finish();
}

function isLinkType(type: number): boolean {
  switch (type) {
    case RTM_NEWLINK:
    case RTM_DELLINK:
    case RTM_GETLINK:
    case RTM_SETLINK:
    case RTM_NEWLINKPROP:
    case RTM_DELLINKPROP:
      return true;
    default:
      return false;
  }
}

/**
 * Decodes a link request, as {@link encodeLink} makes it: for whoever plays the kernel, or wants
 * a message as plain data.
 *
 * Properties stand in the order of the wire, and nothing is read late. What is not in the
 * properties, or not wholly, is in `raw`. Bytes are views of the datagram.
 *
 * @param endian Byte order. Default: that of the host.
 * @throws `MalformedError` when the bytes are wrong or a value is too short.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 */
export function decodeLinkRequest(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): LinkRequest {
  if (!isLinkType(message.type))
    throw wrongType('message', 'of a type that encodeLink takes', message.type);
  const source = sourceOf(message, endian === 'little');
  return readLinkRequest(source, source.start, source.end);
}
