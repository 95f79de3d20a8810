/**
 * Link events as `ip -N -d -o monitor link` prints them: what its lines say, and what ours say.
 *
 * @module
 */

import type { LinkMessage } from '@rtap/netlink/link';
import { printedLink } from './link.ts';
import type { Links } from './link.ts';

/** What a line of an event tells, or we of the same event; what isn't told is undefined. */
export interface PrintedEvent {
  readonly deleted: boolean;
  readonly index: number;
  readonly name: string;
  readonly flags: string;
  readonly mtu: string | undefined;
  readonly qdisc: string | undefined;
  readonly master: string | undefined;
  readonly state: string | undefined;
  readonly group: string | undefined;
  readonly event: string | undefined;
  readonly address: string | undefined;
  readonly promiscuity: string | undefined;
  readonly allmulti: string | undefined;
  readonly kind: string | undefined;
  readonly port: string | undefined;
  readonly alias: string | undefined;
  readonly altnames: readonly string[];
  readonly newNetnsId: string | undefined;
  readonly newIndex: string | undefined;
}

/** IFLA_EVENT_* of linux/if_link.h. */
const CAUSES = ['NONE', 'REBOOT', 'FEATURE CHANGE', 'BONDING FAILOVER', 'NOTIFY PEERS'].concat([
  'RESEND IGMP',
  'BONDING OPTION',
]);

/** BR_STATE_* of linux/if_bridge.h. */
const PORT_STATES = ['disabled', 'listening', 'learning', 'forwarding', 'blocking'];

/** The flags without the one that iproute2 takes from the interface below, as far as it remembers that. */
const ownFlags = (flags: readonly string[]): string =>
  flags.filter((flag) => flag !== 'M-DOWN').join();

/** Reads a line; undefined when it is a message of the bridge, which says nothing of the link. */
export function readEvent(line: string): PrintedEvent | undefined {
  const head = /^(Deleted )?(\d+): ([^:@]+)(?:@[^:]*)?: <([^>]*)>/.exec(line);
  if (head === null) throw new Error(`not the line of an event: ${line}`);
  const word = (name: string): string | undefined =>
    new RegExp(String.raw` ${name} ([^\s\\]+)`).exec(line)?.[1];
  if (word('group') === undefined) return undefined;
  const [, deleted, index, name = '', flags = ''] = head;
  return {
    deleted: deleted !== undefined,
    index: Number(index),
    name,
    flags: ownFlags(flags.split(',')),
    mtu: word('mtu'),
    qdisc: word('qdisc'),
    master: word('master'),
    state: word('state'),
    group: word('group'),
    event: / event ([A-Z ]+[A-Z]) /.exec(line)?.[1],
    address: word(String.raw`link/\[\d+\]`),
    promiscuity: word('promiscuity'),
    allmulti: word('allmulti'),
    kind: /\\ {4}(veth|bridge|tun|macvlan) /.exec(line)?.[1],
    port: /\\ {4}bridge_slave state (\S+)/.exec(line)?.[1],
    alias: word('alias'),
    altnames: Array.from(line.matchAll(/ altname ([^\s\\]+)/g), ([, altname = '']) => altname),
    newNetnsId: word('new-netnsid'),
    newIndex: word('new-ifindex'),
  };
}

/** The same of a message of ours; `links` are those that were known when it came. */
export function eventOf(message: LinkMessage, links: Links): PrintedEvent {
  const link = Object(printedLink(message, links));
  const text = (value: number | undefined): string | undefined => value?.toString();
  return {
    deleted: message.event === 'delete',
    index: message.index,
    name: link.ifname,
    flags: ownFlags(link.flags),
    mtu: text(link.mtu),
    qdisc: link.qdisc,
    master: link.master,
    state: link.operstate,
    group: link.group,
    event: message.cause === undefined ? undefined : CAUSES[message.cause],
    address: link.address,
    promiscuity: text(link.promiscuity),
    allmulti: text(link.allmulti),
    kind: link.linkinfo?.info_kind,
    port: PORT_STATES[Object(message.info?.slaveData).state],
    alias: link.ifalias,
    altnames: link.altnames ?? [],
    newNetnsId: text(message.newNetnsId),
    newIndex: text(message.newIndex),
  };
}
