// What a program says about types, by import.

import { openTap } from '@rtap/core';
import type { TapDevice } from '@rtap/core';
import { createProgram } from '@rtap/cli';
import { parseMacAddress } from '@rtap/frames';
import { kernel } from '@rtap/native';
import { messages } from '@rtap/netlink';
import { decodeLink } from '@rtap/netlink/link';
import type { LinkMessage } from '@rtap/netlink/link';
import { FakeKernel } from '@rtap/testkit';
import { NetlinkClient } from '@rtap/transport';
import { MemoryRtnetlink } from '@rtap/transport/testing';

export async function use(datagram: Uint8Array): Promise<TapDevice> {
  const links: LinkMessage[] = [...messages(datagram)].map((message) => decodeLink(message));
  const index: number = links[0]?.index ?? 0;
  // @ts-expect-error: a number; it would be `any`, and this no error, if the package's types were not found.
  const wrong: string = index;
  await using client = await NetlinkClient.open();
  await client.getLink({ index });
  const real: bigint = await kernel.namespaceInode();
  void [wrong, real, createProgram, MemoryRtnetlink, parseMacAddress('02:00:00:00:00:01').length];
  return openTap({ kernel: new FakeKernel(), offloads: 'none' });
}
