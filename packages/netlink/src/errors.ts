/**
 * The two errors of this package: bytes that are not netlink, and what the kernel refused.
 *
 * @module
 */

import type { Acknowledgement } from './ack.ts';
import { errnoMessage, errnoName } from './errno.ts';

/**
 * Thrown when bytes are not what they should be.
 *
 * `offset` says where: counted from the start of the datagram in {@link messages}, from the start
 * of the message (its 16-byte header included, as the kernel counts in its extended
 * acknowledgements) in the decoders of messages, and from the start of the given bytes in an
 * {@link AttributeReader} of one's own.
 */
export class MalformedError extends Error {
  /** Always `ERR_RTAP_MALFORMED`. */
  readonly code = 'ERR_RTAP_MALFORMED';
  /** Where the bytes are wrong. */
  readonly offset: number;

  /** Makes one: `message` says what is wrong, `offset` where. */
  constructor(message: string, offset: number) {
    super(`${message} at offset ${offset}`);
    this.name = 'MalformedError';
    this.offset = offset;
  }
}

/** What the kernel said beyond the error number. */
export interface ExtendedAcknowledgement {
  /** The reason in words. */
  readonly message?: string;
  /** The attribute at fault, as a path such as `linkinfo.kind`. */
  readonly attribute?: string;
  /** Its offset in the request, from the start of the request's header. */
  readonly offset?: number;
}

/** What the sender of a request knows about it: see {@link NetlinkError}. */
export interface NetlinkErrorOptions {
  /** The request, such as `RTM_NEWLINK`. */
  readonly syscall: string;
  /** The interface that the request was about. */
  readonly interface?: string | undefined;
  /** What to do about it. Default: one for EPERM, none else. */
  readonly hint?: string | undefined;
}

/**
 * Thrown when the kernel refuses a request, with the fields of node:fs errors and the kernel's words.
 *
 * @example
 * import { NetlinkError } from '@rtap/netlink';
 *
 * const error = new NetlinkError(
 *   { errno: 22, sequence: 1, message: 'mtu greater than device maximum' },
 *   { syscall: 'RTM_NEWLINK', interface: 'tap0' },
 * );
 * console.log(error.message); // EINVAL: mtu greater than device maximum, RTM_NEWLINK 'tap0'
 * console.log(error.code, error.errno); // EINVAL -22
 */
export class NetlinkError extends Error {
  /** Name of the error number, such as `EINVAL`. */
  readonly code: string;
  /** The error number, negative as in node:fs. */
  readonly errno: number;
  /** The request, such as `RTM_NEWLINK`. */
  readonly syscall: string;
  /** The interface that the request was about. */
  declare readonly interface?: string;
  /** What the kernel said beyond the number. */
  declare readonly extack?: ExtendedAcknowledgement;
  /** What to do about it. */
  declare readonly hint?: string;

  /** Makes one of the acknowledgement that refused the request. */
  constructor(acknowledgement: Acknowledgement, options: NetlinkErrorOptions) {
    const { errno, message, attribute, offset } = acknowledgement;
    const code = errnoName(errno);
    const what = message ?? errnoMessage(errno);
    const where = attribute === undefined ? '' : ` (${attribute})`;
    const whose = options.interface === undefined ? '' : ` '${options.interface}'`;
    super(`${code}: ${what}${where}, ${options.syscall}${whose}`);
    this.name = 'NetlinkError';
    this.code = code;
    this.errno = -Math.abs(errno);
    this.syscall = options.syscall;
    if (options.interface !== undefined) this.interface = options.interface;
    if (message !== undefined || attribute !== undefined || offset !== undefined) {
      this.extack = {
        ...(message !== undefined && { message }),
        ...(attribute !== undefined && { attribute }),
        ...(offset !== undefined && { offset }),
      };
    }
    const hint = options.hint ?? (code === 'EPERM' ? NEEDS_CAPABILITY : undefined);
    if (hint !== undefined) this.hint = hint;
  }
}

const NEEDS_CAPABILITY =
  'CAP_NET_ADMIN is needed in the user namespace that owns the network namespace: run as root, or in a network namespace of your own';
