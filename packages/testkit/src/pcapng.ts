/**
 * Captures as a file that tcpdump and Wireshark open.
 *
 * @module
 */

import { PcapngWriter } from '@rtap/frames';
import { checkArray, invalidType } from './argument.ts';
import { Capture } from './capture.ts';

/**
 * What captures have seen so far, as the bytes of one pcapng file (draft-ietf-opsawg-pcapng): an interface for each,
 * by the capture's name, and all frames in the order of their times, with nanoseconds, direction (epb_flags) and the
 * length on the wire; at the end what the kernel dropped.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`.
 *
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises';
 * import { capture, createTestNamespace, ping, toPcapng } from '@rtap/testkit';
 *
 * const netns = await createTestNamespace();
 * const wire = await capture({ netns, interface: 'lo' });
 * await ping({ netns, address: '127.0.0.1', count: 1 });
 * await wire.stop();
 * await writeFile('/dev/null', toPcapng([wire])); // then: tcpdump -r FILE
 * await netns.close();
 * ```
 */
export function toPcapng(captures: readonly Capture[]): Uint8Array<ArrayBuffer> {
  checkArray('captures', captures);
  const wrong = captures.find((capture) => !(capture instanceof Capture));
  if (wrong !== undefined) throw invalidType('captures', 'an Array of Capture', wrong);
  const writer = new PcapngWriter({ application: '@rtap/testkit' });
  for (const { name } of captures) writer.addInterface({ name });
  const packets = captures.flatMap((capture, id) =>
    capture.read().map((frame) => ({ frame, interface: id })),
  );
  packets.sort((one, other) => Number(one.frame.timestamp - other.frame.timestamp));
  for (const { frame, interface: id } of packets) {
    writer.writePacket(frame.bytes, {
      interface: id,
      timestamp: frame.timestamp,
      originalLength: frame.wireLength,
      direction: frame.type === 'outgoing' ? 'outbound' : 'inbound',
    });
  }
  const timestamp = BigInt(Date.now()) * 1_000_000n;
  for (const [id, { drops }] of captures.entries()) {
    writer.writeStatistics({ interface: id, timestamp, dropped: BigInt(drops) });
  }
  return writer.take();
}
