import { attachTap, openTap } from '@rtap/core';
import { FakeKernel } from '@rtap/testkit';
import { describe, expect, it } from 'vitest';

const TYPE = 'ERR_INVALID_ARG_TYPE';
const RANGE = 'ERR_OUT_OF_RANGE';

describe('wrong options, before anything is done', () => {
  it.for([
    [{ queues: [0] }, RANGE],
    [{ path: '/run/x' }, TYPE],
    [{ path: '/run/x', queues: [] }, RANGE],
    [{ path: '/run/x', queues: [2] }, RANGE],
    [{ path: '/run/x', queues: [0, 0] }, RANGE],
    [{ path: '/run/x', queues: ['0'] }, TYPE],
    [{ path: '/run/x', abstract: 'x', queues: [0] }, RANGE],
    [{ path: '', queues: [0] }, RANGE],
    [{ path: 'x'.repeat(108), queues: [0] }, RANGE],
    [{ path: 'x\0', queues: [0] }, RANGE],
    [{ path: 5, queues: [0] }, TYPE],
    [{ abstract: '', queues: [0] }, RANGE],
    [{ socket: -1, queues: [0] }, RANGE],
    [{ socket: '3', queues: [0] }, TYPE],
    [{ path: '/run/x', queues: [0], mode: 0o1000 }, RANGE],
    [{ path: '/run/x', queues: [0], mode: '600' }, TYPE],
    [{ path: '/run/x', queues: [0], allow: 5 }, TYPE],
    [{ path: '/run/x', queues: [0], allow: { uid: -1 } }, RANGE],
    [{ path: '/run/x', queues: [0], allow: { uid: 0xffff_ffff } }, RANGE],
    [{ path: '/run/x', queues: [0], allow: { gid: ['x'] } }, TYPE],
    [{ path: '/run/x', queues: [0], allow: { pid: 0 } }, RANGE],
    [{ path: '/run/x', queues: [0], signal: {} }, TYPE],
  ] as const)('of share: %o', async ([options, code]) => {
    const tap = await openTap({ kernel: new FakeKernel(), queues: 2 });
    const refused = Reflect.apply(tap.share, tap, [options]);
    await expect(refused).rejects.toMatchObject({ code });
    expect(tap.queue(0).transferred).toBe(false);
    await tap.close();
  });

  it.for([
    [null, TYPE],
    [{ path: '/run/x', fd: 3 }, RANGE],
    [{ path: '/run/x', socket: 3 }, RANGE],
    [{ path: '/run/x', netns: '/run/netns/x' }, RANGE],
    [{ netns: '/run/netns/x' }, RANGE],
    [{ path: '/run/x', queues: 0 }, RANGE],
    [{ path: '/run/x', queues: 129 }, RANGE],
    [{ fd: 3, queues: 1 }, RANGE],
    [{ queues: 1 }, RANGE],
    [{ fd: -1 }, RANGE],
    [{ fd: '3' }, TYPE],
    [{ fd: [] }, RANGE],
    [{ fd: [3, 3] }, RANGE],
    [{ fd: [3, 4.5] }, RANGE],
    [{ fd: 3, offloads: 'some' }, TYPE],
    [{ fd: 3, engine: 'none' }, RANGE],
    [{ fd: 3, start: 1 }, TYPE],
    [{ fd: 3, linkStateChange: 1 }, TYPE],
    [{ fd: 3, sharedBuffers: 1 }, TYPE],
    [{ fd: 3, signal: {} }, TYPE],
    [{ fd: 3, kernel: {} }, TYPE],
  ] as const)('of attachTap: %o', async ([options, code]) => {
    const kernel = new FakeKernel();
    const given = options === null ? options : { kernel, ...options };
    const refused = Reflect.apply(attachTap, undefined, [given]);
    await expect(refused).rejects.toMatchObject({ code });
  });
});
