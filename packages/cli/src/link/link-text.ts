/**
 * A link for people, as `ip link show` writes it.
 *
 * @module
 */

import type { Colors } from '../frame/colors.ts';
import { said } from './kind/fields.ts';
import { linkInfoLines } from './kind/kinds.ts';
import type { NamespaceNames } from './namespace-names.ts';
import type { ShownLink } from './shown-link.ts';

/** Lines about a link. */
export function linkText(
  link: Partial<ShownLink>,
  colors: Colors,
  names: NamespaceNames = new Map(),
): string {
  return [headText(link, colors), ...addressLine(link, colors, names), ...moreLines(link)].join(
    '\n',
  );
}

/** The first line. */
function headText(link: Partial<ShownLink>, colors: Colors): string {
  const below =
    link.link === null ? '@NONE' : link.link === undefined ? indexBelow(link) : `@${link.link}`;
  const words = [
    `${link.ifindex}: ${colors.cyan(link.ifname ?? '')}${below}: <${link.flags?.join(',')}>`,
    said('mtu', link.mtu),
    said('qdisc', link.qdisc),
    said('master', link.master),
    said('state', link.operstate && stateText(link.operstate, colors)),
    said('mode', link.linkmode),
    said('group', link.group),
    said('qlen', link.txqlen),
  ];
  return words.filter((word) => word !== '').join(' ');
}

function indexBelow({ link_index: index }: Partial<ShownLink>): string {
  return index === undefined ? '' : `@if${index}`;
}

function stateText(state: string, colors: Colors): string {
  return state === 'UP' ? colors.green(state) : state === 'DOWN' ? colors.red(state) : state;
}

/** The line of the address, and with details those of the kinds. */
function addressLine(link: Partial<ShownLink>, colors: Colors, names: NamespaceNames): string[] {
  if (link.link_type === undefined) return [];
  const words = [
    `    link/${link.link_type}`,
    link.address === undefined ? '' : colors.yellow(link.address),
    said(link.flags?.includes('POINTOPOINT') === true ? 'peer' : 'brd', link.broadcast),
    said('permaddr', link.permaddr),
    elsewhere(link.link_netnsid, names),
    link.proto_down === true ? 'protodown on' : '',
    link.proto_down_reason === undefined
      ? ''
      : `protodown_reason <${link.proto_down_reason.join(',')}>`,
    ...detailWords(link),
  ];
  // Some words begin a line.
  return [
    words
      .filter((word) => word !== '')
      .join(' ')
      .replaceAll(' \n', '\n'),
  ];
}

function detailWords(link: Partial<ShownLink>): string[] {
  if (link.promiscuity === undefined) return [];
  return [
    said('promiscuity', link.promiscuity),
    said('allmulti', link.allmulti),
    said('minmtu', link.min_mtu),
    said('maxmtu', link.max_mtu),
    link['netns-immutable'] === true ? 'netns-immutable' : '',
    ...(link.linkinfo === undefined ? [] : linkInfoLines(link.linkinfo)),
    said('addrgenmode', link.inet6_addr_gen_mode),
    said('numtxqueues', link.num_tx_queues),
    said('numrxqueues', link.num_rx_queues),
    said('gso_max_size', link.gso_max_size),
    said('gso_max_segs', link.gso_max_segs),
    said('tso_max_size', link.tso_max_size),
    said('tso_max_segs', link.tso_max_segs),
    said('gro_max_size', link.gro_max_size),
    said('gso_ipv4_max_size', link.gso_ipv4_max_size),
    said('gro_ipv4_max_size', link.gro_ipv4_max_size),
    said('portname', link.phys_port_name),
    said('portid', link.phys_port_id),
    said('switchid', link.phys_switch_id),
    said('parentbus', link.parentbus),
    said('parentdev', link.parentdev),
    said('dpll-pin', link.dpll_pin),
  ];
}

/** The namespace that the peer is in, by its name when it has one. */
function elsewhere(id: number | undefined, names: NamespaceNames): string {
  if (id === undefined) return '';
  const name = names.get(id);
  return name === undefined ? `link-netnsid ${id < 0 ? 'unknown' : id}` : `link-netns ${name}`;
}

function moreLines(link: Partial<ShownLink>): string[] {
  return [
    ...(link.ifalias === undefined ? [] : [`    alias ${link.ifalias}`]),
    ...(link.altnames ?? []).map((name) => `    altname ${name}`),
  ];
}
