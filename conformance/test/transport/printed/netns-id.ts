/**
 * Ids of namespaces as `ip -j netns list-id` prints them, made of what we have decoded.
 *
 * @module
 */

import type { NetnsIdMessage } from '@rtap/netlink';
import { refuseUnknown } from './unknown.ts';

/** One id. */
export function printedNetnsId(message: NetnsIdMessage): object {
  refuseUnknown(message);
  return {
    nsid: message.netnsId,
    'current-nsid': message.currentNetnsId,
  };
}
