/**
 * Looks at all of a decoded value, also at what is read late, and counts.
 *
 * @module
 */

import { attempt, Violation } from './violation.ts';

/** Errors count from the header of the message on. */
const HEADER = 16;

/** Longer messages are read once: there are many of them. */
const TWICE_UP_TO = 512;

/** How much there is. */
export interface Size {
  /** Objects, elements and properties. */
  values: number;
  /** Characters of strings, and bytes that are not views of the message. */
  bytes: number;
}

/**
 * Reads every property and every getter, to any depth. Getters may refuse bytes as decoders do.
 *
 * @param bytes The body of the message: byte arrays must be views of it.
 */
export function look(value: unknown, bytes: Uint8Array, what: string, late = true): Size {
  const size: Size = { values: 0, bytes: 0 };
  // A list, not recursion: what is deep must not be a problem of the one who looks.
  const todo: unknown[] = [value];
  while (todo.length > 0) {
    const one = todo.pop();
    size.values += 1;
    if (typeof one === 'string') size.bytes += one.length;
    if (typeof one === 'number' && !Number.isSafeInteger(one)) {
      throw new Violation(`${what} holds the number ${one}`);
    }
    if (one instanceof Uint8Array) {
      if (one.buffer !== bytes.buffer) size.bytes += one.length;
    } else if (Array.isArray(one)) {
      for (const element of one) todo.push(element);
    } else if (typeof one === 'object' && one !== null) {
      todo.push(...Object.values(one));
      for (const [name, get] of late ? gettersOf(one) : []) {
        todo.push(attempt(`${what}.${name}`, HEADER + bytes.length, get));
        // And again, as what was read is kept; where it is looked for each time, that is dear.
        if (bytes.length < TWICE_UP_TO) attempt(`${what}.${name}`, HEADER + bytes.length, get);
      }
    }
  }
  return size;
}

/** Getters of the class of an object, by name. */
export function gettersOf(one: object): [name: string, get: () => unknown][] {
  const found: [string, () => unknown][] = [];
  const prototype: unknown = Object.getPrototypeOf(one);
  if (typeof prototype !== 'object' || prototype === null || prototype === Object.prototype) {
    return found;
  }
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const isGetter = Object.getOwnPropertyDescriptor(prototype, name)?.get !== undefined;
    if (isGetter) found.push([name, () => Reflect.get(prototype, name, one) as unknown]);
  }
  return found;
}
