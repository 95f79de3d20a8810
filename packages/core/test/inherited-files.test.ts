import { describe, expect, it } from 'vitest';
import { inheritedFiles } from '../src/inherited-files.ts';

const PID = 42;

describe('files that a process was started with', () => {
  it.for([
    [{ RTAP_FD: '3' }, [3]],
    [{ RTAP_FD: '5,4' }, [5, 4]],
    [{ RTAP_FD: '7', LISTEN_FDS: '1', LISTEN_PID: '42' }, [7]],
    [{ LISTEN_FDS: '2', LISTEN_PID: '42' }, [3, 4]],
    [{ LISTEN_FDS: '3', LISTEN_PID: '42', LISTEN_FDNAMES: 'http:rtap:rtap' }, [4, 5]],
  ] as const)('are those of %o', ([environment, fds]) => {
    const own: Record<string, string | undefined> = { HOME: '/', ...environment };
    const found = inheritedFiles(own, PID);
    expect(found.fds).toEqual(fds);
    expect(own).toEqual({ HOME: '/', ...environment });
    found.forget();
    if ('RTAP_FD' in environment) expect(own).not.toHaveProperty('RTAP_FD');
    else expect(own).toEqual({ HOME: '/' });
  });

  it.for([
    [{}, 'ENOENT'],
    [{ RTAP_FD: '' }, 'EINVAL'],
    [{ RTAP_FD: '-1' }, 'EINVAL'],
    [{ RTAP_FD: '3,' }, 'EINVAL'],
    [{ RTAP_FD: '3 4' }, 'EINVAL'],
    [{ RTAP_FD: '3,4,03' }, 'EINVAL'],
    [{ RTAP_FD: '9999999999' }, 'EINVAL'],
    [{ LISTEN_FDS: '1' }, 'ENOENT'],
    [{ LISTEN_FDS: '1', LISTEN_PID: '43' }, 'ENOENT'],
    [{ LISTEN_FDS: 'x', LISTEN_PID: '42' }, 'EINVAL'],
    [{ LISTEN_FDS: '129', LISTEN_PID: '42' }, 'EINVAL'],
    [{ LISTEN_FDS: '1', LISTEN_PID: '42', LISTEN_FDNAMES: 'http' }, 'ENOENT'],
  ] as const)('are not those of %o: %s', ([environment, code]) => {
    expect(() => inheritedFiles({ ...environment }, PID)).toThrow(
      expect.objectContaining({ name: 'RtapError', code, hint: expect.any(String) }),
    );
  });
});
