/**
 * TUN and TAP interfaces.
 *
 * @module
 */

import type { TunData } from '@rtap/netlink/link';
import { groupName, userName } from '../../ip/user-names.ts';
import { flag } from './fields.ts';
import type { ShownKind } from './fields.ts';

/** IFF_TUN and IFF_TAP of linux/if_tun.h. */
const TYPES: Readonly<Record<number, string>> = { 1: 'tun', 2: 'tap' };

/** Of kind `tun`. */
export const tun: ShownKind<TunData> = {
  fields: (data) => ({
    type: data.type === undefined ? undefined : (TYPES[data.type] ?? `UNKNOWN:${data.type}`),
    pi: data.packetInformation,
    vnet_hdr: data.virtioHeader,
    multi_queue: data.multiQueue,
    numqueues: data.queues,
    numdisabled: data.disabledQueues,
    persist: data.persist,
    user: data.owner === undefined ? undefined : userName(data.owner),
    group: data.group === undefined ? undefined : groupName(data.group),
  }),
  wording: { multi_queue: flag },
};
