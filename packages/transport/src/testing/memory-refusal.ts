/**
 * What the in-memory rtnetlink refuses with.
 *
 * @module
 */

import {
  MessageWriter,
  NLMSGERR_ATTR_MSG,
  NLMSG_ERROR,
  NLM_F_ACK_TLVS,
  NLM_F_CAPPED,
} from '@rtap/netlink';
import type { NetlinkMessage } from '@rtap/netlink';

/** Error numbers of Linux. */
const ERRNO = {
  EPERM: 1,
  ESRCH: 3,
  EEXIST: 17,
  ENODEV: 19,
  EINVAL: 22,
  ERANGE: 34,
  EOPNOTSUPP: 95,
  EADDRNOTAVAIL: 99,
  ENETDOWN: 100,
  ENETUNREACH: 101,
  EHOSTUNREACH: 113,
} as const;

/** Why a request was not carried out. */
export interface Refusal {
  /** The error number. */
  readonly errno: number;
  /** The kernel's words, where it has some. */
  readonly words?: string;
}

/** A request that was carried out. */
export const DONE: Refusal = { errno: 0 };

/** Makes one of the name of an error number. */
export function refusal(code: keyof typeof ERRNO, words?: string): Refusal {
  return { errno: ERRNO[code], ...(words !== undefined && { words }) };
}

/** The message that says what became of a request. */
export function acknowledgement(
  request: NetlinkMessage,
  portId: number,
  { errno, words }: Refusal,
): Uint8Array {
  const writer = new MessageWriter();
  const told = words === undefined ? 0 : NLM_F_ACK_TLVS;
  writer.begin(NLMSG_ERROR, NLM_F_CAPPED | told, request.sequence, portId);
  writer.i32(-errno);
  // Of the request the header alone comes back.
  writer.u32(16 + request.body.length);
  writer.u16(request.type);
  writer.u16(request.flags);
  writer.u32(request.sequence);
  writer.u32(portId);
  if (words !== undefined) writer.attributeString(NLMSGERR_ATTR_MSG, words);
  return writer.finish();
}
