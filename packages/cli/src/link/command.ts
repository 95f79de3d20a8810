/**
 * `rtap link` on the command line.
 *
 * @module
 */

import type { Command } from 'commander';
import { addObject } from '../ip/object-command.ts';
import type { Verb } from '../ip/object-command.ts';

const show: Verb = {
  name: 'show',
  aliases: ['list', 'ls'],
  description: 'show interfaces, as ip link show does',
  words: '[dev] NAME | up | master NAME | nomaster | type KIND | group GROUP',
  examples: [
    'rtap link show',
    'rtap link show eth0 --json',
    'rtap link show type veth up --netns blue',
  ],
  takes: ['json', 'netns', 'details'],
  run: async (words, options) => {
    const { runLinkShow } = await import('./run-show.ts');
    await runLinkShow(words, options, process.stdout);
  },
};

/** Adds the command and those under it. */
export function addLinkCommand(program: Command): void {
  addObject(program, {
    name: 'link',
    aliases: ['l'],
    description: 'network interfaces',
    verbs: [show],
  });
}
