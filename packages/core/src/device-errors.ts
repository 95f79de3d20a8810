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

/** The interface is not in the namespace where it was asked for: it has gone, or gone elsewhere. */
export class NotHereError extends Error {
  override readonly name = 'NotHereError';
  /** What the kernel says of an interface that isn't there. */
  readonly code = 'ENODEV';

  constructor() {
    super('the interface is not in this network namespace any more');
  }
}

/** The interface is in another network namespace, where it could not be followed. */
export function elsewhereError(
  operation: DeviceOperation,
  name: string,
  cause: unknown,
): RtapError {
  const why = `'${name}' was moved to another network namespace and not followed`;
  return new RtapError('ENODEV', `${operation}: ${why}: ${reasonOf(cause)}`, {
    interface: name,
    hint: 'frames pass as before; give the process the right to go there, move the interface back, or close the device',
    cause,
  });
}

/** What an error says, and what to do about it. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const hint =
    error instanceof Error && 'hint' in error && typeof error.hint === 'string' ? error.hint : '';
  return hint === '' ? message : `${message} (${hint})`;
}

/** There is no link-state change to wait for. */
export function lscOffError(name: string): RtapError {
  return new RtapError('ERR_RTAP_STATE', `until() of '${name}' needs link-state change`, {
    interface: name,
    hint: 'open with linkStateChange: true, or call setLinkStateChange(true)',
  });
}
