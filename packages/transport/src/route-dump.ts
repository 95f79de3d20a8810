/**
 * Which routes to dump, and the request for it.
 *
 * @module
 */

import { AF_UNSPEC, RTA_TABLE, RTM_F_CLONED, RTM_GETROUTE, RTM_NEWROUTE } from '@rtap/netlink';
import { decodeRoute, encodeRoute } from '@rtap/netlink/route';
import type { RawAttribute } from '@rtap/netlink';
import type { RouteMessage } from '@rtap/netlink/route';
import { checkInteger } from './argument.ts';
import type { DumpOptions, DumpRequest } from './dump.ts';

/** Which routes to dump: see {@link NetlinkClient.routes}. */
export interface RouteDumpOptions extends DumpOptions {
  /** Only AF_INET, or only AF_INET6; all when left out. */
  readonly family?: number;
  /**
   * Only those of this table, RT_TABLE_* or a number of 32 bits; all when left out. With a family, the kernel
   * refuses a table that isn't there (ENOENT).
   */
  readonly table?: number;
  /** Only those by way of this interface; of multipath routes those that have a way by it. */
  readonly outputIndex?: number;
  /** Only those of this protocol, RTPROT_*. */
  readonly protocol?: number;
  /** Only those of this type, RTN_*. */
  readonly type?: number;
  /** What was learned of destinations (path MTU, redirects) instead of routes. RTM_F_CLONED */
  readonly cached?: boolean;
}

/** Makes the request; the kernel isn't asked to filter by type, as iproute2 doesn't ask for it. */
export function routeDump(options: RouteDumpOptions): DumpRequest<RouteMessage> {
  const { family = AF_UNSPEC, table, outputIndex, protocol, type, cached = false } = options;
  return {
    name: 'RTM_GETROUTE',
    encode: (header) =>
      encodeRoute(
        RTM_GETROUTE,
        {
          family,
          protocol: protocol ?? 0,
          flags: cached ? RTM_F_CLONED : 0,
          ...(table !== undefined && { raw: [tableAttribute(table)] }),
          ...(outputIndex !== undefined && { outputIndex }),
        },
        header,
      ),
    type: RTM_NEWROUTE,
    decode: (message) => decodeRoute(message),
    filter: (route) =>
      (family === AF_UNSPEC || route.family === family) &&
      (table === undefined || route.table === table) &&
      (outputIndex === undefined || usesInterface(route, outputIndex)) &&
      (protocol === undefined || route.protocol === protocol) &&
      (type === undefined || route.routeType === type) &&
      ((route.flags & RTM_F_CLONED) !== 0) === cached,
  };
}

/** RTA_TABLE, also of a number that the header had room for: iproute2 asks so. */
function tableAttribute(table: number): RawAttribute {
  checkInteger('options.table', table, 0, 0xffff_ffff);
  const value = new Uint8Array(Uint32Array.of(table).buffer);
  return { type: RTA_TABLE, value };
}

function usesInterface(route: RouteMessage, index: number): boolean {
  return (
    route.outputIndex === index || (route.multipath?.some((way) => way.index === index) ?? false)
  );
}
