/**
 * Frames, put on a wire as they are.
 *
 * @module
 */

import { openPacketSocket } from '@rtap/native';
import { checkArray, checkFrame, checkOptions, checkSignal } from './argument.ts';
import { checkInterface, findInterface } from './packet-interface.ts';
import type { WhichInterface } from './packet-interface.ts';
import { PacketWriter } from './packet-writer.ts';

/** What {@link sendFrames} takes. */
export interface SendFramesOptions extends WhichInterface {
  /** The frames, from their Ethernet headers on; without a frame check sequence. */
  readonly frames: readonly Uint8Array[];
  /** Whether they go round the interface's queueing discipline; captures on it don't see them then. */
  readonly qdiscBypass?: boolean;
  /** Ends it early. */
  readonly signal?: AbortSignal;
}

/**
 * Sends frames out of an interface, one after the other; resolves when the kernel has taken the last one.
 *
 * Needs CAP_NET_RAW in the namespace. An interface without room is tried until it takes the frame.
 *
 * @throws TypeError, RangeError before anything is sent; NetlinkError ENODEV when there is no such interface;
 *   NativeError: ENETDOWN when it is down, EMSGSIZE for a frame longer than its MTU; the signal's reason.
 *
 * @example
 * ```ts
 * import { buildArp, buildEthernet, ETH_P_ARP, parseIpAddress, parseMacAddress } from '@rtap/frames';
 * import { createTestNamespace, sendFrames } from '@rtap/testkit';
 *
 * const netns = await createTestNamespace();
 * const source = parseMacAddress('02:00:00:00:00:01');
 * const who = { senderMac: source, senderIp: parseIpAddress('192.0.2.1') };
 * const frame = buildEthernet({
 *   destination: parseMacAddress('ff:ff:ff:ff:ff:ff'),
 *   source,
 *   etherType: ETH_P_ARP,
 *   payload: buildArp({ operation: 'request', ...who, targetIp: parseIpAddress('192.0.2.2') }),
 * });
 * await sendFrames({ netns, interface: 'lo', frames: [frame] });
 * await netns.close();
 * ```
 */
export async function sendFrames(options: SendFramesOptions): Promise<void> {
  checkOptions('options', options);
  checkInterface(options);
  const { frames, qdiscBypass = false, signal, netns } = options;
  checkArray('options.frames', frames);
  for (const [index, frame] of frames.entries()) checkFrame(`options.frames[${index}]`, frame);
  checkSignal(signal);
  const { ifindex } = await findInterface(options);
  const where = netns === undefined ? {} : { netns };
  const slab = Buffer.concat(frames);
  const descriptors = new Uint32Array(2 * frames.length);
  let offset = 0;
  for (const [index, { length }] of frames.entries()) {
    descriptors.set([offset, length], 2 * index);
    offset += length;
  }
  const socket = await openPacketSocket({ ifindex, ...where, sendOnly: true, qdiscBypass });
  const writer = new PacketWriter(socket);
  const onAbort = (): void => writer.wake();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    for (let sent = 0; sent < frames.length;) {
      signal?.throwIfAborted();
      sent += await writer.send(slab, descriptors, sent, frames.length - sent);
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await socket.close();
  }
}
