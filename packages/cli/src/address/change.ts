/**
 * `rtap addr add`, `replace`, `change` and `del`.
 *
 * @module
 */

import {
  IFA_F_HOMEADDRESS,
  IFA_F_MANAGETEMPADDR,
  IFA_F_MCAUTOJOIN,
  IFA_F_NODAD,
  IFA_F_NOPREFIXROUTE,
  IFA_F_OPTIMISTIC,
} from '@rtap/netlink';
import type { InterfaceAddress, NetlinkClient } from '@rtap/transport';
import { usageError } from '../frame/cli-error.ts';
import { scopes } from '../ip/named-numbers.ts';
import { findLink, telling } from '../ip/with-client.ts';
import { parseInteger, parsePrefix, Words } from '../ip/words.ts';
import type { Prefix } from '../ip/words.ts';

/** What is done with an address. */
export type AddressVerb = 'add' | 'replace' | 'del';

/** An address and the interface that it is for. */
export interface AddressChange {
  /** The interface's name. */
  readonly device: string;
  /** The address as it was written, for errors. */
  readonly text: string;
  /** The address, but for the interface. */
  readonly address: Omit<InterfaceAddress, 'index'>;
}

interface Parsed {
  device?: string;
  local?: string;
  peer?: Prefix;
  broadcast?: string;
  preferred?: number;
  valid?: number;
  flags: number;
  more: Pick<InterfaceAddress, 'label' | 'metric' | 'scope'>;
}

const FLAGS: Readonly<Record<string, number>> = {
  home: IFA_F_HOMEADDRESS,
  nodad: IFA_F_NODAD,
  optimistic: IFA_F_OPTIMISTIC,
  mngtmpaddr: IFA_F_MANAGETEMPADDR,
  noprefixroute: IFA_F_NOPREFIXROUTE,
  autojoin: IFA_F_MCAUTOJOIN,
};

/** For ever (INFINITY_LIFE_TIME). */
const FOR_EVER = 0xffff_ffff;

/** Reads `[ local ] PREFIX dev DEVICE peer PREFIX broadcast ADDRESS|+|- scope SCOPE label LABEL metric N valid_lft ...`. */
export function parseAddressChange(args: readonly string[]): AddressChange {
  const words = new Words(args);
  const parsed: Parsed = { flags: 0, more: {} };
  for (let word = words.next(); word !== undefined; word = words.next()) {
    takeWord(parsed, word, words);
  }
  const { device, local: text, peer, flags, more } = parsed;
  if (text === undefined) throw usageError('which address?', 'such as 10.0.0.1/24 dev eth0');
  if (device === undefined) throw usageError('of which interface?', 'dev NAME');
  const local = parsePrefix(text);
  const prefixLength = peer?.length ?? local.length;
  const broadcast = broadcastOf(parsed.broadcast, local);
  const address = {
    local: local.address,
    ...(prefixLength !== undefined && { prefixLength }),
    ...(peer !== undefined && { peer: peer.address }),
    ...(broadcast !== undefined && { broadcast }),
    ...more,
    ...(flags !== 0 && { flags }),
    ...lifetimeOf(parsed),
  };
  return { device, text, address };
}

function takeWord(parsed: Parsed, word: string, words: Words): void {
  const flag = FLAGS[word];
  if (flag !== undefined) {
    parsed.flags |= flag;
    return;
  }
  switch (word) {
    case 'dev':
      parsed.device = words.value(word);
      break;
    case 'peer':
    case 'remote':
      parsed.peer = words.prefix('peer');
      break;
    case 'broadcast':
    case 'brd':
      parsed.broadcast = words.value('broadcast');
      break;
    case 'scope':
      parsed.more = { ...parsed.more, scope: scopes.parse(words.value(word)) };
      break;
    case 'label':
      parsed.more = { ...parsed.more, label: words.value(word) };
      break;
    case 'metric':
    case 'priority':
      parsed.more = { ...parsed.more, metric: words.integer('metric') };
      break;
    case 'valid_lft':
      parsed.valid = seconds(word, words);
      break;
    case 'preferred_lft':
      parsed.preferred = seconds(word, words);
      break;
    default: {
      const local = word === 'local' ? words.value(word) : word;
      if (parsed.local !== undefined) throw usageError(`"${local}" is one word too many`);
      parsed.local = local;
    }
  }
}

function seconds(keyword: string, words: Words): number {
  const text = words.value(keyword);
  return text === 'forever' ? FOR_EVER : parseInteger(keyword, text, 0, FOR_EVER - 1);
}

function lifetimeOf({ preferred, valid }: Parsed): Pick<InterfaceAddress, 'lifetime'> {
  if (preferred === undefined && valid === undefined) return {};
  const lifetime = { valid: valid ?? FOR_EVER, preferred: preferred ?? FOR_EVER };
  if (lifetime.preferred > lifetime.valid) {
    throw usageError('preferred_lft is longer than valid_lft');
  }
  return { lifetime };
}

/** The broadcast address: `+` has the host's bits set, `-` has them cleared. */
function broadcastOf(text: string | undefined, local: Prefix): Uint8Array | undefined {
  if (text === undefined) return undefined;
  if (text !== '+' && text !== '-') return parsePrefix(text).address;
  if (local.address.length !== 4) throw usageError('IPv6 has no broadcast');
  const { length = 32 } = local;
  return local.address.map((byte, at) => {
    const host = 0xff >> Math.min(8, Math.max(0, length - 8 * at));
    return text === '+' ? byte | host : byte & ~host;
  });
}

/** Gives an interface the address, or takes it away. */
export async function changeAddress(
  client: NetlinkClient,
  verb: AddressVerb,
  { device, text, address }: AddressChange,
): Promise<void> {
  const { index } = await findLink(client, device);
  const whole = { ...address, index };
  const done =
    verb === 'add'
      ? client.addAddress(whole)
      : verb === 'replace'
        ? client.replaceAddress(whole)
        : client.deleteAddress(whole);
  await telling(`${text} on ${device}`, done);
}
