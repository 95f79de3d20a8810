/**
 * The link-state tracker: a pure reducer from messages about one interface to what is worth telling.
 *
 * No socket, no clock, no state of its own: messages in, the next state and its events out. A snapshot
 * (the answer to RTM_GETLINK) is a message like any other, so a resync emits at most one `link` event.
 *
 * @module
 */

import { AF_UNSPEC, IFF_RUNNING, IFF_UP } from '@rtap/netlink';
import type { LinkMessage, OperState } from '@rtap/netlink/link';

/** Whether frames can pass: up is IFF_UP and IFF_RUNNING, the rule of DPDK's driver. */
export type LinkStatus = 'up' | 'down';

/** What is known of an interface's link. */
export interface LinkState {
  /** Up when the interface is set up and its carrier is there. */
  readonly status: LinkStatus;
  /** The carrier (IFLA_CARRIER): the cable, as it were. */
  readonly carrier: boolean;
  /** The operational state (IFLA_OPERSTATE, RFC 2863); may lag behind `status`. */
  readonly operState: OperState;
  /** How often the carrier has changed since the interface was made (IFLA_CARRIER_CHANGES): it counts flaps that gave no event. */
  readonly carrierChanges: number;
}

/** The link of an interface that is set down, or gone. */
export const LINK_DOWN: LinkState = Object.freeze({
  status: 'down',
  carrier: false,
  operState: 'down',
  carrierChanges: 0,
});

/** What the tracker knows of its interface. */
export interface TrackedLink {
  /** Which interface: the ifindex is its identity, the name is not. */
  readonly ifindex: number;
  /** Its name, as last heard. */
  readonly name: string;
  /** Its link, as last heard. */
  readonly link: LinkState;
  /** Its flags (IFF_*), as last heard; not there before they were. */
  readonly flags?: number | undefined;
  /** Its MTU in bytes, as last heard; not there before it was. */
  readonly mtu?: number | undefined;
  /** Its link-layer address, as last heard: bytes of its own. Not there before it was. */
  readonly address?: Uint8Array | undefined;
  /** Whether it is still in the namespace where it is watched; once false it stays so. */
  readonly present: boolean;
}

/** What one message changed. */
export type LinkEvent =
  | {
      /** The status changed, nothing less. */
      readonly type: 'link';
      /** As it is now. */
      readonly link: LinkState;
      /** As it was. */
      readonly previous: LinkState;
    }
  | {
      /** The interface has another name. */
      readonly type: 'renamed';
      /** The name now. */
      readonly name: string;
      /** The name before. */
      readonly previous: string;
    }
  | {
      /** The interface has another MTU. */
      readonly type: 'mtu';
      /** The MTU now, in bytes. */
      readonly mtu: number;
      /** The MTU before. */
      readonly previous: number;
    }
  | {
      /** The interface has another link-layer address. */
      readonly type: 'macAddress';
      /** The address now. */
      readonly address: Uint8Array;
      /** The address before. */
      readonly previous: Uint8Array;
    }
  | {
      /** The interface went to another network namespace. */
      readonly type: 'moved';
      /** Its ifindex there. */
      readonly ifindex: number | undefined;
      /** That namespace's id, as the namespace it left numbers it. */
      readonly netnsId: number | undefined;
    }
  | {
      /** The interface is gone. */
      readonly type: 'removed';
    };

/** What a message led to. */
export interface Tracked {
  /** The state after it: the same object when nothing changed. */
  readonly state: TrackedLink;
  /** What happened, in order; most messages repeat what is known and give none. */
  readonly events: readonly LinkEvent[];
}

const NO_EVENTS: readonly LinkEvent[] = Object.freeze([]);

/** Reads the link state out of a message; what the message leaves out is taken from `previous`. */
export function linkStateOf(message: LinkMessage, previous: LinkState = LINK_DOWN): LinkState {
  const up = (message.flags & IFF_UP) !== 0 && (message.flags & IFF_RUNNING) !== 0;
  return {
    status: up ? 'up' : 'down',
    carrier: message.carrier ?? previous.carrier,
    operState: message.operState ?? previous.operState,
    carrierChanges: message.carrierChanges ?? previous.carrierChanges,
  };
}

/** Begins to track the interface that a message tells of. */
export function beginTracking(message: LinkMessage): TrackedLink {
  return {
    ifindex: message.index,
    name: message.name ?? '',
    link: linkStateOf(message),
    flags: message.flags,
    mtu: message.mtu,
    address: message.address?.slice(),
    present: message.event === 'new',
  };
}

/**
 * Takes one RTM_NEWLINK or RTM_DELLINK message, event or snapshot, and tells what it changes.
 *
 * Messages of other interfaces change nothing, nor do those of another family than AF_UNSPEC: an
 * RTM_DELLINK of AF_BRIDGE says that the interface left its bridge, not that it is gone.
 *
 * @example
 * ```ts
 * import { LINK_DOWN, trackLink } from '@rtap/transport';
 *
 * const before = { ifindex: 7, name: 'rtap0', link: LINK_DOWN, present: true };
 * const message = { event: 'new', family: 0, deviceType: 1, index: 7, flags: 0x11043, change: 0, name: 'rtap0', unknown: [] };
 * const { events } = trackLink(before, message);
 * console.log(events[0]?.type); // link
 * ```
 */
export function trackLink(state: TrackedLink, message: LinkMessage): Tracked {
  if (!state.present || message.index !== state.ifindex || message.family !== AF_UNSPEC) {
    return { state, events: NO_EVENTS };
  }
  if (message.event === 'delete') return leave(state, message);

  const link = linkStateOf(message, state.link);
  const name = message.name ?? state.name;
  const mtu = message.mtu ?? state.mtu;
  const address = sameBytes(message.address, state.address)
    ? state.address
    : message.address?.slice();
  const events: LinkEvent[] = [];
  if (name !== state.name) events.push({ type: 'renamed', name, previous: state.name });
  if (mtu !== undefined && state.mtu !== undefined && mtu !== state.mtu) {
    events.push({ type: 'mtu', mtu, previous: state.mtu });
  }
  if (address !== undefined && state.address !== undefined && address !== state.address) {
    events.push({ type: 'macAddress', address, previous: state.address });
  }
  if (link.status !== state.link.status) events.push({ type: 'link', link, previous: state.link });
  const { ifindex } = state;
  const { flags } = message;
  return { state: { ifindex, name, link, flags, mtu, address, present: true }, events };
}

/** Whether an address is the one that is known; one that is not told is. */
function sameBytes(told: Uint8Array | undefined, known: Uint8Array | undefined): boolean {
  if (told === undefined) return true;
  return known?.length === told.length && told.every((byte, index) => byte === known[index]);
}

/** The interface is no longer there, as an RTM_GETLINK answered with ENODEV says; nothing tells where it went. */
export function trackRemoval(state: TrackedLink): Tracked {
  if (!state.present) return { state, events: NO_EVENTS };
  return depart(state, { type: 'removed' });
}

function leave(state: TrackedLink, message: LinkMessage): Tracked {
  const moved = message.newNetnsId !== undefined || message.newIndex !== undefined;
  return depart(
    state,
    moved
      ? { type: 'moved', ifindex: message.newIndex, netnsId: message.newNetnsId }
      : { type: 'removed' },
  );
}

function depart(state: TrackedLink, farewell: LinkEvent): Tracked {
  const link: LinkState = { ...LINK_DOWN, carrierChanges: state.link.carrierChanges };
  const events: LinkEvent[] = [];
  if (state.link.status === 'up') events.push({ type: 'link', link, previous: state.link });
  events.push(farewell);
  return { state: { ...state, link, present: false }, events };
}
