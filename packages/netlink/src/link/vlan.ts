/**
 * Vlan: linux/if_link.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import { wrongValue } from '../argument.ts';
import type { RawAttribute } from '../attribute.ts';
import {
  attributeLength,
  checkValue,
  type Filled,
  keep,
  valueBigEndianU16,
  valueU16,
} from '../body.ts';
import { holdsOther, readList } from '../list.ts';
import { elements, propertiesOf, putNumber } from '../request.ts';
import type { MessageSource } from '../source.ts';
import type { MessageWriter } from '../writer.ts';

/** Flags of a VLAN. `struct ifla_vlan_flags` */
export interface VlanFlags {
  /** VLAN_FLAG_* of linux/if_vlan.h. */
  readonly flags: number;
  /** Which of them are to be set. */
  readonly mask: number;
}

/** Reads a `struct ifla_vlan_flags`; a longer one is fine. */
function readVlanFlags(source: MessageSource, start: number, end: number): VlanFlags {
  checkValue(source, start, end, 8);

  const { view, little } = source;
  return { flags: view.getUint32(start, little), mask: view.getUint32(start + 4, little) };
}

/** Writes a `struct ifla_vlan_flags`. */
function writeVlanFlags(writer: MessageWriter, value: VlanFlags, at: string): void {
  putNumber(writer, 'u32', `${at}.flags`, value.flags);
  putNumber(writer, 'u32', `${at}.mask`, value.mask);
}

/** Which priority becomes which. `struct ifla_vlan_qos_mapping` */
export interface VlanQosMapping {
  /** This one. */
  readonly from: number;
  /** Becomes that one. */
  readonly to: number;
}

/** Reads a `struct ifla_vlan_qos_mapping`; a longer one is fine. */
function readVlanQosMapping(source: MessageSource, start: number, end: number): VlanQosMapping {
  checkValue(source, start, end, 8);

  const { view, little } = source;
  return { from: view.getUint32(start, little), to: view.getUint32(start + 4, little) };
}

/** Writes a `struct ifla_vlan_qos_mapping`. */
function writeVlanQosMapping(writer: MessageWriter, value: VlanQosMapping, at: string): void {
  putNumber(writer, 'u32', `${at}.from`, value.from);
  putNumber(writer, 'u32', `${at}.to`, value.to);
}

/** Parameters of a VLAN interface. */
export interface VlanData {
  /** VLAN id, 0 to 4095. IFLA_VLAN_ID */
  readonly id?: number | undefined;
  /** Flags. IFLA_VLAN_FLAGS */
  readonly flags?: VlanFlags | undefined;
  /** From priorities of packets to those of frames. IFLA_VLAN_EGRESS_QOS */
  readonly egressQos?: readonly VlanQosMapping[] | undefined;
  /** From priorities of frames to those of packets. IFLA_VLAN_INGRESS_QOS */
  readonly ingressQos?: readonly VlanQosMapping[] | undefined;
  /** EtherType: 0x8100 (802.1Q) or 0x88a8 (802.1ad). IFLA_VLAN_PROTOCOL */
  readonly protocol?: number | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
export function readVlanData(source: MessageSource, offset: number, limit: number): VlanData {
  const { view, little } = source;
  const into: Filled<VlanData> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // IFLA_VLAN_ID
        into.id = valueU16(source, start, end);
        break;
      case 2: // IFLA_VLAN_FLAGS
        into.flags = readVlanFlags(source, start, end);
        break;
      case 3: // IFLA_VLAN_EGRESS_QOS
        if (holdsOther(source, start, end, 1)) keep(into, type, source, start, end);
        else into.egressQos = readList(source, start, end, 1, readVlanQosMapping);
        break;
      case 4: // IFLA_VLAN_INGRESS_QOS
        if (holdsOther(source, start, end, 1)) keep(into, type, source, start, end);
        else into.ingressQos = readList(source, start, end, 1, readVlanQosMapping);
        break;
      case 5: // IFLA_VLAN_PROTOCOL
        into.protocol = valueBigEndianU16(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link VlanData}, in the order of its properties. */
export function writeVlanData(writer: MessageWriter, value: VlanData, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'id': // IFLA_VLAN_ID
        if (value.id !== undefined) {
          writer.beginNest(1);
          putNumber(writer, 'u16', at + property, value.id);
          writer.endNest();
        }
        break;
      case 'flags': // IFLA_VLAN_FLAGS
        if (value.flags !== undefined) {
          writer.beginNest(2);
          writeVlanFlags(writer, value.flags, at + property);
          writer.endNest();
        }
        break;
      case 'egressQos': // IFLA_VLAN_EGRESS_QOS
        if (value.egressQos !== undefined) {
          writer.beginNest(3);
          for (const item of elements(at + property, value.egressQos)) {
            writer.beginNest(1);
            writeVlanQosMapping(writer, item, at + property);
            writer.endNest();
          }
          writer.endNest();
        }
        break;
      case 'ingressQos': // IFLA_VLAN_INGRESS_QOS
        if (value.ingressQos !== undefined) {
          writer.beginNest(4);
          for (const item of elements(at + property, value.ingressQos)) {
            writer.beginNest(1);
            writeVlanQosMapping(writer, item, at + property);
            writer.endNest();
          }
          writer.endNest();
        }
        break;
      case 'protocol': // IFLA_VLAN_PROTOCOL
        if (value.protocol !== undefined) {
          writer.beginNest(5);
          putNumber(writer, 'u16', at + property, value.protocol, true);
          writer.endNest();
        }
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of VlanData', property);
    }
  }
}
