/**
 * `rtap addr` on the command line.
 *
 * @module
 */

import type { Command } from 'commander';
import { addObject, changeVerbs } from '../ip/object-command.ts';
import type { Verb } from '../ip/object-command.ts';
import type { AddressVerb } from './change.ts';

const show: Verb = {
  name: 'show',
  aliases: ['list', 'ls'],
  description: 'show interfaces with their addresses, as ip addr show does',
  words:
    '[dev] NAME | up | master NAME | type KIND | scope SCOPE | label LABEL | permanent | dynamic | tentative ...',
  examples: ['rtap addr show', 'rtap addr show eth0 --json', 'rtap -4 addr show scope global'],
  takes: ['json', 'netns', 'details', 'ipv4', 'ipv6'],
  run: async (words, options) => {
    const { runAddressShow } = await import('./run-show.ts');
    await runAddressShow(words, options, process.stdout);
  },
};

const changes = changeVerbs<AddressVerb>({
  words: `[local] PREFIX dev NAME [peer PREFIX] [broadcast ADDRESS|+|-] [scope SCOPE] [label LABEL] [metric N]
[valid_lft SECONDS|forever] [preferred_lft SECONDS|forever] [nodad] [noprefixroute] [home] [optimistic]
[mngtmpaddr] [autojoin]`,
  takes: ['json', 'netns'],
  verbs: [
    {
      name: 'add',
      description: 'give an interface an address',
      examples: [
        'rtap addr add 10.0.0.1/24 dev eth0',
        'rtap addr add 10.0.0.1/24 brd + dev eth0 valid_lft 3600',
      ],
    },
    {
      name: 'replace',
      description: 'give an interface an address, or change the one that it has',
      examples: ['rtap addr replace 10.0.0.1/24 dev eth0 valid_lft 3600 preferred_lft 1800'],
    },
    {
      name: 'del',
      description: 'take an address away',
      examples: ['rtap addr del 10.0.0.1/24 dev eth0'],
    },
  ],
  run: async (name, words, options) => {
    const { runAddressChange } = await import('./run-change.ts');
    await runAddressChange(name, words, options);
  },
});

/** Adds the command and those under it. */
export function addAddressCommand(program: Command): void {
  addObject(program, {
    name: 'addr',
    aliases: ['address', 'a'],
    description: 'addresses of interfaces',
    verbs: [show, ...changes],
  });
}
