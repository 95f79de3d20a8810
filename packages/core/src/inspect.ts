/**
 * What `util.inspect` shows of a device and its parts.
 *
 * @module
 */

import { inspect } from 'node:util';
import type { InspectOptionsStylized } from 'node:util';
import {
  IFF_ALLMULTI,
  IFF_BROADCAST,
  IFF_DEBUG,
  IFF_DORMANT,
  IFF_DYNAMIC,
  IFF_LOWER_UP,
  IFF_MULTICAST,
  IFF_NOARP,
  IFF_NOTRAILERS,
  IFF_PROMISC,
  IFF_RUNNING,
  IFF_SLAVE,
  IFF_UP,
} from '@rtap/netlink';
import type { Counters } from './counters.ts';
import type { FrameBatch } from './frame-batch.ts';
import type { TapQueue } from './tap-queue.ts';
import type { TapDevice } from './tap-device.ts';

/** Has `util.inspect` show all objects of a class so. */
export function showAs<Shown extends object>(
  prototype: Shown,
  show: (shown: Shown, depth: number, options: InspectOptionsStylized) => string,
): void {
  Object.defineProperty(prototype, inspect.custom, {
    configurable: true,
    writable: true,
    value(this: Shown, depth: number, options: InspectOptionsStylized): string {
      return show(this, depth, options);
    },
  });
}

/** What is shown of a device beside what anybody can ask it. */
export interface InspectedDevice {
  /** Interface flags (IFF_*), as last known. */
  readonly flags: number | undefined;
  /** What the kernel may leave undone. */
  readonly offloads: readonly string[];
  /** How bursts are carried out. */
  readonly engine: string;
}

/** Shows a device as `ip link` does; with its queues behind it, as far as `depth` goes. */
export function inspectDevice(
  device: TapDevice,
  { flags, offloads, engine }: InspectedDevice,
  depth: number,
  options: InspectOptionsStylized,
): string {
  const numeral = (value: number): string => options.stylize(String(value), 'number');
  const begin = `${numeral(device.ifindex)}: ${options.stylize(device.name, 'special')}:`;
  if (device.state === 'closed' || device.state === 'removed') return `${begin} ${device.state}`;
  const { operState, carrier } = device.link;
  const head = [
    begin,
    ...(flags === undefined ? [] : [`<${flagNames(flags).join(',')}>`]),
    ...(device.mtu === undefined ? [] : ['mtu', numeral(device.mtu)]),
    'state',
    options.stylize(operState.toUpperCase(), operState === 'up' ? 'string' : 'undefined'),
    device.state,
  ].join(' ');
  if (depth < 0) return head;
  const indent = separator(options);
  const mac = device.macAddress;
  const parts = [
    ...(mac === undefined ? [] : [`link/ether ${options.stylize(mac, 'string')}`]),
    [
      `carrier ${carrier ? 'on' : 'off'}`,
      `queues ${numeral(device.queueCount)}`,
      `offloads ${offloads.join(',') || 'none'}`,
      `engine ${engine}`,
    ].join(' '),
    ...trafficOf(device.counters),
  ];
  return [head, ...parts].join(indent);
}

/** Shows a queue on one line. */
export function inspectQueue(
  { index, counters, constructor: { name } }: TapQueue,
  remarks: readonly string[],
  options: InspectOptionsStylized,
): string {
  const said = [
    `queue ${options.stylize(String(index), 'number')} of ${remarks.join(', ')}`,
    ...trafficOf(counters),
  ];
  return `${options.stylize(name, 'special')} {${said.join(', ')}}`;
}

/** Shows a batch: how many frames, and how long they are. */
export function inspectBatch(
  batch: FrameBatch,
  depth: number,
  options: InspectOptionsStylized,
): string {
  const frames = `${batch.count} frame${batch.count === 1 ? '' : 's'}`;
  const most = Math.min(batch.count, options.maxArrayLength ?? Number.POSITIVE_INFINITY);
  const lengths = Array.from({ length: depth < 0 ? 0 : most }, (_, index) => batch.length(index));
  const shown = lengths.map((length) => options.stylize(String(length), 'number')).join(', ');
  const more = batch.count > most ? `, ... ${batch.count - most} more` : '';
  const list = lengths.length === 0 ? '' : ` of ${shown}${more} bytes`;
  return `${options.stylize('FrameBatch', 'special')} {${frames}${list}}`;
}

function trafficOf(counters: Counters): readonly string[] {
  const { rxPackets, rxBytes, rxErrors, txPackets, txBytes, txErrors } = counters;
  return [
    `RX ${rxPackets} packets ${rxBytes} bytes ${rxErrors} errors`,
    `TX ${txPackets} packets ${txBytes} bytes ${txErrors} errors`,
  ];
}

/** In the order of iproute2; a TAP device has no other flags. */
const FLAG_NAMES: readonly (readonly [flag: number, name: string])[] = [
  [IFF_BROADCAST, 'BROADCAST'],
  [IFF_MULTICAST, 'MULTICAST'],
  [IFF_NOARP, 'NOARP'],
  [IFF_ALLMULTI, 'ALLMULTI'],
  [IFF_PROMISC, 'PROMISC'],
  [IFF_SLAVE, 'SLAVE'],
  [IFF_DEBUG, 'DEBUG'],
  [IFF_DYNAMIC, 'DYNAMIC'],
  [IFF_NOTRAILERS, 'NOTRAILERS'],
  [IFF_UP, 'UP'],
  [IFF_LOWER_UP, 'LOWER_UP'],
  [IFF_DORMANT, 'DORMANT'],
];

function flagNames(flags: number): readonly string[] {
  const set = FLAG_NAMES.filter(([flag]) => (flags & flag) !== 0).map(([, name]) => name);
  const cut = (flags & IFF_UP) !== 0 && (flags & IFF_RUNNING) === 0;
  return cut ? ['NO-CARRIER', ...set] : set;
}

/** Parts stand on lines of their own, unless all is to be on one. */
function separator({ breakLength, compact }: InspectOptionsStylized): string {
  return breakLength === Number.POSITIVE_INFINITY && compact !== false ? ' ' : '\n    ';
}
