/**
 * A link with its addresses for people, as `ip addr show` writes it.
 *
 * @module
 */

import type { Colors } from '../frame/colors.ts';
import { linkText } from '../link/link-text.ts';
import type { NamespaceNames } from '../link/namespace-names.ts';
import { ADDRESS_FLAGS } from './shown-address.ts';
import type { ShownAddress } from './shown-address.ts';
import type { ShownLinkAddresses } from './show.ts';

/** Seconds that mean for ever (INFINITY_LIFE_TIME). */
const FOR_EVER = 0xffff_ffff;

/** Lines about a link and its addresses. */
export function addressesText(
  link: ShownLinkAddresses,
  colors: Colors,
  names?: NamespaceNames,
): string {
  const { addr_info: addresses, ...rest } = link;
  return [linkText(rest, colors, names), ...addresses.map((one) => addressText(one, colors))].join(
    '\n',
  );
}

function addressText(address: ShownAddress, colors: Colors): string {
  const paint = address.family === 'inet' ? colors.magenta : colors.blue;
  const { local = '', address: peer, prefixlen, valid_life_time: valid } = address;
  const host =
    peer === undefined
      ? paint(`${local}/${prefixlen}`)
      : `${paint(local)} peer ${paint(`${peer}/${prefixlen}`)}`;
  const flags = ['secondary', 'temporary', ...Object.keys(ADDRESS_FLAGS)].filter(
    (name) => Reflect.get(address, name) === true,
  );
  const words = [
    `    ${address.family} ${host}`,
    ...(address.metric === undefined ? [] : [`metric ${address.metric}`]),
    ...(address.broadcast === undefined ? [] : [`brd ${address.broadcast}`]),
    ...(address.anycast === undefined ? [] : [`any ${address.anycast}`]),
    `scope ${address.scope}`,
    ...flags,
    ...(address.label === undefined ? [] : [address.label]),
  ];
  const times =
    valid === undefined
      ? []
      : [
          `       valid_lft ${seconds(valid)} preferred_lft ${seconds(address.preferred_life_time ?? 0)}`,
        ];
  return [words.join(' '), ...times].join('\n');
}

function seconds(value: number): string {
  return value === FOR_EVER ? 'forever' : `${value}sec`;
}
