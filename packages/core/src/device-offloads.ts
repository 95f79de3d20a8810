/**
 * The offloads that a device has.
 *
 * @module
 */

import type { KernelTap } from '@rtap/native';
import { lesserOffloads, offloadsOf } from './offloads.ts';
import type { Offload, WantedOffloads } from './offloads.ts';

/** What offloads need of their device. */
export interface DeviceOffloadsOwner {
  /** The kernel may leave other things undone than before. */
  changed(): void;
}

/** What a device was asked for, and what of it the kernel granted. */
export class DeviceOffloads {
  readonly #tap: KernelTap;
  readonly #owner: DeviceOffloadsOwner;
  #wanted: WantedOffloads;
  #granted: number;
  #reason: string | undefined;

  /** Those that the device was opened with; of an attached one, when nothing is wanted, those that it had. */
  constructor(tap: KernelTap, wanted: WantedOffloads | undefined, owner: DeviceOffloadsOwner) {
    this.#tap = tap;
    this.#owner = owner;
    this.#wanted = wanted ?? { auto: false, sets: [tap.offloads] };
    this.#granted = tap.offloads;
    this.#reason = this.#reasonFor(this.#wanted, tap.offloads);
  }

  /** What the kernel may leave undone. */
  get granted(): readonly Offload[] {
    return offloadsOf(this.#granted);
  }

  /** Why that is less than what was asked for. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** Whether frames may come with work left undone. */
  get some(): boolean {
    // Those of an attached device are anybody's to change who has a queue of it.
    return this.#granted !== 0 || (this.#tap.attached && this.#tap.headerLength > 0);
  }

  /** Asks for others; returns what undoes it. */
  async set(wanted: WantedOffloads): Promise<() => Promise<void>> {
    const [before, granted, reason] = [this.#wanted, this.#granted, this.#reason];
    const now = await this.#tap.setOffloads(wanted.sets);
    this.#know(wanted, now, this.#reasonFor(wanted, now));
    return async () => {
      this.#know(before, granted, reason);
      await this.#tap.setOffloads([granted]);
    };
  }

  /** Whether there are less to be had, for one that takes what it gets. */
  get canTakeLess(): boolean {
    return this.#wanted.auto && this.some;
  }

  /** Takes less, as a super-frame came that has no name in the virtio-net header. */
  async takeLess(): Promise<void> {
    if (!this.canTakeLess) return;
    const now = await this.#tap.setOffloads(lesserOffloads(this.#granted));
    const reason = 'a super-frame came that the virtio-net header has no word for (EINVAL)';
    this.#know(this.#wanted, now, reason);
  }

  #reasonFor(wanted: WantedOffloads, granted: number): string | undefined {
    return this.#tap.headerLength === 0 ? NO_HEADER : reasonOf(wanted, granted);
  }

  #know(wanted: WantedOffloads, granted: number, reason: string | undefined): void {
    this.#wanted = wanted;
    this.#granted = granted;
    this.#reason = reason;
    this.#owner.changed();
  }
}

const NO_HEADER =
  'the device has no virtio-net header (IFF_VNET_HDR), which would say what is left to be done';

function reasonOf(wanted: WantedOffloads, granted: number): string | undefined {
  const refused = offloadsOf((wanted.sets[0] ?? 0) & ~granted).join(', ');
  return refused === '' ? undefined : `this kernel does not do ${refused} (EINVAL)`;
}
