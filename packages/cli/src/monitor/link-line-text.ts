/**
 * What happens to links, for people.
 *
 * @module
 */

import type { Colors } from '../frame/colors.ts';
import type { LinkLine } from './link-line.ts';

/** Writes a line out in words. */
export function linkLineText(line: LinkLine, colors: Colors): string {
  const time = colors.dim(line.time.slice(11, 23));
  if (line.event === 'resync') {
    return `${time}  ${colors.yellow('resync')}: events were lost (${line.reason})`;
  }
  return `${time}  ${line.ifindex}: ${colors.cyan(line.name ?? '')}  ${what(line, colors)}`;
}

function what(line: LinkLine, colors: Colors): string {
  const { status, operState, carrier, mtu, macAddress, previous } = line;
  const painted = status === 'up' ? colors.green('up') : colors.red('down');
  const link = `${painted}, carrier ${carrier === true ? 'on' : 'off'}, state ${operState}`;
  switch (line.event) {
    case 'snapshot':
      return `is ${link}${mtu === undefined ? '' : `, mtu ${mtu}`}${
        macAddress === undefined ? '' : `, address ${macAddress}`
      }`;
    case 'link':
      return `link ${link}`;
    case 'renamed':
      return `renamed, was ${previous}`;
    case 'mtu':
      return `mtu ${mtu}, was ${previous}`;
    case 'macAddress':
      return `address ${macAddress}, was ${previous}`;
    case 'moved':
      return `moved to another namespace${line.netnsId === undefined ? '' : ` (id ${line.netnsId})`}`;
    default:
      return line.event;
  }
}
