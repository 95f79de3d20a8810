/**
 * `rtap monitor`: what happens to links, until it is told to end.
 *
 * @module
 */

import type { NetworkNamespaceOption } from '@rtap/native';
import { watchLinks } from '@rtap/transport';
import type { NetlinkSockets } from '@rtap/transport';
import { colorsOf } from '../frame/colors.ts';
import type { TerminalStream } from '../frame/colors.ts';
import { drained } from '../frame/drained.ts';
import { writeJsonLine } from '../frame/json-output.ts';
import { linkLineText } from './link-line-text.ts';
import { LinkStory } from './link-story.ts';

/** What the command takes. */
export interface MonitorOptions {
  /** Where sockets come from: the real kernel's or a fake one's. */
  readonly sockets: NetlinkSockets;
  /** Where to look. */
  readonly netns?: NetworkNamespaceOption;
  /** Which interfaces, by their names; all when there are none. */
  readonly names: readonly string[];
  /** An object a line instead of text. */
  readonly json: boolean;
  /** Where lines go. */
  readonly output: TerminalStream;
  /** Where what isn't an event goes. */
  readonly log: TerminalStream;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Room for a thousand events while the reader of our output is slow, where the system allows as much. */
const RECEIVE_BUFFER = 1024 * 1024;
/** Events that are held while a burst is written; more are made up for by a resync. */
const HELD_EVENTS = 65_536;

/** Tells of links until the signal is aborted. */
export async function monitor(options: MonitorOptions): Promise<void> {
  const { sockets, netns, names, json, output, log, signal } = options;
  const colors = colorsOf(output);
  const story = new LinkStory(names);
  const watch = await watchLinks({
    sockets,
    receiveBuffer: RECEIVE_BUFFER,
    ...(netns !== undefined && { netns }),
  });
  try {
    let first = true;
    for await (const event of watch.events({ limit: HELD_EVENTS, signal })) {
      for (const line of story.take(event)) {
        if (json) writeJsonLine(output, line);
        else output.write(`${linkLineText(line, colors)}\n`);
      }
      if (first) for (const name of story.awaited) log.write(`rtap: waiting for ${name}\n`);
      first = false;
      // Meanwhile events are held for us, up to the limit: then there is a resync.
      await drained(output, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    watch.close();
  }
}
