/**
 * The contender's side of the protocol that ../../README.md describes, for those in JavaScript.
 *
 * Plain JavaScript, as the contenders also run on Node 20, which knows no types.
 *
 * @module
 */

import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * What a contender got out of a link: what the digest is made of.
 * @typedef {object} Facts
 * @property {number} index of the link
 * @property {number} mtu its MTU
 * @property {string} name its name
 * @property {bigint} rxBytes of its counters
 */

/**
 * Reads the dump that the command line names.
 * @returns {Buffer}
 */
export function readDump() {
  const [, , file = ''] = process.argv;
  return readFileSync(file);
}

/**
 * Prints the digest, then times what it is asked to time, to the end of the input.
 * @param {() => void} pass decodes the whole dump once; all its results must live until the next pass
 * @param {Iterable<Facts>} facts of the results of one pass
 */
export async function compete(pass, facts) {
  pass();
  process.stdout.write(`${digest(facts)}\n`);
  for await (const line of createInterface(process.stdin)) {
    const [samples = 0, passes = 0] = line.split(' ').map(Number);
    const times = [];
    for (let sample = 0; sample < samples; sample += 1) {
      const start = process.hrtime.bigint();
      for (let count = 0; count < passes; count += 1) pass();
      times.push(process.hrtime.bigint() - start);
    }
    process.stdout.write(`${times.join(' ')}\n`);
  }
}

/**
 * Count, sum of the indexes, sum of the MTUs, FNV-1a of the names each with a NUL, sum of rx_bytes.
 * @param {Iterable<Facts>} facts
 */
function digest(facts) {
  let count = 0;
  let indexes = 0;
  let mtus = 0;
  let received = 0n;
  let hash = 2_166_136_261;
  for (const { index, mtu, name, rxBytes } of facts) {
    count += 1;
    indexes += index;
    mtus += mtu;
    received += rxBytes;
    for (const byte of Buffer.from(`${name}\0`)) hash = Math.imul(hash ^ byte, 16_777_619) >>> 0;
  }
  return `${count} ${indexes} ${mtus} ${hash.toString(16).padStart(8, '0')} ${received}`;
}
