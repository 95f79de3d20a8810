/**
 * Ports of bridges.
 *
 * @module
 */

import type { BridgePortData } from '@rtap/netlink/link';
import { nameAt } from '../../ip/known-links.ts';
import { bridgeId } from './bridge.ts';
import { bit, hexadecimal, said, seconds, timer } from './fields.ts';
import type { ShownKind } from './fields.ts';

/** BR_STATE_*. */
const STATES = ['disabled', 'listening', 'learning', 'forwarding', 'blocking'];

/** Names of link-local groups, by the last digit of their addresses. */
const GROUPS: Readonly<Record<number, string>> = { 0: 'stp', 2: 'lacp', 14: 'lldp' };

/** The groups of a mask, each by its name or its bit. */
function groupNames(mask: number): string {
  const set = Array.from({ length: 16 }, (_, position) => position).filter(
    (position) => (mask >>> position) & 1,
  );
  const names = set.map((position) => GROUPS[position] ?? hexadecimal(1 << position));
  return names.length === 0 ? '0x0' : names.join(',');
}

/** Of slave kind `bridge`. */
export const bridgePort: ShownKind<BridgePortData> = {
  fields: (data, links) => ({
    state: STATES[data.state ?? -1],
    priority: data.priority,
    cost: data.cost,
    hairpin: data.hairpin,
    guard: data.guard,
    root_block: data.protect,
    fastleave: data.fastLeave,
    learning: data.learning,
    flood: data.unicastFlood,
    id: hexadecimal(data.id),
    no: hexadecimal(data.number),
    designated_port: data.designatedPort,
    designated_cost: data.designatedCost,
    bridge_id: bridgeId(data.bridgeId),
    root_id: bridgeId(data.rootId),
    hold_timer: seconds(data.holdTimer),
    message_age_timer: seconds(data.messageAgeTimer),
    forward_delay_timer: seconds(data.forwardDelayTimer),
    topology_change_ack: bit(data.topologyChangeAck),
    config_pending: bit(data.configPending),
    proxy_arp: data.proxyArp,
    proxy_arp_wifi: data.proxyArpWifi,
    multicast_router: data.multicastRouter,
    mcast_flood: data.multicastFlood,
    bcast_flood: data.broadcastFlood,
    mcast_to_unicast: data.multicastToUnicast,
    neigh_suppress: data.neighbourSuppress,
    neigh_vlan_suppress: data.neighbourVlanSuppress,
    group_fwd_mask: hexadecimal(data.groupForwardMask),
    group_fwd_mask_str:
      data.groupForwardMask === undefined ? undefined : groupNames(data.groupForwardMask),
    vlan_tunnel: data.vlanTunnel,
    isolated: data.isolated,
    locked: data.locked,
    mab: data.macAuthenticationBypass,
    backup_port: data.backupPort === undefined ? undefined : nameAt(links, data.backupPort),
    backup_nhid: data.backupNextHop,
  }),
  wording: {
    id: 'port_id',
    no: 'port_no',
    bridge_id: 'designated_bridge',
    root_id: 'designated_root',
    hold_timer: timer,
    message_age_timer: timer,
    forward_delay_timer: timer,
    // In words fastleave is there twice.
    multicast_router: (_, value, { fastleave }) =>
      [said('mcast_router', value), said('mcast_fast_leave', fastleave)]
        .filter((words) => words !== '')
        .join(' '),
  },
  refersTo: ({ backupPort }) => [backupPort],
};
