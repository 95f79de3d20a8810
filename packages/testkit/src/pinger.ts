/**
 * A pinger over a raw ICMP socket: for machines without `ping`, and for tests that want figures.
 *
 * @module
 */

import {
  buildIcmpEcho,
  buildIcmpv6Echo,
  formatIpAddress,
  parseIpAddress,
  readIcmpEcho,
  readIcmpv6Echo,
  readIpv4,
} from '@rtap/frames';
import { openIcmpSocket } from '@rtap/native';
import type { IcmpSocket, NetworkNamespaceOption } from '@rtap/native';
import { checkInteger, checkOptions, checkSignal, invalidType, outOfRange } from './argument.ts';

/** What {@link ping} takes. */
export interface PingOptions {
  /** Whom to ping, IPv4 or IPv6. */
  readonly address: string;
  /** The namespace to ping from; the process's own when left out. */
  readonly netns?: NetworkNamespaceOption;
  /** How many requests, 1 to 65,535; 3 when left out. */
  readonly count?: number;
  /** Milliseconds to wait for each reply, 1 to 2,147,483,647; 1,000 when left out. */
  readonly timeout?: number;
  /** Bytes of payload, 0 to 65,507; 56 when left out, as `ping` sends. */
  readonly size?: number;
  /** Ends it early. */
  readonly signal?: AbortSignal;
}

/** A request that was answered. */
export interface PingReply {
  /** Number of the request, from 1. */
  readonly sequence: number;
  /** Round-trip time. */
  readonly milliseconds: number;
}

/** What came of it. */
export interface PingResult {
  /** Whom. */
  readonly address: string;
  /** How many requests were sent. */
  readonly transmitted: number;
  /** The replies, in order. */
  readonly replies: readonly PingReply[];
}

/** The largest sequence number, which has 16 bits. */
const SEQUENCE_MAX = 0xffff;

/** The longest time of a timer. */
const TIMEOUT_MAX = 2 ** 31 - 1;

/** What an IPv4 packet can carry behind its own header and that of ICMP. */
const SIZE_MAX = 65_535 - 20 - 8;

let lastIdentifier = process.pid & 0xffff;

/**
 * Pings an address: one request at a time, the next when the reply is there or its time is up.
 *
 * Needs CAP_NET_RAW in the namespace.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE` before anything is done; what
 *   opening the socket throws; code `ENETUNREACH` when there is no route; the signal's reason.
 *
 * @example
 * ```ts
 * import { ping } from '@rtap/testkit';
 *
 * const { replies } = await ping({ address: '127.0.0.1' });
 * console.log(replies.length); // 3
 * ```
 */
export async function ping(options: PingOptions): Promise<PingResult> {
  checkOptions('options', options);
  const { address, netns, signal, count = 3, timeout = 1000, size = 56 } = options;
  const bytes = parseAddress(address);
  const family = bytes.length === 4 ? 4 : 6;
  checkInteger('options.count', count, 1, SEQUENCE_MAX);
  checkInteger('options.timeout', timeout, 1, TIMEOUT_MAX);
  checkInteger('options.size', size, 0, SIZE_MAX);
  checkSignal(signal);
  lastIdentifier = (lastIdentifier + 1) & 0xffff;
  const identifier = lastIdentifier;
  const payload = new Uint8Array(size);
  const socket = await openIcmpSocket({ family, ...(netns === undefined ? {} : { netns }) });
  const replies: PingReply[] = [];
  let transmitted = 0;
  try {
    for (let sequence = 1; sequence <= count; sequence += 1) {
      signal?.throwIfAborted();
      const fields = { type: 'request', identifier, sequence, payload } as const;
      // The kernel fills in the checksum of ICMPv6: it knows the source address.
      const any = new Uint8Array(16);
      const message =
        family === 4
          ? buildIcmpEcho(fields)
          : buildIcmpv6Echo({ ...fields, source: any, destination: any });
      const begin = performance.now();
      socket.send(message, address);
      transmitted += 1;
      const matches = (received: Received): boolean => {
        return received.identifier === identifier && received.sequence === sequence;
      };
      if (await waitFor(socket, family, matches, timeout, signal)) {
        replies.push({ sequence, milliseconds: performance.now() - begin });
      }
    }
  } finally {
    socket.close();
  }
  return { address: formatIpAddress(bytes), transmitted, replies };
}

interface Received {
  readonly identifier: number;
  readonly sequence: number;
}

/** Waits for the reply; false when it doesn't come in time. */
async function waitFor(
  socket: IcmpSocket,
  family: 4 | 6,
  matches: (received: Received) => boolean,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  try {
    return await new Promise<boolean>((resolve, reject) => {
      timer = setTimeout(() => resolve(false), timeout);
      onAbort = () => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      socket.onReadable(() => {
        for (;;) {
          const datagram = socket.receive();
          if (datagram === undefined) return;
          const reply = readReply(datagram.bytes, family);
          if (reply !== undefined && matches(reply)) resolve(true);
        }
      });
    });
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
    socket.onReadable(undefined);
  }
}

function readReply(bytes: Uint8Array, family: 4 | 6): Received | undefined {
  // An IPv4 raw socket gives the IP header too.
  const packet = family === 4 ? readIpv4(bytes) : undefined;
  const echo =
    family === 6
      ? readIcmpv6Echo(bytes)
      : packet && readIcmpEcho(bytes, packet.payloadOffset, packet.payloadLength);
  return echo?.type === 'reply' ? echo : undefined;
}

function parseAddress(address: unknown): Uint8Array {
  if (typeof address !== 'string') throw invalidType('options.address', 'of type string', address);
  try {
    return parseIpAddress(address);
  } catch {
    throw outOfRange('options.address', 'an IPv4 or IPv6 address', address);
  }
}
