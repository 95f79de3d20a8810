/**
 * Neighbours and forwarding databases: questions and changes as methods.
 *
 * @module
 */

import { NLM_F_APPEND, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from '@rtap/netlink';
import type { NeighbourMessage } from '@rtap/netlink/neighbour';
import { AddressClient } from './address-client.ts';
import type { Dump } from './dump.ts';
import type { RequestOptions } from './exchange.ts';
import { changeForwardingEntry, getForwardingEntry } from './forwarding-operations.ts';
import type { ForwardingEntry, WhichForwardingEntry } from './forwarding-operations.ts';
import { forwardingDump, neighbourDump } from './neighbour-dump.ts';
import type { ForwardingDumpOptions, NeighbourDumpOptions } from './neighbour-dump.ts';
import { changeNeighbour, getNeighbour } from './neighbour-operations.ts';
import type { Neighbour, WhichNeighbour } from './neighbour-operations.ts';

const CREATE_NEW = NLM_F_CREATE | NLM_F_EXCL;
const CREATE_OR_REPLACE = NLM_F_CREATE | NLM_F_REPLACE;

/** The part of {@link NetlinkClient} about neighbours and forwarding databases. */
export class NeighbourClient extends AddressClient {
  /** All neighbours, or some of them; or what is answered for as for our own addresses (`proxy`). */
  neighbours(options: NeighbourDumpOptions = {}): Dump<NeighbourMessage> {
    return this.dump(neighbourDump(options), options);
  }

  /** Asks for one neighbour; fails with ENOENT when it is not there. */
  async getNeighbour(
    which: WhichNeighbour,
    options: RequestOptions = {},
  ): Promise<NeighbourMessage> {
    return getNeighbour(this.conversation, which, options);
  }

  /** Adds a neighbour; fails with EEXIST when it is there. */
  async addNeighbour(neighbour: Neighbour, options: RequestOptions = {}): Promise<void> {
    await changeNeighbour(this.conversation, 'RTM_NEWNEIGH', CREATE_NEW, neighbour, options);
  }

  /** Adds a neighbour, or changes it. */
  async replaceNeighbour(neighbour: Neighbour, options: RequestOptions = {}): Promise<void> {
    await changeNeighbour(this.conversation, 'RTM_NEWNEIGH', CREATE_OR_REPLACE, neighbour, options);
  }

  /** Changes a neighbour; fails with ENOENT when it is not there. */
  async changeNeighbour(neighbour: Neighbour, options: RequestOptions = {}): Promise<void> {
    await changeNeighbour(this.conversation, 'RTM_NEWNEIGH', NLM_F_REPLACE, neighbour, options);
  }

  /** Deletes a neighbour; fails with ENOENT when it is not there. */
  async deleteNeighbour(neighbour: Neighbour, options: RequestOptions = {}): Promise<void> {
    await changeNeighbour(this.conversation, 'RTM_DELNEIGH', 0, neighbour, options);
  }

  /** All entries of forwarding databases of bridges and VXLANs, or some of them. */
  forwardingEntries(options: ForwardingDumpOptions = {}): Dump<NeighbourMessage> {
    return this.dump(forwardingDump(options), options);
  }

  /** Asks for one entry of a forwarding database. */
  async getForwardingEntry(
    which: WhichForwardingEntry,
    options: RequestOptions = {},
  ): Promise<NeighbourMessage> {
    return getForwardingEntry(this.conversation, which, options);
  }

  /** Adds an entry to a forwarding database; fails with EEXIST when it is there. */
  async addForwardingEntry(entry: ForwardingEntry, options: RequestOptions = {}): Promise<void> {
    await changeForwardingEntry(this.conversation, 'RTM_NEWNEIGH', CREATE_NEW, entry, options);
  }

  /** Adds an entry to a forwarding database, or changes it. */
  async replaceForwardingEntry(
    entry: ForwardingEntry,
    options: RequestOptions = {},
  ): Promise<void> {
    await changeForwardingEntry(
      this.conversation,
      'RTM_NEWNEIGH',
      CREATE_OR_REPLACE,
      entry,
      options,
    );
  }

  /** Adds one more tunnel end to an entry of a VXLAN. */
  async appendForwardingEntry(entry: ForwardingEntry, options: RequestOptions = {}): Promise<void> {
    await changeForwardingEntry(
      this.conversation,
      'RTM_NEWNEIGH',
      NLM_F_CREATE | NLM_F_APPEND,
      entry,
      options,
    );
  }

  /** Deletes an entry of a forwarding database; fails with ENOENT when it is not there. */
  async deleteForwardingEntry(entry: ForwardingEntry, options: RequestOptions = {}): Promise<void> {
    await changeForwardingEntry(this.conversation, 'RTM_DELNEIGH', 0, entry, options);
  }
}
