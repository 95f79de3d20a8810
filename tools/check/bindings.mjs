/**
 * The addon's crate only converts: every `unsafe` stands in rtap-io.
 * @module
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Looks for the word `unsafe` in the code of crates/rtap-napi. The compiler's `forbid(unsafe_code)` cannot be
 * used: what the napi macros write is unsafe.
 * @param {string} root
 * @returns {string[]} one line a finding
 */
export function checkBindings(root) {
  const folder = join(root, 'crates/rtap-napi/src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.rs'))
    .flatMap((name) =>
      findUnsafe(readFileSync(join(folder, name), 'utf8')).map(
        (line) => `crates/rtap-napi/src/${name}:${line}: unsafe belongs into crates/rtap-io`,
      ),
    );
}

/**
 * The numbers of the lines that hold the keyword, those of comments and strings aside.
 * @param {string} source
 * @returns {number[]}
 */
export function findUnsafe(source) {
  // Comments and strings become blanks; line breaks stay, for the line numbers.
  const code = source.replaceAll(/\/\/.*|\/\*[^]*?\*\/|"(?:[^"\\]|\\[^])*"/g, (text) =>
    text.replaceAll(/[^\n]/g, ' '),
  );
  return code.split('\n').flatMap((line, index) => (/\bunsafe\b/.test(line) ? [index + 1] : []));
}
