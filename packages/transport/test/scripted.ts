/**
 * Sockets whose answers a test writes itself.
 *
 * @module
 */

import {
  MessageWriter,
  NLMSG_DONE,
  NLMSG_ERROR,
  NLM_F_CAPPED,
  NLM_F_MULTI,
  RTM_NEWLINK,
} from '@rtap/netlink';
import type { Datagram, NetlinkOption, NetlinkRequestTransport } from '@rtap/transport';

export const PORT = 99;

/** What a test sees of a scripted socket. */
export interface Scripted extends NetlinkRequestTransport {
  /** The requests, as they were sent. */
  readonly sent: Uint8Array[];
  /** Options in force. */
  readonly options: Set<NetlinkOption>;
  /** How often `receive` was called. */
  readonly received: () => number;
  /** Adds to what is to be received; an Error is thrown. */
  readonly push: (...answers: readonly (Datagram | Error)[]) => void;
  readonly grown: number[];
}

/** A socket whose answers are made by `answer`, for each request by its bytes. */
export function scripted(
  answer: (sequence: number, request: Uint8Array) => readonly (Datagram | Error)[],
  changes: Partial<NetlinkRequestTransport> = {},
): Scripted {
  const queue: (Datagram | Error)[] = [];
  const waiting: ((next: Datagram | Error) => void)[] = [];
  const sent: Uint8Array[] = [];
  const grown: number[] = [];
  const options = new Set<NetlinkOption>();
  let receives = 0;
  const push = (...answers: readonly (Datagram | Error)[]): void => {
    for (const next of answers) {
      const waiter = waiting.shift();
      if (waiter === undefined) queue.push(next);
      else waiter(next);
    }
  };
  return {
    portId: PORT,
    sent,
    options,
    grown,
    received: () => receives,
    push,
    setOption: (option: NetlinkOption, enabled: boolean) => {
      if (enabled) options.add(option);
      else options.delete(option);
      return true;
    },
    joinGroup: () => undefined,
    leaveGroup: () => undefined,
    setReceiveBuffer: (bytes: number) => bytes,
    attachFilter: () => undefined,
    close: () => undefined,
    send: (bytes: Uint8Array) => {
      sent.push(bytes);
      push(...answer(sequenceOf(bytes), bytes));
      return Promise.resolve();
    },
    receive: async (): Promise<Datagram> => {
      receives += 1;
      const next =
        queue.shift() ?? (await new Promise<Datagram | Error>((resolve) => waiting.push(resolve)));
      if (next instanceof Error) throw next;
      return next;
    },
    growReceive: (size: number) => {
      grown.push(size);
    },
    ...changes,
  };
}

function sequenceOf(request: Uint8Array): number {
  return new DataView(request.buffer, request.byteOffset).getUint32(8, true);
}

export function datagram(bytes: Uint8Array, changes: Partial<Datagram> = {}): Datagram {
  return { bytes, portId: 0, groups: 0, truncated: false, ...changes };
}

/** Several messages in one datagram. */
export function together(...parts: readonly Uint8Array[]): Datagram {
  return datagram(Uint8Array.from(parts.flatMap((part) => [...part])));
}

export function acknowledgement(sequence: number, portId: number = PORT, errno = 0): Uint8Array {
  const writer = new MessageWriter();
  writer.begin(NLMSG_ERROR, NLM_F_CAPPED, sequence, portId);
  writer.i32(-errno);
  writer.u32(16).u16(RTM_NEWLINK).u16(5).u32(sequence).u32(portId);
  return writer.finish();
}

export function done(sequence: number, flags = 0, errno = 0): Uint8Array {
  return new MessageWriter()
    .begin(NLMSG_DONE, NLM_F_MULTI | flags, sequence, PORT)
    .i32(-errno)
    .finish();
}
