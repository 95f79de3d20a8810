/**
 * The link of a device: what is known of it, and whom its changes are told.
 *
 * @module
 */

import { formatMacAddress } from '@rtap/frames';
import type { Kernel, NetworkNamespace } from '@rtap/native';
import { IFF_UP } from '@rtap/netlink';
import { LINK_DOWN, linkStateOf, trackRemoval } from '@rtap/transport';
import type { LinkEvent, LinkState, LinkStatus, NetlinkClient, TrackedLink } from '@rtap/transport';
import { lscOffError, removedError } from './device-errors.ts';
import type { DeviceState } from './device-state.ts';
import { LinkStateChange } from './link-state-change.ts';
import type { TapDeviceEvents } from './tap-device-events.ts';

/** What a link needs of its device. */
export interface DeviceLinkOwner {
  /** Where the device is in its life. */
  readonly state: DeviceState;
  /** Tells listeners. */
  tell<Name extends keyof TapDeviceEvents>(name: Name, ...args: TapDeviceEvents[Name]): void;
  /** The kernel says that the interface is deleted. */
  deleted(): void;
  /** The kernel knows no such interface here, after events were lost. */
  notHere(): void;
}

/** What a link is made of. */
export interface DeviceLinkParts {
  /** The kernel that the interface is of. */
  readonly kernel: Kernel;
  /** A client in the interface's namespace. */
  readonly client: NetlinkClient;
  /** That namespace, when it isn't the process's own. */
  readonly netns: NetworkNamespace | undefined;
  /** The interface's name and index. */
  readonly identity: { readonly name: string; readonly ifindex: number };
  /** Whether LSC is wanted. */
  readonly linkStateChange: boolean;
}

interface Until {
  readonly status: LinkStatus;
  readonly settle: (error?: unknown) => void;
}

/**
 * Follows the transport's tracker while LSC is enabled, and asks the kernel while it isn't.
 *
 * What it tells goes through its owner; what changes at once with the device's state is done in the `commit` of
 * {@link DeviceLink.start} and {@link DeviceLink.stop}, so that no event falls between.
 */
export class DeviceLink {
  readonly #parts: DeviceLinkParts;
  readonly #owner: DeviceLinkOwner;
  readonly #untils = new Set<Until>();
  #tracked: TrackedLink;
  #wanted: boolean;
  #lsc: LinkStateChange | undefined;
  /** Whether listeners know the link: what it comes to is then told, also while LSC is taken down and up again. */
  #telling = false;

  constructor(parts: DeviceLinkParts, owner: DeviceLinkOwner) {
    this.#parts = parts;
    this.#owner = owner;
    this.#wanted = parts.linkStateChange;
    this.#tracked = { ...parts.identity, link: LINK_DOWN, present: true };
  }

  /** The interface's name, as last known. */
  get name(): string {
    return this.#tracked.name;
  }

  /** The MTU, as last known. */
  get mtu(): number | undefined {
    return this.#tracked.mtu;
  }

  /** The MAC address, as last known. */
  get macAddress(): string | undefined {
    const { address } = this.#tracked;
    return address?.length === 6 ? formatMacAddress(address) : undefined;
  }

  /** The link, as last known. */
  get state(): LinkState {
    return this.#tracked.link;
  }

  /** Whether LSC is wanted. */
  get wanted(): boolean {
    return this.#wanted;
  }

  /** Whether LSC is in force, and other interfaces' events are filtered away; undefined: it isn't. */
  get filtered(): boolean | undefined {
    return this.#lsc?.filtered;
  }

  /**
   * Enables LSC when it is wanted, sets the interface up, and makes the kernel's word the truth; undoes it when a
   * step fails.
   *
   * @param commit - called at the end, in the same turn: what it throws undoes all.
   */
  async start(signal: AbortSignal | undefined, commit: () => void): Promise<void> {
    let setUp = false;
    try {
      if (this.#wanted) await this.#subscribe();
      signal?.throwIfAborted();
      setUp = true;
      await this.setUp(true);
      const tracked = this.#lsc === undefined ? await this.#ask() : await this.#lsc.settle();
      signal?.throwIfAborted();
      commit();
      this.#tracked = tracked;
      this.#telling = this.#lsc !== undefined;
    } catch (error) {
      this.#unsubscribe();
      if (setUp && this.#owner.state === 'configured') {
        await this.setUp(false).catch(() => undefined);
      }
      this.#know({ link: LINK_DOWN });
      throw error;
    }
  }

  /**
   * Disables LSC and sets the interface down; when that fails LSC comes back, and what happened meanwhile is told.
   *
   * @param commit - called when the interface is down, in the same turn; what it throws leaves the link as it is.
   */
  async stop(commit: () => void): Promise<void> {
    const before = this.state;
    this.#unsubscribe();
    try {
      await this.setUp(false);
    } catch (error) {
      // What was taken away comes back; if not even that, LSC is off.
      if (this.#telling) await this.#enable(before).catch(() => undefined);
      throw error;
    }
    commit();
    this.#telling = false;
    this.#know({ link: LINK_DOWN });
  }

  /** Enables or disables LSC, at once when the device is started. */
  async setLinkStateChange(wanted: boolean): Promise<void> {
    if (wanted && this.#owner.state === 'started' && this.#lsc === undefined) await this.#enable();
    if (!wanted) {
      this.#unsubscribe();
      this.#telling = false;
      this.endUntils(() => lscOffError(this.name));
    }
    this.#wanted = wanted;
  }

  /** Sets the interface up or down. */
  async setUp(up: boolean): Promise<void> {
    await this.#parts.client.setLink(
      { index: this.#tracked.ifindex, flags: up ? IFF_UP : 0, change: IFF_UP },
      { interface: this.name },
    );
  }

  /** Asks the kernel; with LSC what has changed is told as an event is. */
  async update(): Promise<void> {
    if (this.#lsc === undefined) this.#know(await this.#ask());
    else await this.#lsc.update();
  }

  /** Resolves when the link has that status; the caller has seen that waiting is legal. */
  async until(status: LinkStatus, signal: AbortSignal | undefined): Promise<void> {
    if (this.#lsc === undefined) throw lscOffError(this.name);
    if (this.state.status === status) return;
    await new Promise<void>((resolve, reject) => {
      const until: Until = {
        status,
        settle: (error) => {
          this.#untils.delete(until);
          signal?.removeEventListener('abort', onAbort);
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      const onAbort = (): void => until.settle(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#untils.add(until);
    });
  }

  /** Rejects all who wait in {@link DeviceLink.until}. */
  endUntils(reason: () => unknown): void {
    for (const until of [...this.#untils]) until.settle(reason());
  }

  /** A stop that failed could not have LSC back: nobody will be told what they wait for. */
  giveUpTelling(): void {
    if (!this.#telling || this.#lsc !== undefined || this.#owner.state !== 'started') return;
    this.#telling = false;
    this.endUntils(() => lscOffError(this.name));
  }

  /** Delivers at once what has arrived. */
  drain(): void {
    this.#lsc?.drain();
  }

  /** The interface is gone: the link is down for good, which is told when listeners know it as up. */
  remove(): void {
    this.#unsubscribe();
    this.#goDown();
    this.endUntils(() => removedError('until', this.name));
  }

  /** The device is closed: nothing is told any more. */
  close(): void {
    this.#unsubscribe();
    this.#telling = false;
    this.#know({ link: LINK_DOWN });
  }

  /** The interface went to another namespace. */
  move(ifindex: number | undefined): void {
    if (this.#lsc === undefined) return;
    this.#unsubscribe();
    this.#goDown();
    this.endUntils(() => lscOffError(this.name));
    this.#owner.tell('moved', {
      ifindex,
      followed: false,
      reason: 'following an interface to another namespace is not supported yet',
    });
  }

  /** Asks for the state without LSC. */
  async #ask(): Promise<TrackedLink> {
    const { ifindex } = this.#tracked;
    const message = await this.#parts.client.getLink({ index: ifindex }, { interface: this.name });
    return {
      ifindex,
      name: message.name ?? this.name,
      link: linkStateOf(message, this.state),
      mtu: message.mtu ?? this.#tracked.mtu,
      address: message.address?.slice() ?? this.#tracked.address,
      present: true,
    };
  }

  #know(changes: Partial<TrackedLink>): void {
    this.#tracked = { ...this.#tracked, ...changes };
  }

  /** Enables LSC of a started device; `before` is what listeners know, if they know anything. */
  async #enable(before?: LinkState): Promise<void> {
    try {
      await this.#subscribe();
      const tracked = await this.#lsc?.settle();
      if (tracked === undefined || this.#owner.state !== 'started') {
        throw removedError('setLinkStateChange', this.name);
      }
      this.#tracked = tracked;
    } catch (error) {
      this.#unsubscribe();
      throw error;
    }
    this.#telling = true;
    if (before !== undefined && before.status !== this.state.status) {
      this.#changed(this.state, before);
    }
  }

  async #subscribe(): Promise<void> {
    this.#lsc = await LinkStateChange.enable({
      sockets: this.#parts.kernel,
      netns: this.#parts.netns,
      known: this.#tracked,
      listener: {
        changed: (state, events) => this.#follow(state, events),
        notHere: () => this.#owner.notHere(),
        resynced: (reason) => this.#owner.tell('resync', reason),
      },
    });
  }

  #unsubscribe(): void {
    this.#lsc?.disable();
    this.#lsc = undefined;
  }

  #follow(state: TrackedLink, events: readonly LinkEvent[]): void {
    this.#tracked = state;
    for (const event of events) {
      switch (event.type) {
        case 'link':
          this.#changed(event.link, event.previous);
          break;
        case 'renamed':
          this.#owner.tell('renamed', event.name, event.previous);
          break;
        case 'mtu':
          this.#owner.tell('mtu', event.mtu, event.previous);
          break;
        case 'macAddress':
          this.#owner.tell(
            'macAddress',
            formatMacAddress(event.address),
            formatMacAddress(event.previous),
          );
          break;
        case 'moved':
          this.move(event.ifindex);
          break;
        case 'removed':
          this.#owner.deleted();
          break;
      }
    }
  }

  #changed(link: LinkState, previous: LinkState): void {
    for (const until of [...this.#untils]) if (until.status === link.status) until.settle();
    this.#owner.tell('link', link, previous);
  }

  /** The link is down for good; told when listeners know it as up. */
  #goDown(): void {
    const previous = this.state;
    this.#tracked = trackRemoval(this.#tracked).state;
    this.#know({ link: { ...LINK_DOWN, carrierChanges: previous.carrierChanges } });
    const told = this.#telling && previous.status === 'up';
    this.#telling = false;
    if (told) this.#changed(this.state, previous);
  }
}
