/**
 * The built package, as contenders use it.
 *
 * @module
 */

import { pathToFileURL } from 'node:url';

import type * as Core from '@rtap/core';

const [, , dist = ''] = process.argv;

/** The built `@rtap/core`, whose file is the first argument of the process. */
export const core: typeof Core = await import(pathToFileURL(dist).href);
