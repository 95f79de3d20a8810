/**
 * Addresses: questions and changes as methods.
 *
 * @module
 */

import { NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from '@rtap/netlink';
import type { AddressMessage } from '@rtap/netlink/address';
import { addressDump } from './address-dump.ts';
import type { AddressDumpOptions } from './address-dump.ts';
import { changeAddress } from './address-operations.ts';
import type { InterfaceAddress } from './address-operations.ts';
import type { Dump } from './dump.ts';
import type { RequestOptions } from './exchange.ts';
import { LinkClient } from './link-client.ts';

const CREATE_NEW = NLM_F_CREATE | NLM_F_EXCL;
const CREATE_OR_REPLACE = NLM_F_CREATE | NLM_F_REPLACE;

/** The part of {@link NetlinkClient} about addresses. */
export class AddressClient extends LinkClient {
  /** All addresses, or those of an interface or a family. */
  addresses(options: AddressDumpOptions = {}): Dump<AddressMessage> {
    return this.dump(addressDump(options), options);
  }

  /** Gives an interface an address; fails with EEXIST when it has it already. */
  async addAddress(address: InterfaceAddress, options: RequestOptions = {}): Promise<void> {
    await changeAddress(this.conversation, 'RTM_NEWADDR', CREATE_NEW, address, options);
  }

  /** Gives an interface an address; one that it has already is changed to what is asked. */
  async replaceAddress(address: InterfaceAddress, options: RequestOptions = {}): Promise<void> {
    await changeAddress(this.conversation, 'RTM_NEWADDR', CREATE_OR_REPLACE, address, options);
  }

  /** Takes an address away; fails with EADDRNOTAVAIL when the interface doesn't have it. */
  async deleteAddress(address: InterfaceAddress, options: RequestOptions = {}): Promise<void> {
    await changeAddress(this.conversation, 'RTM_DELADDR', 0, address, options);
  }
}
