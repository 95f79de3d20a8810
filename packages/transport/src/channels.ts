/**
 * What this package tells whoever looks: the channels of `node:diagnostics_channel`.
 *
 * @module
 */

import { channel, subscribe, tracingChannel } from 'node:diagnostics_channel';
import type { Channel, TracingChannel } from 'node:diagnostics_channel';
import type { NetlinkMessage } from '@rtap/netlink';
import type { Datagram, NetlinkTransport } from './netlink-transport.ts';

/**
 * Names of the channels of netlink, for `subscribe` and `tracingChannel` of `node:diagnostics_channel`.
 *
 * Nothing is paid for one that nobody subscribes to. `RTAP_DEBUG=netlink` in the environment subscribes to `datagram`,
 * and prints what is in them to stderr, a line a message.
 *
 * @example
 * ```ts
 * import { tracingChannel } from 'node:diagnostics_channel';
 * import { NetlinkClient, netlinkChannelNames } from '@rtap/transport';
 *
 * tracingChannel(netlinkChannelNames.request).asyncEnd.subscribe((request) => console.log(request));
 * const client = await NetlinkClient.open();
 * await client.getLink({ name: 'lo' });
 * await client.close();
 * ```
 */
export const netlinkChannelNames = {
  /** A channel: each datagram that was sent or received, on any socket of this thread: {@link NetlinkDatagram}. */
  datagram: 'rtap:netlink.datagram',
  /**
   * A tracing channel: each request of a `NetlinkClient` with one answer, from the call: {@link NetlinkRequestTrace}.
   * Dumps, and what a link subscription asks, are seen in `datagram` alone.
   */
  request: 'rtap:netlink.request',
} as const;

/** A datagram, as {@link netlinkChannelNames | rtap:netlink.datagram} tells it. */
export interface NetlinkDatagram {
  /** Whether it was sent to the kernel, or came. */
  readonly direction: 'sent' | 'received';
  /** Port of the socket that it was sent or received by. */
  readonly socket: number;
  /** Port of the sender: 0 is the kernel, whose datagrams alone are believed. */
  readonly sender: number;
  /** Its bytes; valid while the subscriber is called. */
  readonly bytes: Uint8Array;
  /** Bit mask of the multicast group that it was sent to; 0: to the socket alone. */
  readonly groups: number;
  /** Whether its tail was lost. */
  readonly truncated: boolean;
}

/** A request, as {@link netlinkChannelNames | rtap:netlink.request} tells it; it is the same object from its start to its end. */
export interface NetlinkRequestTrace {
  /** What is asked: `RTM_NEWLINK` and so on. */
  readonly name: string;
  /** The interface that it is about, when the caller said. */
  readonly interface: string | undefined;
  /** By which its answer is told. */
  readonly sequence: number;
  /** Port of the socket. */
  readonly socket: number;
  /** Its bytes. */
  readonly bytes: Uint8Array;
  /** At its end: the messages that answered it, but for the acknowledgement. */
  readonly result?: readonly NetlinkMessage[];
  /** What it failed with. */
  readonly error?: unknown;
}

const datagrams: Channel = channel(netlinkChannelNames.datagram);

/** Where requests are traced. */
export const requests: TracingChannel<unknown, NetlinkRequestTrace> = tracingChannel(
  netlinkChannelNames.request,
);

/** Tells of a datagram that is sent now. */
export function tellSent({ portId }: NetlinkTransport, bytes: Uint8Array): void {
  if (!datagrams.hasSubscribers) return;
  const datagram: NetlinkDatagram = {
    ...{ direction: 'sent', socket: portId, sender: portId },
    ...{ bytes, groups: 0, truncated: false },
  };
  datagrams.publish(datagram);
}

/** Tells of a datagram that has come. */
export function tellReceived({ portId }: NetlinkTransport, received: Datagram): void {
  if (!datagrams.hasSubscribers) return;
  const { portId: sender, bytes, groups, truncated } = received;
  const datagram: NetlinkDatagram = {
    ...{ direction: 'received', socket: portId, sender },
    ...{ bytes, groups, truncated },
  };
  datagrams.publish(datagram);
}

/** Whether the environment's RTAP_DEBUG, a list with commas, names an area. */
export function debugs(area: string): boolean {
  return process.env['RTAP_DEBUG']?.split(',').includes(area) === true;
}

/** Prints what passes; what does so before the printer is loaded is kept for it. */
function printDatagrams(): void {
  const early: NetlinkDatagram[] = [];
  let print = (datagram: NetlinkDatagram): void => {
    early.push({ ...datagram, bytes: datagram.bytes.slice() });
  };
  subscribe(netlinkChannelNames.datagram, (datagram) => {
    if (isDatagram(datagram)) print(datagram);
  });
  void import('./describe-netlink.ts').then(({ describeDatagram }) => {
    print = (datagram) => {
      for (const line of describeDatagram(datagram)) process.stderr.write(`${line}\n`);
    };
    early.splice(0).forEach(print);
  });
}

function isDatagram(message: unknown): message is NetlinkDatagram {
  return typeof message === 'object' && message !== null && 'bytes' in message;
}

if (debugs('netlink')) printDatagrams();
