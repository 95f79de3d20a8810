/**
 * Xdp: linux/if_link.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import { wrongValue } from '../argument.ts';
import type { RawAttribute } from '../attribute.ts';
import { attributeLength, type Filled, keep, valueS32, valueU32, valueU8 } from '../body.ts';
import { optionalI32, optionalU32, optionalU8, propertiesOf } from '../request.ts';
import type { MessageSource } from '../source.ts';
import type { MessageWriter } from '../writer.ts';

/** XDP programs of a link. */
export interface LinkXdp {
  /** In a request: the program, as a file descriptor; -1: none. IFLA_XDP_FD */
  readonly fd?: number | undefined;
  /** XDP_ATTACHED_*: 0 none, 1 driver, 2 generic, 3 hardware, 4 several. IFLA_XDP_ATTACHED */
  readonly attached?: number | undefined;
  /** In a request: XDP_FLAGS_*. IFLA_XDP_FLAGS */
  readonly flags?: number | undefined;
  /** Id of the program. IFLA_XDP_PROG_ID */
  readonly programId?: number | undefined;
  /** Id of the program in the driver. IFLA_XDP_DRV_PROG_ID */
  readonly driverProgramId?: number | undefined;
  /** Id of the generic program. IFLA_XDP_SKB_PROG_ID */
  readonly genericProgramId?: number | undefined;
  /** Id of the program in hardware. IFLA_XDP_HW_PROG_ID */
  readonly hardwareProgramId?: number | undefined;
  /** In a request: the program that must be there, as a file descriptor. IFLA_XDP_EXPECTED_FD */
  readonly expectedFd?: number | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
export function readLinkXdp(source: MessageSource, offset: number, limit: number): LinkXdp {
  const { view, little } = source;
  const into: Filled<LinkXdp> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // IFLA_XDP_FD
        into.fd = valueS32(source, start, end);
        break;
      case 2: // IFLA_XDP_ATTACHED
        into.attached = valueU8(source, start, end);
        break;
      case 3: // IFLA_XDP_FLAGS
        into.flags = valueU32(source, start, end);
        break;
      case 4: // IFLA_XDP_PROG_ID
        into.programId = valueU32(source, start, end);
        break;
      case 5: // IFLA_XDP_DRV_PROG_ID
        into.driverProgramId = valueU32(source, start, end);
        break;
      case 6: // IFLA_XDP_SKB_PROG_ID
        into.genericProgramId = valueU32(source, start, end);
        break;
      case 7: // IFLA_XDP_HW_PROG_ID
        into.hardwareProgramId = valueU32(source, start, end);
        break;
      case 8: // IFLA_XDP_EXPECTED_FD
        into.expectedFd = valueS32(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link LinkXdp}, in the order of its properties. */
export function writeLinkXdp(writer: MessageWriter, value: LinkXdp, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'fd': // IFLA_XDP_FD
        optionalI32(writer, 1, at + property, value.fd);
        break;
      case 'attached': // IFLA_XDP_ATTACHED
        optionalU8(writer, 2, at + property, value.attached);
        break;
      case 'flags': // IFLA_XDP_FLAGS
        optionalU32(writer, 3, at + property, value.flags);
        break;
      case 'programId': // IFLA_XDP_PROG_ID
        optionalU32(writer, 4, at + property, value.programId);
        break;
      case 'driverProgramId': // IFLA_XDP_DRV_PROG_ID
        optionalU32(writer, 5, at + property, value.driverProgramId);
        break;
      case 'genericProgramId': // IFLA_XDP_SKB_PROG_ID
        optionalU32(writer, 6, at + property, value.genericProgramId);
        break;
      case 'hardwareProgramId': // IFLA_XDP_HW_PROG_ID
        optionalU32(writer, 7, at + property, value.hardwareProgramId);
        break;
      case 'expectedFd': // IFLA_XDP_EXPECTED_FD
        optionalI32(writer, 8, at + property, value.expectedFd);
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of LinkXdp', property);
    }
  }
}
