/**
 * `rtap neigh show`, from its words to its output.
 *
 * @module
 */

import type { Colors, TerminalStream } from '../frame/colors.ts';
import type { CommonOptions } from '../frame/options.ts';
import { writeShown } from '../frame/write-shown.ts';
import { withClient } from '../ip/with-client.ts';
import { parseNeighbourFilter, shownNeighbours } from './show.ts';
import type { ShownNeighbour } from './show.ts';

/** Shows neighbours. */
export async function runNeighbourShow(
  words: readonly string[],
  options: CommonOptions,
  output: TerminalStream,
): Promise<void> {
  const filter = parseNeighbourFilter(words);
  const shown = await withClient(options.netns, (client) =>
    shownNeighbours(client, filter, options),
  );
  writeShown(output, options.json ?? false, shown, neighbourText);
}

/** Flags in ip's order. */
const FLAGS = ['router', 'proxy', 'extern_learn', 'offload', 'managed', 'locked'] as const;

function neighbourText(neighbour: ShownNeighbour, colors: Colors): string {
  const { dst = '', dev, lladdr, state = [], protocol } = neighbour;
  return [
    dst.includes(':') ? colors.blue(dst) : colors.magenta(dst),
    ...(dev === undefined ? [] : [`dev ${colors.cyan(dev)}`]),
    ...(lladdr === undefined ? [] : [`lladdr ${colors.yellow(lladdr)}`]),
    ...FLAGS.filter((flag) => neighbour[flag] === null),
    ...state,
    ...(protocol === undefined ? [] : [`proto ${protocol}`]),
  ].join(' ');
}
