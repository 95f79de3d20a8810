/**
 * What the calls of a device reject with when it is not where it was.
 *
 * @module
 */

import type { DeviceOperation } from './device-state.ts';
import { RtapError } from './errors.ts';

/** The device was closed. */
export function closedError(name: string): RtapError {
  return new RtapError('ERR_RTAP_CLOSED', `'${name}' was closed`, { interface: name });
}

/** The interface was deleted. */
export function removedError(operation: DeviceOperation, name: string): RtapError {
  return new RtapError('ERR_RTAP_REMOVED', `${operation}: '${name}' is gone`, {
    interface: name,
    hint: 'somebody deleted the interface: close the device and open another',
  });
}

/** The interface is in another network namespace. */
export function elsewhereError(
  operation: DeviceOperation,
  name: string,
  cause: unknown,
): RtapError {
  return new RtapError('ENODEV', `${operation}: '${name}' is in another network namespace`, {
    interface: name,
    hint: 'somebody moved the interface: close the device, or move it back',
    cause,
  });
}

/** There is no link-state change to wait for. */
export function lscOffError(name: string): RtapError {
  return new RtapError('ERR_RTAP_STATE', `until() of '${name}' needs link-state change`, {
    interface: name,
    hint: 'open with linkStateChange: true, or call setLinkStateChange(true)',
  });
}
