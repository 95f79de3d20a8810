/**
 * The conversations that were recorded for the tests of `@rtap/netlink`.
 *
 * @module
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

import { messages, type NetlinkMessage } from '../../packages/netlink/src/index.ts';
import { kindOf, type FamilyCodec } from './family-codec.ts';

const folder = join(import.meta.dirname, '../../packages/netlink/test/goldens');

/** A request, and the datagrams that answered it. */
export interface Conversation {
  readonly name: string;
  readonly sent: Uint8Array | undefined;
  readonly received: readonly Uint8Array[];
}

/** All of them, by the names of their files. */
export function conversations(): Conversation[] {
  return readdirSync(folder)
    .toSorted()
    .flatMap((file) => {
      const bytes = readFileSync(join(folder, file));
      if (file.endsWith('.messages.br')) {
        const received = [new Uint8Array(brotliDecompressSync(bytes))];
        return [{ name: file.replace('.messages.br', ''), sent: undefined, received }];
      }
      if (!file.endsWith('.json')) return [];
      const parsed: unknown = JSON.parse(bytes.toString());
      const steps: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
      return steps.map((step) => ({
        name: file.replace('.json', ''),
        sent: fromHex(valueOf(step, 'sent'))[0],
        received: fromHex(valueOf(step, 'received')),
      }));
    });
}

/** The different messages of a family. */
export function recordedMessages(codec: FamilyCodec): NetlinkMessage[] {
  const { file, messages: types } = codec.table;
  // Types of generic netlink are given as families are loaded: which is which is in the names.
  const isOwn = ({ name }: Conversation): boolean =>
    types.generic === true
      ? name.startsWith(file.replaceAll('-', '_')) ||
        (file === 'generic-family' && name.startsWith('genl_'))
      : !/^(?:genl|ethtool|devlink)_/.test(name);
  const found = new Map<string, NetlinkMessage>();
  for (const one of conversations().filter(isOwn)) {
    for (const datagram of [one.sent ?? new Uint8Array(), ...one.received]) {
      for (const message of messages(datagram, 'little')) {
        const isRequest = (message.flags & 1) !== 0;
        if (types.generic === true && isRequest !== (datagram === one.sent)) continue;
        if (message.type < 0x10 || kindOf(codec, message) === undefined) continue;
        found.set(`${message.type} ${Buffer.from(message.body).toString('hex')}`, message);
      }
    }
  }
  return [...found.values()];
}

function valueOf(object: unknown, name: string): unknown {
  if (typeof object !== 'object' || object === null) return undefined;
  return new Map<string, unknown>(Object.entries(object)).get(name);
}

function fromHex(value: unknown): Uint8Array[] {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  return all
    .filter((hex) => typeof hex === 'string')
    .map((hex) => new Uint8Array(Buffer.from(hex, 'hex')));
}
