/**
 * What to do when the kernel refuses an operation, where its words alone do not say.
 *
 * @module
 */

import type { DeviceOperation } from './device-state.ts';

/** By operation and code. */
const HINTS: Readonly<Partial<Record<DeviceOperation, Readonly<Record<string, string>>>>> = {
  start: {
    EPERM:
      'the interface is down, and setting it up needs CAP_NET_ADMIN: whoever made it for this user has to do that (ip link set NAME up)',
  },
  setMaster: {
    ENODEV:
      'there is no interface of this name in the namespace of the device: make the master first',
  },
  setTransmitQueueLength: {
    // tun_device_event answers NOTIFY_BAD when ptr_ring finds no memory, which comes out as EPERM.
    EPERM:
      'the kernel has no memory for more frames than 524,288 a queue, and says so by this code; or CAP_NET_ADMIN is missing',
  },
  addAddress: { EEXIST: 'the interface has this address already' },
  deleteAddress: {
    EADDRNOTAVAIL: 'the interface does not have this address, with this prefix and peer',
  },
  addRoute: {
    EEXIST: 'there is such a route already: delete it first, or give the other one another metric',
    ENETDOWN: 'routes need a link that is up: start the device, or set the link up',
    ENETUNREACH: 'the gateway is not on a link: give the device an address in its network first',
  },
  deleteRoute: { ESRCH: 'there is no such route out of the interface' },
};

/** What to do about the code of an operation; undefined when nothing more can be said. */
export function operationHint(operation: DeviceOperation, code: string): string | undefined {
  return HINTS[operation]?.[code];
}
