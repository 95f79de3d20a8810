/**
 * What a device tells of its link, in the lines of `rtap monitor`.
 *
 * @module
 */

import type { TapDevice } from '@rtap/core';
import { linkLine, resyncLine } from '../monitor/link-line.ts';
import type { LinkLine } from '../monitor/link-line.ts';

/**
 * Tells each event of a device from now on, first what it has missed since it was started.
 *
 * @param note - told what is no event: why a device can't be followed.
 */
export function tellLink(
  tap: TapDevice,
  tell: (line: LinkLine) => void,
  note: (text: string) => void,
): void {
  // A move is told of the interface as it was.
  let { ifindex, name } = tap;
  const here = (event: LinkLine['event'], more: Partial<LinkLine> = {}): void =>
    tell(linkLine(event, { ifindex, name, link: tap.link }, more));
  tap.on('link', (link) => tell(linkLine('link', { ifindex, name, link })));
  tap.on('renamed', (now, previous) => {
    name = now;
    here('renamed', { previous });
  });
  tap.on('mtu', (mtu, previous) => here('mtu', { mtu, previous }));
  tap.on('macAddress', (macAddress, previous) => here('macAddress', { macAddress, previous }));
  tap.on('moved', (move) => {
    here('moved', move.ifindex === undefined ? {} : { newIfindex: move.ifindex });
    if (move.followed) ({ ifindex, name } = move);
    else note(`${name} can't be followed: ${move.reason}`);
  });
  tap.on('removed', () => here('removed'));
  tap.on('resync', (reason) => tell(resyncLine(reason)));
  if (tap.state === 'removed') here('removed');
  else if (tap.link.status === 'down') here('link');
}
