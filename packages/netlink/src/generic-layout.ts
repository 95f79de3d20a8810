/**
 * Where the attributes are in requests of generic netlink.
 *
 * @module
 */

import { genericFamilyAttributeNames } from './generic-family/names.ts';
import type { RequestLayout } from './names.ts';

const genericFamilyLayout: RequestLayout = { headerLength: 4, names: genericFamilyAttributeNames };

/**
 * Tells the layout of a request of NETLINK_GENERIC by the name of its family, when it is known here:
 * that of the controller, `nlctrl`.
 */
export function genericRequestLayout(family: string): RequestLayout | undefined {
  return family === 'nlctrl' ? genericFamilyLayout : undefined;
}
