/**
 * What devices tell whoever looks: the channels of `node:diagnostics_channel`.
 *
 * @module
 */

import { channel, subscribe, tracingChannel } from 'node:diagnostics_channel';
import type { Channel, TracingChannel } from 'node:diagnostics_channel';
import { debugs } from '@rtap/transport';
import type { DeviceOperation } from './device-state.ts';
import type { OpenTapOptions } from './open-tap.ts';
import type { TapDevice } from './tap-device.ts';
import type { TapDeviceEvents } from './tap-device-events.ts';

/**
 * Names of the channels of devices, for `subscribe` and `tracingChannel` of `node:diagnostics_channel`; those of netlink
 * are `netlinkChannelNames` of `@rtap/transport`.
 *
 * Nothing is paid for one that nobody subscribes to, and none is on the path of frames. `RTAP_DEBUG=device` in the
 * environment prints what passes them to stderr, a line each.
 *
 * @example
 * ```ts
 * import { subscribe } from 'node:diagnostics_channel';
 * import { deviceChannelNames, openTap } from '@rtap/core';
 *
 * subscribe(deviceChannelNames.link, (told) => console.log(told));
 * const tap = await openTap();
 * await tap.linkDown();
 * await tap.close();
 * ```
 */
export const deviceChannelNames = {
  /** A tracing channel: `openTap`, from the call to the device: {@link DeviceOpenTrace}. */
  open: 'rtap:device.open',
  /** A tracing channel: each operation that waits for the kernel, from the call: {@link DeviceOperationTrace}. */
  operation: 'rtap:device.operation',
  /** A tracing channel: `close`, once a device: {@link DeviceCloseTrace}. */
  close: 'rtap:device.close',
  /** A channel: the event `link` of any device, before its listeners: {@link DeviceTold}, as are those that follow. */
  link: 'rtap:device.link',
  /** A channel: the event `renamed`. */
  renamed: 'rtap:device.renamed',
  /** A channel: the event `mtu`. */
  mtu: 'rtap:device.mtu',
  /** A channel: the event `macAddress`. */
  macAddress: 'rtap:device.macAddress',
  /** A channel: the event `moved`. */
  moved: 'rtap:device.moved',
  /** A channel: the event `removed`. */
  removed: 'rtap:device.removed',
  /** A channel: the event `resync`. */
  resync: 'rtap:device.resync',
} as const;

/** An opening, as {@link deviceChannelNames | rtap:device.open} tells it; the same object from its start to its end. */
export interface DeviceOpenTrace {
  /** What `openTap` was given. */
  readonly options: OpenTapOptions;
  /** At its end: the device. */
  readonly result?: TapDevice;
  /** What it failed with. */
  readonly error?: unknown;
}

/** An operation, as {@link deviceChannelNames | rtap:device.operation} tells it; the same object from its start to its end. */
export interface DeviceOperationTrace {
  /** The device. */
  readonly device: TapDevice;
  /** What is asked of it. */
  readonly operation: DeviceOperation;
  /** At its end: what it resolved with. */
  readonly result?: unknown;
  /** What it failed with. */
  readonly error?: unknown;
}

/** A closing, as {@link deviceChannelNames | rtap:device.close} tells it; the same object from its start to its end. */
export interface DeviceCloseTrace {
  /** The device. */
  readonly device: TapDevice;
  /** What it failed with. */
  readonly error?: unknown;
}

/** An event of a device, as its channel tells it. */
export interface DeviceTold<Name extends keyof TapDeviceEvents = keyof TapDeviceEvents> {
  /** The device. */
  readonly device: TapDevice;
  /** Which event. */
  readonly event: Name;
  /** What its listeners are called with. */
  readonly arguments: TapDeviceEvents[Name];
}

/** Where openings are traced. */
export const openings: TracingChannel<unknown, DeviceOpenTrace> = tracingChannel(
  deviceChannelNames.open,
);
/** Where operations are. */
export const operations: TracingChannel<unknown, DeviceOperationTrace> = tracingChannel(
  deviceChannelNames.operation,
);
/** Where closings are. */
export const closings: TracingChannel<unknown, DeviceCloseTrace> = tracingChannel(
  deviceChannelNames.close,
);

const events: Readonly<Record<keyof TapDeviceEvents, Channel>> = {
  link: channel(deviceChannelNames.link),
  renamed: channel(deviceChannelNames.renamed),
  mtu: channel(deviceChannelNames.mtu),
  macAddress: channel(deviceChannelNames.macAddress),
  moved: channel(deviceChannelNames.moved),
  removed: channel(deviceChannelNames.removed),
  resync: channel(deviceChannelNames.resync),
};

/** Tells of an event. */
export function tellChannel<Name extends keyof TapDeviceEvents>(
  device: TapDevice,
  event: Name,
  args: TapDeviceEvents[Name],
): void {
  if (!events[event].hasSubscribers) return;
  const told: DeviceTold<Name> = { device, event, arguments: args };
  events[event].publish(told);
}

/** Prints what passes; what does so before the printer is loaded is kept for it. */
function printDevices(): void {
  const early: (readonly [channel: string, message: unknown])[] = [];
  let print = (name: string, message: unknown): void => {
    // As it is now: it goes on.
    early.push([name, typeof message === 'object' ? { ...message } : message]);
  };
  const { open, operation, close, ...told } = deviceChannelNames;
  const ends = [open, operation, close].map((name) => `tracing:${name}:asyncEnd`);
  for (const name of [...ends, ...Object.values(told)]) {
    subscribe(name, (message) => print(name, message));
  }
  void import('./describe-device.ts').then(({ describeTold }) => {
    print = (name, message) => {
      process.stderr.write(`${describeTold(name, message)}\n`);
    };
    for (const [name, message] of early.splice(0)) print(name, message);
  });
}

if (debugs('device')) printDevices();
