/**
 * A route for people, as `ip route show` writes it.
 *
 * @module
 */

import type { Colors } from '../frame/colors.ts';
import type { ShownRealms, ShownRoute, ShownVia, ShownWay } from './shown-route.ts';

/** One line, and one for each way of a multipath route. */
export function routeText(route: ShownRoute, colors: Colors): string {
  const address = (text: string): string =>
    text.includes(':') ? colors.blue(text) : colors.magenta(text);
  const words = [
    route.type,
    route.dst === 'default' ? route.dst : address(route.dst),
    said('from', route.from),
    said('tos', route.tos),
    said('nhid', route.nhid),
    said('via', route.gateway && address(route.gateway)),
    viaText(route.via),
    said('dev', route.dev && colors.cyan(route.dev)),
    said('table', route.table),
    said('proto', route.protocol),
    said('scope', route.scope),
    said('src', route.prefsrc && address(route.prefsrc)),
    said('metric', route.metric),
    ...route.flags,
    realmsText(route.flow),
    route.expires === undefined ? undefined : `expires ${route.expires}sec`,
    said('error', route.error),
    ...Object.entries(route.metrics?.[0] ?? {}).map(([name, value]) =>
      value === null ? name : `${name} ${value}`,
    ),
    said('pref', route.pref),
  ];
  return [joined(words), ...(route.nexthops ?? []).map((way) => wayText(way, address))].join('\n');
}

function wayText(way: ShownWay, address: (text: string) => string): string {
  return joined([
    '\tnexthop',
    said('via', way.gateway && address(way.gateway)),
    viaText(way.via),
    said('dev', way.dev),
    `weight ${way.weight}`,
    ...way.flags,
    realmsText(way.flow),
  ]);
}

function viaText(via: ShownVia | undefined): string | undefined {
  return via && `via ${via.family} ${via.host}`;
}

function realmsText(flow: ShownRealms | undefined): string | undefined {
  return flow && (flow.from === undefined ? `realm ${flow.to}` : `realms ${flow.from}/${flow.to}`);
}

function said(word: string, value: string | number | undefined): string | undefined {
  return value === undefined ? undefined : `${word} ${value}`;
}

function joined(words: readonly (string | undefined)[]): string {
  return words.filter((word) => word !== undefined).join(' ');
}
