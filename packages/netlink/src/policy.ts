/**
 * What the kernel would have accepted: NLMSGERR_ATTR_POLICY.
 *
 * @module
 */

import type { AttributeReader, RawAttribute } from './attribute.ts';
import {
  NL_POLICY_TYPE_ATTR_BITFIELD32_MASK,
  NL_POLICY_TYPE_ATTR_MASK,
  NL_POLICY_TYPE_ATTR_MAX_LENGTH,
  NL_POLICY_TYPE_ATTR_MAX_VALUE_S,
  NL_POLICY_TYPE_ATTR_MAX_VALUE_U,
  NL_POLICY_TYPE_ATTR_MIN_LENGTH,
  NL_POLICY_TYPE_ATTR_MIN_VALUE_S,
  NL_POLICY_TYPE_ATTR_MIN_VALUE_U,
  NL_POLICY_TYPE_ATTR_TYPE,
} from './constants.ts';

/** What the kernel accepts in an attribute: enum netlink_policy_type_attr of linux/netlink.h. */
export interface AttributePolicy {
  /** Type of the value: NL_ATTR_TYPE_* of linux/netlink.h, 2 for u8 up to 5 for u64. */
  readonly type?: number;
  /** Least value. */
  readonly minimum?: bigint;
  /** Greatest value. */
  readonly maximum?: bigint;
  /** Least length in bytes. */
  readonly minimumLength?: number;
  /** Greatest length in bytes. */
  readonly maximumLength?: number;
  /** The bits that may be set. */
  readonly mask?: bigint;
  /** What else the kernel told, not known here. */
  readonly unknown?: readonly RawAttribute[];
}

/** Reads a policy out of its nest. Errors stay in the reader. */
export function readPolicy(attributes: AttributeReader): AttributePolicy {
  const policy: { -readonly [K in keyof AttributePolicy]: AttributePolicy[K] } = {};
  const unknown: RawAttribute[] = [];
  while (attributes.next()) {
    switch (attributes.type) {
      case NL_POLICY_TYPE_ATTR_TYPE:
        policy.type = attributes.u32();
        break;
      case NL_POLICY_TYPE_ATTR_MIN_VALUE_S:
        policy.minimum = BigInt.asIntN(64, attributes.u64());
        break;
      case NL_POLICY_TYPE_ATTR_MAX_VALUE_S:
        policy.maximum = BigInt.asIntN(64, attributes.u64());
        break;
      case NL_POLICY_TYPE_ATTR_MIN_VALUE_U:
        policy.minimum = attributes.u64();
        break;
      case NL_POLICY_TYPE_ATTR_MAX_VALUE_U:
        policy.maximum = attributes.u64();
        break;
      case NL_POLICY_TYPE_ATTR_MIN_LENGTH:
        policy.minimumLength = attributes.u32();
        break;
      case NL_POLICY_TYPE_ATTR_MAX_LENGTH:
        policy.maximumLength = attributes.u32();
        break;
      case NL_POLICY_TYPE_ATTR_BITFIELD32_MASK:
        policy.mask = BigInt(attributes.u32());
        break;
      case NL_POLICY_TYPE_ATTR_MASK:
        policy.mask = attributes.u64();
        break;
      default:
        unknown.push(attributes.raw());
    }
  }
  if (unknown.length > 0) policy.unknown = unknown;
  return policy;
}
