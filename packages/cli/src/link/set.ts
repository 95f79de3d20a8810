/**
 * `rtap link set`.
 *
 * @module
 */

import {
  IFF_ALLMULTI,
  IFF_DYNAMIC,
  IFF_MULTICAST,
  IFF_NOARP,
  IFF_NOTRAILERS,
  IFF_PROMISC,
  IFF_UP,
  RTM_NEWLINK,
} from '@rtap/netlink';
import { encodeLink } from '@rtap/netlink/link';
import type { LinkRequest } from '@rtap/netlink/link';
import type { NetlinkClient } from '@rtap/transport';
import { usageError } from '../frame/cli-error.ts';
import { parseNetns } from '../frame/netns-option.ts';
import type { NetnsPlace } from '../frame/netns-option.ts';
import { groups } from '../ip/named-numbers.ts';
import { inOtherNamespace } from '../ip/other-namespace.ts';
import { findLink, telling } from '../ip/with-client.ts';
import { parseInterfaceName, Words } from '../ip/words.ts';

/** Which links to change. */
type LinkSubject =
  | {
      /** The one that has this name. */
      readonly device: string;
    }
  | {
      /** All of this group. */
      readonly group: number;
    };

/** What to change of a link, in one request. */
export interface LinkChanges {
  /** Which links. */
  readonly subject: LinkSubject;
  /** What is said in so many words. */
  readonly request: LinkRequest;
  /** The name of its master; null: none any more. */
  readonly master: string | null | undefined;
  /** The namespace to move to. */
  readonly netns: NetnsPlace | undefined;
}

interface Parsed {
  device?: string;
  group?: number;
  request: LinkRequest;
  master?: string | null;
  netns?: NetnsPlace;
}

const LINK_MODES = { default: 0, dormant: 1 };
const ADDRESS_GENERATION_MODES = { eui64: 0, none: 1, stable_secret: 2, random: 3 };

/** Flags that are on or off, and what they stand for: with `arp off` IFF_NOARP is on. */
const FLAGS: Readonly<Record<string, readonly [flag: number, inverted?: true]>> = {
  arp: [IFF_NOARP, true],
  dynamic: [IFF_DYNAMIC],
  multicast: [IFF_MULTICAST],
  allmulticast: [IFF_ALLMULTI],
  promisc: [IFF_PROMISC],
  trailers: [IFF_NOTRAILERS, true],
};

/** Reads `{ [ dev ] DEVICE | group GROUP } up down mtu N address MAC ...`, in any order, as ip does. */
export function parseLinkChanges(args: readonly string[]): LinkChanges {
  const words = new Words(args);
  const parsed: Parsed = { request: {} };
  if (words.ahead === 'group') {
    words.next();
    parsed.group = groups.parse(words.again('group'));
  }
  for (let word = words.next(); word !== undefined; word = words.next()) {
    takeWord(parsed, word, words);
  }
  const { device, group, request, master, netns } = parsed;
  if ((device === undefined) === (group === undefined)) {
    throw usageError(
      device === undefined ? 'which interface?' : 'a device and a group are one too many',
      'rtap link set --help',
    );
  }
  if (Object.keys(request).length === 0 && master === undefined && netns === undefined) {
    throw usageError('nothing to change', 'rtap link set --help');
  }
  const subject = device === undefined ? { group: group ?? 0 } : { device };
  return { subject, request, master, netns };
}

function takeWord(parsed: Parsed, word: string, words: Words): void {
  const flag = FLAGS[word];
  if (flag !== undefined) {
    const [bit, inverted = false] = flag;
    setFlag(parsed, bit, words.onOff(word) !== inverted);
    return;
  }
  switch (word) {
    case 'up':
    case 'down':
      setFlag(parsed, IFF_UP, word === 'up');
      break;
    case 'master':
      parsed.master = words.value(word);
      break;
    case 'nomaster':
      parsed.master = null;
      break;
    case 'netns':
      parsed.netns = parseNetns(words.value(word));
      break;
    default: {
      const attribute = takeAttribute(word, words);
      if (attribute !== undefined) parsed.request = { ...parsed.request, ...attribute };
      else takeDevice(parsed, word === 'dev' ? words.value(word) : word);
    }
  }
}

function takeAttribute(word: string, words: Words): LinkRequest | undefined {
  switch (word) {
    case 'mtu':
      return { mtu: words.integer(word) };
    case 'address':
      return { address: words.macAddress(word) };
    case 'broadcast':
    case 'brd':
      return { broadcast: words.macAddress('broadcast') };
    case 'name':
      return { name: parseInterfaceName(words.value(word)) };
    case 'txqueuelen':
    case 'txqlen':
    case 'qlen':
      return { txQueueLength: words.integer('txqueuelen') };
    case 'alias':
      return { alias: words.value(word) };
    case 'group':
      return { group: groups.parse(words.value(word)) };
    case 'carrier':
      return { carrier: words.onOff(word) };
    case 'protodown':
      return { protoDown: words.onOff(word) };
    case 'mode':
      return { linkMode: words.choice(word, LINK_MODES) };
    case 'addrgenmode': {
      const addressGenerationMode = words.choice(word, ADDRESS_GENERATION_MODES);
      return { afSpec: { inet6: { addressGenerationMode } } };
    }
    default:
      return undefined;
  }
}

function takeDevice(parsed: Parsed, device: string): void {
  if (parsed.device !== undefined) {
    throw usageError(`"${device}" is no word of rtap link set, or one device too many`);
  }
  parsed.device = device;
}

function setFlag(parsed: Parsed, flag: number, enabled: boolean): void {
  const { flags = 0, change = 0 } = parsed.request;
  parsed.request = {
    ...parsed.request,
    flags: enabled ? flags | flag : flags & ~flag,
    change: change | flag,
  };
}

/** Changes links, in one request. */
export async function setLinks(client: NetlinkClient, changes: LinkChanges): Promise<void> {
  const { subject, master, netns } = changes;
  const which =
    'device' in subject
      ? { index: (await findLink(client, subject.device)).index }
      : { group: subject.group };
  const under = typeof master === 'string' ? (await findLink(client, master)).index : 0;
  const request = {
    ...changes.request,
    ...which,
    ...(master !== undefined && { master: under }),
  };
  const about = 'device' in subject ? subject.device : `group ${groups.nameOf(subject.group)}`;
  await inOtherNamespace(netns, (target) =>
    telling(
      about,
      client.request('RTM_NEWLINK', 0, (header) =>
        encodeLink(RTM_NEWLINK, { ...request, ...target }, header),
      ),
    ),
  );
}
