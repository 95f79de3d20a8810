/**
 * Every different message of a family, requests and answers, in a file a family.
 *
 * @module
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

/** Message types of NETLINK_ROUTE by file. */
const FAMILIES = {
  link: [16, 17, 18, 19, 108, 109],
  address: [20, 21, 22],
  route: [24, 25, 26],
  neighbour: [28, 29, 30],
  rule: [32, 33, 34],
  tc: [36, 37, 38, 40, 41, 42, 44, 45, 46, 100, 101, 102],
  'tc-action': [48, 49, 50],
  'netns-id': [88, 89, 90],
  stats: [92],
  'stats-query': [94, 95],
  nexthop: [104, 105, 106, 116, 117, 118],
};

export class Corpus {
  /** By family: messages in hexadecimal, with their sequence numbers and ports as 0. */
  #found = new Map(Object.keys(FAMILIES).map((name) => [name, new Set()]));

  /** Takes what is new in a datagram. */
  add(hex) {
    const bytes = Buffer.from(hex, 'hex');
    for (let at = 0; at + 16 <= bytes.length;) {
      const length = bytes.readUInt32LE(at);
      if (length < 16 || at + length > bytes.length) return;
      const message = bytes.subarray(at, at + length);
      const type = message.readUInt16LE(4);
      const family = Object.keys(FAMILIES).find((name) => FAMILIES[name].includes(type));
      if (family !== undefined) {
        message.fill(0, 8, 16);
        this.#found.get(family).add(message.toString('hex'));
      }
      at += (length + 3) & ~3;
    }
  }

  /** Hands what was found to another process: see {@link Corpus.read}. */
  save(file) {
    writeFileSync(file, [...this.#found.values()].flatMap((messages) => [...messages]).join('\n'));
  }

  read(file) {
    for (const hex of readFileSync(file, 'utf8').split('\n')) this.add(hex);
  }

  /** Writes `FAMILY.messages.br`: the messages one behind the other, compressed. */
  write(folder) {
    for (const [name, messages] of this.#found) {
      const bytes = Buffer.concat(
        [...messages].flatMap((hex) => {
          const message = Buffer.from(hex, 'hex');
          return [message, Buffer.alloc(-message.length & 3)];
        }),
      );
      const packed = brotliCompressSync(bytes, {
        params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
      });
      writeFileSync(join(folder, `${name}.messages.br`), packed);
      console.log(`${name}: ${messages.size} messages, ${bytes.length} -> ${packed.length} bytes`);
    }
  }
}
