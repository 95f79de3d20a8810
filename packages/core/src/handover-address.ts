/**
 * Where processes meet to hand queues over.
 *
 * @module
 */

import type { HandoverAddress } from '@rtap/native';
import { checkInteger, invalidArgumentType, outOfRange } from './argument.ts';

/** The largest number of a file. */
export const FD_MAX = 0x7f_ff_ff_ff;

/** Checks an address of which one part is given; undefined when none is. */
export function checkHandoverAddress(
  name: string,
  parts: { readonly path?: unknown; readonly abstract?: unknown; readonly socket?: unknown },
): HandoverAddress | undefined {
  const { path, abstract, socket } = parts;
  const given = Object.entries({ path, abstract, socket }).filter(([, part]) => part !== undefined);
  if (given.length > 1) {
    const names = given.map(([key]) => key).join(' and ');
    throw outOfRange(name, 'with one of path, abstract and socket', names);
  }
  if (path !== undefined) return { path: checkName(`${name}.path`, path) };
  if (abstract !== undefined) return { abstract: checkName(`${name}.abstract`, abstract) };
  if (socket !== undefined) return { fd: checkInteger(`${name}.socket`, socket, 0, FD_MAX) };
  return undefined;
}

/** Longest address of a Unix socket, in bytes (sockaddr_un, unix(7)). */
const LONGEST = 107;

function checkName(name: string, value: unknown): string {
  if (typeof value !== 'string') throw invalidArgumentType(name, 'of type string', value);
  const { length } = new TextEncoder().encode(value);
  if (length === 0 || length > LONGEST || value.includes('\0')) {
    throw outOfRange(name, `1 to ${LONGEST} bytes without NUL`, value);
  }
  return value;
}
