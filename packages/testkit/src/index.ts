/**
 * For tests of network code: network namespaces, a pinger, independent judges, and a fake kernel.
 *
 * @module
 */

export { FakeInterface, FakeWire } from './fake-interface.ts';
export type { FakeFrame } from './fake-interface.ts';
export { FakeKernel } from './fake-kernel.ts';
export type { FakeKernelCall } from './fake-kernel.ts';
export { FakeNamespace, FakeNamespaceHandle } from './fake-namespace.ts';
export { FakeKernelError, FakeTap } from './fake-tap.ts';
export type { FakeTapParts } from './fake-tap.ts';
export { addAddress } from './addresses.ts';
export type { TestAddress } from './addresses.ts';
export { createBridge } from './bridge.ts';
export type { TestBridge } from './bridge.ts';
export { ping } from './pinger.ts';
export type { PingOptions, PingReply, PingResult } from './pinger.ts';
export { findProgram, missingForNamespaces, missingProgram } from './requirements.ts';
export { ipJson, run } from './run.ts';
export type { RunResult } from './run.ts';
export { createTestNamespace } from './test-namespace.ts';
