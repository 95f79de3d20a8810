/**
 * The built packages, as contenders use them.
 *
 * @module
 */

import { pathToFileURL } from 'node:url';

import type * as Core from '@rtap/core';
import type { OpenTapOptions, TapDevice } from '@rtap/core';
import type * as Native from '@rtap/native';

const [, , dist = ''] = process.argv;

/** The built `@rtap/core`, whose file is the first argument of the process. */
export const core: typeof Core = await import(pathToFileURL(dist).href);

/** Opens a device whose kernel leaves to us all that it can, or nothing. */
export async function openTap(offloads: boolean, where: OpenTapOptions = {}): Promise<TapDevice> {
  const options: OpenTapOptions & { readonly offloads: string } = {
    ...where,
    offloads: offloads ? 'auto' : 'none',
  };
  const tap = await core.openTap(options);
  if (!offloads || 'offloads' in tap.info()) return tap;
  // An @rtap/core that has no such option yet: its kernel has.
  await tap.close();
  const native: typeof Native = await import(
    new URL('../../native/dist/index.js', pathToFileURL(dist)).href
  );
  const { kernel, tunOffload } = native;
  const all = Object.values(tunOffload).reduce<number>((sum, flag) => sum | flag, 0);
  return core.openTap({
    ...where,
    kernel: { ...kernel, openTap: (asked) => kernel.openTap({ ...asked, offloads: [all] }) },
  });
}
