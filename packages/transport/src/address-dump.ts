/**
 * Which addresses to dump, and the request for it.
 *
 * @module
 */

import { AF_UNSPEC, RTM_GETADDR } from '@rtap/netlink';
import { encodeAddress } from '@rtap/netlink/address';
import type { AddressMessage } from '@rtap/netlink/address';
import { addressFamily } from './address-table.ts';
import type { DumpOptions, DumpRequest } from './dump.ts';

/** Which addresses to dump: see {@link NetlinkClient.addresses}. */
export interface AddressDumpOptions extends DumpOptions {
  /** Only those of this interface. */
  readonly index?: number;
  /** Only AF_INET, or only AF_INET6. */
  readonly family?: number;
  /** Of the namespace with this id, instead of the socket's own. */
  readonly targetNetnsId?: number;
}

/** Makes the request. */
export function addressDump(options: AddressDumpOptions): DumpRequest<AddressMessage> {
  const { index, family = AF_UNSPEC, targetNetnsId } = options;
  return {
    name: addressFamily.name,
    encode: (header) =>
      encodeAddress(
        RTM_GETADDR,
        {
          family,
          ...(index !== undefined && { index }),
          ...(targetNetnsId !== undefined && { targetNetnsId }),
        },
        header,
      ),
    type: addressFamily.added,
    decode: addressFamily.decode,
    filter: (address) =>
      (index === undefined || address.index === index) &&
      (family === AF_UNSPEC || address.family === family),
  };
}
