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

const set: Verb = {
  name: 'set',
  description: 'change interfaces, in one request, as ip link set does',
  words: `{ [dev] NAME | group GROUP } up | down | mtu BYTES | address MAC | name NEW | master NAME | nomaster |
netns NAME|PATH|PID | promisc on|off | allmulticast on|off | multicast on|off | arp on|off | dynamic on|off |
trailers on|off | txqueuelen PACKETS | alias TEXT | group GROUP | broadcast MAC | carrier on|off |
protodown on|off | mode default|dormant | addrgenmode eui64|none|stable_secret|random`,
  examples: [
    'rtap link set eth0 up',
    'rtap link set dev tap0 mtu 9000 master br0 up',
    'rtap link set tap0 netns blue',
    'rtap link set group 7 down',
  ],
  takes: ['json', 'netns'],
  run: async (words, options) => {
    const { runLinkSet } = await import('./run-change.ts');
    await runLinkSet(words, options);
  },
};

const add: Verb = {
  name: 'add',
  description: 'make an interface, as ip link add does',
  words: `[link NAME] [name] NAME [mtu BYTES] [address MAC] [broadcast MAC] [txqueuelen PACKETS] [group GROUP]
[index N] [numtxqueues N] [numrxqueues N] [master NAME] [netns NAME|PATH|PID] type KIND, where KIND is
bridge, dummy, ifb or any other without more to say; veth [peer [name] NAME [netns ...] ...]; tap [queues N];
macvlan [mode MODE]; vlan id ID; vrf table TABLE`,
  examples: [
    'rtap link add br0 type bridge',
    'rtap link add veth0 type veth peer veth1 netns blue',
    'rtap link add tap0 mtu 9000 type tap queues 4',
  ],
  takes: ['json', 'netns'],
  run: async (words, options) => {
    const { runLinkAdd } = await import('./run-change.ts');
    await runLinkAdd(words, options);
  },
};

const remove: Verb = {
  name: 'delete',
  aliases: ['del'],
  description: 'delete an interface',
  words: '[dev] NAME',
  examples: ['rtap link del veth0'],
  takes: ['json', 'netns'],
  run: async (words, options) => {
    const { runLinkDelete } = await import('./run-change.ts');
    await runLinkDelete(words, options);
  },
};

const property: Verb = {
  name: 'property',
  description: 'give an interface alternative names, or take them away',
  words: 'add|del [dev] NAME altname OTHER [altname OTHER]...',
  examples: ['rtap link property add dev eth0 altname uplink'],
  takes: ['json', 'netns'],
  run: async (words, options) => {
    const { runLinkProperty } = await import('./run-change.ts');
    await runLinkProperty(words, options);
  },
};

/** Adds the command and those under it. */
export function addLinkCommand(program: Command): void {
  addObject(program, {
    name: 'link',
    aliases: ['l'],
    description: 'network interfaces',
    verbs: [show, set, add, remove, property],
  });
}
