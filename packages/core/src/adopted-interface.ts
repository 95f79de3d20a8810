/**
 * What an interface was before a device adopted it.
 *
 * @module
 */

import { AF_INET6 } from '@rtap/netlink';
import type { AddressMessage } from '@rtap/netlink/address';
import type { LinkMessage } from '@rtap/netlink/link';
import { errorCode } from '@rtap/transport';
import type { InterfaceAddress, NetlinkClient } from '@rtap/transport';

/** An interface as it was. */
export interface AdoptedInterface {
  /** All but its addresses. */
  readonly link: LinkMessage;
  /**
   * Gives it the IPv6 addresses that it had and has lost: the kernel takes them away when the interface is set down,
   * or has an MTU below 1,280. (In the latter case its sysctls of IPv6 begin anew as well.)
   */
  readonly restoreAddresses: () => Promise<void>;
}

/** Asks what an interface is. */
export async function lookAtInterface(
  client: NetlinkClient,
  index: number,
  name: string,
): Promise<AdoptedInterface> {
  const about = { interface: name };
  const link = await client.getLink({ index }, about);
  const addresses: InterfaceAddress[] = [];
  for await (const message of client.addresses({ index, family: AF_INET6 })) {
    const address = asGiven(message);
    if (address !== undefined) addresses.push(address);
  }
  return {
    link,
    restoreAddresses: async () => {
      for (const address of addresses) {
        await client.addAddress(address, about).catch((error: unknown) => {
          if (errorCode(error) !== 'EEXIST') throw error;
        });
      }
    },
  };
}

/** The address as somebody gave it to the interface, in bytes of its own. */
function asGiven(message: AddressMessage): InterfaceAddress | undefined {
  const { index, prefixLength, flags, scope, address, local = address } = message;
  const { routePriority: metric, cacheInfo, protocol } = message;
  if (local === undefined) return undefined;
  const peer = address === local ? undefined : address?.slice();
  return {
    ...{ index, prefixLength, flags, scope, local: local.slice() },
    ...(peer !== undefined && { peer }),
    ...(metric !== undefined && metric !== 0 && { metric }),
    ...(cacheInfo !== undefined && {
      lifetime: { preferred: cacheInfo.preferred, valid: cacheInfo.valid },
    }),
    ...(protocol !== undefined && protocol !== 0 && { protocol }),
  };
}
