/**
 * `rtap link show`.
 *
 * @module
 */

import { IFF_UP } from '@rtap/netlink';
import type { LinkMessage } from '@rtap/netlink/link';
import type { NetlinkClient } from '@rtap/transport';
import { usageError } from '../frame/cli-error.ts';
import { linksAt } from '../ip/known-links.ts';
import { groups } from '../ip/named-numbers.ts';
import { findLink } from '../ip/with-client.ts';
import { Words } from '../ip/words.ts';
import { linksOfInfo } from './kind/kinds.ts';
import { shownLink } from './shown-link.ts';
import type { LinkContext, ShownLink } from './shown-link.ts';

/** Which links to show. */
export interface LinkFilter {
  /** The one that has this name. */
  readonly device?: string;
  /** Those that are set up. */
  readonly up?: boolean;
  /** Those that have this master. */
  readonly master?: string;
  /** Those that have none. */
  readonly noMaster?: boolean;
  /** Those of this kind. */
  readonly kind?: string;
  /** Those of this group. */
  readonly group?: number;
}

/** Reads `[ dev ] DEVICE up master DEVICE nomaster type KIND group GROUP`. */
export function parseLinkFilter(args: readonly string[]): LinkFilter {
  const words = new Words(args);
  let filter: LinkFilter = {};
  for (let word = words.next(); word !== undefined; word = words.next()) {
    filter = takeLinkWord(filter, word, words);
  }
  return filter;
}

/** Takes one word of a filter, with its value; a word that is no keyword is the device. */
export function takeLinkWord(filter: LinkFilter, word: string, words: Words): LinkFilter {
  switch (word) {
    case 'up':
      return { ...filter, up: true };
    case 'master':
      return { ...filter, master: words.value(word) };
    case 'nomaster':
      return { ...filter, noMaster: true };
    case 'type':
      return { ...filter, kind: words.value(word) };
    case 'group':
      return { ...filter, group: groups.parse(words.value(word)) };
    default: {
      const device = word === 'dev' ? words.value(word) : word;
      if (filter.device === undefined) return { ...filter, device };
      throw usageError(`"${device}" is one device too many`);
    }
  }
}

/** The links that a filter lets pass, and the interfaces that they refer to. */
export async function filteredLinks(
  client: NetlinkClient,
  filter: LinkFilter,
  details: boolean,
): Promise<{ readonly items: readonly LinkMessage[]; readonly context: LinkContext }> {
  const { device, up, noMaster, kind, group } = filter;
  const master =
    filter.master === undefined ? undefined : (await findLink(client, filter.master)).index;
  const all =
    device === undefined ? await client.links().toArray() : [await findLink(client, device)];
  const items = all.filter(
    (link) =>
      (up !== true || (link.flags & IFF_UP) !== 0) &&
      (master === undefined || link.master === master) &&
      (noMaster !== true || link.master === undefined) &&
      (kind === undefined || link.info?.kind === kind) &&
      (group === undefined || link.group === group),
  );
  const below = (link: LinkMessage): number | undefined =>
    link.linkNetnsId === undefined ? link.link : undefined;
  const links = await linksAt(
    client,
    items.flatMap((link) => [below(link), link.master, ...(details ? linksOfInfo(link.info) : [])]),
    all,
  );
  return { items, context: { links, details } };
}

/** What `rtap link show` shows. */
export async function shownLinks(
  client: NetlinkClient,
  filter: LinkFilter,
  details: boolean,
): Promise<readonly ShownLink[]> {
  const { items, context } = await filteredLinks(client, filter, details);
  return items.map((link) => shownLink(link, context));
}
