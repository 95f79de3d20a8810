/**
 * The statistics of devices in the text format of Prometheus, version 0.0.4.
 *
 * @module
 */

import type { LinkState } from '@rtap/transport';
import { invalidArgumentType } from './argument.ts';
import type { Counters } from './counters.ts';
import type { OperationOptions } from './device-control.ts';
import type { TapDeviceStats } from './statistics.ts';
import type { TapDevice } from './tap-device.ts';
import type { TapDeviceInfo } from './tap-device-info.ts';

/** The media type of what {@link metricsOf} makes, for the header `Content-Type`. */
export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** A device at one moment. */
export interface DeviceSample {
  readonly info: TapDeviceInfo;
  readonly stats: TapDeviceStats;
  readonly link: LinkState;
  readonly mtu: number | undefined;
  readonly macAddress: string | undefined;
  /** Changes of the link that were told. */
  readonly linkEvents: number;
}

/** One value, and what tells it from others of its metric. */
type Value = readonly [value: number | bigint, labels?: Readonly<Record<string, string>>];

/** One metric. */
interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  /** Its values of a device, without the label `interface`. */
  readonly values: (sample: DeviceSample) => readonly Value[];
}

/** A metric of each queue. */
function perQueue(name: string, help: string, field: keyof Counters): Metric {
  return {
    ...{ name, help, type: 'counter' },
    values: ({ stats }) =>
      stats.queues.map((counters, queue) => [counters[field], { queue: String(queue) }]),
  };
}

const METRICS: readonly Metric[] = [
  perQueue('rtap_rx_packets_total', 'Frames received.', 'rxPackets'),
  perQueue('rtap_rx_bytes_total', 'Bytes of the frames received.', 'rxBytes'),
  perQueue('rtap_rx_errors_total', 'Frames that could not be received.', 'rxErrors'),
  perQueue('rtap_tx_packets_total', 'Frames sent.', 'txPackets'),
  perQueue('rtap_tx_bytes_total', 'Bytes of the frames sent.', 'txBytes'),
  perQueue(
    'rtap_tx_errors_total',
    'Frames refused as bad, or dropped as the link was down.',
    'txErrors',
  ),
  {
    name: 'rtap_rx_missed_total',
    type: 'counter',
    help: 'Frames that the kernel dropped because a queue was full.',
    values: ({ stats }) => [[stats.rxMissed]],
  },
  {
    name: 'rtap_link_up',
    type: 'gauge',
    help: 'Whether the link is up.',
    values: ({ link }) => [[link.status === 'up' ? 1 : 0]],
  },
  {
    name: 'rtap_link_carrier',
    type: 'gauge',
    help: 'Whether the carrier is there.',
    values: ({ link }) => [[link.carrier ? 1 : 0]],
  },
  {
    name: 'rtap_link_carrier_changes_total',
    type: 'counter',
    help: 'How often the carrier has changed, as last heard.',
    values: ({ link }) => [[link.carrierChanges]],
  },
  {
    name: 'rtap_link_state_change_events_total',
    type: 'counter',
    help: 'Changes of the link that the device has told.',
    values: ({ linkEvents }) => [[linkEvents]],
  },
  {
    name: 'rtap_mtu_bytes',
    type: 'gauge',
    help: 'The MTU, as last known.',
    values: ({ mtu }) => (mtu === undefined ? [] : [[mtu]]),
  },
  {
    name: 'rtap_queues',
    type: 'gauge',
    help: 'Queue pairs.',
    values: ({ info }) => [[info.queues]],
  },
  {
    name: 'rtap_info',
    type: 'gauge',
    help: 'What else is known of the device, in its labels.',
    values: ({ info, macAddress = '' }) => {
      const { state, engine, namespaceInode: netns, ifindex } = info;
      const where = { ifindex: String(ifindex), netns: String(netns) };
      return [[1, { ...where, state, engine: engine.name, mac: macAddress }]];
    },
  },
];

/**
 * The statistics of devices in the text format of Prometheus (exposition format 0.0.4): each metric once, with a line a
 * device or a queue of it, told by the labels `interface` and `queue`, and by `netns` as well, the inode number of its
 * namespace, when several devices have one name.
 *
 * Counters are those of `stats`: they go back to 0 with `resetStats`, and with `configure` to other queues, as
 * Prometheus expects of a process that begins anew.
 *
 * @returns the text, UTF-8 when it is written; its media type is {@link METRICS_CONTENT_TYPE}.
 * @throws TypeError unless all are devices; RtapError `ERR_RTAP_STATE` when one is closed or removed: nobody counts
 * there any more.
 *
 * @example
 * ```ts
 * import { metricsOf, openTap } from '@rtap/core';
 *
 * const taps = [await openTap(), await openTap()];
 * const text = await metricsOf(taps);
 * console.log(text.split('\n')[0]); // # HELP rtap_rx_packets_total Frames received.
 * await Promise.all(taps.map((tap) => tap.close()));
 * ```
 */
export async function metricsOf(
  devices: Iterable<TapDevice>,
  options?: OperationOptions,
): Promise<string> {
  if (typeof devices?.[Symbol.iterator] !== 'function') {
    throw invalidArgumentType('devices', 'an iterable of TapDevice', devices);
  }
  const all = [...devices];
  for (const device of all) {
    if (typeof device?.forMetrics !== 'function') {
      throw invalidArgumentType('devices', 'an iterable of TapDevice', device);
    }
  }
  // Each once, as a value may stand there once.
  const each = [...new Set(all)].map((device) => device.forMetrics(options));
  const samples = await Promise.all(each);
  const names = new Set(samples.map(({ info }) => info.name));
  const which = ({ info }: DeviceSample): Readonly<Record<string, string>> => ({
    interface: info.name,
    ...(names.size < samples.length && { netns: String(info.namespaceInode) }),
  });
  return METRICS.map((metric) => textOf(metric, samples, which)).join('');
}

function textOf(
  { name, type, help, values }: Metric,
  samples: readonly DeviceSample[],
  which: (sample: DeviceSample) => Readonly<Record<string, string>>,
): string {
  const lines = samples.flatMap((sample) =>
    values(sample).map(
      ([value, labels]) => `${name}${labelled({ ...which(sample), ...labels })} ${value}\n`,
    ),
  );
  if (lines.length === 0) return '';
  return [`# HELP ${name} ${help}\n`, `# TYPE ${name} ${type}\n`, ...lines].join('');
}

function labelled(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return `{${pairs.join(',')}}`;
}

/** As label values are: an interface's name may have quotes and backslashes in it. */
function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}
