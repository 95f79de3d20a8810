/**
 * What the kernel does of each offload, proven by bytes.
 *
 * @module
 */

import { openTap } from '@rtap/core';
import type { NetworkNamespace, Offload, TapDevice } from '@rtap/core';
import { buildSuperFrame, createBridge } from '@rtap/testkit';
import type { SuperFrame, SuperFrameOptions } from '@rtap/testkit';
import { NetlinkClient } from '@rtap/transport';
import type { Finding } from './finding.ts';

const BRIDGE = 'between0';
/** A frame for each offload, which needs it to come as it was sent. */
const PROBES: readonly (readonly [Offload, SuperFrameOptions])[] = [
  ['checksum', { protocol: 'udp', payload: 900, gsoSize: 0 }],
  ['tso4', { version: 4, protocol: 'tcp' }],
  ['tso6', { version: 6, protocol: 'tcp' }],
  ['tsoEcn', { version: 4, protocol: 'tcp', flags: ['ack', 'cwr'] }],
  ['uso4', { version: 4, protocol: 'udp' }],
  ['uso6', { version: 6, protocol: 'udp' }],
];

/**
 * Sends a frame that each offload is about through a bridge to two devices, with offloads and without: the one is to get
 * it as it was sent, with its header; the other what the kernel makes of it, which native segmentation is to make of the
 * first one's, byte for byte.
 *
 * All devices are in `netns`, and go. Where no bridge can be made, which a TAP device can do without, nothing is proven.
 */
export async function proveOffloads(netns: NetworkNamespace): Promise<readonly Finding[]> {
  const devices: TapDevice[] = [];
  const undo: (() => Promise<void>)[] = [];
  const open = async (name: string, offloads: 'auto' | 'none'): Promise<TapDevice> => {
    const tap = await openTap({ netns, name, offloads, start: false });
    devices.push(tap);
    undo.push(() => tap.close());
    return tap;
  };
  try {
    const from = await open('from0', 'none');
    const whole = await open('whole0', 'auto');
    const cut = await open('cut0', 'none');
    const ports = devices.map(({ name }) => name);
    await createBridge({ netns, name: BRIDGE, ports });
    undo.push(() => deleteBridge(netns));
    for (const tap of devices) await tap.start();
    const { granted, reason = 'not granted' } = whole.info().offloads;
    const findings: Finding[] = [];
    for (const [offload, options] of PROBES) {
      if (!granted.includes(offload)) {
        findings.push({ verdict: 'skipped', text: `offload ${offload}: ${reason}` });
        continue;
      }
      const problem = await prove(buildSuperFrame(options), { from, whole, cut });
      findings.push(
        problem === undefined
          ? {
              verdict: 'ok',
              text: `offload ${offload}: whole as it was sent, and cut as the kernel cuts`,
            }
          : {
              verdict: 'failed',
              text: `offload ${offload}: ${problem}`,
              fix: "openTap({ offloads: 'none' })",
            },
      );
    }
    return findings;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [{ verdict: 'skipped', text: `offloads were not tried: ${why}` }];
  } finally {
    for (const step of undo.toReversed()) await step();
  }
}

async function deleteBridge(netns: NetworkNamespace): Promise<void> {
  const client = await NetlinkClient.open({ netns });
  try {
    await client.deleteLink({ name: BRIDGE });
  } finally {
    await client.close();
  }
}

interface Devices {
  readonly from: TapDevice;
  readonly whole: TapDevice;
  readonly cut: TapDevice;
}

/** What is wrong; undefined: nothing. */
async function prove(sent: SuperFrame, { from, whole, cut }: Devices): Promise<string | undefined> {
  const batch = from.createBatch();
  batch.push(sent.frame);
  batch.header(0).set(sent.header);
  from.queue(0).txBurst(batch);
  const raw = whole.queue(0).rxBurst();
  if (raw.count !== 1) return `${raw.count} frames came for one`;
  if (!equal(raw.frame(0), sent.frame)) return 'its bytes are others';
  // hdr_len is a hint, and the kernel has a better one.
  for (const [begin, end, name] of [
    [0, 2, 'flags and type'],
    [4, 10, 'segment size and checksum'],
  ] as const) {
    if (!equal(raw.header(0).subarray(begin, end), sent.header.subarray(begin, end))) {
      return `its header says another ${name}`;
    }
  }
  const byKernel = frames(cut);
  from.queue(0).txBurst(batch);
  const made: Uint8Array[] = [];
  for await (const segments of whole.batches()) {
    for (let index = 0; index < segments.count; index += 1) made.push(segments.copy(index));
    break;
  }
  frames(cut);
  if (made.length !== byKernel.length) {
    return `cut by us it is ${made.length} frames, by the kernel ${byKernel.length}`;
  }
  const wrong = made.findIndex((frame, index) => !equal(frame, byKernel[index]));
  return wrong < 0 ? undefined : `segment ${wrong} is not the kernel's`;
}

/** Takes all that is there. */
function frames(tap: TapDevice): Uint8Array[] {
  const taken: Uint8Array[] = [];
  for (;;) {
    const batch = tap.queue(0).rxBurst();
    if (batch.count === 0) return taken;
    for (let index = 0; index < batch.count; index += 1) taken.push(batch.copy(index));
  }
}

function equal(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && Buffer.compare(a, b) === 0;
}
