/**
 * Virtual functions and ports of a link: linux/if_link.h.
 *
 * @module
 */

import { field, row, type Field, type Nest, type Struct } from '../table.ts';

const file = 'link/virtual-function';

const vf: Field = field('vf', 'u32', 'Number of the virtual function.');

function struct(kernel: string, doc: string, ...fields: Struct['fields']): Struct {
  return { doc, kernel, file, fields };
}

export const virtualFunctionStructs: Readonly<Record<string, Struct>> = {
  VirtualFunctionMac: struct(
    'ifla_vf_mac',
    'Address of a virtual function.',
    vf,
    field('address', { bytes: 32 }, 'Link-layer address, filled up with zeros.'),
  ),
  VirtualFunctionVlan: struct(
    'ifla_vf_vlan',
    'VLAN of a virtual function.',
    vf,
    field('vlan', 'u32', 'VLAN id; 0: none.'),
    field('qos', 'u32', 'Priority.'),
  ),
  VirtualFunctionVlanInfo: struct(
    'ifla_vf_vlan_info',
    'VLAN of a virtual function, with its protocol.',
    vf,
    field('vlan', 'u32', 'VLAN id; 0: none.'),
    field('qos', 'u32', 'Priority.'),
    field('protocol', 'u16', 'EtherType: 0x8100 or 0x88a8.', { order: 'big' }),
    { pad: 2 },
  ),
  VirtualFunctionTxRate: struct(
    'ifla_vf_tx_rate',
    'Greatest rate of a virtual function.',
    vf,
    field('rate', 'u32', 'In Mbit/s; 0: no limit.'),
  ),
  VirtualFunctionRate: struct(
    'ifla_vf_rate',
    'Rates of a virtual function.',
    vf,
    field('minTxRate', 'u32', 'Least, in Mbit/s.'),
    field('maxTxRate', 'u32', 'Greatest, in Mbit/s; 0: no limit.'),
  ),
  VirtualFunctionSetting: struct(
    'ifla_vf_spoofchk',
    'A setting of a virtual function.',
    vf,
    field('setting', 'u32', '0 off, 1 on, 0xffffffff not told.'),
  ),
  VirtualFunctionLinkState: struct(
    'ifla_vf_link_state',
    'Link state of a virtual function.',
    vf,
    field('linkState', 'u32', '0 that of the port, 1 up, 2 down.'),
  ),
  VirtualFunctionGuid: struct(
    'ifla_vf_guid',
    'InfiniBand GUID of a virtual function.',
    vf,
    { pad: 4 },
    field('guid', 'u64', 'GUID.'),
  ),
};

export const virtualFunctionStatistics: Nest = {
  doc: 'Counters of a virtual function.',
  prefix: 'IFLA_VF_STATS_',
  file,
  others: { 6: 'IFLA_VF_STATS_PAD' },
  attributes: [
    row(0, 'IFLA_VF_STATS_RX_PACKETS', 'rxPackets', 'u64', 'Packets received.'),
    row(1, 'IFLA_VF_STATS_TX_PACKETS', 'txPackets', 'u64', 'Packets sent.'),
    row(2, 'IFLA_VF_STATS_RX_BYTES', 'rxBytes', 'u64', 'Bytes received.'),
    row(3, 'IFLA_VF_STATS_TX_BYTES', 'txBytes', 'u64', 'Bytes sent.'),
    row(4, 'IFLA_VF_STATS_BROADCAST', 'broadcast', 'u64', 'Broadcast packets received.'),
    row(5, 'IFLA_VF_STATS_MULTICAST', 'multicast', 'u64', 'Multicast packets received.'),
    row(7, 'IFLA_VF_STATS_RX_DROPPED', 'rxDropped', 'u64', 'Received and dropped.'),
    row(8, 'IFLA_VF_STATS_TX_DROPPED', 'txDropped', 'u64', 'Not sent.'),
  ],
};

export const virtualFunction: Nest = {
  doc: 'A virtual function of a link.',
  prefix: 'IFLA_VF_',
  file,
  attributes: [
    row(1, 'IFLA_VF_MAC', 'mac', { struct: 'VirtualFunctionMac' }, 'Address.'),
    row(2, 'IFLA_VF_VLAN', 'vlan', { struct: 'VirtualFunctionVlan' }, 'VLAN.'),
    row(3, 'IFLA_VF_TX_RATE', 'txRate', { struct: 'VirtualFunctionTxRate' }, 'Greatest rate.'),
    row(
      4,
      'IFLA_VF_SPOOFCHK',
      'spoofCheck',
      { struct: 'VirtualFunctionSetting' },
      'Whether source addresses are checked.',
    ),
    row(
      5,
      'IFLA_VF_LINK_STATE',
      'linkState',
      { struct: 'VirtualFunctionLinkState' },
      'Link state.',
    ),
    row(6, 'IFLA_VF_RATE', 'rate', { struct: 'VirtualFunctionRate' }, 'Rates.'),
    row(
      7,
      'IFLA_VF_RSS_QUERY_EN',
      'rssQuery',
      { struct: 'VirtualFunctionSetting' },
      'Whether RSS may be asked for.',
    ),
    row(8, 'IFLA_VF_STATS', 'statistics', { nest: 'VirtualFunctionStatistics' }, 'Counters.'),
    row(
      9,
      'IFLA_VF_TRUST',
      'trust',
      { struct: 'VirtualFunctionSetting' },
      'Whether it is trusted.',
    ),
    row(10, 'IFLA_VF_IB_NODE_GUID', 'nodeGuid', { struct: 'VirtualFunctionGuid' }, 'Node GUID.'),
    row(11, 'IFLA_VF_IB_PORT_GUID', 'portGuid', { struct: 'VirtualFunctionGuid' }, 'Port GUID.'),
    row(
      12,
      'IFLA_VF_VLAN_LIST',
      'vlans',
      { list: { struct: 'VirtualFunctionVlanInfo' }, of: { id: 1, kernel: 'IFLA_VF_VLAN_INFO' } },
      'VLANs.',
    ),
    row(
      13,
      'IFLA_VF_BROADCAST',
      'broadcast',
      'bytes',
      'Link-layer broadcast address, filled up to 32 bytes with zeros.',
    ),
  ],
};

export const linkPort: Nest = {
  doc: 'A port profile of a link or virtual function: IEEE 802.1Qbg.',
  prefix: 'IFLA_PORT_',
  file,
  attributes: [
    row(1, 'IFLA_PORT_VF', 'vf', 's32', 'Number of the virtual function.'),
    row(2, 'IFLA_PORT_PROFILE', 'profile', 'string', 'Name of the profile.'),
    row(3, 'IFLA_PORT_VSI_TYPE', 'vsiType', 'bytes', '`struct ifla_port_vsi`.'),
    row(4, 'IFLA_PORT_INSTANCE_UUID', 'instanceUuid', 'bytes', 'UUID of the instance.'),
    row(5, 'IFLA_PORT_HOST_UUID', 'hostUuid', 'bytes', 'UUID of the host.'),
    row(6, 'IFLA_PORT_REQUEST', 'request', 'u8', 'PORT_REQUEST_*.'),
    row(7, 'IFLA_PORT_RESPONSE', 'response', 'u16', 'PORT_*_RESPONSE_*.'),
  ],
};
