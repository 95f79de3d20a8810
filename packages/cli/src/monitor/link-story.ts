/**
 * A watched table of links, told as the events of each by the transport's tracker.
 *
 * @module
 */

import type { LinkMessage } from '@rtap/netlink/link';
import { beginTracking, trackLink, trackRemoval } from '@rtap/transport';
import type { LinkEvent, TableEvent, TrackedLink } from '@rtap/transport';
import { formatLinkAddress, linkLine, resyncLine, snapshotLine } from './link-line.ts';
import type { LinkLine } from './link-line.ts';

/**
 * Turns events of a table of links into lines.
 *
 * With names, an interface is told of from the moment on that it has one of them, as its name or an alternative one;
 * its index tells it apart then, so it is followed when it gets another name.
 */
export class LinkStory {
  readonly #names: ReadonlySet<string> | undefined;
  readonly #awaited: Set<string>;
  readonly #tracked = new Map<number, TrackedLink>();

  /** Tells of all interfaces, or of those that have, or will have, one of these names. */
  constructor(names: readonly string[] = []) {
    this.#names = names.length === 0 ? undefined : new Set(names);
    this.#awaited = new Set(names);
  }

  /** The names that no interface has had yet. */
  get awaited(): readonly string[] {
    return [...this.#awaited];
  }

  /** Takes an event and returns what it tells, in order. */
  take(event: TableEvent<LinkMessage>): readonly LinkLine[] {
    switch (event.type) {
      case 'snapshot':
        return this.#compare(event.items);
      case 'new':
      case 'delete':
        return event.nsid === undefined ? this.#message(event.item) : [];
      case 'resync':
        // What the kernel changes without a word is no loss: the peers of pairs, above all.
        return event.reason === 'silent' || event.reason === 'namespaces'
          ? []
          : [resyncLine(event.reason)];
      default:
        return [resyncLine('slow')];
    }
  }

  /** What a dump says, which is all that there is. */
  #compare(items: readonly LinkMessage[]): readonly LinkLine[] {
    const present = new Set(items.map(({ index }) => index));
    const gone = [...this.#tracked.values()].filter(({ ifindex }) => !present.has(ifindex));
    return [
      ...gone.flatMap((state) => this.#tell(trackRemoval(state))),
      ...items.flatMap((item) => this.#message(item)),
    ];
  }

  #message(message: LinkMessage): readonly LinkLine[] {
    const state = this.#tracked.get(message.index);
    if (state !== undefined) return this.#tell(trackLink(state, message));
    if (message.event === 'delete' || !this.#wanted(message)) return [];
    const begun = beginTracking(message);
    this.#tracked.set(message.index, begun);
    return [snapshotLine(begun)];
  }

  #wanted({ name, alternativeNames = [] }: LinkMessage): boolean {
    if (this.#names === undefined) return true;
    const watched = [name ?? '', ...alternativeNames].filter((each) => this.#names?.has(each));
    for (const each of watched) this.#awaited.delete(each);
    return watched.length > 0;
  }

  #tell({ state, events }: ReturnType<typeof trackLink>): readonly LinkLine[] {
    if (state.present) this.#tracked.set(state.ifindex, state);
    else this.#tracked.delete(state.ifindex);
    return events.map((event) => lineOf(event, state));
  }
}

function lineOf(event: LinkEvent, state: TrackedLink): LinkLine {
  switch (event.type) {
    case 'link':
      return linkLine('link', { ...state, link: event.link });
    case 'renamed':
      return linkLine('renamed', state, { previous: event.previous });
    case 'mtu':
      return linkLine('mtu', state, { mtu: event.mtu, previous: event.previous });
    case 'macAddress':
      return linkLine('macAddress', state, {
        macAddress: formatLinkAddress(event.address),
        previous: formatLinkAddress(event.previous),
      });
    case 'moved':
      return linkLine('moved', state, {
        ...(event.ifindex !== undefined && { newIfindex: event.ifindex }),
        ...(event.netnsId !== undefined && { netnsId: event.netnsId }),
      });
    default:
      return linkLine('removed', state);
  }
}
