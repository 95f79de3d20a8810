/**
 * Which interfaces to dump, and the request for it.
 *
 * @module
 */

import { RTEXT_FILTER_VF, RTM_GETLINK } from '@rtap/netlink';
import { encodeLink } from '@rtap/netlink/link';
import type { LinkMessage } from '@rtap/netlink/link';
import type { DumpOptions, DumpRequest } from './dump.ts';
import { linkFamily } from './link-table.ts';

/** Which links to dump: see {@link NetlinkClient.links}. */
export interface LinkDumpOptions extends DumpOptions {
  /** Only those that have this master, by its index. */
  readonly master?: number;
  /** Only those of this kind, such as `veth`. */
  readonly kind?: string;
  /** Of the namespace with this id, instead of the socket's own. */
  readonly targetNetnsId?: number;
  /** What to tell in addition and what to leave out (RTEXT_FILTER_*); RTEXT_FILTER_VF when left out. */
  readonly extensionMask?: number;
}

/** Makes the request. */
export function linkDump(options: LinkDumpOptions): DumpRequest<LinkMessage> {
  const { master, kind, targetNetnsId, extensionMask = RTEXT_FILTER_VF } = options;
  return {
    name: linkFamily.name,
    encode: (header) =>
      encodeLink(
        RTM_GETLINK,
        {
          extensionMask,
          ...(targetNetnsId !== undefined && { targetNetnsId }),
          ...(master !== undefined && { master }),
          ...(kind !== undefined && { info: { kind } }),
        },
        header,
      ),
    type: linkFamily.added,
    decode: linkFamily.decode,
    filter: (link) =>
      (master === undefined || link.master === master) &&
      (kind === undefined || link.info?.kind === kind),
  };
}
