/**
 * Which nexthops to dump, and the request for it.
 *
 * @module
 */

import { AF_UNSPEC, RTM_GETNEXTHOP, RTM_NEWNEXTHOP } from '@rtap/netlink';
import { decodeNexthop, encodeNexthop } from '@rtap/netlink/nexthop';
import type { NexthopMessage } from '@rtap/netlink/nexthop';
import type { DumpOptions, DumpRequest } from './dump.ts';

/** Which nexthops to dump: see {@link NetlinkClient.nexthops}. */
export interface NexthopDumpOptions extends DumpOptions {
  /** Only AF_INET, or only AF_INET6, no groups; all when left out. */
  readonly family?: number;
  /** Only those by way of this interface. NHA_OIF */
  readonly outputIndex?: number;
  /** Only those by way of interfaces that have this master, by its index. NHA_MASTER */
  readonly master?: number;
  /** Only groups. NHA_GROUPS */
  readonly groups?: boolean;
  /** Only those of forwarding databases. NHA_FDB */
  readonly fdb?: boolean;
}

/** Makes the request. */
export function nexthopDump(options: NexthopDumpOptions): DumpRequest<NexthopMessage> {
  const { family = AF_UNSPEC, outputIndex, master, groups = false, fdb = false } = options;
  return {
    name: 'RTM_GETNEXTHOP',
    encode: (header) =>
      encodeNexthop(
        RTM_GETNEXTHOP,
        {
          family,
          ...(outputIndex !== undefined && { outputIndex }),
          ...(groups && { groupsOnly: true }),
          ...(master !== undefined && { master }),
          ...(fdb && { fdb }),
        },
        header,
      ),
    type: RTM_NEWNEXTHOP,
    decode: (message) => decodeNexthop(message),
    filter: (nexthop) =>
      (family === AF_UNSPEC || nexthop.family === family) &&
      (outputIndex === undefined || nexthop.outputIndex === outputIndex) &&
      (!groups || nexthop.group !== undefined) &&
      (!fdb || nexthop.fdb === true),
  };
}
