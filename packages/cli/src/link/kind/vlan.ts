/**
 * VLAN interfaces.
 *
 * @module
 */

import type { VlanData, VlanQosMapping } from '@rtap/netlink/link';
import { flagNames } from '../../ip/flag-names.ts';
import { etherType, valueText } from './fields.ts';
import type { Say, ShownFields, ShownKind } from './fields.ts';

/** VLAN_FLAG_* of linux/if_vlan.h, in the order of printing. */
const FLAGS: Readonly<Record<string, number>> = {
  REORDER_HDR: 1,
  GVRP: 2,
  MVRP: 8,
  LOOSE_BINDING: 4,
  BRIDGE_BINDING: 16,
};

const mappings = (
  list: readonly VlanQosMapping[] | undefined,
): readonly ShownFields[] | undefined => list?.map(({ from, to }) => ({ from, to }));

/** A line of its own. */
const line: Say = (name, value) =>
  value === undefined
    ? ''
    : `\n      ${name.replace('_', '-')}-map { ${valueText(value).replaceAll(' ', ':').replaceAll(',', ' ')} }`;

/** Of kind `vlan`. */
export const vlan: ShownKind<VlanData> = {
  fields: (data) => ({
    protocol: etherType(data.protocol),
    id: data.id,
    flags: data.flags && flagNames(data.flags.flags, FLAGS),
    ingress_qos: mappings(data.ingressQos),
    egress_qos: mappings(data.egressQos),
  }),
  wording: {
    flags: (_, value) => (value === undefined ? '' : `<${valueText(value)}>`),
    ingress_qos: line,
    egress_qos: line,
  },
};
