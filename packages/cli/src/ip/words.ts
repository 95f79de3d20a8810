/**
 * The words of iproute2's grammar: keywords with their values, in any order.
 *
 * @module
 */

import { parseIpAddress, parseMacAddress } from '@rtap/frames';
import { usageError } from '../frame/cli-error.ts';

/** An address with the length of its prefix. */
export interface Prefix {
  /** 4 or 16 bytes. */
  readonly address: Uint8Array;
  /** In bits; undefined when it wasn't given. */
  readonly length: number | undefined;
}

/** Takes words one by one; what is wrong with them is an error of usage. */
export class Words {
  readonly #words: readonly string[];
  readonly #seen = new Set<string>();
  #at = 0;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  /** The next word, or undefined at the end. */
  next(): string | undefined {
    const word = this.#words[this.#at];
    if (word !== undefined) this.#at += 1;
    return word;
  }

  /** The next word, left where it is. */
  get ahead(): string | undefined {
    return this.#words[this.#at];
  }

  /** All that are left. */
  rest(): readonly string[] {
    const rest = this.#words.slice(this.#at);
    this.#at = this.#words.length;
    return rest;
  }

  /** The value of a keyword; it may be given once. */
  value(keyword: string): string {
    if (this.#seen.has(keyword)) throw usageError(`"${keyword}" is given twice`);
    this.#seen.add(keyword);
    return this.again(keyword);
  }

  /** The value of a keyword that may be given several times. */
  again(keyword: string): string {
    const word = this.next();
    if (word === undefined) throw usageError(`"${keyword}" wants a value`);
    return word;
  }

  /** A number, in decimal or hexadecimal. */
  integer(keyword: string, minimum = 0, maximum = 0xffff_ffff): number {
    return parseInteger(keyword, this.value(keyword), minimum, maximum);
  }

  /** `on` or `off`. */
  onOff(keyword: string): boolean {
    return this.choice(keyword, { on: true, off: false });
  }

  /** One of some words, and what it stands for. */
  choice<T>(keyword: string, choices: Readonly<Record<string, T>>): T {
    return choose(keyword, this.value(keyword), choices);
  }

  /** The bytes of a MAC address. */
  macAddress(keyword: string): Uint8Array {
    const text = this.value(keyword);
    return parsed(`"${text}" is no MAC address such as 02:00:00:00:00:01`, () =>
      parseMacAddress(text),
    );
  }

  /** The bytes of an IP address. */
  ipAddress(keyword: string): Uint8Array {
    return parseAddress(this.value(keyword));
  }

  /** An IP address with or without a prefix. */
  prefix(keyword: string): Prefix {
    return parsePrefix(this.value(keyword));
  }
}

/** One of some words, and what it stands for. */
export function choose<T>(keyword: string, word: string, choices: Readonly<Record<string, T>>): T {
  const found = Object.entries(choices).find(([name]) => name === word);
  if (found !== undefined) return found[1];
  const names = Object.keys(choices).join(', ');
  throw usageError(`"${word}" is no ${keyword}`, `one of ${names}`);
}

/** A number, in decimal or hexadecimal. */
export function parseInteger(
  keyword: string,
  text: string,
  minimum: number,
  maximum: number,
): number {
  const value = /^(?:\d+|0x[\da-f]+)$/i.test(text) ? Number(text) : Number.NaN;
  if (value >= minimum && value <= maximum) return value;
  throw usageError(`"${text}" is no ${keyword}`, `a number from ${minimum} to ${maximum}`);
}

/** The bytes of an IP address. */
export function parseAddress(text: string): Uint8Array {
  return parsed(`"${text}" is no IP address`, () => parseIpAddress(text));
}

/** An IP address with or without a prefix: `10.0.0.1/24`. */
export function parsePrefix(text: string): Prefix {
  const [host = '', length, more] = text.split('/');
  if (more !== undefined) throw usageError(`"${text}" is no prefix`);
  const address = parseAddress(host);
  return {
    address,
    length:
      length === undefined
        ? undefined
        : parseInteger('length of a prefix', length, 0, 8 * address.length),
  };
}

/** The name of an interface, by the kernel's rule. */
export function parseInterfaceName(name: string): string {
  // By bytes, as the kernel looks at them: 0xa0 is a blank, also in the middle of a letter.
  if (/^[^\t-\r \u00a0/:]{1,15}$/.test(bytesOf(name)) && !/^\.\.?$/.test(name)) return name;
  throw noName(name, '1 to 15 bytes, without blanks, slashes, colons and the byte 0xa0');
}

/** An alternative name, by the rule of iproute2; the kernel has none but the length, ALTIFNAMSIZ. */
export function parseAlternativeName(name: string): string {
  if (/^[^\t-\r /]{1,127}$/.test(bytesOf(name))) return name;
  throw noName(name, '1 to 127 bytes, without blanks and slashes');
}

function bytesOf(name: string): string {
  return Buffer.from(name).toString('latin1');
}

function noName(name: string, rule: string): Error {
  return usageError(`"${name}" is no name of an interface`, rule);
}

function parsed<T>(message: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw usageError(message);
  }
}
