/**
 * What devices tell, in words: what `RTAP_DEBUG=device` prints. Loaded then alone.
 *
 * @module
 */

import { inspect } from 'node:util';
import { deviceChannelNames } from './channels.ts';
import { reasonOf } from './device-errors.ts';

/** Describes a message of a channel of devices, on one line. */
export function describeTold(channel: string, message: unknown): string {
  const told = new Map(Object.entries(typeof message === 'object' ? (message ?? {}) : {}));
  const who = nameOf(told.get('device') ?? told.get('result') ?? told.get('options'));
  const args = told.get('arguments');
  const what = Array.isArray(args)
    ? [told.get('event'), ...args.map(oneLine)].join(' ')
    : `${operationOf(channel, told)} ${told.has('error') ? `failed: ${reasonOf(told.get('error'))}` : 'done'}`;
  return `rtap device ${who} ${what}`;
}

function nameOf(device: unknown): string {
  if (typeof device !== 'object' || device === null || !('name' in device)) return '-';
  const { name } = device;
  return `${String(name)}${'ifindex' in device ? ` (${String(device.ifindex)})` : ''}`;
}

function operationOf(channel: string, told: ReadonlyMap<string, unknown>): string {
  const operation = told.get('operation');
  if (typeof operation === 'string') return operation;
  return channel.includes(deviceChannelNames.open) ? 'openTap' : 'close';
}

function oneLine(value: unknown): string {
  return inspect(value, { breakLength: Number.POSITIVE_INFINITY, compact: true });
}
