/**
 * Ids that a network namespace has for others: what `ip netns set` and `ip netns list-id` ask.
 *
 * @module
 */

import { MalformedError, RTM_GETNSID, RTM_NEWNSID } from '@rtap/netlink';
import type { NetworkNamespaceOption } from '@rtap/native';
import { decodeNetnsId, encodeNetnsId } from '@rtap/netlink/netns-id';
import type { NetnsIdMessage } from '@rtap/netlink/netns-id';
import { checkInteger } from './argument.ts';
import type { Conversation } from './conversation.ts';
import type { DumpRequest } from './dump.ts';
import type { RequestOptions } from './exchange.ts';
import { tellNamespace } from './namespace-attribute.ts';
import { change, question } from './requests.ts';

const LARGEST_ID = 0x7fff_ffff;

/** The dump of all ids. */
export const netnsIdDump: DumpRequest<NetnsIdMessage> = Object.freeze({
  name: 'RTM_GETNSID',
  encode: (header: Parameters<typeof encodeNetnsId>[2]) => encodeNetnsId(RTM_GETNSID, {}, header),
  type: RTM_NEWNSID,
  decode: (message: Parameters<typeof decodeNetnsId>[0]) => decodeNetnsId(message),
});

/** Asks for the id of a namespace; undefined when it has none. */
export async function getNetnsId(
  conversation: Conversation,
  netns: NetworkNamespaceOption,
  options: RequestOptions,
): Promise<number | undefined> {
  const { told, close } = await tellNamespace(netns);
  try {
    const answer = await question(
      conversation,
      'RTM_GETNSID',
      RTM_NEWNSID,
      (header) => encodeNetnsId(RTM_GETNSID, told, header),
      options,
    );
    const id = decodeNetnsId(answer).netnsId;
    if (id === undefined) throw new MalformedError('RTM_GETNSID was answered without an id', 0);
    return id < 0 ? undefined : id;
  } finally {
    await close();
  }
}

/** Gives a namespace an id. */
export async function setNetnsId(
  conversation: Conversation,
  netns: NetworkNamespaceOption,
  netnsId: number,
  options: RequestOptions,
): Promise<void> {
  checkInteger('netnsId', netnsId, 0, LARGEST_ID);
  const { told, close } = await tellNamespace(netns);
  try {
    await change(
      conversation,
      'RTM_NEWNSID',
      0,
      (header) => encodeNetnsId(RTM_NEWNSID, { ...told, netnsId }, header),
      options,
    );
  } finally {
    await close();
  }
}
