/**
 * The link-state tracker, fed with links of any bytes.
 *
 * @module
 */

import { decodeLink, RTM_DELLINK, RTM_NEWLINK } from '../../packages/netlink/src/index.ts';
import { beginTracking, trackLink, trackRemoval } from '../../packages/transport/src/index.ts';
import { endianOf, messageOf, type Input } from './input.ts';
import { look } from './look.ts';
import { conversations } from './recorded.ts';
import type { Target } from './target.ts';
import { attempt, Violation } from './violation.ts';

const HEADER = 16;

/** Parts: messages about links, one after the other. */
export const trackerTarget: Target = {
  name: 'tracker',
  seeds: () =>
    conversations()
      .filter(({ name }) => name === 'events' || name.startsWith('link_get'))
      .map(({ received }) => received.slice(0, 12).map((bytes) => ({ control: 0, bytes }))),
  headerOf: () => HEADER + 16,
  run: check,
};

function check(input: Input): void {
  let state: ReturnType<typeof beginTracking> | undefined;
  for (const part of input) {
    const message = messageOf(part);
    if (message === undefined || ![RTM_NEWLINK, RTM_DELLINK].includes(message.type)) continue;
    const length = HEADER + message.body.length;
    const link = attempt('decodeLink', length, () => decodeLink(message, endianOf(part)));
    if (link === undefined) continue;
    if (state === undefined) {
      state = beginTracking(link);
      continue;
    }
    const tracked = trackLink(state, link);
    look(tracked, message.body, 'trackLink', false);
    if (tracked.state.ifindex !== state.ifindex)
      throw new Violation('another interface is tracked');
    if (!state.present && tracked.events.length > 0) throw new Violation('the gone has events');
    for (const event of tracked.events) {
      const isChange = event.type !== 'link' || event.link.status !== event.previous.status;
      if (!isChange) throw new Violation('a link event without a change');
    }
    state = tracked.state;
  }
  if (state !== undefined && trackRemoval(trackRemoval(state).state).events.length > 0) {
    throw new Violation('what is gone goes again');
  }
}
