/**
 * Which kernel is meant.
 *
 * @module
 */

import { kernel as nativeKernel } from '@rtap/native';
import type { Kernel } from '@rtap/native';
import { invalidArgumentType } from './argument.ts';

/** Checks a kernel; `undefined` is the real one. */
export function checkKernel(kernel: unknown): Kernel {
  if (kernel === undefined) return nativeKernel;
  if (isKernel(kernel)) return kernel;
  throw invalidArgumentType('options.kernel', 'a Kernel', kernel);
}

function isKernel(value: unknown): value is Kernel {
  return (
    typeof value === 'object' &&
    value !== null &&
    'openTap' in value &&
    typeof value.openTap === 'function'
  );
}
