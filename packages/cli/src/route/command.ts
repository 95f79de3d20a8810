/**
 * `rtap route` on the command line.
 *
 * @module
 */

import type { Command } from 'commander';
import { addObject } from '../ip/object-command.ts';
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

const WORDS = `[TYPE] PREFIX|default [via [inet|inet6] ADDRESS] [dev NAME] [metric N] [src ADDRESS] [table TABLE]
[proto PROTOCOL] [scope SCOPE] [tos TOS] [mtu BYTES] [advmss BYTES] [nhid ID] [onlink]
[nexthop [via ADDRESS] [dev NAME] [weight N] [onlink]]...`;

function change(verb: RouteVerb, description: string, examples: readonly string[]): Verb {
  return {
    name: verb,
    ...(verb === 'del' && { aliases: ['delete'] }),
    description,
    words: WORDS,
    examples,
    takes: ['json', 'netns', 'ipv4', 'ipv6'],
    run: async (words, options) => {
      const { runRouteChange } = await import('./run-change.ts');
      await runRouteChange(verb, words, options);
    },
  };
}

const changes: readonly Verb[] = [
  change('add', 'add a route', [
    'rtap route add default via 10.0.0.1',
    'rtap route add 10.2.0.0/16 nexthop via 10.0.0.1 weight 2 nexthop via 10.0.0.2',
  ]),
  change('replace', 'add a route, or put it in the place of the one that is there', [
    'rtap route replace default via 10.0.0.2 metric 100',
  ]),
  change('change', 'change a route that is there', ['rtap route change default via 10.0.0.3']),
  change('append', 'add a route behind others to the same destination', [
    'rtap route append default via 10.0.0.4',
  ]),
  change('del', 'delete a route', ['rtap route del 10.2.0.0/16']),
];

/** Adds the command and those under it. */
export function addRouteCommand(program: Command): void {
  addObject(program, {
    name: 'route',
    aliases: ['r'],
    description: 'routes',
    verbs: [show, ...changes],
  });
}
