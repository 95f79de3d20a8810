/**
 * For tests of network code: network namespaces and topologies, captures and traffic, a pinger, independent judges, and a fake kernel.
 *
 * @module
 */

export { FakeFiles } from './fake-handover.ts';
export type { FakeQueueFile } from './fake-handover.ts';
export { FakeInterface, FakeWire } from './fake-interface.ts';
export type { FakeFrame, FakeInterfaceState } from './fake-interface.ts';
export { FakeKernel } from './fake-kernel.ts';
export type { FakeKernelCall } from './fake-kernel.ts';
export { FakeKernelError } from './fake-kernel-error.ts';
export type { FakeKernelErrorOptions } from './fake-kernel-error.ts';
export type { FakeLoans } from './fake-loan.ts';
export { FakeNamespace, FakeNamespaceHandle } from './fake-namespace.ts';
export type { FakeNamespaceOptions } from './fake-namespace.ts';
export { FakeTap } from './fake-tap.ts';
export type { FakeTapParts } from './fake-tap.ts';
export { addAddress } from './addresses.ts';
export type { TestAddress } from './addresses.ts';
export { Capture, capture } from './capture.ts';
export type { CapturedFrame, CapturedFrameType, CaptureOptions, CaptureResult } from './capture.ts';
export { describeFrames } from './describe-frames.ts';
export { toPcapng } from './pcapng.ts';
export { TestkitError } from './errors.ts';
export type { TestkitErrorCode } from './errors.ts';
export { expectFrames, expectNoFrames } from './expect-frames.ts';
export type { ExpectFramesOptions, FrameMatcher } from './expect-frames.ts';
export { expectNoLeaks } from './expect-no-leaks.ts';
export type { ExpectNoLeaksOptions } from './expect-no-leaks.ts';
export { generateTraffic, Traffic } from './generate-traffic.ts';
export type { GenerateTrafficOptions, TrafficResult } from './generate-traffic.ts';
export type { WhichInterface } from './packet-interface.ts';
export { receiveTraffic, TrafficReceiver } from './receive-traffic.ts';
export type { ReceiveTrafficOptions, TrafficReport } from './receive-traffic.ts';
export { sendFrames } from './send-frames.ts';
export type { SendFramesOptions } from './send-frames.ts';
export { SequenceTracker } from './sequence-tracker.ts';
export type { SequenceCounts } from './sequence-tracker.ts';
export { createBridge } from './bridge.ts';
export type { TestBridge } from './bridge.ts';
export { ping } from './pinger.ts';
export type { PingOptions, PingReply, PingResult } from './pinger.ts';
export { findProgram, missingForNamespaces, missingProgram } from './requirements.ts';
export { ipJson, run } from './run.ts';
export type { RunResult } from './run.ts';
export { buildSuperFrame } from './super-frame.ts';
export type { SuperFrame, SuperFrameOptions } from './super-frame.ts';
export { createTestNamespace } from './test-namespace.ts';
export { createTopology, Topology } from './topology.ts';
export type {
  TopologyBridge,
  TopologyLink,
  TopologyNamespace,
  TopologyOptions,
  TopologyRoute,
} from './topology-plan.ts';
