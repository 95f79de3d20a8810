/**
 * What happens to links, as an object a line.
 *
 * @module
 */

import type { LinkState, LinkStatus, TableResyncReason, TrackedLink } from '@rtap/transport';
import { formatMacAddress } from '@rtap/frames';
import type { OperState } from '@rtap/netlink/link';

/**
 * One line of `rtap monitor --json`.
 *
 * A property is there where it is known and belongs to the event.
 */
export interface LinkLine {
  /**
   * - `snapshot`: an interface is told for the first time: those that are there at the beginning, and any that is made,
   *   moved here or given a watched name later
   * - `link`: its status is another one
   * - `renamed`, `mtu`, `macAddress`: it has another one; `previous` says what it had
   * - `moved`: it went to another network namespace
   * - `removed`: it is gone
   * - `resync`: events were lost on the way; lines that follow say what has changed since
   */
  readonly event:
    'snapshot' | 'link' | 'renamed' | 'mtu' | 'macAddress' | 'moved' | 'removed' | 'resync';
  /** Index of the interface; not in `resync`. */
  readonly ifindex?: number;
  /** Its name. */
  readonly name?: string;
  /** Up when it is set up and has a carrier (IFF_UP and IFF_RUNNING). */
  readonly status?: LinkStatus;
  /** Whether it has a carrier (IFLA_CARRIER). */
  readonly carrier?: boolean;
  /** Operational state (IFLA_OPERSTATE, RFC 2863); may lag behind `status`. */
  readonly operState?: OperState;
  /** Of `snapshot` and `mtu`: its MTU in bytes. */
  readonly mtu?: number;
  /** Of `snapshot` and `macAddress`: its link-layer address. */
  readonly macAddress?: string;
  /** Of `renamed`, `mtu` and `macAddress`: what it was before. */
  readonly previous?: string | number;
  /** Of `moved`: its index there. */
  readonly newIfindex?: number;
  /** Of `moved`: that namespace's id, as this one numbers it. */
  readonly netnsId?: number;
  /** Of `resync`: how events were lost. */
  readonly reason?: TableResyncReason | 'slow';
  /** When this was told, in ISO 8601 with milliseconds, UTC. */
  readonly time: string;
}

/** Makes a line about an interface, with its link as it is now. */
export function linkLine(
  event: LinkLine['event'],
  of: { readonly ifindex: number; readonly name: string; readonly link: LinkState },
  more: Partial<LinkLine> = {},
): LinkLine {
  const { status, carrier, operState } = of.link;
  return {
    event,
    ifindex: of.ifindex,
    name: of.name,
    status,
    carrier,
    operState,
    ...more,
    time: now(),
  };
}

/** Makes the line of an interface that is told for the first time. */
export function snapshotLine(of: TrackedLink): LinkLine {
  return linkLine('snapshot', of, {
    ...(of.mtu !== undefined && { mtu: of.mtu }),
    ...(of.address !== undefined && { macAddress: formatLinkAddress(of.address) }),
  });
}

/** Makes the line of a loss. */
export function resyncLine(reason: TableResyncReason | 'slow'): LinkLine {
  return { event: 'resync', reason, time: now() };
}

/** A link-layer address of any length, as ip shows most of them. */
export function formatLinkAddress(address: Uint8Array): string {
  if (address.length === 6) return formatMacAddress(address);
  return Array.from(address, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}

function now(): string {
  return new Date().toISOString();
}
