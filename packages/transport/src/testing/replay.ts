/**
 * The replay of recorded conversations: sockets that answer with what a real kernel answered.
 *
 * @module
 */

import { messages } from '@rtap/netlink';
import type {
  Datagram,
  NetlinkRequestTransport,
  NetlinkSubscriptionTransport,
} from '../netlink-transport.ts';
import { MemorySocketError } from './memory-socket.ts';
import { readRecording } from './recording.ts';
import type { RecordedLine } from './recording.ts';

const NLMSG_HDRLEN = 16;
const SEQUENCE_OFFSET = 8;

/** What replaying sockets have in common: they do nothing when asked to. */
abstract class ReplaySocket {
  abstract readonly portId: number;

  setOption(): boolean {
    return true;
  }

  joinGroup(): void {}

  leaveGroup(): void {}

  setReceiveBuffer(bytes: number): number {
    return bytes;
  }

  attachFilter(): void {}
}

interface Exchange {
  readonly request: Uint8Array;
  readonly answers: Datagram[];
}

/**
 * A request socket that replays a recording ({@link readRecording}).
 *
 * A request is answered with what followed the next one in the recording that is the same but for its
 * sequence number; the answers get the number of the request. Recorded requests that nobody asks for are
 * passed over, as are bytes behind a recorded message.
 *
 * @example
 * ```ts
 * import { NetlinkClient } from '@rtap/transport';
 * import { ReplayTransport } from '@rtap/transport/testing';
 *
 * // One request and its answer: RTM_GETLINK of an interface that isn't there, ENODEV.
 * const recording = [
 *   '{"ev":"bind","got_pid":77}',
 *   '{"ev":"tx","hex":"2000000012000100010000000000000000000000090000000000000000000000"}',
 *   '{"ev":"rx","from":{"nl_pid":0,"nl_groups":0},"msg_flags":0,"hex":"24000000020000010100' +
 *     '00004d000000edffffff200000001200010001000000' + '00000000"}',
 * ].join('\n');
 * const client = new NetlinkClient(new ReplayTransport(recording));
 * await client.getLink({ index: 9 }).catch((error) => console.log(error.code)); // ENODEV
 * await client.close();
 * ```
 */
export class ReplayTransport extends ReplaySocket implements NetlinkRequestTransport {
  readonly portId: number;
  readonly #exchanges: Exchange[] = [];
  readonly #queue: Datagram[] = [];
  readonly #waiting: { resolve: (next: Datagram) => void; reject: (error: unknown) => void }[] = [];
  #closed = false;

  /** Takes the lines of a recording. */
  constructor(recording: string) {
    super();
    let portId = 0;
    for (const line of readRecording(recording)) {
      if (line.kind === 'bound') portId = line.portId;
      else if (line.kind === 'sent') this.#exchanges.push({ request: line.bytes, answers: [] });
      else if (line.kind === 'received') this.#exchanges.at(-1)?.answers.push(line.datagram);
    }
    this.portId = portId;
  }

  /** How many recorded requests have been neither asked for nor passed over. */
  get left(): number {
    return this.#exchanges.length;
  }

  /** Finds the request in the recording. @throws Error (`ERR_RTAP_NOT_RECORDED`) when it isn't there. */
  send(bytes: Uint8Array): Promise<void> {
    if (this.#closed) return Promise.reject(new MemorySocketError('ERR_RTAP_CLOSED'));
    const position = this.#exchanges.findIndex(({ request }) => sameRequest(request, bytes));
    const exchange = this.#exchanges[position];
    if (exchange === undefined) {
      return Promise.reject(new MemorySocketError('ERR_RTAP_NOT_RECORDED'));
    }
    this.#exchanges.splice(0, position + 1);
    for (const answer of exchange.answers) {
      this.#queue.push({ ...answer, bytes: renumbered(answer.bytes, exchange.request, bytes) });
    }
    this.#serve();
    return Promise.resolve();
  }

  /** Waits for the next datagram. */
  receive(): Promise<Datagram> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(new MemorySocketError('ERR_RTAP_CLOSED'));
        return;
      }
      this.#waiting.push({ resolve, reject });
      this.#serve();
    });
  }

  /** Ends the replay. */
  close(): void {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) {
      reject(new MemorySocketError('ERR_RTAP_CLOSED'));
    }
  }

  #serve(): void {
    while (this.#queue.length > 0) {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) return;
      const next = this.#queue.shift();
      if (next !== undefined) waiting.resolve(next);
    }
  }
}

/** A subscription socket that replays a recording of events, as far as it is told to. */
export class ReplaySubscription extends ReplaySocket implements NetlinkSubscriptionTransport {
  readonly portId: number = 1;
  readonly #lines: RecordedLine[];
  readonly #queue: Datagram[] = [];
  #listener: (() => void) | undefined;
  #closed = false;

  /** Takes the lines of a recording. */
  constructor(recording: string) {
    super();
    this.#lines = [...readRecording(recording)];
  }

  /**
   * Plays the datagrams up to the next line that is none, such as what was true then.
   *
   * @returns that line, or undefined at the end of the recording.
   */
  play(): unknown {
    for (let line = this.#lines.shift(); line !== undefined; line = this.#lines.shift()) {
      if (line.kind === 'received') this.#queue.push(line.datagram);
      if (line.kind === 'other') {
        this.#listener?.();
        return line.line;
      }
    }
    this.#listener?.();
    return undefined;
  }

  /** Nobody answers. */
  send(): Promise<void> {
    return Promise.resolve();
  }

  /** Takes the next datagram that has been played. */
  receive(): Datagram | undefined {
    if (this.#closed) throw new MemorySocketError('ERR_RTAP_CLOSED');
    return this.#queue.shift();
  }

  /** Sets the listener: called by {@link ReplaySubscription.play}. */
  onReadable(listener: (() => void) | undefined): void {
    this.#listener = listener;
  }

  /** Does nothing: recorded datagrams are whole, or were truncated then. */
  growReceive(): void {}

  /** Does nothing: there is no handle. */
  ref(): void {}

  /** Does nothing: there is no handle. */
  unref(): void {}

  /** Ends the replay. */
  close(): void {
    this.#closed = true;
    this.#listener = undefined;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function sameRequest(recorded: Uint8Array, request: Uint8Array): boolean {
  if (recorded.length < request.length) return false;
  return request.every(
    (byte, at) => (at >= SEQUENCE_OFFSET && at < SEQUENCE_OFFSET + 4) || byte === recorded[at],
  );
}

/** The answer with the sequence number of the request that it is to answer now. */
function renumbered(answer: Uint8Array, recorded: Uint8Array, request: Uint8Array): Uint8Array {
  const bytes = answer.slice();
  for (const { body, sequence } of messages(bytes)) {
    const header = body.byteOffset - bytes.byteOffset - NLMSG_HDRLEN;
    const mine = sequence === hostU32(recorded, SEQUENCE_OFFSET);
    if (mine) bytes.set(request.subarray(8, 12), header + SEQUENCE_OFFSET);
  }
  return bytes;
}

function hostU32(bytes: Uint8Array, offset: number): number {
  const little = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  return viewOf(bytes).getUint32(offset, little);
}
