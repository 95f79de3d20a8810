import type { Kernel, NetlinkRequestSocket, NetlinkSubscriptionSocket } from '@rtap/native';
import { FakeKernel } from '@rtap/testkit';
import type {
  NetlinkRequestTransport,
  NetlinkSockets,
  NetlinkSubscriptionTransport,
} from '@rtap/transport';
import { MemoryRtnetlink } from '@rtap/transport/testing';
import type { MemoryRequestSocket, MemorySubscriptionSocket } from '@rtap/transport/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';

// Checked by tsc; the values make sure that the classes are what their types say.
describe('what fits what', () => {
  it('the sockets of @rtap/native fit the seam of @rtap/transport', () => {
    expectTypeOf<NetlinkRequestSocket>().toExtend<NetlinkRequestTransport>();
    expectTypeOf<NetlinkSubscriptionSocket>().toExtend<NetlinkSubscriptionTransport>();
    expectTypeOf<Kernel>().toExtend<NetlinkSockets>();
  });

  it('the in-memory sockets fit both', () => {
    expectTypeOf<MemoryRequestSocket>().toExtend<NetlinkRequestTransport & NetlinkRequestSocket>();
    expectTypeOf<MemorySubscriptionSocket>().toExtend<
      NetlinkSubscriptionTransport & NetlinkSubscriptionSocket
    >();
    const sockets: NetlinkSockets = new MemoryRtnetlink();
    expect(sockets).toBeInstanceOf(MemoryRtnetlink);
  });

  it('the fake kernel is a kernel', () => {
    const kernel: Kernel = new FakeKernel();
    expect(kernel).toBeInstanceOf(FakeKernel);
  });
});
