/**
 * What `ip -d -j link show` prints of a link besides.
 *
 * @module
 */

import type { LinkMessage } from '@rtap/netlink/link';
import type { KnownLinks } from '../ip/known-links.ts';
import { linkAddressText } from '../ip/link-types.ts';
import { shownLinkInfo } from './kind/kinds.ts';
import type { ShownLinkInfo } from './kind/kinds.ts';

const ADDRESS_GENERATION_MODES = ['eui64', 'none', 'stable_secret', 'random'];

/** Details of a link. */
export interface ShownDetails {
  /** How many want it promiscuous. */
  readonly promiscuity?: number | undefined;
  /** How many want all multicast. */
  readonly allmulti?: number | undefined;
  /** Least MTU that can be set. */
  readonly min_mtu?: number | undefined;
  /** Greatest MTU that can be set; 0: no limit. */
  readonly max_mtu?: number | undefined;
  /** It cannot move to another network namespace. */
  readonly 'netns-immutable'?: true | undefined;
  /** Its kind, and that of its master, with what belongs to them. */
  readonly linkinfo?: ShownLinkInfo | undefined;
  /** How IPv6 addresses are made. */
  readonly inet6_addr_gen_mode?: string | undefined;
  /** Transmit queues. */
  readonly num_tx_queues?: number | undefined;
  /** Receive queues. */
  readonly num_rx_queues?: number | undefined;
  /** Most bytes of a super-frame that it sends. */
  readonly gso_max_size?: number | undefined;
  /** Most segments of one. */
  readonly gso_max_segs?: number | undefined;
  /** Most bytes of a super-frame that the hardware takes. */
  readonly tso_max_size?: number | undefined;
  /** Most segments of one. */
  readonly tso_max_segs?: number | undefined;
  /** Most bytes of a super-frame that is made of received ones. */
  readonly gro_max_size?: number | undefined;
  /** As `gso_max_size`, of IPv4. */
  readonly gso_ipv4_max_size?: number | undefined;
  /** As `gro_max_size`, of IPv4. */
  readonly gro_ipv4_max_size?: number | undefined;
  /** Name of the physical port. */
  readonly phys_port_name?: string | undefined;
  /** Id of the physical port, in hexadecimal. */
  readonly phys_port_id?: string | undefined;
  /** Id of the switch, in hexadecimal. */
  readonly phys_switch_id?: string | undefined;
  /** Bus of the device that it is of. */
  readonly parentbus?: string | undefined;
  /** Name of that device. */
  readonly parentdev?: string | undefined;
  /** Id of its DPLL pin. */
  readonly dpll_pin?: number | undefined;
}

/** Makes the details, in ip's order. */
export function shownDetails(link: LinkMessage, links: KnownLinks): ShownDetails {
  return {
    promiscuity: link.promiscuity,
    allmulti: link.allMulticast,
    min_mtu: link.minMtu,
    max_mtu: link.maxMtu,
    'netns-immutable': link.netnsImmutable === true ? true : undefined,
    linkinfo: link.info && shownLinkInfo(link.info, links),
    inet6_addr_gen_mode: ADDRESS_GENERATION_MODES[link.afSpec?.inet6?.addressGenerationMode ?? -1],
    num_tx_queues: link.txQueues,
    num_rx_queues: link.rxQueues,
    gso_max_size: link.gsoMaxSize,
    gso_max_segs: link.gsoMaxSegments,
    tso_max_size: link.tsoMaxSize,
    tso_max_segs: link.tsoMaxSegments,
    gro_max_size: link.groMaxSize,
    gso_ipv4_max_size: link.gsoIpv4MaxSize,
    gro_ipv4_max_size: link.groIpv4MaxSize,
    phys_port_name: link.physicalPortName,
    phys_port_id: hexadecimal(link.physicalPortId),
    phys_switch_id: hexadecimal(link.physicalSwitchId),
    parentbus: link.parentDeviceBusName,
    parentdev: link.parentDeviceName,
    dpll_pin: link.dpllPin?.id,
  };
}

function hexadecimal(bytes: Uint8Array | undefined): string | undefined {
  return bytes && linkAddressText(bytes).replaceAll(':', '');
}
