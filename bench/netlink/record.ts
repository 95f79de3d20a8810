/**
 * Records a dump of about a thousand links: the bytes that all contenders decode.
 *
 * @module
 */

import { writeFile } from 'node:fs/promises';

import { kernel, NetworkNamespace, type NetlinkRequestSocket } from '@rtap/native';
import {
  encodeLink,
  IFF_UP,
  messages,
  NLM_F_DUMP,
  NLM_F_DUMP_INTR,
  NLM_F_REQUEST,
  NLMSG_DONE,
  NLMSG_ERROR,
  RTEXT_FILTER_VF,
  RTM_GETLINK,
  RTM_NEWLINK,
} from '@rtap/netlink';
import { NetlinkClient } from '@rtap/transport';

/** TAP devices among the links; the rest, but for the loopback, are veth pairs. */
const TAPS = 40;
/** Dumps that may be asked for until one is not interrupted by a change. */
const ATTEMPTS = 50;

/**
 * Makes links in a namespace of its own and writes their dump to a file: messages one behind the other as the
 * kernel sent them, its NLMSG_DONE included.
 *
 * @param links - how many, the loopback included; about, as veths come in pairs.
 */
export async function recordDump(file: string, links = 1001): Promise<void> {
  const netns = await NetworkNamespace.create();
  try {
    await makeLinks(netns, links);
    await writeFile(file, await dumpLinks(netns));
  } finally {
    // The links go with their namespace.
    await netns.close();
  }
}

async function makeLinks(netns: NetworkNamespace, links: number): Promise<void> {
  const client = await NetlinkClient.open({ netns });
  try {
    const up = { flags: IFF_UP, change: IFF_UP };
    await client.setLink({ index: (await client.getLink({ name: 'lo' })).index, ...up });
    const taps = Math.min(TAPS, links - 1);
    await Promise.all(
      Array.from({ length: taps }, async (_, number) => {
        const tap = await kernel.openTap({ name: `tap${number}`, queues: 1, netns });
        await tap.setPersist(true);
        await client.setLink({ index: tap.ifindex, ...up });
        await tap.close();
      }),
    );
    const pairs = Math.floor((links - 1 - taps) / 2);
    // What goes up sends neighbour discovery to its peer: so the counters are not all zero.
    await Promise.all(
      Array.from({ length: pairs }, async (_, number) => {
        const name = `bench${number}`;
        await client.addLink({ name, ...up, info: { kind: 'veth' } });
        const { link } = await client.getLink({ name });
        if (link !== undefined) await client.setLink({ index: link, ...up });
      }),
    );
  } finally {
    await client.close();
  }
}

async function dumpLinks(netns: NetworkNamespace): Promise<Uint8Array> {
  const socket = await kernel.openRequestSocket({ netns });
  try {
    for (let sequence = 1; sequence <= ATTEMPTS; sequence += 1) {
      // Each attempt needs the answer to the one before.
      // oxlint-disable-next-line no-await-in-loop
      const dump = await dumpOnce(socket, sequence);
      if (dump !== undefined) return dump;
    }
    throw new Error(`${ATTEMPTS} dumps were interrupted by changes`);
  } finally {
    socket.close();
  }
}

/** One dump; undefined when a change interrupted it. */
async function dumpOnce(
  socket: NetlinkRequestSocket,
  sequence: number,
): Promise<Uint8Array | undefined> {
  const header = { flags: NLM_F_REQUEST | NLM_F_DUMP, sequence };
  await socket.send(encodeLink(RTM_GETLINK, { extensionMask: RTEXT_FILTER_VF }, header));
  const datagrams: Uint8Array[] = [];
  let interrupted = false;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop
    const { bytes, truncated } = await socket.receive();
    if (truncated) throw new Error('a datagram of the dump was truncated');
    datagrams.push(bytes);
    for (const { type, flags } of messages(bytes)) {
      if (type === NLMSG_ERROR) throw new Error('the kernel refused the dump');
      if ((flags & NLM_F_DUMP_INTR) !== 0) interrupted = true;
      if (type === NLMSG_DONE) return interrupted ? undefined : Buffer.concat(datagrams);
      if (type !== RTM_NEWLINK) throw new Error(`a message of type ${type} in the dump`);
    }
  }
}
