/**
 * What `ip link` does to an interface, as the requests that it sends.
 *
 * @module
 */

import {
  MalformedError,
  RTEXT_FILTER_SKIP_STATS,
  RTEXT_FILTER_VF,
  RTM_DELLINK,
  RTM_DELLINKPROP,
  RTM_GETLINK,
  RTM_NEWLINK,
  RTM_NEWLINKPROP,
} from '@rtap/netlink';
import type { NetworkNamespaceOption } from '@rtap/native';
import { decodeLink, encodeLink } from '@rtap/netlink/link';
import type { LinkMessage, LinkRequest } from '@rtap/netlink/link';
import { checkObject, checkWhich } from './argument.ts';
import type { Conversation } from './conversation.ts';
import type { RequestOptions } from './exchange.ts';
import { tellNamespace } from './namespace-attribute.ts';
import { change, question } from './requests.ts';

/** Where a link message has its index. */
const INDEX_OFFSET = 20;

/** Which interface: by its index, or by its name, which is looked up first. */
export type WhichLink = { readonly index: number } | { readonly name: string };

/** Moves an interface to another namespace: IFLA_NET_NS_FD, or IFLA_NET_NS_PID of a process. */
export async function moveToNamespace(
  conversation: Conversation,
  which: WhichLink,
  netns: NetworkNamespaceOption,
  options: RequestOptions,
): Promise<void> {
  const { told, close } = await tellNamespace(netns);
  try {
    const attribute = 'pid' in told ? { netnsPid: told.pid } : { netnsFd: told.fd };
    await changeLink(conversation, which, attribute, options);
  } finally {
    await close();
  }
}

/** Asks for one interface. */
export async function getLink(
  conversation: Conversation,
  request: LinkRequest & WhichLink,
  options: RequestOptions,
): Promise<LinkMessage> {
  const answer = await question(
    conversation,
    'RTM_GETLINK',
    RTM_NEWLINK,
    (header) => encodeLink(RTM_GETLINK, request, header),
    about(request, options),
  );
  const link = decodeLink(answer);
  if (link.index <= 0) {
    throw new MalformedError(`RTM_GETLINK was answered with index ${link.index}`, INDEX_OFFSET);
  }
  return link;
}

/** The index of an interface, looked up when its name is given. */
export async function linkIndex(
  conversation: Conversation,
  which: WhichLink,
  options: RequestOptions,
): Promise<number> {
  checkWhich('which', which);
  if ('index' in which) return which.index;
  const extensionMask = RTEXT_FILTER_VF | RTEXT_FILTER_SKIP_STATS;
  const { name } = which;
  return (await getLink(conversation, { extensionMask, name }, options)).index;
}

/** Changes an interface: only what is given. */
export async function changeLink(
  conversation: Conversation,
  which: WhichLink,
  changes: LinkRequest,
  options: RequestOptions,
): Promise<void> {
  const index = await linkIndex(conversation, which, options);
  await change(
    conversation,
    'RTM_NEWLINK',
    0,
    (header) => encodeLink(RTM_NEWLINK, { index, ...changes }, header),
    about(which, options),
  );
}

/** Changes an interface, or creates one, by a request as it is given. */
export async function sendLink(
  conversation: Conversation,
  flags: number,
  request: LinkRequest,
  options: RequestOptions,
): Promise<void> {
  checkObject('request', request);
  await change(
    conversation,
    'RTM_NEWLINK',
    flags,
    (header) => encodeLink(RTM_NEWLINK, request, header),
    options,
  );
}

/** Deletes an interface. */
export async function removeLink(
  conversation: Conversation,
  which: WhichLink,
  options: RequestOptions,
): Promise<void> {
  const index = await linkIndex(conversation, which, options);
  await change(
    conversation,
    'RTM_DELLINK',
    0,
    (header) => encodeLink(RTM_DELLINK, { index }, header),
    about(which, options),
  );
}

/** Gives an interface alternative names, or takes them away. */
export async function changeAlternativeNames(
  conversation: Conversation,
  name: 'RTM_NEWLINKPROP' | 'RTM_DELLINKPROP',
  flags: number,
  which: WhichLink,
  alternativeNames: readonly string[],
  options: RequestOptions,
): Promise<void> {
  const index = await linkIndex(conversation, which, options);
  const type = name === 'RTM_NEWLINKPROP' ? RTM_NEWLINKPROP : RTM_DELLINKPROP;
  await change(
    conversation,
    name,
    flags,
    (header) => encodeLink(type, { index, alternativeNames }, header),
    about(which, options),
  );
}

/** The options, with the interface's name for errors when it is told by that. */
function about(which: WhichLink, options: RequestOptions): RequestOptions {
  checkObject('options', options);
  return 'name' in which ? { interface: which.name, ...options } : options;
}
