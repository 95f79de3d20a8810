/**
 * Opening a TAP device, with advice in the words of the command line.
 *
 * @module
 */

import { openTap } from '@rtap/core';
import type { TapDevice, OpenTapOptions } from '@rtap/core';
import { errorCode } from '@rtap/transport';
import { CliError } from './frame/cli-error.ts';

/**
 * Opens a device as `openTap` does; a name that is taken is told with what the command can do about it.
 *
 * @param adoptable - whether the command has `--adopt`.
 * @throws what `openTap` throws; CliError for a name that is taken.
 */
export async function openDevice(options: OpenTapOptions, adoptable = false): Promise<TapDevice> {
  try {
    return await openTap(options);
  } catch (error) {
    // To adopt one that is busy is no matter of its name.
    if (errorCode(error) !== 'EBUSY' || options.adopt === true) throw error;
    const { message } = error instanceof Error ? error : new Error(String(error));
    const other = adoptable ? ', or take it with --adopt' : '';
    throw new CliError(message, {
      hint: `an interface of this name exists: choose another name${other}`,
      cause: error,
    });
  }
}
