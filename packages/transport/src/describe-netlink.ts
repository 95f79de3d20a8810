/**
 * Datagrams in words, a line a message: what `RTAP_DEBUG=netlink` prints. Loaded then alone.
 *
 * @module
 */

import { SocketAddress } from 'node:net';
import { inspect } from 'node:util';
import * as netlink from '@rtap/netlink';
import type { NetlinkMessage } from '@rtap/netlink';
import type { NetlinkDatagram } from './channels.ts';

type Reader = (message: NetlinkMessage) => object;

/** The constants whose names are such, with their numbers. */
function constants(pattern: RegExp): [number, string][] {
  return Object.entries(netlink).flatMap(([name, value]): [number, string][] =>
    typeof value === 'number' && pattern.test(name) ? [[value, name]] : [],
  );
}

const TYPES = new Map(constants(/^RTM_(?:NEW|DEL|GET|SET)|^NLMSG_(?:NOOP|ERROR|DONE|OVERRUN)$/));

/** What the words of a family's fields of bits are, in its structs. */
const BITS: Readonly<Record<string, Readonly<Record<string, readonly [number, string][]>>>> = {
  LINK: { flags: bitsOf('IFF_'), change: bitsOf('IFF_') },
  ADDR: { flags: bitsOf('IFA_F_') },
  NEIGH: { state: bitsOf('NUD_'), flags: bitsOf('NTF_(?!EXT_MANAGED|EXT_LOCKED|EXT_EXT)') },
  ROUTE: { flags: [...bitsOf('RTM_F_'), ...bitsOf('RTNH_F_')] },
  NEXTHOP: { flags: bitsOf('RTNH_F_') },
};

/** The readers of requests: they read events too, whole, and leave what isn't there out. */
const READERS: Readonly<Record<string, Reader>> = {
  LINK: (message) => netlink.decodeLinkRequest(message),
  LINKPROP: (message) => netlink.decodeLinkRequest(message),
  ADDR: (message) => netlink.decodeAddressRequest(message),
  NEIGH: (message) => netlink.decodeNeighbourRequest(message),
  ROUTE: (message) => netlink.decodeRouteRequest(message),
  RULE: (message) => netlink.decodeRuleRequest(message),
  NEXTHOP: (message) => netlink.decodeNexthopRequest(message),
  NSID: (message) => netlink.decodeNetnsIdRequest(message),
};

/** Flags of every message. */
const FLAGS = flagsNamed('REQUEST', 'MULTI', 'ACK', 'ECHO', 'DUMP_INTR', 'DUMP_FILTERED');
const FLAGS_OF_GET = [...FLAGS, ...flagsNamed('ROOT', 'MATCH', 'ATOMIC')];
const FLAGS_OF_NEW = [...FLAGS, ...flagsNamed('REPLACE', 'EXCL', 'CREATE', 'APPEND')];
const FLAGS_OF_ACK = [...FLAGS, ...flagsNamed('CAPPED', 'ACK_TLVS')];

/** Most bytes of one value that a line shows. */
const LONGEST = 64;
/** What has more fields, such as statistics, is told by their number. */
const MOST_FIELDS = 16;
/** So far down goes a line into what is nested. */
const DEEPEST = 4;

/** Describes each message of a datagram. Never throws, whatever the bytes are. */
export function describeDatagram(datagram: NetlinkDatagram): readonly string[] {
  const { direction, socket, sender, groups, truncated, bytes } = datagram;
  const sent = direction === 'sent';
  const begin = [
    `rtap netlink ${socket} ${sent ? '>' : '<'}`,
    ...(sent || sender === 0 ? [] : [`(from port ${sender}: ignored)`]),
    ...(groups === 0 ? [] : ['(event)']),
  ].join(' ');
  const lines: string[] = [];
  try {
    for (const message of netlink.messages(bytes)) lines.push(`${begin} ${describe(message)}`);
  } catch (error) {
    const why = truncated ? 'the rest was cut off' : String(error);
    lines.push(`${begin} ${why}, ${bytes.length} bytes: ${hexadecimal(bytes)}`);
  }
  return lines;
}

function describe(message: NetlinkMessage): string {
  const { type, flags, sequence, portId } = message;
  const name = TYPES.get(type);
  const fields = [name ?? `type ${type}`, `seq=${sequence}`, `port=${portId}`];
  const bits = namedBits(flags, flagsOf(name));
  if (bits !== '0') fields.push(bits);
  try {
    fields.push(...fieldsOf(message, name ?? ''));
  } catch (error) {
    fields.push(`(${String(error)})`, hexadecimal(message.body));
  }
  return fields.join(' ');
}

function fieldsOf(message: NetlinkMessage, name: string): string[] {
  if (name === 'NLMSG_ERROR' || name === 'NLMSG_DONE') {
    const { sequence: _, errno, ...told } = netlink.decodeAcknowledgement(message);
    const result = errno === 0 ? 'ok' : (netlink.errnoName(errno) ?? `errno ${errno}`);
    return [result, ...entriesOf(told, 'ACK')];
  }
  const family = name.replace(/^RTM_(?:NEW|DEL|GET|SET)/, '');
  const read = READERS[family];
  if (read !== undefined) return entriesOf(read(message), family);
  return message.body.length === 0 ? [] : [hexadecimal(message.body)];
}

/** A reader's fields: what says nothing is left out, and so is what repeats the others. */
function entriesOf(read: object, family: string): string[] {
  const bits = BITS[family] ?? {};
  const addresses = 'family' in read ? read.family : undefined;
  const fields = Object.entries(read).filter(([key, value]) => {
    const nothing = value === undefined || (key !== 'index' && (value === 0 || value === 'unspec'));
    return !nothing && key !== 'raw' && key !== 'event';
  });
  return fields.map(([key, value]) => {
    const words = bits[key];
    const isBits = words !== undefined && typeof value === 'number';
    return `${key}=${isBits ? namedBits(value, words) : readable(value, addresses)}`;
  });
}

/** A value on one line: addresses of a family as such, other bytes in hexadecimal. */
function readable(value: unknown, family: unknown): string {
  return inspect(inWords(value, family), {
    ...{ breakLength: Number.POSITIVE_INFINITY, compact: true, sorted: false },
    ...{ maxArrayLength: LONGEST, maxStringLength: 4 * LONGEST, depth: DEEPEST },
  });
}

/** Text that `inspect` shows as it is. */
class Plain {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  [inspect.custom](): string {
    return this.#text;
  }
}

function inWords(value: unknown, family: unknown, depth = 0): unknown {
  if (value instanceof Uint8Array) return new Plain(addressOf(value, family));
  if (Array.isArray(value)) {
    if (value.length > MOST_FIELDS) return new Plain(`[${value.length} values]`);
    return value.map((one: unknown) => inWords(one, family, depth + 1));
  }
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  if (fields.length > MOST_FIELDS) return new Plain(`{${fields.length} values}`);
  return Object.fromEntries(
    fields.map(([key, field]) => [key, inWords(field, family, depth + 1)] as const),
  );
}

function addressOf(bytes: Uint8Array, family: unknown): string {
  if (family === netlink.AF_INET && bytes.length === 4) return bytes.join('.');
  if (family === netlink.AF_INET6 && bytes.length === 16) {
    const groups = hexadecimal(bytes).replace(/(..):(..)/g, '$1$2');
    return new SocketAddress({ address: groups, family: 'ipv6' }).address;
  }
  return hexadecimal(bytes);
}

function hexadecimal(bytes: Uint8Array): string {
  const shown = [...bytes.subarray(0, LONGEST)].map((byte) => byte.toString(16).padStart(2, '0'));
  return `${shown.join(':')}${bytes.length > LONGEST ? `... (${bytes.length} bytes)` : ''}`;
}

function flagsOf(name: string | undefined): readonly (readonly [number, string])[] {
  if (name?.startsWith('NLMSG_') === true) return FLAGS_OF_ACK;
  return name?.startsWith('RTM_GET') === true ? FLAGS_OF_GET : FLAGS_OF_NEW;
}

function namedBits(value: number, bits: readonly (readonly [number, string])[]): string {
  const set = bits.filter(([bit]) => (value & bit) !== 0);
  const rest = set.reduce((left, [bit]) => left & ~bit, value) >>> 0;
  const names = set.map(([, name]) => name);
  if (rest !== 0 || names.length === 0) names.push(rest === 0 ? '0' : `0x${rest.toString(16)}`);
  return names.join('|');
}

function bitsOf(prefix: string): [number, string][] {
  const pattern = new RegExp(`^${prefix}`);
  const bits = constants(pattern).filter(([bit]) => bit > 0);
  bits.sort(([one], [other]) => one - other);
  return bits.map(([bit, name]) => [bit, name.replace(pattern, '')]);
}

function flagsNamed(...names: readonly string[]): [number, string][] {
  return bitsOf('NLM_F_').filter(([, name]) => names.includes(name));
}
