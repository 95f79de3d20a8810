/**
 * The link of a device: what is known of it, and whom its changes are told.
 *
 * @module
 */

import { formatMacAddress } from '@rtap/frames';
import { IFF_LOWER_UP, IFF_RUNNING, IFF_UP, NetlinkError } from '@rtap/netlink';
import { LINK_DOWN, errorCode, linkStateOf, trackRemoval } from '@rtap/transport';
import type { LinkEvent, LinkState, LinkStatus, TrackedLink } from '@rtap/transport';
import { lookAtInterface } from './adopted-interface.ts';
import type { AdoptedInterface } from './adopted-interface.ts';
import { elsewhereError, lscOffError, reasonOf, removedError } from './device-errors.ts';
import type { DevicePlace } from './device-place.ts';
import type { DeviceState } from './device-state.ts';
import { LinkStateChange } from './link-state-change.ts';
import { LinkWaiters } from './link-waiters.ts';
import type { TapDeviceEvents } from './tap-device-events.ts';

/** What a link needs of its device. */
export interface DeviceLinkOwner {
  /** Where the device is in its life. */
  readonly state: DeviceState;
  /** Tells listeners. */
  tell<Name extends keyof TapDeviceEvents>(name: Name, ...args: TapDeviceEvents[Name]): void;
  /** The kernel says that the interface is deleted. */
  deleted(): void;
  /** The interface left this namespace, or it is gone: {@link DeviceLink.follow} tells. */
  left(): void;
  /** Events were lost: it may be another interface that has the number now. */
  doubted(): void;
}

/** What a link is made of. */
export interface DeviceLinkParts {
  /** Where the interface is. */
  readonly place: DevicePlace;
  /** Its name. */
  readonly name: string;
  /** Whether LSC is wanted. */
  readonly linkStateChange: boolean;
  /** Whether the interface is somebody else's to set up and down: {@link DeviceLink.start} and `stop` leave it. */
  readonly attached: boolean;
}

interface Departure {
  /** The index that it has where it went, when the kernel told. */
  readonly ifindex: number | undefined;
  /** Whether listeners wait to hear how that ends. */
  readonly heard: boolean;
  /** Why it could not be followed. */
  readonly failure?: unknown;
}

/** How often an interface that goes on moving is followed at once. */
const MOVES_AT_ONCE = 8;

/**
 * Follows the transport's tracker while LSC is enabled, and asks the kernel while it isn't.
 *
 * What it tells goes through its owner; what changes at once with the device's state is done in the `commit` of
 * {@link DeviceLink.start} and {@link DeviceLink.stop}, so that no event falls between.
 */
export class DeviceLink {
  readonly #parts: DeviceLinkParts;
  readonly #owner: DeviceLinkOwner;
  readonly #place: DevicePlace;
  readonly #waiters = new LinkWaiters();
  #tracked: TrackedLink;
  #wanted: boolean;
  #lsc: LinkStateChange | undefined;
  /** Whether listeners know the link: what it comes to is then told, also while LSC is taken down and up again. */
  #telling = false;
  /** Whether the interface was last set up, or down, by us; or was found up when it was adopted. */
  #up = false;
  /** Whether it is somebody else who sets the interface up and down. */
  #foreign: boolean;
  /** The interface has left, and is not followed yet. */
  #departure: Departure | undefined;

  constructor(parts: DeviceLinkParts, owner: DeviceLinkOwner) {
    this.#parts = parts;
    this.#owner = owner;
    this.#place = parts.place;
    this.#wanted = parts.linkStateChange;
    this.#foreign = parts.attached;
    const { ifindex } = parts.place;
    this.#tracked = { name: parts.name, ifindex, link: LINK_DOWN, present: true };
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

  /** The interface's flags (IFF_*), as last known. */
  get flags(): number | undefined {
    return this.#tracked.flags;
  }

  /** Whether LSC is wanted. */
  get wanted(): boolean {
    return this.#wanted;
  }

  /** Whether LSC is in force, and other interfaces' events are filtered away; undefined: it isn't. */
  get filtered(): boolean | undefined {
    return this.#lsc?.filtered;
  }

  /** Takes over an interface that was there before, and tells how it is: one that is up stays so when a start fails. */
  async adopt(): Promise<AdoptedInterface> {
    const { client, ifindex } = this.#place;
    const adopted = await lookAtInterface(client, ifindex, this.name);
    this.#up = (adopted.link.flags & IFF_UP) !== 0;
    return adopted;
  }

  /**
   * Enables LSC when it is wanted, sets the interface up (unless it is somebody else's), and makes the kernel's word the
   * truth; undoes it when a step fails. One that is up and may not be set is somebody else's from then on.
   *
   * @param commit - called at the end, in the same turn: what it throws undoes all.
   */
  async start(signal: AbortSignal | undefined, commit: () => void): Promise<void> {
    const wasUp = this.#up;
    let setUp = false;
    this.#foreign = this.#parts.attached;
    try {
      if (this.#wanted) await this.#subscribe();
      signal?.throwIfAborted();
      setUp = !this.#foreign;
      const tracked = await this.#setUpAndAsk();
      signal?.throwIfAborted();
      commit();
      this.#tracked = tracked;
      this.#telling = this.#lsc !== undefined;
    } catch (error) {
      this.#unsubscribe();
      if (setUp && !wasUp && this.#owner.state === 'configured') {
        await this.#set(false).catch(() => undefined);
      }
      this.#knowDown();
      throw error;
    }
  }

  /**
   * Disables LSC and sets the interface down (unless it is somebody else's); when that fails LSC comes back, and what
   * happened meanwhile is told.
   *
   * @param commit - called when the interface is down, in the same turn; what it throws leaves the link as it is.
   */
  async stop(commit: () => void): Promise<void> {
    const before = this.state;
    this.#unsubscribe();
    try {
      if (!this.#foreign) await this.#set(false);
    } catch (error) {
      // What was taken away comes back; if not even that, LSC is off.
      if (this.#telling) await this.#enable(before).catch(() => undefined);
      throw error;
    }
    commit();
    this.#telling = false;
    this.#knowDown();
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

  /** Sets the interface up or down, and asks what has come of it; with LSC what has changed is told as an event is. */
  async setUp(up: boolean): Promise<void> {
    if (this.#lsc === undefined) {
      await this.#set(up);
      this.#know(await this.#ask());
      return;
    }
    await this.#lsc.update(flagsOf(up));
    this.#up = up;
  }

  /**
   * Sees whether the interface is here, without LSC, which would tell.
   *
   * @throws NotHereError, or an error with code ENODEV, when it isn't; EBADFD when it is gone.
   */
  async look(): Promise<void> {
    const { name } = await this.#place.look();
    if (this.#lsc === undefined) this.#know({ name });
  }

  /** Asks the kernel; with LSC what has changed is told as an event is. */
  async update(): Promise<void> {
    if (this.#lsc === undefined) this.#know(await this.#ask());
    else await this.#lsc.update();
  }

  /** Resolves when the link has that status; the caller has seen that waiting is legal. */
  async until(status: LinkStatus, signal: AbortSignal | undefined): Promise<void> {
    // While the interface is followed LSC is on its way back.
    if (this.#lsc === undefined && this.#departure?.heard !== true) {
      const failure = this.#departure?.failure;
      throw failure === undefined
        ? lscOffError(this.name)
        : elsewhereError('until', this.name, failure);
    }
    if (this.state.status === status) return;
    await this.#waiters.wait(status, signal);
  }

  /** Rejects all who wait in {@link DeviceLink.until}. */
  endUntils(reason: () => unknown): void {
    this.#waiters.end(reason);
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
    this.#knowDown();
  }

  /** The interface is not here any more: nothing is asked or heard until {@link DeviceLink.follow}. */
  leave(ifindex?: number): void {
    const heard = this.#departure?.heard === true || this.#heard;
    this.#departure = { ifindex: ifindex ?? this.#departure?.ifindex, heard };
    this.#unsubscribe();
    this.#place.leave();
    this.#goDown();
  }

  /**
   * Goes where the interface is now, tells it when listeners are to hear, and sets a started one up again.
   *
   * @throws what {@link DevicePlace.follow} throws, which has been told then; EBADFD when the interface is gone.
   */
  async follow(): Promise<void> {
    for (let moves = 1; ; moves += 1) {
      try {
        await this.#goThere();
        return;
      } catch (error) {
        this.#unsubscribe();
        this.#place.leave();
        // Gone is told as such; ENODEV: it has moved again meanwhile.
        if (errorCode(error) === 'EBADFD' || this.#isOver()) throw error;
        if (errorCode(error) === 'ENODEV' && moves < MOVES_AT_ONCE) continue;
        this.#stayBehind(error);
        throw error;
      }
    }
  }

  async #goThere(): Promise<void> {
    if (!this.#place.left || this.#departure === undefined) this.leave();
    const { state } = this.#owner;
    const identity = await this.#place.follow();
    this.#know({ ...identity, present: true });
    const heard = this.#heard;
    if (heard) await this.#subscribe();
    const tracked = (await this.#lsc?.settle()) ?? (await this.#ask());
    if (this.#owner.state !== state) throw removedError('until', this.name);
    const before = this.state;
    this.#tracked = tracked;
    this.#departure = undefined;
    this.#telling = heard;
    if (heard) {
      const { ifindex, namespaceInode } = this.#place;
      this.#owner.tell('moved', { followed: true, ifindex, name: this.name, namespaceInode });
      if (tracked.link.status !== before.status) this.#changed(tracked.link, before);
    }
    if (state !== 'started' || !this.#up) return;
    try {
      await this.setUp(true);
    } catch (error) {
      if (errorCode(error) === 'ENODEV' || this.#isOver()) throw error;
      process.emitWarning(
        `'${this.name}' was moved to another network namespace, and can't be set up there: ${reasonOf(error)}`,
        { code: 'RTAP_WARN_MOVED', type: 'RtapWarning' },
      );
    }
  }

  /** The interface can't be followed; told once. */
  #stayBehind(error: unknown): void {
    const departure = this.#departure;
    if (departure?.heard !== true) return;
    this.#departure = { ...departure, heard: false, failure: error };
    this.endUntils(() => elsewhereError('until', this.name, error));
    const { ifindex } = departure;
    this.#owner.tell('moved', { followed: false, ifindex, reason: reasonOf(error) });
  }

  /** Whether listeners are to hear what becomes of the link. */
  get #heard(): boolean {
    return this.#wanted && this.#owner.state === 'started';
  }

  #isOver(): boolean {
    return this.#owner.state === 'removed' || this.#owner.state === 'closed';
  }

  /** Sets the interface up, and makes the kernel's word after that the truth. */
  async #setUpAndAsk(): Promise<TrackedLink> {
    if (!this.#foreign) {
      try {
        if (this.#lsc === undefined) {
          await this.#set(true);
          return await this.#ask();
        }
        const tracked = await this.#lsc.settle(flagsOf(true));
        this.#up = true;
        return tracked;
      } catch (error) {
        // Made for a user without rights, by somebody who has set it up, too.
        if (!mayNotSet(error) || !(await this.#isSetUp())) throw error;
        this.#foreign = true;
      }
    }
    return (await this.#lsc?.settle()) ?? this.#ask();
  }

  async #isSetUp(): Promise<boolean> {
    const { flags = 0 } = await this.#ask();
    return (flags & IFF_UP) !== 0;
  }

  /** Sets the interface up or down, without LSC. */
  async #set(up: boolean): Promise<void> {
    const { client, ifindex: index } = this.#place;
    await client.setLink({ index, ...flagsOf(up) }, { interface: this.name });
    this.#up = up;
  }

  /** Asks for the state without LSC. */
  async #ask(): Promise<TrackedLink> {
    const { ifindex, client } = this.#place;
    const message = await client.getLink({ index: ifindex }, { interface: this.name });
    return {
      ifindex,
      name: message.name ?? this.name,
      link: linkStateOf(message, this.state),
      flags: message.flags,
      mtu: message.mtu ?? this.#tracked.mtu,
      address: message.address?.slice() ?? this.#tracked.address,
      present: true,
    };
  }

  /** It was set down, or what is known of it isn't told any more. */
  #knowDown(): void {
    const { flags } = this.#tracked;
    const down =
      flags === undefined ? {} : { flags: flags & ~(IFF_UP | IFF_RUNNING | IFF_LOWER_UP) };
    this.#know({ link: LINK_DOWN, ...down });
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
      sockets: this.#place.sockets,
      netns: this.#place.netns,
      namespaceInode: this.#place.namespaceInode,
      known: this.#tracked,
      listener: {
        changed: (state, events) => this.#take(state, events),
        notHere: () => this.#depart(undefined),
        resynced: (reason) => {
          this.#owner.tell('resync', reason);
          this.#owner.doubted();
        },
      },
    });
    // Whatever becomes of it after this is heard.
    await this.#place.look();
  }

  #unsubscribe(): void {
    this.#lsc?.disable();
    this.#lsc = undefined;
  }

  #take(state: TrackedLink, events: readonly LinkEvent[]): void {
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
          this.#depart(event.ifindex);
          break;
        case 'removed':
          this.#owner.deleted();
          break;
      }
    }
  }

  #depart(ifindex: number | undefined): void {
    if (this.#lsc === undefined) return;
    this.leave(ifindex);
    this.#owner.left();
  }

  #changed(link: LinkState, previous: LinkState): void {
    this.#waiters.reached(link.status);
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

/** Of RTM_NEWLINK: what sets an interface up, or down. */
function flagsOf(up: boolean): { readonly flags: number; readonly change: number } {
  return { flags: up ? IFF_UP : 0, change: IFF_UP };
}

/** Whether the kernel refuses to set a link for lack of rights, and not to tell of it. */
function mayNotSet(error: unknown): boolean {
  return error instanceof NetlinkError && error.code === 'EPERM' && error.syscall === 'RTM_NEWLINK';
}
