import { expect, test } from 'vitest';

import { NativeError, closedError, nativeError } from '../src/errors.ts';

test('makes a NativeError of a failed system call', () => {
  const thrown = Object.assign(new Error('EBUSY: device or resource busy, ioctl TUNSETIFF'), {
    code: 'EBUSY',
    errno: -16,
    syscall: 'ioctl TUNSETIFF',
    hint: 'choose another name',
  });
  const error = nativeError(thrown, 'rtap0');
  expect(error).toBeInstanceOf(NativeError);
  expect(error).toMatchObject({
    name: 'NativeError',
    message: "EBUSY: device or resource busy, ioctl TUNSETIFF 'rtap0'",
    code: 'EBUSY',
    errno: -16,
    syscall: 'ioctl TUNSETIFF',
    interface: 'rtap0',
    hint: 'choose another name',
  });
  expect(nativeError(error)).toBe(error);
});

test('has no fields for what is not known', () => {
  const error = nativeError(Object.assign(new Error('EIO'), { code: 'EIO', errno: -5 }));
  expect(Object.keys(error as object).toSorted()).toEqual(['code', 'errno', 'name']);
  expect(Object.keys(closedError('it'))).not.toContain('errno');
  expect(closedError('it').code).toBe('ERR_RTAP_CLOSED');
});

test('leaves every other error as it is', () => {
  const wrong = Object.assign(new TypeError('no'), { code: 'ERR_INVALID_ARG_TYPE' });
  for (const thrown of [wrong, new Error('plain'), 'text', undefined]) {
    expect(nativeError(thrown, 'rtap0')).toBe(thrown);
  }
});
