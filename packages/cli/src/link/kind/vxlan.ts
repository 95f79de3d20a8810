/**
 * VXLAN interfaces.
 *
 * @module
 */

import { formatIpAddress } from '@rtap/frames';
import type { VxlanData } from '@rtap/netlink/link';
import { nameAt } from '../../ip/known-links.ts';
import { flag, hexadecimal, said, withOrWithout } from './fields.ts';
import type { ShownFields, ShownKind, ShownValue } from './fields.ts';

/** VXLAN_DF_*. */
const DONT_FRAGMENT = ['unset', 'set', 'inherit'];

/** An address; nothing for the one that is all zeros. */
function address(bytes: Uint8Array | undefined): string | undefined {
  return bytes?.some((byte) => byte !== 0) === true ? formatIpAddress(bytes) : undefined;
}

function isMulticast(bytes: Uint8Array): boolean {
  const [first = 0] = bytes;
  return bytes.length === 4 ? first >>> 4 === 0xe : first === 0xff;
}

/** Where packets go: a group or one other end. */
function remote({ group, group6 }: VxlanData): Record<string, string | undefined> {
  const bytes = group ?? group6;
  if (bytes === undefined) return {};
  const name = isMulticast(bytes) ? 'group' : 'remote';
  return { [`${name}${bytes === group ? '' : '6'}`]: address(bytes) };
}

/** A field that packets may take from those inside: it has no value then, and only words tell of it. */
function orInherited(name: string, inherits: boolean, value: ShownValue): ShownFields {
  if (inherits) return { [name]: undefined };
  return value === undefined ? {} : { [name]: value };
}

/** Bytes as one number, the first one in front. */
function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

/** Of kind `vxlan`. */
export const vxlan: ShownKind<VxlanData> = {
  fields: (data, links) => ({
    external: data.collectMetadata || undefined,
    vnifilter: data.vniFilter || undefined,
    id: data.id,
    ...remote(data),
    local: address(data.local),
    local6: address(data.local6),
    link: data.link ? nameAt(links, data.link) : undefined,
    port_range: data.portRange && { low: data.portRange.low, high: data.portRange.high },
    port: data.port,
    learning: data.learning,
    proxy: data.proxy || undefined,
    rsc: data.routeShortCircuit || undefined,
    l2miss: data.layer2Miss || undefined,
    l3miss: data.layer3Miss || undefined,
    tos: hexadecimal(data.tos || undefined),
    ...orInherited('ttl', data.ttlInherit === true, data.ttl),
    df: DONT_FRAGMENT[data.dontFragment ?? -1],
    ...orInherited('label', data.labelPolicy === 1, hexadecimal(data.label || undefined)),
    ageing: data.ageing,
    limit: data.limit || undefined,
    reserved_bits: hexadecimal(data.reservedBits && numberOf(data.reservedBits)),
    udp_csum: data.udpChecksum,
    localbypass: data.localBypass,
    udp_zero_csum6_tx: data.udpZeroChecksum6Tx,
    udp_zero_csum6_rx: data.udpZeroChecksum6Rx,
    remcsum_tx: data.remoteChecksumTx || undefined,
    remcsum_rx: data.remoteChecksumRx || undefined,
    gbp: data.groupBasedPolicy || undefined,
    gpe: data.genericProtocolExtension || undefined,
  }),
  wording: {
    external: flag,
    vnifilter: flag,
    group6: 'group',
    remote6: 'remote',
    local6: 'local',
    link: 'dev',
    port_range: 'srcport',
    port: 'dstport',
    learning: (_, value) => (value === false ? 'nolearning' : ''),
    proxy: flag,
    rsc: flag,
    l2miss: flag,
    l3miss: flag,
    tos: (name, value) => said(name, value === '0x1' ? 'inherit' : value),
    ttl: (name, value) => said(name, value === 0 ? 'auto' : (value ?? 'inherit')),
    df: (name, value) => said(name, value === 'unset' ? undefined : value),
    label: (_, value) => said('flowlabel', value ?? 'inherit'),
    ageing: (name, value) => said(name, value === 0 ? 'none' : value),
    limit: 'maxaddr',
    udp_csum: withOrWithout('udpcsum'),
    localbypass: withOrWithout('localbypass'),
    udp_zero_csum6_tx: withOrWithout('udp6zerocsumtx'),
    udp_zero_csum6_rx: withOrWithout('udp6zerocsumrx'),
    remcsum_tx: (_, value) => flag('remcsumtx', value, {}),
    remcsum_rx: (_, value) => flag('remcsumrx', value, {}),
    gbp: flag,
    gpe: flag,
  },
  refersTo: ({ link }) => [link],
};
