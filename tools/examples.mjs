/**
 * The examples in docstrings and the code in Markdown: what stands behind `@example` or in a fenced block, and what
 * each says that it prints.
 * @module
 */

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { capture } from './run/process.mjs';

/**
 * @typedef {object} Example
 * @property {string} name file and number, for people
 * @property {string} code as a user would paste it
 * @property {'ts' | 'mjs'} extension of the file that it is run from
 * @property {readonly string[]} prints what is written, as the comments behind `console.log` say
 * @property {boolean} complete whether every `console.log` says what it prints
 * @property {boolean} privileged whether it opens devices or sockets of the real kernel
 */

/**
 * All examples of the packages' sources.
 * @param {string} root
 * @returns {Example[]}
 */
export function examples(root) {
  const packages = join(root, 'packages');
  return readdirSync(packages).flatMap((folder) =>
    readdirSync(join(packages, folder, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
      .toSorted()
      .flatMap((file) => {
        const text = readFileSync(join(packages, folder, 'src', file), 'utf8');
        return examplesOf(text, `${folder}/src/${file}`);
      }),
  );
}

/**
 * The examples of one source file.
 * @param {string} text
 * @param {string} name
 * @returns {Example[]}
 */
export function examplesOf(text, name) {
  const comments = [...text.matchAll(/\/\*\*(.*?)\*\//gs)].map(([, comment = '']) =>
    comment.replaceAll(/^[ \t]*\* ?/gm, ''),
  );
  const codes = comments.flatMap((comment) =>
    [...comment.matchAll(/^@example[ \t]*\n(.*?)(?=^@\w|(?![\s\S]))/gms)].map(([, code = '']) =>
      code.replaceAll(/^```\w*\n?/gm, '').trim(),
    ),
  );
  return codes.map((code, index) => exampleOf(`${name} ${index + 1}`, `${code}\n`, 'mjs'));
}

/**
 * The fenced blocks of a Markdown text.
 * @param {string} markdown
 * @returns {{ language: string, code: string }[]}
 */
export function blocksOf(markdown) {
  return [...markdown.matchAll(/^( *)```(\w+)\n(.*?)^\1```$/gms)].map(
    ([, , language = '', code = '']) => ({ language, code }),
  );
}

/**
 * The programs of a Markdown text.
 * @param {string} markdown
 * @param {string} name
 * @returns {Example[]}
 */
export function programsOf(markdown, name) {
  return blocksOf(markdown)
    .filter(({ language }) => language === 'ts' || language === 'js')
    .map(({ language, code }, index) =>
      exampleOf(`${name} ${index + 1}`, code, language === 'ts' ? 'ts' : 'mjs'),
    );
}

/**
 * @param {string} name
 * @param {string} code
 * @param {Example['extension']} extension
 * @returns {Example}
 */
function exampleOf(name, code, extension) {
  const calls = code.split('\n').filter((line) => line.includes('console.log('));
  const prints = calls.flatMap((line) => / \/\/ (.*)$/.exec(line)?.[1] ?? []);
  return {
    name,
    code,
    extension,
    prints,
    complete: prints.length === calls.length,
    privileged:
      /\b(?:openTap|ping|createTopology|createTestNamespace)\(|NetworkNamespace\.|NetlinkClient\.open/.test(
        code,
      ),
  };
}

/**
 * What is wrong with what an example wrote; nothing when it is as it says.
 * @param {Example} example
 * @param {string} output
 * @returns {string | undefined}
 */
export function judge({ prints, complete }, output) {
  const lines = output.split('\n').slice(0, -1);
  if (complete) {
    const wanted = prints.join('\n');
    return lines.join('\n') === wanted ? undefined : `wanted:\n${wanted}\nwrote:\n${output}`;
  }
  const missing = prints.find((line) => !lines.includes(line));
  return missing === undefined ? undefined : `wanted a line '${missing}', wrote:\n${output}`;
}

/** Runs with the loopback up, as it is on every machine. */
const inOwnNamespace = 'ip link set lo up; exec "$0" "$1"';

/**
 * Runs an example in a folder from which its imports are found; one that is privileged in a network namespace of
 * its own, which needs root.
 * @param {string} node
 * @param {Example} example
 * @param {string} folder
 * @returns {string | undefined} what is wrong
 */
export function runExample(node, example, folder) {
  const file = `example.${example.extension}`;
  writeFileSync(join(folder, file), example.code);
  const place = { cwd: folder, env: process.env };
  const { code, stdout, stderr, error } = example.privileged
    ? capture('unshare', ['--net', 'sh', '-c', inOwnNamespace, node, file], place)
    : capture(node, [file], place);
  if (code === 0) return judge(example, stdout);
  return `ended with code ${code}: ${stderr}${error?.message ?? ''}`;
}
