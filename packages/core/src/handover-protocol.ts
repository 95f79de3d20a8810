/**
 * What two processes say to each other when queues go from one to the other: docs/handover.md.
 *
 * @module
 */

import { RtapError } from './errors.ts';

/** The version of the protocol. */
const HANDOVER_VERSION = 1;

/** The longest message, in bytes. */
const MESSAGE_BYTES: number = 64 * 1024;
/** Files that come with an offer besides those of queues: a network namespace and two sockets. */
export const COMPANION_FILES = 3;

const MAX_QUEUES = 128;
const INDEX_MAX = 0x7f_ff_ff_ff;
const FLAGS_MAX = 0xff_ff_ff_ff;

/** What a process asks for. */
export interface HandoverRequest {
  /** How many queues; undefined: all that are free. */
  readonly queues: number | undefined;
}

/** What a process offers, with its files. */
export interface HandoverOffer {
  /** The interface, as whoever shares it knows it. */
  readonly interface: {
    /** Its name. */
    readonly name: string;
    /** Its number in its network namespace. */
    readonly index: number;
    /** The inode of that. */
    readonly namespace: number;
  };
  /** Which queues of the sharer's they are. */
  readonly queues: readonly number[];
  /** What the kernel may leave undone in frames to the device: flags of TUNSETOFFLOAD. */
  readonly offloads: number;
  /** How long the virtio-net header before each frame is, in bytes. */
  readonly header: number;
}

/** Why a process is given nothing. */
export interface HandoverRefusal {
  /** `EACCES`, `EBUSY`, `ERR_RTAP_PROTOCOL`, or the code of what failed. */
  readonly code: string;
  /** The same in words. */
  readonly message: string;
}

/** A message of this version. */
export function encodeMessage(
  message: { readonly queues?: number } | HandoverOffer | { readonly error: HandoverRefusal },
): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ rtap: HANDOVER_VERSION, ...message }));
}

/**
 * Reads a request.
 *
 * @throws RtapError `ERR_RTAP_PROTOCOL`.
 */
export function decodeRequest(bytes: Uint8Array): HandoverRequest {
  const { queues } = decode(bytes);
  if (queues === undefined) return { queues };
  return { queues: integer('queues', queues, 1, MAX_QUEUES) };
}

/**
 * Reads the answer to a request.
 *
 * @throws RtapError `ERR_RTAP_PROTOCOL`, or with the code of a refusal.
 */
export function decodeOffer(bytes: Uint8Array): HandoverOffer {
  const { interface: about, queues, offloads, header, error } = decode(bytes);
  if (error !== undefined) throw refusalOf(object('error', error));
  const { name, index, namespace } = object('interface', about);
  if (typeof name !== 'string' || name === '' || name.length > 15) {
    throw malformed('interface.name is not a name of 1 to 15 characters');
  }
  if (!Array.isArray(queues) || queues.length === 0 || queues.length > MAX_QUEUES) {
    throw malformed(`queues is not a list of 1 to ${MAX_QUEUES}`);
  }
  return {
    interface: {
      name,
      index: integer('interface.index', index, 1, INDEX_MAX),
      namespace: integer('interface.namespace', namespace, 1, Number.MAX_SAFE_INTEGER),
    },
    queues: queues.map((queue) => integer('queues', queue, 0, MAX_QUEUES - 1)),
    offloads: integer('offloads', offloads, 0, FLAGS_MAX),
    header: integer('header', header, 0, 64),
  };
}

function decode(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  if (bytes.length > MESSAGE_BYTES) throw malformed(`it has more than ${MESSAGE_BYTES} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw malformed('it is no JSON', error);
  }
  const message = object('the message', value);
  if (message['rtap'] === HANDOVER_VERSION) return message;
  throw malformed(
    `it is of version ${JSON.stringify(message['rtap']) ?? 'none'}, and this is ${HANDOVER_VERSION}`,
  );
}

function object(name: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(`${name} is no object`);
  }
  return { ...value };
}

function integer(name: string, value: unknown, least: number, greatest: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= greatest) {
    return value;
  }
  throw malformed(`${name} is no integer from ${least} to ${greatest}`);
}

function refusalOf({ code, message }: Readonly<Record<string, unknown>>): RtapError {
  if (typeof code !== 'string' || !/^[A-Z][A-Z0-9_]{0,39}$/u.test(code)) {
    throw malformed('error.code is no code');
  }
  const words = typeof message === 'string' ? message.slice(0, 500) : 'no reason given';
  return new RtapError(code, `the process that shares the device refuses: ${words}`, {
    hint: HINTS[code],
  });
}

const HINTS: Readonly<Record<string, string>> = {
  EACCES: 'it names who may attach by allow: its own user and root, when nothing is said',
  EBUSY: 'all its queues are with other processes: wait until one ends, or ask for fewer',
};

/** What is said of a message that is none of this protocol. */
export function malformed(why: string, cause?: unknown): RtapError {
  return new RtapError('ERR_RTAP_PROTOCOL', `a message of the other process is refused: ${why}`, {
    hint: 'both sides have to speak the protocol of docs/handover.md, in the same version',
    cause,
  });
}
