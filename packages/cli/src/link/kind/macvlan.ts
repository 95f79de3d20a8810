/**
 * MACVLAN and MACVTAP interfaces.
 *
 * @module
 */

import type { MacvlanData } from '@rtap/netlink/link';
import { linkAddressText } from '../../ip/link-types.ts';
import { flag, valueText } from './fields.ts';
import type { ShownKind } from './fields.ts';

/** Of kinds `macvlan` and `macvtap`. */
export const macvlan: ShownKind<MacvlanData> = {
  fields({ flags = 0, ...data }) {
    const source = data.mode === 'source';
    return {
      mode: data.mode,
      // MACVLAN_FLAG_NOPROMISC and MACVLAN_FLAG_NODST.
      nopromisc: (flags & 1) !== 0 || undefined,
      nodst: (flags & 2) !== 0 || undefined,
      bcqueuelen: data.broadcastQueueLength,
      usedbcqueuelen: data.broadcastQueueLengthUsed,
      bclim: data.broadcastCutoff,
      macaddr_count: source ? data.addressCount : undefined,
      macaddr_data: source ? data.addresses?.map((address) => linkAddressText(address)) : undefined,
    };
  },
  wording: {
    nopromisc: flag,
    nodst: flag,
    macaddr_count: (_, value) => (value === undefined ? '' : `remotes (${valueText(value)})`),
    macaddr_data: (_, value) => (value === undefined ? '' : valueText(value).replaceAll(',', ' ')),
  },
};
