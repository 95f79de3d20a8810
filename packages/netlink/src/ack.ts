/**
 * Acknowledgements: NLMSG_ERROR and NLMSG_DONE, with the kernel's extended acknowledgement.
 *
 * @module
 */

import { wrongType } from './argument.ts';
import { attributesOf, type AttributeReader, type RawAttribute } from './attribute.ts';
import {
  NLM_F_ACK_TLVS,
  NLM_F_CAPPED,
  NLMSG_DONE,
  NLMSG_ERROR,
  NLMSG_HDRLEN,
  NLMSGERR_ATTR_COOKIE,
  NLMSGERR_ATTR_MISS_NEST,
  NLMSGERR_ATTR_MISS_TYPE,
  NLMSGERR_ATTR_MSG,
  NLMSGERR_ATTR_OFFS,
  NLMSGERR_ATTR_POLICY,
} from './constants.ts';
import { hostEndian, type Endian } from './endian.ts';
import { MalformedError } from './errors.ts';
import { sourceOf, type NetlinkMessage } from './message.ts';
import { routeRequestLayout, type RequestLayout } from './names.ts';
import { attributePath, missingPath } from './path.ts';
import { readPolicy, type AttributePolicy } from './policy.ts';
import { viewOf } from './source.ts';

/** How a request ended. Bytes in it are views of the datagram. */
export interface Acknowledgement {
  /** The error number, positive; 0: success. */
  readonly errno: number;
  /** Sequence number of the request. */
  readonly sequence: number;
  /** The kernel's words: the reason of a refusal, or with `errno` 0 a warning. */
  readonly message?: string;
  /** Offset of the attribute at fault in the request, from the start of the request's header. */
  readonly offset?: number;
  /** The attribute at fault as a path such as `linkinfo.kind`, found at `offset`. */
  readonly attribute?: string;
  /** What the kernel would have accepted there. */
  readonly policy?: AttributePolicy;
  /** Type of an attribute that the request lacks. */
  readonly missingType?: number;
  /** Offset in the request of the nest that lacks it; not there: the request itself lacks it. */
  readonly missingNest?: number;
  /** What the request lacks as a path such as `linkinfo.kind`. */
  readonly missingAttribute?: string;
  /** What a subsystem returns on success. */
  readonly cookie?: Uint8Array;
  /** Attributes of the extended acknowledgement that are not known here. */
  readonly unknown?: readonly RawAttribute[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Decodes an acknowledgement: NLMSG_ERROR, or the NLMSG_DONE that ends a dump.
 *
 * Reads the extended acknowledgement too, whether the kernel repeats the request whole or capped,
 * with errors and with success, where it holds a warning.
 *
 * @param request Bytes of the request, its header included: to find the attribute that the kernel
 * points at. Not given: those that the kernel repeats, when it repeats them.
 * @param endian Byte order. Default: that of the host.
 * @param layoutOf Tells the layout of a request by its message type. Default: rtnetlink's.
 * @throws {@link MalformedError} when the bytes are not an acknowledgement.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 *
 * @example
 * import { decodeAcknowledgement, messages, NetlinkError } from '@rtap/netlink';
 *
 * // What Linux answers to a request numbered 1 that names a kind of link it does not know.
 * const datagram = Uint8Array.from([
 *   60, 0, 0, 0, 2, 0, 0, 3, 1, 0, 0, 0, 9, 0, 0, 0, 161, 255, 255, 255, 60, 0, 0, 0, 16, 0, 5, 6,
 *   1, 0, 0, 0, 0, 0, 0, 0, 24, 0, 1, 0, 85, 110, 107, 110, 111, 119, 110, 32, 100, 101, 118, 105,
 *   99, 101, 32, 116, 121, 112, 101, 0,
 * ]);
 * for (const message of messages(datagram, 'little')) {
 *   const acknowledgement = decodeAcknowledgement(message, undefined, 'little');
 *   console.log(acknowledgement.errno, acknowledgement.message); // 95 Unknown device type
 *   const error = new NetlinkError(acknowledgement, { syscall: 'RTM_NEWLINK', interface: 'zz' });
 *   console.log(error.message); // EOPNOTSUPP: Unknown device type, RTM_NEWLINK 'zz'
 * }
 */
export function decodeAcknowledgement(
  message: NetlinkMessage,
  request?: Uint8Array,
  endian: Endian = hostEndian,
  layoutOf: (type: number) => RequestLayout | undefined = routeRequestLayout,
): Acknowledgement {
  const { body, flags, sequence, type } = message;
  const little = endian === 'little';
  if (type !== NLMSG_ERROR && type !== NLMSG_DONE) {
    throw wrongType('message', 'an NLMSG_ERROR or NLMSG_DONE message', type);
  }
  // libmnl's callers take an empty NLMSG_DONE, and so do we: it says nothing but the end.
  if (type === NLMSG_DONE && body.length === 0) return { errno: 0, sequence };
  if (body.length < 4) throw new MalformedError('Truncated error number', NLMSG_HDRLEN);
  const { view, start } = sourceOf(message, little);
  const result = view.getInt32(start, little);
  const acknowledgement: Mutable<Acknowledgement> = { errno: result < 0 ? -result : 0, sequence };

  let offset = 4;
  let repeated: Uint8Array | undefined;
  if (type === NLMSG_ERROR) {
    offset += NLMSG_HDRLEN;
    if (body.length < offset) throw new MalformedError('Truncated struct nlmsgerr', NLMSG_HDRLEN);
    if ((flags & NLM_F_CAPPED) === 0 && result !== 0) {
      const length = view.getUint32(start + 4, little);
      if (length < NLMSG_HDRLEN || length > body.length - 4) {
        throw new MalformedError(`Length ${length} of the repeated request`, NLMSG_HDRLEN + 4);
      }
      repeated = body.subarray(4, 4 + length);
      offset = 4 + length + (-length & 3);
    }
  }
  if ((flags & NLM_F_ACK_TLVS) !== 0) {
    readExtension(acknowledgement, attributesOf(message, Math.min(offset, body.length), endian));
    findAttributes(acknowledgement, request ?? repeated, little, layoutOf);
  }
  return acknowledgement;
}

function readExtension(
  acknowledgement: Mutable<Acknowledgement>,
  attributes: AttributeReader,
): void {
  const unknown: RawAttribute[] = [];
  while (attributes.next()) {
    switch (attributes.type) {
      case NLMSGERR_ATTR_MSG:
        acknowledgement.message = attributes.string();
        break;
      case NLMSGERR_ATTR_OFFS:
        acknowledgement.offset = attributes.u32();
        break;
      case NLMSGERR_ATTR_COOKIE:
        acknowledgement.cookie = attributes.bytes();
        break;
      case NLMSGERR_ATTR_POLICY:
        acknowledgement.policy = readPolicy(attributes.nest());
        break;
      case NLMSGERR_ATTR_MISS_TYPE:
        acknowledgement.missingType = attributes.u32();
        break;
      case NLMSGERR_ATTR_MISS_NEST:
        acknowledgement.missingNest = attributes.u32();
        break;
      default:
        unknown.push(attributes.raw());
    }
  }
  attributes.finish();
  if (unknown.length > 0) acknowledgement.unknown = unknown;
}

function findAttributes(
  acknowledgement: Mutable<Acknowledgement>,
  request: Uint8Array | undefined,
  little: boolean,
  layoutOf: (type: number) => RequestLayout | undefined,
): void {
  if (request === undefined || request.length < NLMSG_HDRLEN) return;
  const layout = layoutOf(viewOf(request).getUint16(4, little));
  if (layout === undefined) return;
  const { offset, missingType, missingNest } = acknowledgement;
  if (offset !== undefined) {
    const path = attributePath(request, offset, layout, little);
    if (path !== undefined) acknowledgement.attribute = path;
  }
  if (missingType !== undefined) {
    const path = missingPath(request, missingType, missingNest, layout, little);
    if (path !== undefined) acknowledgement.missingAttribute = path;
  }
}
