/**
 * What `openTap` sets of an interface before it is started, and how that is put back.
 *
 * @module
 */

import type { LinkMessage } from '@rtap/netlink/link';
import { errorCode } from '@rtap/transport';
import { invalidArgumentType } from './argument.ts';
import { checkMacAddress, checkMaster, checkMtu, parseAddress } from './control-arguments.ts';
import type { OpenTapOptions } from './open-tap.ts';
import type { TapDevice } from './tap-device.ts';

/** What a setting works with. */
interface SettingContext {
  /** The device. */
  readonly device: TapDevice;
  /** Its interface as it was, when it was there before: another goes as a whole. */
  readonly before: LinkMessage | undefined;
  /** Takes what puts back what is set; it is done when a later step of the opening fails, or this one half-way. */
  readonly undo: (step: () => Promise<void>) => void;
}

/** Sets something of a device's interface. */
export type Setting = (context: SettingContext) => Promise<void>;

/** What is set, in order; wrong values throw at once. */
export function checkSettings(options: Partial<OpenTapOptions>): readonly Setting[] {
  const settings: Setting[] = [];
  const { mtu, mac, addresses, master } = options;
  if (mac !== undefined) {
    const wanted = checkMacAddress('options.mac', mac);
    settings.push(async ({ device, before, undo }) => {
      const address = before?.address?.slice();
      if (address !== undefined) undo(() => device.setMacAddress(address));
      await device.setMacAddress(wanted);
    });
  }
  if (mtu !== undefined) {
    checkMtu('options.mtu', mtu);
    settings.push(async ({ device, before, undo }) => {
      const was = before?.mtu;
      if (was !== undefined) undo(() => device.setMtu(was));
      await device.setMtu(mtu);
    });
  }
  if (master !== undefined) {
    checkMaster('options.master', master);
    settings.push(async ({ device, before, undo }) => {
      if (before !== undefined) undo(() => device.setMaster(before.master));
      await device.setMaster(master);
    });
  }
  if (addresses === undefined) return settings;
  if (!Array.isArray(addresses)) {
    throw invalidArgumentType('options.addresses', 'an instance of Array', addresses);
  }
  for (const [index, address] of addresses.entries()) {
    parseAddress(`options.addresses[${index}]`, address);
    settings.push(async ({ device, before, undo }) => {
      try {
        await device.addAddress(address);
      } catch (error) {
        // An adopted interface may have it already.
        if (before === undefined || errorCode(error) !== 'EEXIST') throw error;
        return;
      }
      if (before !== undefined) undo(() => device.deleteAddress(address));
    });
  }
  return settings;
}
