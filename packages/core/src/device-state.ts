/**
 * The states of a device, and which operation is legal in which.
 *
 * @module
 */

import { RtapError } from './errors.ts';

/**
 * Where a device is in its life.
 *
 * `configured` (opened, link down, no events) -> `started` -> `configured` again (stop) -> `closed`;
 * `removed` when the interface goes, from either.
 */
export type DeviceState = 'configured' | 'started' | 'removed' | 'closed';

/** What can be asked of a device. */
export type DeviceOperation =
  | 'configure'
  | 'start'
  | 'stop'
  | 'linkUp'
  | 'linkDown'
  | 'linkUpdate'
  | 'setLinkStateChange'
  | 'setMtu'
  | 'setMacAddress'
  | 'setPromiscuous'
  | 'setAllMulticast'
  | 'setCarrier'
  | 'setTransmitQueueLength'
  | 'setMaster'
  | 'setPersist'
  | 'setOwner'
  | 'addAddress'
  | 'deleteAddress'
  | 'addRoute'
  | 'deleteRoute'
  | 'until'
  | 'rxBurst'
  | 'txBurst'
  | 'waitReadable'
  | 'batches'
  | 'transfer'
  | 'reclaim'
  | 'share'
  | 'readable'
  | 'writable'
  | 'send'
  | 'splice'
  | 'stats'
  | 'resetStats'
  | 'xstats'
  | 'resetXstats'
  | 'metrics'
  | 'info'
  | 'counters'
  | 'close';

const OPEN: readonly DeviceState[] = ['configured', 'started'];
const STARTED: readonly DeviceState[] = ['started'];
const ALWAYS: readonly DeviceState[] = ['configured', 'started', 'removed', 'closed'];

/**
 * The states in which each operation is legal; anywhere else it fails with `ERR_RTAP_STATE` and changes nothing.
 *
 * The operations that wait for the kernel are judged when their turn comes, the others at once.
 */
export const legalStates: Readonly<Record<DeviceOperation, readonly DeviceState[]>> = {
  configure: ['configured'],
  start: ['configured'],
  stop: STARTED,
  linkUp: STARTED,
  linkDown: STARTED,
  linkUpdate: OPEN,
  setLinkStateChange: OPEN,
  setMtu: OPEN,
  setMacAddress: OPEN,
  setPromiscuous: OPEN,
  setAllMulticast: OPEN,
  setCarrier: OPEN,
  setTransmitQueueLength: OPEN,
  setMaster: OPEN,
  setPersist: OPEN,
  setOwner: OPEN,
  addAddress: OPEN,
  deleteAddress: OPEN,
  addRoute: OPEN,
  deleteRoute: OPEN,
  until: STARTED,
  rxBurst: STARTED,
  txBurst: STARTED,
  waitReadable: STARTED,
  batches: STARTED,
  transfer: OPEN,
  reclaim: OPEN,
  share: OPEN,
  readable: STARTED,
  writable: STARTED,
  send: STARTED,
  splice: STARTED,
  stats: OPEN,
  resetStats: OPEN,
  xstats: OPEN,
  resetXstats: OPEN,
  metrics: OPEN,
  info: ['configured', 'started', 'removed'],
  counters: ALWAYS,
  close: ALWAYS,
};

/**
 * Throws when an operation is not legal in a state.
 *
 * @throws RtapError with code `ERR_RTAP_STATE`.
 */
export function requireLegal(operation: DeviceOperation, state: DeviceState, name: string): void {
  if (legalStates[operation].includes(state)) return;
  throw stateError(operation, state, name);
}

/** The error of an operation in a state where it isn't legal. */
export function stateError(
  operation: DeviceOperation,
  state: DeviceState,
  name: string,
): RtapError {
  const legal = legalStates[operation].join(' or ');
  return new RtapError('ERR_RTAP_STATE', `${operation}() of '${name}', which is ${state}`, {
    interface: name,
    hint: `${operation}() is legal when the device is ${legal}`,
  });
}
