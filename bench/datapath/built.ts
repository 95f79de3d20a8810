/**
 * The built package, as contenders use it.
 *
 * @module
 */

import { pathToFileURL } from 'node:url';

import type * as Core from '@rtap/core';
import type * as Native from '@rtap/native';

const [, , dist = ''] = process.argv;

/** The built `@rtap/core`, whose file is the first argument of the process. */
export const core: typeof Core = await import(pathToFileURL(dist).href);

/** The built `@rtap/native` beside it. */
export async function importNative(): Promise<typeof Native> {
  return import(new URL('../../native/dist/index.js', pathToFileURL(dist)).href);
}
