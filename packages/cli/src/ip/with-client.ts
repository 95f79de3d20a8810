/**
 * A conversation with the kernel for as long as a command runs.
 *
 * @module
 */

import type { NetworkNamespaceOption } from '@rtap/native';
import { errnoMessage, NetlinkError } from '@rtap/netlink';
import { NetlinkClient, errorCode } from '@rtap/transport';
import type { WhichLink } from '@rtap/transport';
import type { LinkMessage } from '@rtap/netlink/link';
import { CliError } from '../frame/cli-error.ts';

/** The longest name that is one of IFLA_IFNAME, in bytes. */
const LONGEST_NAME = 15;

/** Opens a client in a namespace, runs something with it, and closes it. */
export async function withClient<T>(
  netns: NetworkNamespaceOption | undefined,
  run: (client: NetlinkClient) => Promise<T>,
): Promise<T> {
  const client = await NetlinkClient.open(netns === undefined ? {} : { netns });
  try {
    return await run(client);
  } finally {
    await client.close();
  }
}

/**
 * Asks for the interface that has a name, or an alternative name.
 *
 * @throws CliError when there is none.
 */
export async function findLink(client: NetlinkClient, name: string): Promise<LinkMessage> {
  if (Buffer.byteLength(name) > LONGEST_NAME) {
    for await (const link of client.links()) {
      if (link.alternativeNames?.includes(name) === true) return link;
    }
    throw noDevice(name);
  }
  try {
    return await client.getLink({ name });
  } catch (error) {
    throw errorCode(error) === 'ENODEV' ? noDevice(name, error) : error;
  }
}

/** The interface with an index, or undefined when there is none (any more). */
export async function linkAt(
  client: NetlinkClient,
  which: WhichLink & { readonly index: number },
): Promise<LinkMessage | undefined> {
  try {
    return await client.getLink(which);
  } catch (error) {
    if (errorCode(error) === 'ENODEV') return undefined;
    throw error;
  }
}

function noDevice(name: string, cause?: unknown): CliError {
  return new CliError(`Device "${name}" does not exist`, {
    hint: 'rtap link show lists those that do',
    cause,
  });
}

/** Waits for a change; what the kernel refuses is told in its own words, with what it was about. */
export async function telling<T>(about: string, done: Promise<T>): Promise<T> {
  try {
    return await done;
  } catch (error) {
    if (!(error instanceof NetlinkError)) throw error;
    const reason = error.extack?.message ?? errnoMessage(-error.errno);
    throw new CliError(`${about}: ${reason}`, {
      cause: error,
      ...(error.hint !== undefined && { hint: error.hint }),
    });
  }
}
