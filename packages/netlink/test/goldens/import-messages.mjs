/**
 * Collects every different message of a family from recorded conversations, requests and answers,
 * into one file a family: see README.md beside it.
 *
 * usage: node import-messages.mjs CAPTURES
 */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const captures = process.argv[2];
if (captures === undefined) throw new Error('usage: node import-messages.mjs CAPTURES');

/** Message types by file. */
const FAMILIES = { link: [16, 17, 18, 19, 108, 109], address: [20, 21, 22] };
const NETLINK_ROUTE = 0;

const files = [
  ...readdirSync(join(captures, 'cases')).map((name) => join(captures, 'cases', name, 'raw.jsonl')),
  ...readdirSync(join(captures, 'events')).map((name) => join(captures, 'events', name)),
];
/** By family: by what tells a message apart, the message with its sequence number and port as 0. */
const found = new Map(Object.keys(FAMILIES).map((name) => [name, new Map()]));
for (const file of files) {
  const protocols = new Map();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line === '') continue;
    const record = JSON.parse(line);
    if (record.ev === 'socket') protocols.set(record.fd, record.proto);
    if (record.hex === undefined || record.ev === 'setsockopt') continue;
    if ((protocols.get(record.fd) ?? NETLINK_ROUTE) === NETLINK_ROUTE) collect(record.hex);
  }
}

function collect(hex) {
  const bytes = Buffer.from(hex, 'hex');
  for (let at = 0; at + 16 <= bytes.length;) {
    const length = bytes.readUInt32LE(at);
    if (length < 16 || at + length > bytes.length) return;
    const message = bytes.subarray(at, at + length);
    const type = message.readUInt16LE(4);
    const family = Object.keys(FAMILIES).find((name) => FAMILIES[name].includes(type));
    if (family !== undefined) {
      message.fill(0, 8, 16);
      found.get(family).set(message.toString('hex'), message);
    }
    at += (length + 3) & ~3;
  }
}

for (const [name, messages] of found) {
  const padded = [...messages.values()].flatMap((message) => [
    message,
    Buffer.alloc(-message.length & 3),
  ]);
  const bytes = Buffer.concat(padded);
  const packed = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
  });
  writeFileSync(join(import.meta.dirname, `${name}.messages.br`), packed);
  console.log(name, messages.size, 'messages', bytes.length, '->', packed.length, 'bytes');
}
