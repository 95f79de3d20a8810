/**
 * Where frames of a capture go.
 *
 * @module
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { openPacketSocket } from '@rtap/native';
import { errorCode } from '@rtap/transport';
import { openDevice } from '../open-device.ts';
import { findLink, withClient } from '../ip/with-client.ts';
import type { ReplayOptions } from './options.ts';

/** Something that takes frames. */
export interface FrameSender {
  readonly name: string;
  readonly ifindex: number;
  /** Sends a frame; false when it is not taken. @throws when none is any more. */
  send(frame: Uint8Array): Promise<boolean>;
  close(): Promise<void>;
}

/** Opens it. */
export function openSender(options: ReplayOptions): Promise<FrameSender> {
  return options.iface === undefined
    ? openNewDevice(options)
    : openInterface(options, options.iface);
}

/** A new TAP device: the kernel receives what is sent. */
async function openNewDevice({ tap: name, netns, signal }: ReplayOptions): Promise<FrameSender> {
  const tap = await openDevice({ name, signal, ...(netns !== undefined && { netns }) });
  // What the kernel sends has no reader, and what it had no room for counts for nobody.
  return {
    name: tap.name,
    ifindex: tap.ifindex,
    send: (frame) => Promise.resolve(tap.send(frame)),
    close: () => tap.close(),
  };
}

/** An interface that is there: what is sent goes out of it. */
async function openInterface(
  { netns, signal }: ReplayOptions,
  wanted: string,
): Promise<FrameSender> {
  const where = netns === undefined ? {} : { netns };
  const { index: ifindex, name = wanted } = await withClient(netns, (client) =>
    findLink(client, wanted),
  );
  const socket = await openPacketSocket({ ...where, ifindex, sendOnly: true });
  const descriptors = new Uint32Array(2);
  const room = (): Promise<void> =>
    new Promise<void>((resolve) => {
      const done = (): void => {
        socket.onWritable(undefined);
        signal.removeEventListener('abort', done);
        resolve();
      };
      socket.onWritable(done);
      signal.addEventListener('abort', done);
    });
  const send = async (frame: Uint8Array): Promise<boolean> => {
    descriptors[1] = frame.length;
    while (!signal.aborted) {
      try {
        if (socket.txBurst(frame, descriptors, 0, 1) === 1) return true;
        // oxlint-disable-next-line no-await-in-loop -- until there is room
        await room();
      } catch (error) {
        const code = errorCode(error);
        if (code === 'EMSGSIZE' || code === 'EINVAL' || code === 'ENETDOWN') return false;
        if (code !== 'ENOBUFS') throw error;
        // oxlint-disable-next-line no-await-in-loop -- until its queue has room
        await nextTurn();
      }
    }
    return false;
  };
  return { name, ifindex, send, close: () => socket.close() };
}
