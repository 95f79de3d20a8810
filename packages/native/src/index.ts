/**
 * Linux TAP devices, netlink and packet sockets, and network namespaces for Node.
 *
 * The lowest layer of rtap: it opens what the kernel offers and knows nothing of devices' states or
 * messages' meaning. Importing it loads no binary; the first call that needs it does, on Linux only.
 *
 * @module
 */

export type { KernelAttachOptions, KernelReceivedQueues } from './attach.ts';
export { coalesceBurst } from './coalesce.ts';
export { COUNTER_WORDS, counterOffset } from './counters.ts';
export type { QueueCounterName } from './counters.ts';
export type { EngineName, KernelEngine } from './engine.ts';
export { NativeError } from './errors.ts';
export type { NativeErrorOptions } from './errors.ts';
export type {
  HandoverAddress,
  HandoverConnection,
  HandoverFiles,
  HandoverListener,
  HandoverMessage,
  HandoverPeer,
  HandoverSources,
} from './handover.ts';
export { openIcmpSocket } from './icmp-socket.ts';
export type { IcmpMessage, IcmpSocket, IcmpSocketOptions } from './icmp-socket.ts';
export { kernel } from './kernel.ts';
export type { Kernel, NativeKernel } from './kernel.ts';
export type { KernelQueueLoan, KernelReceivedQueue } from './loan.ts';
export { NetworkNamespace, networkNamespacePath } from './namespace.ts';
export type {
  NetworkNamespaceCreateOptions,
  NetworkNamespaceHandle,
  NetworkNamespaceLocation,
  NetworkNamespaceOption,
} from './namespace.ts';
export type {
  BpfInstruction,
  NetlinkDatagram,
  NetlinkOption,
  NetlinkRequestSocket,
  NetlinkSocketBase,
  NetlinkSocketOptions,
  NetlinkSubscriptionSocket,
} from './netlink-socket.ts';
export { openPacketSocket } from './packet-socket.ts';
export type { PacketSocket, PacketSocketOptions, PacketSocketStatistics } from './packet-socket.ts';
export type { NamespaceExecOptions, NamespaceProcess, ProcessEnd } from './process.ts';
export { PROGRESS_WORDS, progressWord } from './progress.ts';
export type { KernelDeviceQueue, KernelQueue } from './queue.ts';
export { completeChecksums, segmentBurst } from './segment.ts';
export { SPLICE_WORDS, spliceOffset } from './splice.ts';
export type {
  KernelSplice,
  KernelSpliceFailure,
  KernelSpliceOptions,
  KernelSpliceSample,
  KernelSpliceSampling,
} from './splice.ts';
export { tunOffload } from './tap.ts';
export type {
  KernelTap,
  KernelTapFeature,
  KernelTapIdentity,
  KernelTapOptions,
  KernelTapOwner,
  KernelTapPlace,
} from './tap.ts';
