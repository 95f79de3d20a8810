/**
 * `rtap neigh add`, `replace` and `del`, from their words to the kernel.
 *
 * @module
 */

import { NTF_EXT_LEARNED, NTF_ROUTER } from '@rtap/netlink';
import type { Neighbour } from '@rtap/transport';
import { usageError } from '../frame/cli-error.ts';
import type { CommonOptions } from '../frame/options.ts';
import { findLink, telling, withClient } from '../ip/with-client.ts';
import { parseAddress, Words } from '../ip/words.ts';
import { parseState } from './states.ts';

/** What is done with a neighbour. */
export type NeighbourVerb = 'add' | 'replace' | 'change' | 'del';

/** A neighbour, with its interface by name. */
interface NeighbourChange {
  /** Its address as it was written, for errors. */
  readonly text: string;
  /** The interface's name. */
  readonly device: string;
  /** The rest. */
  readonly neighbour: Omit<Neighbour, 'index'>;
}

/** Reads `[ to ] ADDRESS lladdr MAC dev DEVICE nud STATE router extern_learn`, or `proxy ADDRESS dev DEVICE`. */
function parseNeighbourChange(args: readonly string[]): NeighbourChange {
  const words = new Words(args);
  let text: string | undefined;
  let device: string | undefined;
  let flags = 0;
  let more: Omit<Neighbour, 'index' | 'destination'> = {};
  for (let word = words.next(); word !== undefined; word = words.next()) {
    if (word === 'dev') device = words.value(word);
    else if (word === 'lladdr') more = { ...more, linkLayerAddress: words.macAddress(word) };
    else if (word === 'nud') more = { ...more, state: parseState(words.value(word)) };
    else if (word === 'router') flags |= NTF_ROUTER;
    else if (word === 'extern_learn') flags |= NTF_EXT_LEARNED;
    else {
      if (word === 'proxy') more = { ...more, proxy: true };
      const address = word === 'to' || word === 'proxy' ? words.value('to') : word;
      if (text !== undefined) throw usageError(`"${address}" is one word too many`);
      text = address;
    }
  }
  if (text === undefined) throw usageError('which neighbour?', 'such as 10.0.0.2 dev eth0');
  if (device === undefined) throw usageError('behind which interface?', 'dev NAME');
  const destination = parseAddress(text);
  return { text, device, neighbour: { destination, ...more, ...(flags !== 0 && { flags }) } };
}

/** Changes neighbours. */
export async function runNeighbourChange(
  verb: NeighbourVerb,
  words: readonly string[],
  options: CommonOptions,
): Promise<void> {
  const { text, device, neighbour } = parseNeighbourChange(words);
  await withClient(options.netns, async (client) => {
    const whole = { ...neighbour, index: (await findLink(client, device)).index };
    const done = {
      add: () => client.addNeighbour(whole),
      replace: () => client.replaceNeighbour(whole),
      change: () => client.changeNeighbour(whole),
      del: () => client.deleteNeighbour(whole),
    };
    await telling(`${text} on ${device}`, done[verb]());
  });
}
