/**
 * A Linux TAP device with a driver's life cycle, and link-state-change events that are never wrong.
 *
 * {@link openTap} is where to begin.
 *
 * @module
 */

export { LINK_DOWN } from '@rtap/transport';
export type { LinkState, LinkStatus, ResyncReason } from '@rtap/transport';
export type { OperState } from '@rtap/netlink/link';
export { COUNTER_WORDS, counterOffset, NetworkNamespace } from '@rtap/native';
export { attachTap } from './attach-tap.ts';
export type { AttachTapOptions } from './attach-tap.ts';
export type {
  EngineName,
  HandoverPeer,
  Kernel,
  KernelEngine,
  KernelTapFeature,
  NetworkNamespaceCreateOptions,
  NetworkNamespaceLocation,
  NetworkNamespaceOption,
  QueueCounterName,
} from '@rtap/native';
export { deviceChannelNames } from './channels.ts';
export type {
  DeviceCloseTrace,
  DeviceOpenTrace,
  DeviceOperationTrace,
  DeviceTold,
} from './channels.ts';
export type { Counters } from './counters.ts';
export { DeviceQueue } from './device-queue.ts';
export type { QueueTicket } from './device-queue.ts';
export { legalStates } from './device-state.ts';
export type { DeviceOperation, DeviceState } from './device-state.ts';
export { RtapError } from './errors.ts';
export type { RtapErrorCode, RtapErrorOptions } from './errors.ts';
export {
  BATCH_FRAMES,
  FrameBatch,
  RX_ROOM,
  SLAB_BYTES,
  VIRTIO_NET_HEADER_LENGTH,
} from './frame-batch.ts';
export type { Offload, OffloadsOption, TapOffloads } from './offloads.ts';
export { METRICS_CONTENT_TYPE, metricsOf } from './metrics.ts';
export { openTap } from './open-tap.ts';
export type { OpenTapOptions } from './open-tap.ts';
export type { TransferredQueueState } from './queue-life.ts';
export { QueueShare } from './queue-share.ts';
export type { QueueShareEvents, ShareHolder } from './queue-share.ts';
export type { ShareAllowance, ShareOptions } from './share-options.ts';
export { ReceivedQueue, receiveQueue } from './received-queue.ts';
export type { ReceiveQueueOptions } from './received-queue.ts';
export { Splice, splice } from './splice.ts';
export type { SpliceEnd, SpliceOptions, SpliceSampling } from './splice.ts';
export type { SpliceCounters, SpliceTraffic } from './splice-counters.ts';
export type { SpliceSample } from './splice-samples.ts';
export type { TapDeviceStats } from './statistics.ts';
export { DeviceControl } from './device-control.ts';
export type { OperationOptions } from './device-control.ts';
export { MAX_MTU, MIN_MTU } from './control-arguments.ts';
export type { TapAddress, TapOwner, TapRoute } from './control-arguments.ts';
export { MAX_QUEUES, TapDevice } from './tap-device.ts';
export type { ConfigureOptions } from './tap-device.ts';
export type { LinkMove, TapDeviceEvents } from './tap-device-events.ts';
export type { AttachedTo, TapDeviceInfo } from './tap-device-info.ts';
export { DEFAULT_BURST, TapQueue } from './tap-queue.ts';
export type { BatchOptions, WaitOptions } from './tap-queue.ts';
export type { Xstats } from './xstats.ts';
