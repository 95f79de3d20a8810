/**
 * `rtap route` on the command line.
 *
 * @module
 */

import type { Command } from 'commander';
import { addObject, changeVerbs } from '../ip/object-command.ts';
import type { Verb } from '../ip/object-command.ts';
import type { RouteVerb } from './change.ts';

const show: Verb = {
  name: 'show',
  aliases: ['list', 'ls'],
  description: 'show routes, as ip route show does: IPv4 of the table main, unless told otherwise',
  words:
    '[to] PREFIX | table TABLE|all | dev NAME | proto PROTOCOL | scope SCOPE | [type] TYPE | cache',
  examples: ['rtap route show', 'rtap -6 route show --json', 'rtap route show table all dev eth0'],
  takes: ['json', 'netns', 'details', 'ipv4', 'ipv6'],
  run: async (words, options) => {
    const { runRouteShow } = await import('./run-show.ts');
    await runRouteShow(words, options, process.stdout);
  },
};

const changes = changeVerbs<RouteVerb>({
  words: `[TYPE] PREFIX|default [via [inet|inet6] ADDRESS] [dev NAME] [metric N] [src ADDRESS] [table TABLE]
[proto PROTOCOL] [scope SCOPE] [tos TOS] [mtu BYTES] [advmss BYTES] [nhid ID] [onlink]
[nexthop [via ADDRESS] [dev NAME] [weight N] [onlink]]...`,
  takes: ['json', 'netns', 'ipv4', 'ipv6'],
  verbs: [
    {
      name: 'add',
      description: 'add a route',
      examples: [
        'rtap route add default via 10.0.0.1',
        'rtap route add 10.2.0.0/16 nexthop via 10.0.0.1 weight 2 nexthop via 10.0.0.2',
      ],
    },
    {
      name: 'replace',
      description: 'add a route, or put it in the place of the one that is there',
      examples: ['rtap route replace default via 10.0.0.2 metric 100'],
    },
    {
      name: 'change',
      description: 'change a route that is there',
      examples: ['rtap route change default via 10.0.0.3'],
    },
    {
      name: 'append',
      description: 'add a route behind others to the same destination',
      examples: ['rtap route append default via 10.0.0.4'],
    },
    { name: 'del', description: 'delete a route', examples: ['rtap route del 10.2.0.0/16'] },
  ],
  run: async (name, words, options) => {
    const { runRouteChange } = await import('./run-change.ts');
    await runRouteChange(name, words, options);
  },
});

/** Adds the command and those under it. */
export function addRouteCommand(program: Command): void {
  addObject(program, {
    name: 'route',
    aliases: ['r'],
    description: 'routes',
    verbs: [show, ...changes],
  });
}
