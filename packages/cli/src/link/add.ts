/**
 * `rtap link add` and `rtap link delete`.
 *
 * @module
 */

import type { LinkInfo, LinkRequest } from '@rtap/netlink/link';
import type { NetlinkClient } from '@rtap/transport';
import { usageError } from '../frame/cli-error.ts';
import { parseNetns } from '../frame/netns-option.ts';
import type { NetnsPlace } from '../frame/netns-option.ts';
import { groups, tables } from '../ip/named-numbers.ts';
import { inOtherNamespace } from '../ip/other-namespace.ts';
import { findLink, telling } from '../ip/with-client.ts';
import { parseInterfaceName, Words } from '../ip/words.ts';

/** A link to make. */
export interface NewLink {
  /** What is said in so many words: attributes and kind. */
  readonly request: LinkRequest;
  /** The kind. */
  readonly kind: string;
  /** The name of the interface below. */
  readonly below: string | undefined;
  /** The name of its master. */
  readonly master: string | undefined;
  /** Where to make it; where we are when left out. */
  readonly netns: NetnsPlace | undefined;
  /** Where its peer is made. */
  readonly peerNetns: NetnsPlace | undefined;
  /** Queues of a TAP device. */
  readonly queues: number | undefined;
}

/** Modes of a macvlan and a macvtap. */
const MACVLAN_MODES = {
  private: 'private',
  vepa: 'vepa',
  bridge: 'bridge',
  passthru: 'passthru',
  source: 'source',
} as const;

interface Parsed {
  request: LinkRequest;
  below?: string;
  master?: string;
  netns?: NetnsPlace;
  peerNetns?: NetnsPlace;
  queues?: number;
}

/** Reads `[ link DEVICE ] [ name ] NAME [ mtu N ] ... type KIND [ ... of that kind ]`. */
export function parseNewLink(args: readonly string[]): NewLink {
  const words = new Words(args);
  const parsed: Parsed = { request: {} };
  for (let word = words.next(); word !== undefined; word = words.next()) {
    if (word === 'type') {
      const kind = words.value(word);
      const info = { kind, ...takeData(parsed, kind, words) };
      const { below, master, netns, peerNetns, queues } = parsed;
      const request = { ...parsed.request, info };
      return { request, kind, below, master, netns, peerNetns, queues };
    }
    takeWord(parsed, word, words);
  }
  throw usageError('of which type?', 'such as: rtap link add br0 type bridge');
}

function takeWord(parsed: Parsed, word: string, words: Words): void {
  switch (word) {
    case 'link':
      parsed.below = words.value(word);
      break;
    case 'master':
      parsed.master = words.value(word);
      break;
    case 'netns':
      parsed.netns = parseNetns(words.value(word));
      break;
    default:
      parsed.request = { ...parsed.request, ...takeAttribute(parsed.request, word, words) };
  }
}

/** What a link can be made with, and a peer; a word that is no keyword is the name. */
function takeAttribute(request: LinkRequest, word: string, words: Words): LinkRequest {
  switch (word) {
    case 'mtu':
      return { mtu: words.integer(word) };
    case 'address':
      return { address: words.macAddress(word) };
    case 'broadcast':
    case 'brd':
      return { broadcast: words.macAddress('broadcast') };
    case 'txqueuelen':
    case 'txqlen':
    case 'qlen':
      return { txQueueLength: words.integer('txqueuelen') };
    case 'group':
      return { group: groups.parse(words.value(word)) };
    case 'numtxqueues':
      return { txQueues: words.integer(word, 1) };
    case 'numrxqueues':
      return { rxQueues: words.integer(word, 1) };
    case 'index':
      return { index: words.integer(word, 1, 0x7fff_ffff) };
    default: {
      if (request.name !== undefined) throw usageError(`"${word}" is no word of rtap link add`);
      const name = word === 'name' || word === 'dev' ? words.value('name') : word;
      return { name: parseInterfaceName(name) };
    }
  }
}

/** What comes behind the kind. */
function takeData(parsed: Parsed, kind: string, words: Words): Pick<LinkInfo, 'data'> {
  const keyword = words.next();
  if (keyword === undefined) return {};
  switch (`${kind} ${keyword}`) {
    case 'veth peer':
      return { data: { peer: takePeer(parsed, words) } };
    case 'vrf table':
      return atEnd(words, kind, { data: { table: tables.parse(words.value(keyword)) } });
    case 'vlan id':
      return atEnd(words, kind, { data: { id: words.integer(keyword, 0, 4095) } });
    case 'macvlan mode':
    case 'macvtap mode':
      return atEnd(words, kind, { data: { mode: words.choice(keyword, MACVLAN_MODES) } });
    case 'tap queues':
      parsed.queues = words.integer(keyword, 1, 128);
      return atEnd(words, kind, {});
    default:
      throw unknownWord(keyword, kind);
  }
}

/** The other end of a pair: all that is left is about it. */
function takePeer(parsed: Parsed, words: Words): LinkRequest {
  let peer: LinkRequest = {};
  const ofPeer = new Words(words.rest());
  for (let word = ofPeer.next(); word !== undefined; word = ofPeer.next()) {
    if (word === 'netns') parsed.peerNetns = parseNetns(ofPeer.value(word));
    else peer = { ...peer, ...takeAttribute(peer, word, ofPeer) };
  }
  return peer;
}

function atEnd<T>(words: Words, kind: string, value: T): T {
  const word = words.next();
  if (word === undefined) return value;
  throw unknownWord(word, kind);
}

function unknownWord(word: string, kind: string): Error {
  return usageError(`"${word}" is nothing that rtap knows of type ${kind}`);
}

/** Makes a link. */
export async function addLink(client: NetlinkClient, link: NewLink): Promise<void> {
  const { below, master, netns, peerNetns, request } = link;
  const under = master === undefined ? undefined : (await findLink(client, master)).index;
  const above = below === undefined ? undefined : (await findLink(client, below)).index;
  await inOtherNamespace(netns, (target) =>
    inOtherNamespace(peerNetns, (peerTarget) =>
      telling(
        request.name ?? `a link of type ${link.kind}`,
        client.addLink({
          ...withPeerIn(request, peerTarget),
          ...target,
          ...(above !== undefined && { link: above }),
          ...(under !== undefined && { master: under }),
        }),
      ),
    ),
  );
}

function withPeerIn(request: LinkRequest, target: LinkRequest): LinkRequest {
  const { info } = request;
  const data = info?.data;
  if (data === undefined || !('peer' in data)) return request;
  return { ...request, info: { ...info, data: { peer: { ...data.peer, ...target } } } };
}
