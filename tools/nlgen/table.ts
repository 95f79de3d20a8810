/**
 * What the table of a family is made of: plain data, from which `main.mjs` writes the code.
 *
 * A table says what stands on the wire (names and numbers of the kernel's user-space headers), what
 * the property is called and typed, and how iproute2 writes it.
 *
 * @module
 */

/** A number on the wire. `s`: signed. Of 64 bits: a bigint. */
export type NumberType = 'u8' | 'u16' | 'u32' | 's8' | 's16' | 's32' | 'u64' | 's64';

/** Type of a value. */
export type Type =
  | NumberType
  /** u8; not 0 is true. Written as 0 or 1. */
  | 'bool'
  /** True by being there: no value. `false` is not written. */
  | 'flag'
  /** UTF-8, to its NUL or its end. */
  | 'string'
  /** Uint8Array: link-layer addresses, IP addresses (4 or 16 bytes), what is not decoded. */
  | 'bytes'
  /** An unsigned number of 32 or, when it does not fit, 64 bits (`nla_put_uint`). A bigint. */
  | 'uint'
  /** A name for a number: see {@link Family.enums}. */
  | { readonly enum: string; readonly of: 'u8' | 'u16' | 'u32' }
  /** Fields at fixed offsets: see {@link Family.structs}. */
  | { readonly struct: string }
  /** Attributes inside: see {@link Family.nests}. */
  | { readonly nest: string }
  /** The body of a whole message of this family inside (the peer of a veth). */
  | { readonly message: true }
  /** Packed values, one behind the other, to the end. What is left of one at the end is passed over. */
  | { readonly array: NumberType | { readonly struct: string } }
  /** Attributes inside, all alike: of one type (`id`, `kernel`), or numbered from `first` on. */
  | {
      readonly list: Type;
      readonly of: { readonly id: number; readonly kernel: string } | { readonly first: number };
      /** Whether the inner attributes are written with NLA_F_NESTED. */
      readonly nested?: boolean;
    }
  /**
   * Records that each begin with their length (u16, header included) and are aligned to four bytes,
   * with attributes inside: RTA_MULTIPATH. The nest has a `header`, whose first field is the length.
   */
  | { readonly records: string }
  /**
   * Attributes inside, by the value of a string beside it; of one that is not listed: bytes. Where that
   * string isn't there, by that of `or` when it ends so, without the ending.
   */
  | {
      readonly select: string;
      readonly or?: { readonly select: string; readonly ending: string };
      readonly as: string;
      readonly choices: Readonly<Record<string, string>>;
    };

/** A field of a struct, or of the fixed header of a message. */
export interface Field {
  /** Name of the property. */
  readonly name: string;
  /** Number, or so many bytes. */
  readonly type: NumberType | 'bool' | { readonly bytes: number };
  /** A sentence or more. */
  readonly doc: string;
  /** `big`: in network byte order, whatever the machine. */
  readonly order?: 'big';
}

/** Bytes of a struct that mean nothing. Written as zeros. */
export interface Padding {
  readonly pad: number;
}

/** A struct. */
export interface Struct {
  readonly doc: string;
  /** Its name in C. */
  readonly kernel: string;
  readonly fields: readonly (Field | Padding)[];
  /**
   * How many bytes there must be. Default: all. Fields beyond the end are 0. What is longer than the
   * struct is fine always.
   */
  readonly least?: number;
  /** File of the generated code, such as `link/bridge`. Default: that of the family. */
  readonly file?: string;
  /** The file is that of another family, which has the struct too: nothing is written here. */
  readonly borrowed?: true;
}

/** An attribute. */
export interface Attribute {
  readonly id: number;
  /** Its name in the kernel's headers. */
  readonly kernel: string;
  /** Name of the property. */
  readonly name: string;
  readonly type: Type;
  /** A sentence or more; the kernel's name is added. */
  readonly doc: string;
  /** `big`: in network byte order, whatever the machine. */
  readonly order?: 'big';
  /** Strings: false when iproute2 writes it without a NUL. */
  readonly nul?: false;
  /** Nests, lists, records: true when it is written with NLA_F_NESTED. */
  readonly nested?: true;
  /**
   * Read when asked for, by a getter. `true`: from where the decoder found it, and kept; for what is
   * dear to read and often asked for. `sought`: looked for in the message each time, so that it costs
   * nothing where nobody asks; of the top level only.
   */
  readonly lazy?: true | 'sought';
  /** May stand there several times: the property is an array. */
  readonly multiple?: true;
  /**
   * Holds all of a field of the fixed header that is too narrow for it, under the name of which it
   * goes: IFA_FLAGS of `ifa_flags`. Written only when the header cannot hold the value, which then
   * has 0. `name` is the field's.
   */
  readonly widens?: true;
  /** Only where a field of the fixed header has one of these values; rows of one id stand together. */
  readonly when?: { readonly field: string; readonly is: readonly number[] };
}

/** Attributes inside an attribute. */
export interface Nest {
  readonly doc: string;
  /** What the kernel's names begin with, left out in paths: `IFLA_VXLAN_`. */
  readonly prefix: string;
  readonly attributes: readonly Attribute[];
  /** Names in the kernel's headers of attributes that have no row: for paths. */
  readonly others?: Readonly<Record<number, string>>;
  /** False when the numbers become constants by another family's table, which has the nest too. */
  readonly numbers?: false;
  /** Fixed fields before the attributes. */
  readonly header?: readonly (Field | Padding)[];
  /** File of the generated code, such as `link/bridge`. Default: that of the family. */
  readonly file?: string;
}

/** Names for numbers, by number. What has none is `fallback`, and then in `unknown` too. */
export interface Enum {
  readonly doc: string;
  readonly names: Readonly<Record<number, string>>;
  readonly fallback: string;
  /** File of the generated code. Default: that of the family. */
  readonly file?: string;
}

/** A family of messages. */
export interface Family {
  /** File and sub-path: `link`. */
  readonly file: string;
  /** Noun in the names of types and functions: `Link` of `decodeLink`, `LinkMessage`. */
  readonly noun: string;
  /**
   * In sentences: `link`, with its article: `a link`. `told`: how its messages come to be, when not
   * told by the kernel.
   */
  readonly words: { readonly one: string; readonly a: string; readonly told?: string };
  /** First line of the file's header. */
  readonly title: string;
  /** Where the numbers come from: `linux/if_link.h`. */
  readonly source: string;
  /** What the kernel's names of the top level begin with: `IFLA_`. */
  readonly prefix: string;
  /**
   * Message types. `events` are decoded by `decodeNOUN`, with the `event` they stand for; these and
   * `requests` are what can be encoded. In generic netlink the type is the family's, given when it is
   * there: then `generic: true`, events are commands (the field `command` of the header).
   */
  readonly messages: {
    readonly events: Readonly<Record<string, string>>;
    readonly requests: readonly string[];
    readonly generic?: true;
  };
  /** The fixed struct behind the message header. */
  readonly header: {
    readonly kernel: string;
    readonly fields: readonly (Field | Padding)[];
  };
  readonly attributes: readonly Attribute[];
  /** A family that is too much for one file: types, decoder, readers and writers in one each. */
  readonly split?: true;
  /** Names in the kernel's headers of attributes that have no row: for paths. */
  readonly others?: Readonly<Record<number, string>>;
  readonly nests?: Readonly<Record<string, Nest>>;
  readonly structs?: Readonly<Record<string, Struct>>;
  readonly enums?: Readonly<Record<string, Enum>>;
  /**
   * `lazy`: attributes that are not known are looked for when `unknown` is read, for messages with
   * many attributes; default: they are collected on the way.
   */
  readonly unknown?: 'lazy';
  /** Examples, as lines of code, for decode and encode. */
  readonly examples: { readonly decode: readonly string[]; readonly encode: readonly string[] };
}

/** Makes a row: shorter than writing the names of its properties each time. */
export function row(
  id: number,
  kernel: string,
  name: string,
  type: Type,
  doc: string,
  more: Partial<Omit<Attribute, 'id' | 'kernel' | 'name' | 'type' | 'doc'>> = {},
): Attribute {
  return { id, kernel, name, type, doc, ...more };
}

/** Makes a field of a struct or header. */
export function field(
  name: string,
  type: Field['type'],
  doc: string,
  more: Pick<Field, 'order'> = {},
): Field {
  return { name, type, doc, ...more };
}
