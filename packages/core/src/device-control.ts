/**
 * What is set of a device's interface: its control operations.
 *
 * @module
 */

import { EventEmitter } from 'node:events';
import type { KernelTap } from '@rtap/native';
import { IFF_ALLMULTI, IFF_PROMISC } from '@rtap/netlink';
import type { NetlinkClient, WhichLink } from '@rtap/transport';
import { checkBoolean, checkInteger } from './argument.ts';
import {
  checkMacAddress,
  checkMaster,
  checkMtu,
  checkOwner,
  parseAddress,
  parseRoute,
} from './control-arguments.ts';
import type { TapAddress, TapOwner, TapRoute } from './control-arguments.ts';
import type { DeviceOperation } from './device-state.ts';
import type { TapDeviceEvents } from './tap-device-events.ts';

/** What operations that can be aborted take. */
export interface OperationOptions {
  /** Takes the call away while it waits its turn; one that has begun is rolled back where that is possible. */
  readonly signal?: AbortSignal;
}

/** What a control operation works with, when its turn comes. */
export interface ControlContext {
  /** A client in the interface's namespace. */
  readonly client: NetlinkClient;
  /** The device's own file. */
  readonly tap: KernelTap;
  /** The interface. */
  readonly which: { readonly index: number };
  /** For errors: what the interface is called. */
  readonly about: { readonly interface: string };
  /** Asks the kernel what has become of the interface, so that the device knows it when the operation resolves. */
  readonly update: () => Promise<void>;
}

/** Least MTU below which the kernel takes the IPv6 addresses away (RFC 8200 section 5). */
const IPV6_MIN_MTU = 1280;

/**
 * The control operations of a device.
 *
 * All are legal when the device is configured or started, run in the order of the calls, and reject with an RtapError
 * that has the kernel's code and words; wrong arguments with a TypeError or RangeError, before anything is done.
 */
export abstract class DeviceControl extends EventEmitter<TapDeviceEvents> {
  /**
   * Runs an operation in its turn, if it is legal then; `prepare` checks the arguments at once.
   *
   * @internal
   */
  protected abstract control(
    operation: DeviceOperation,
    options: OperationOptions | undefined,
    prepare: () => (context: ControlContext) => Promise<void>,
  ): Promise<void>;

  /**
   * Sets the MTU: bytes of a frame without its Ethernet header.
   *
   * Frames on their way are not cut: queues have room for the largest there can be. Below 1,280 the kernel takes the
   * interface's IPv6 addresses away, of which a process warning tells (`RTAP_WARN_MTU`).
   *
   * @param mtu - 68 to 65,521.
   */
  setMtu(mtu: number, options?: OperationOptions): Promise<void> {
    return this.control('setMtu', options, () => {
      const wanted = checkMtu('mtu', mtu);
      return async ({ client, which, about, update }) => {
        await client.setLinkMtu(which, wanted, about);
        await update();
        if (wanted < IPV6_MIN_MTU) warnOfMtu(wanted, about.interface);
      };
    });
  }

  /**
   * Sets the MAC address of the interface, which is the kernel's side of the cable.
   *
   * @param mac - as `02:00:00:00:00:01`, or six bytes; neither a group address nor all zeros.
   */
  setMacAddress(mac: string | Uint8Array, options?: OperationOptions): Promise<void> {
    return this.control('setMacAddress', options, () => {
      const wanted = checkMacAddress('mac', mac);
      return async ({ client, which, about, update }) => {
        await client.setLinkAddress(which, wanted, about);
        await update();
      };
    });
  }

  /**
   * Sets or clears IFF_PROMISC of the interface: whether the kernel's side takes frames for any MAC address.
   *
   * What this process receives doesn't depend on it: it is given all that the kernel sends.
   */
  setPromiscuous(enabled: boolean, options?: OperationOptions): Promise<void> {
    return this.#setFlag('setPromiscuous', IFF_PROMISC, enabled, options);
  }

  /** Sets or clears IFF_ALLMULTI of the interface: whether the kernel's side takes frames for any group address. */
  setAllMulticast(enabled: boolean, options?: OperationOptions): Promise<void> {
    return this.#setFlag('setAllMulticast', IFF_ALLMULTI, enabled, options);
  }

  /**
   * Raises or drops the carrier (TUNSETCARRIER): plugs the cable in, or pulls it out.
   *
   * The link goes down and up with it while the device is started; the kernel may hold the news back for a second.
   */
  setCarrier(up: boolean, options?: OperationOptions): Promise<void> {
    return this.control('setCarrier', options, () => {
      const wanted = checkBoolean('up', up);
      return ({ tap }) => tap.setCarrier(wanted);
    });
  }

  /**
   * Sets how many frames the kernel holds for this process, per queue; what comes beyond is dropped and counted.
   *
   * @param frames - 0 to 4,294,967,295; 1,000 when nothing was set. Of more than 524,288 (4 MiB of pointers a queue) Linux
   * refuses with `EPERM`, whoever asks, as of now.
   */
  setTransmitQueueLength(frames: number, options?: OperationOptions): Promise<void> {
    return this.control('setTransmitQueueLength', options, () => {
      const wanted = checkInteger('frames', frames, 0, 0xffff_ffff);
      return ({ client, which, about }) => client.setLinkTransmitQueueLength(which, wanted, about);
    });
  }

  /**
   * Puts the interface under a master, such as a bridge.
   *
   * @param master - its name or index; undefined takes the interface away from the one it has.
   */
  setMaster(master: string | number | undefined, options?: OperationOptions): Promise<void> {
    return this.control('setMaster', options, () => {
      const wanted: WhichLink | undefined = checkMaster('master', master);
      return ({ client, which, about }) => client.setLinkMaster(which, wanted, about);
    });
  }

  /** Says whether the interface outlives the device (TUNSETPERSIST). */
  setPersist(persistent: boolean, options?: OperationOptions): Promise<void> {
    return this.control('setPersist', options, () => {
      const wanted = checkBoolean('persistent', persistent);
      return ({ tap }) => tap.setPersist(wanted);
    });
  }

  /**
   * Lets a user, a group, or both open the device without CAP_NET_ADMIN (TUNSETOWNER, TUNSETGROUP): of use for one
   * that persists. What isn't given stays; there is no way to take it back.
   */
  setOwner(owner: TapOwner, options?: OperationOptions): Promise<void> {
    return this.control('setOwner', options, () => {
      const wanted = checkOwner('owner', owner);
      return ({ tap }) => tap.setOwner(wanted);
    });
  }

  /**
   * Gives the interface an address; fails with `EEXIST` when it has it already.
   *
   * @param address - as `10.0.0.1/24` or `2001:db8::1/64` (without a prefix all of it counts), or with a peer.
   */
  addAddress(address: string | TapAddress, options?: OperationOptions): Promise<void> {
    return this.control('addAddress', options, () => {
      const wanted = parseAddress('address', address);
      return ({ client, which, about }) =>
        client.addAddress({ index: which.index, ...wanted }, about);
    });
  }

  /** Takes an address away; fails with `EADDRNOTAVAIL` when the interface doesn't have it. */
  deleteAddress(address: string | TapAddress, options?: OperationOptions): Promise<void> {
    return this.control('deleteAddress', options, () => {
      const wanted = parseAddress('address', address);
      return ({ client, which, about }) =>
        client.deleteAddress({ index: which.index, ...wanted }, about);
    });
  }

  /**
   * Sends packets for a destination out of the interface; fails with `EEXIST` when there is such a route.
   *
   * The kernel takes routes of an interface that is up, and forgets them when it is set down.
   *
   * @param route - a destination as `10.0.0.0/8` or `default`, or more than that.
   */
  addRoute(route: string | TapRoute, options?: OperationOptions): Promise<void> {
    return this.control('addRoute', options, () => {
      const wanted = parseRoute('route', route);
      return ({ client, which, about }) =>
        client.addRoute({ ...wanted, outputIndex: which.index }, about);
    });
  }

  /** Takes a route away; fails with `ESRCH` when there is none. */
  deleteRoute(route: string | TapRoute, options?: OperationOptions): Promise<void> {
    return this.control('deleteRoute', options, () => {
      const wanted = parseRoute('route', route);
      return ({ client, which, about }) =>
        client.deleteRoute({ ...wanted, outputIndex: which.index }, about);
    });
  }

  #setFlag(
    operation: DeviceOperation,
    flag: number,
    enabled: boolean,
    options: OperationOptions | undefined,
  ): Promise<void> {
    return this.control(operation, options, () => {
      const wanted = checkBoolean('enabled', enabled);
      return ({ client, which, about }) => client.setLinkFlags(which, flag, wanted, about);
    });
  }
}

function warnOfMtu(mtu: number, name: string): void {
  process.emitWarning(
    `an MTU of ${mtu} is below 1280: the kernel takes the IPv6 addresses of '${name}' away`,
    { code: 'RTAP_WARN_MTU', type: 'RtapWarning' },
  );
}
