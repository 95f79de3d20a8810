/**
 * Recorded netlink conversations: JSON lines of what went through a socket.
 *
 * @module
 */

import type { Datagram } from '../netlink-transport.ts';

/** MSG_TRUNC (linux/socket.h). */
const MSG_TRUNC = 0x20;

/** A line of a recording. */
export type RecordedLine =
  /** A request that was sent. */
  | { readonly kind: 'sent'; readonly bytes: Uint8Array }
  /** A datagram that was received. */
  | { readonly kind: 'received'; readonly datagram: Datagram }
  /** The socket's port. */
  | { readonly kind: 'bound'; readonly portId: number }
  /** Anything else, such as what was done, or what was true then. */
  | { readonly kind: 'other'; readonly line: unknown };

/**
 * Reads a recording: a JSON object a line.
 *
 * `{"ev":"bind","got_pid"}` tells the port, `{"ev":"tx","hex"}` a request, `{"ev":"rx","hex","msg_flags",
 * "from":{"nl_pid","nl_groups"}}` a datagram (those with `"peek":true` are left out), and `{"from_pid",
 * "from_groups","msg_flags","hex"}` one of a subscriber.
 */
export function readRecording(recording: string): readonly RecordedLine[] {
  return recording
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => readLine(JSON.parse(line)))
    .filter((line) => line !== undefined);
}

function readLine(line: unknown): RecordedLine | undefined {
  const bytes = text(line, 'hex');
  const event = text(line, 'ev');
  if (event === 'bind') return { kind: 'bound', portId: number(line, 'got_pid') };
  if (event === 'tx' && bytes !== undefined) return { kind: 'sent', bytes: fromHex(bytes) };
  if (event === 'rx') {
    if (bytes === undefined || field(line, 'peek') === true) return undefined;
    const sender = field(line, 'from');
    return received(line, bytes, number(sender, 'nl_pid'), number(sender, 'nl_groups'));
  }
  if (event === undefined && bytes !== undefined) {
    return received(line, bytes, number(line, 'from_pid'), number(line, 'from_groups'));
  }
  return event === undefined ? { kind: 'other', line } : undefined;
}

function received(line: unknown, hex: string, portId: number, groups: number): RecordedLine {
  const truncated = (number(line, 'msg_flags') & MSG_TRUNC) !== 0;
  return { kind: 'received', datagram: { bytes: fromHex(hex), portId, groups, truncated } };
}

function field(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
}

function text(of: unknown, name: string): string | undefined {
  const value = field(of, name);
  return typeof value === 'string' ? value : undefined;
}

function number(of: unknown, name: string): number {
  const value = field(of, name);
  return typeof value === 'number' ? value : 0;
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
