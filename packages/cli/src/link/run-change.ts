/**
 * `rtap link set`, `add`, `delete` and `property`, from their words to the kernel.
 *
 * @module
 */

import { usageError } from '../frame/cli-error.ts';
import type { CommonOptions } from '../frame/options.ts';
import { findLink, telling, withClient } from '../ip/with-client.ts';
import { Words, parseAlternativeName } from '../ip/words.ts';
import { addLink, parseNewLink } from './add.ts';
import { parseLinkChanges, setLinks } from './set.ts';

/** Changes links. */
export async function runLinkSet(words: readonly string[], options: CommonOptions): Promise<void> {
  const changes = parseLinkChanges(words);
  await withClient(options.netns, (client) => setLinks(client, changes));
}

/** Makes a link; a TAP device by its own ways. */
export async function runLinkAdd(words: readonly string[], options: CommonOptions): Promise<void> {
  const link = parseNewLink(words);
  if (link.kind === 'tap') {
    const { addTap } = await import('./add-tap.ts');
    await addTap(link, options.netns);
  } else await withClient(options.netns, (client) => addLink(client, link));
}

/** Deletes a link: `[ dev ] DEVICE`. */
export async function runLinkDelete(
  args: readonly string[],
  options: CommonOptions,
): Promise<void> {
  const words = new Words(args);
  const first = words.next();
  const device = first === 'dev' ? words.value('dev') : first;
  const more = words.next();
  if (device === undefined || more !== undefined) {
    throw usageError(
      device === undefined ? 'which interface?' : `"${more}" is one word too many`,
      'rtap link delete NAME',
    );
  }
  await withClient(options.netns, async (client) => {
    const { index } = await findLink(client, device);
    await telling(device, client.deleteLink({ index }));
  });
}

/** Gives alternative names, or takes them away: `add|del dev DEVICE altname NAME ...`. */
export async function runLinkProperty(
  args: readonly string[],
  options: CommonOptions,
): Promise<void> {
  const words = new Words(args);
  const what = words.next();
  if (what !== 'add' && what !== 'del' && what !== 'delete') {
    throw usageError(what === undefined ? 'add or del?' : `"${what}" is neither add nor del`);
  }
  let device: string | undefined;
  const names: string[] = [];
  for (let word = words.next(); word !== undefined; word = words.next()) {
    if (word === 'altname') names.push(parseAlternativeName(words.again(word)));
    else if (device === undefined) device = word === 'dev' ? words.value(word) : word;
    else throw usageError(`"${word}" is one word too many`);
  }
  if (device === undefined || names.length === 0) {
    throw usageError('of which interface, and which name?', 'dev NAME altname OTHER');
  }
  const about = device;
  await withClient(options.netns, async (client) => {
    const { index } = await findLink(client, about);
    await telling(
      about,
      what === 'add'
        ? client.addAlternativeNames({ index }, names)
        : client.deleteAlternativeNames({ index }, names),
    );
  });
}
