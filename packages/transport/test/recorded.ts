/**
 * Recorded requests of iproute2, and a kernel that does whatever it is asked.
 *
 * @module
 */

import { readFileSync } from 'node:fs';
import { NLM_F_DUMP, RTM_GETLINK, RTM_NEWLINK } from '@rtap/netlink';
import { encodeLink } from '@rtap/netlink/link';
import { NetlinkClient } from '@rtap/transport';
import { PORT, acknowledgement, datagram, done, scripted } from './scripted.ts';

const HEADER = 16;

interface Recorded {
  readonly case: string;
  readonly argv: readonly string[];
  readonly hex: string;
}

/** The requests of a file, by case, without the questions for interfaces that iproute2 asks in between. */
export function recorded(file: string): ReadonlyMap<string, readonly string[]> {
  const cases = new Map<string, string[]>();
  for (const line of readFileSync(new URL(`goldens/${file}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')) {
    const { case: name, hex } = JSON.parse(line) as Recorded;
    const requests = cases.get(name) ?? [];
    cases.set(name, requests);
    const bytes = Buffer.from(hex, 'hex');
    // Dumps have padding behind the message: the length of the header counts.
    const message = bytes.subarray(0, bytes.readUInt32LE(0));
    if (!isLookUp(message)) requests.push(withoutSequence(message));
  }
  return cases;
}

/** What a client sends, without its questions for interfaces. */
export async function sentBy(
  perform: (client: NetlinkClient) => Promise<unknown>,
): Promise<readonly string[]> {
  const socket = scripted((sequence, request) => {
    const [type, flags] = [
      Buffer.from(request).readUInt16LE(4),
      Buffer.from(request).readUInt16LE(6),
    ];
    if ((flags & NLM_F_DUMP) === NLM_F_DUMP && type % 4 === 2) return [datagram(done(sequence))];
    if (type !== RTM_GETLINK) return [datagram(acknowledgement(sequence))];
    const answer = encodeLink(RTM_NEWLINK, { index: 1 }, { flags: 0, sequence, portId: PORT });
    return [datagram(answer)];
  });
  const client = new NetlinkClient(socket);
  // A question that is answered by an acknowledgement has no answer.
  await perform(client).catch((error: unknown) => {
    if (Object(error).code !== 'ERR_RTAP_MALFORMED') throw error;
  });
  await client.close();
  return socket.sent
    .map((request) => Buffer.from(request))
    .filter((request) => !isLookUp(request))
    .map(withoutSequence);
}

/** RTM_GETLINK, and the empty RTM_NEWLINK by which iproute2 learns whether the kernel checks strictly. */
function isLookUp(request: Buffer): boolean {
  const type = request.readUInt16LE(4);
  const empty = request.length === 32 && request.subarray(HEADER).every((byte) => byte === 0);
  return type === RTM_GETLINK || (type === RTM_NEWLINK && empty);
}

function withoutSequence(request: Buffer): string {
  const hex = request.toString('hex');
  return `${hex.slice(0, 16)}........${hex.slice(24)}`;
}

/** An IPv4 or IPv6 address, or a MAC address, from its text. */
export function address(text: string): Uint8Array {
  if (/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(text)) {
    return Uint8Array.from(text.split(':'), (byte) => parseInt(byte, 16));
  }
  if (!text.includes(':')) return Uint8Array.from(text.split('.'), Number);
  const [head = '', tail] = text.split('::');
  const words = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((word) => parseInt(word, 16));
  const after = tail === undefined ? [] : words(tail);
  const zeros = 8 - words(head).length - after.length;
  const all = [...words(head), ...Array.from({ length: zeros }, () => 0), ...after];
  return Uint8Array.from(all.flatMap((word) => [word >> 8, word & 0xff]));
}

/** A prefix, as the destination of a route. */
export function to(text: string): { destination: Uint8Array; destinationLength: number } {
  const [prefix = '', length] = text.split('/');
  const destination = address(prefix);
  const whole = destination.length * 8;
  return { destination, destinationLength: length === undefined ? whole : Number(length) };
}
