/**
 * An rtnetlink in memory, and the replay of recorded conversations, for tests without privilege, on any system.
 *
 * @module
 */

export { runFilter } from './bpf.ts';
export { MemoryFaults } from './memory-faults.ts';
export { farewellMessage, flagsOf, linkMessage } from './memory-link.ts';
export type { MemoryLink, MemoryLinkMove, MemoryLinkOptions } from './memory-link.ts';
export { MemoryRtnetlink } from './memory-rtnetlink.ts';
export type {
  MemoryBroadcastOptions,
  MemoryMove,
  MemoryRtnetlinkOptions,
} from './memory-rtnetlink.ts';
export {
  MemoryRequestSocket,
  MemorySocketError,
  MemorySubscriptionSocket,
} from './memory-socket.ts';
export { readRecording } from './recording.ts';
export type { RecordedLine } from './recording.ts';
export { ReplaySubscription, ReplayTransport } from './replay.ts';
