/**
 * What `ip -d -j link show` prints of a link besides.
 *
 * @module
 */

import type { LinkMessage } from '@rtap/netlink/link';

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
  /** Its kind, and that of its master. */
  readonly linkinfo?:
    | { readonly info_kind?: string | undefined; readonly info_slave_kind?: string | undefined }
    | undefined;
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
  /** Name of the physical port. */
  readonly phys_port_name?: string | undefined;
  /** Bus of the device that it is of. */
  readonly parentbus?: string | undefined;
  /** Name of that device. */
  readonly parentdev?: string | undefined;
}

/** Makes the details. */
export function shownDetails(link: LinkMessage): ShownDetails {
  const { info } = link;
  return {
    promiscuity: link.promiscuity,
    allmulti: link.allMulticast,
    min_mtu: link.minMtu,
    max_mtu: link.maxMtu,
    linkinfo: info && { info_kind: info.kind, info_slave_kind: info.slaveKind },
    inet6_addr_gen_mode: ADDRESS_GENERATION_MODES[link.afSpec?.inet6?.addressGenerationMode ?? -1],
    num_tx_queues: link.txQueues,
    num_rx_queues: link.rxQueues,
    gso_max_size: link.gsoMaxSize,
    gso_max_segs: link.gsoMaxSegments,
    tso_max_size: link.tsoMaxSize,
    tso_max_segs: link.tsoMaxSegments,
    gro_max_size: link.groMaxSize,
    phys_port_name: link.physicalPortName,
    parentbus: link.parentDeviceBusName,
    parentdev: link.parentDeviceName,
  };
}
