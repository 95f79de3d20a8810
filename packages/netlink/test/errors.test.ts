import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { errnoMessage, errnoName, MalformedError, NetlinkError } from '../src/index.ts';

describe('errnoName', () => {
  it('agrees with the system', () => {
    // Second names of a number: the kernel's own is the other one.
    const aliases = new Set(['EWOULDBLOCK', 'EDEADLOCK', 'ENOTSUP']);
    const entries = Object.entries(constants.errno).filter(([name]) => !aliases.has(name));
    expect(entries.length).toBeGreaterThan(70);
    for (const [name, number] of entries) expect(errnoName(number)).toBe(name);
  });

  it('knows every number of Linux', () => {
    const names = Array.from({ length: 133 }, (_, at) => errnoName(at + 1));
    expect(new Set(names).size).toBe(133);
    expect(names.filter((name) => /^E\d+$/.test(name))).toEqual(['E41', 'E58']);
    expect([errnoName(132), errnoName(133)]).toEqual(['ERFKILL', 'EHWPOISON']);
  });

  it('ignores the sign and names what it does not know', () => {
    expect([errnoName(-1), errnoName(0), errnoName(134), errnoName(-4095)]).toEqual([
      'EPERM',
      'E0',
      'E134',
      'E4095',
    ]);
  });
});

describe('errnoMessage', () => {
  it('has the words of the C library', () => {
    expect([errnoMessage(1), errnoMessage(-5), errnoMessage(121), errnoMessage(41)]).toEqual([
      'operation not permitted',
      'input/output error',
      'remote I/O error',
      'unknown error 41',
    ]);
  });
});

describe('NetlinkError', () => {
  it('has the fields of node:fs', () => {
    const error = new NetlinkError(
      { errno: 22, sequence: 1, message: 'too big', attribute: 'mtu', offset: 40 },
      { syscall: 'RTM_NEWLINK', interface: 'tap0', hint: 'smaller' },
    );
    expect(error).toBeInstanceOf(Error);
    expect(Object.assign({ message: error.message }, error)).toEqual({
      name: 'NetlinkError',
      code: 'EINVAL',
      errno: -22,
      syscall: 'RTM_NEWLINK',
      interface: 'tap0',
      extack: { message: 'too big', attribute: 'mtu', offset: 40 },
      hint: 'smaller',
      message: "EINVAL: too big (mtu), RTM_NEWLINK 'tap0'",
    });
  });

  it('has no fields that nobody told', () => {
    const error = new NetlinkError({ errno: 19, sequence: 1 }, { syscall: 'RTM_GETLINK' });
    expect(error.message).toBe('ENODEV: no such device, RTM_GETLINK');
    expect(Object.keys(error).toSorted()).toEqual(['code', 'errno', 'name', 'syscall']);
  });

  it('says what to do about EPERM', () => {
    const error = new NetlinkError({ errno: 1, sequence: 1 }, { syscall: 'RTM_NEWLINK' });
    expect(error.hint).toContain('CAP_NET_ADMIN');
  });
});

describe('MalformedError', () => {
  it('says where', () => {
    const error = new MalformedError('Truncated attribute header', 40);
    expect(error).toMatchObject({ name: 'MalformedError', code: 'ERR_RTAP_MALFORMED', offset: 40 });
    expect(error.message).toBe('Truncated attribute header at offset 40');
  });
});
