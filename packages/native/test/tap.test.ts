import { beforeEach, expect, test, vi } from 'vitest';

import { openTap } from '../src/tap.ts';

const calls: string[] = [];
let poll: () => unknown;

// An addon that fails where the real one does with no file descriptor left.
vi.mock('../src/load.ts', () => ({
  binding: () => ({
    openTap: async () => ({
      opened: { name: 'one0', ifindex: 7 },
      multiQueue: false,
      features: 0,
      tellsNamespace: false,
      namespaceInode: 1n,
      requests: () => ({ portId: 1, close: () => calls.push('requests closed') }),
      queues: () => [
        {
          rxBurst: () => undefined,
          txBurst: () => undefined,
          release: () => calls.push('release'),
        },
      ],
      poll: () => poll(),
      close: async () => {
        calls.push('close');
      },
    }),
  }),
}));

function refuse(): never {
  throw Object.assign(new Error('EMFILE: too many open files, fcntl F_DUPFD_CLOEXEC'), {
    code: 'EMFILE',
    errno: -24,
    syscall: 'fcntl F_DUPFD_CLOEXEC',
  });
}

beforeEach(() => calls.splice(0));

test('closes a device that it cannot watch', async () => {
  poll = refuse;
  await expect(openTap({ name: 'one0', queues: 1, adopt: true })).rejects.toMatchObject({
    code: 'EMFILE',
    interface: 'one0',
  });
  expect(calls.at(-1)).toBe('close');
  expect(calls.filter((call) => call === 'close')).toHaveLength(1);
});

test('ends a watch that does not start', async () => {
  poll = () => ({ startRemoved: refuse, close: () => calls.push('poll closed') });
  await expect(openTap({ name: 'one0', queues: 1 })).rejects.toMatchObject({ code: 'EMFILE' });
  expect(calls).toContain('poll closed');
  expect(calls.at(-1)).toBe('close');
});
