/**
 * `rtap neigh` on the command line.
 *
 * @module
 */

import type { Command } from 'commander';
import { addObject, changeVerbs } from '../ip/object-command.ts';
import type { Verb } from '../ip/object-command.ts';
import type { NeighbourVerb } from './run-change.ts';

const show: Verb = {
  name: 'show',
  aliases: ['list', 'ls'],
  description: 'show neighbours, as ip neigh show does',
  words: '[to] ADDRESS | dev NAME | nud STATE | proxy',
  examples: ['rtap neigh show', 'rtap neigh show dev eth0 nud reachable --json'],
  takes: ['json', 'netns', 'ipv4', 'ipv6'],
  run: async (words, options) => {
    const { runNeighbourShow } = await import('./run-show.ts');
    await runNeighbourShow(words, options, process.stdout);
  },
};

const changes = changeVerbs<NeighbourVerb>({
  words:
    '[to] ADDRESS dev NAME [lladdr MAC] [nud STATE] [router] [extern_learn] | proxy ADDRESS dev NAME',
  takes: ['json', 'netns'],
  verbs: [
    {
      name: 'add',
      description: 'add a neighbour',
      examples: ['rtap neigh add 10.0.0.2 lladdr 02:00:00:00:00:02 dev eth0'],
    },
    {
      name: 'replace',
      description: 'add a neighbour, or change the one that is there',
      examples: ['rtap neigh replace 10.0.0.2 lladdr 02:00:00:00:00:03 dev eth0 nud reachable'],
    },
    {
      name: 'change',
      description: 'change a neighbour that is there',
      examples: ['rtap neigh change 10.0.0.2 dev eth0 nud stale'],
    },
    {
      name: 'del',
      description: 'delete a neighbour',
      examples: ['rtap neigh del 10.0.0.2 dev eth0'],
    },
  ],
  run: async (name, words, options) => {
    const { runNeighbourChange } = await import('./run-change.ts');
    await runNeighbourChange(name, words, options);
  },
});

/** Adds the command and those under it. */
export function addNeighbourCommand(program: Command): void {
  addObject(program, {
    name: 'neigh',
    aliases: ['neighbour', 'neighbor', 'n'],
    description: 'neighbours: ARP and neighbour discovery',
    verbs: [show, ...changes],
  });
}
