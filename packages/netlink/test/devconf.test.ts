import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeLink, DEVCONF_FORWARDING, IPV4_DEVCONF_FORWARDING } from '../src/index.ts';
import { firstMessage } from './family.ts';
import { golden } from './golden.ts';

/** Numbers of settings by the names of their files, as the docs of the constants say them. */
function documented(prefix: string, folder: string): Map<string, number> {
  const source = readFileSync(join(import.meta.dirname, '../src/devconf.ts'), 'utf8');
  const rows = source.matchAll(/Setting `(\w+)` of (\S+)\. \*\/\nexport const (\w+) = (\d+);/g);
  return new Map(
    [...rows]
      .filter(([, , where, constant]) => where === folder && constant?.startsWith(prefix))
      .map(([, name, , , number]) => [name ?? '', Number(number)]),
  );
}

/** The recording gave each setting a value of its own, where the kernel took it. */
describe('settings of IP, judged by /proc', () => {
  const { received, settings } = golden('link_settings');
  const { inet, inet6 } = decodeLink(firstMessage(received[0]!), 'little').afSpec ?? {};

  it('of IPv4', () => {
    const numbers = documented('IPV4_DEVCONF_', 'net.ipv4.conf');
    const conf = inet?.conf ?? [];
    const told = [...numbers].map(([name, number]) => [name, conf[number - 1]]);
    expect(Object.fromEntries(told)).toEqual(settings?.ipv4);
    expect(numbers.size).toBe(conf.length);
    expect(numbers.get('forwarding')).toBe(IPV4_DEVCONF_FORWARDING);
  });

  it('of IPv6', () => {
    const numbers = documented('DEVCONF_', 'net.ipv6.conf');
    const conf = inet6?.conf ?? [];
    expect(numbers.size).toBe(conf.length);
    // The kernel has files for these and tells them not, the first by an attribute of its own.
    const apart = ['addr_gen_mode', 'ra_honor_pio_life', 'ra_honor_pio_pflag', 'regen_min_advance'];
    const compared = Object.fromEntries(
      Object.entries(settings?.ipv6 ?? {}).filter(([name]) => !apart.includes(name)),
    );
    const told = Object.keys(compared).map((name) => [name, conf[numbers.get(name) ?? -1]]);
    const seconds = new Set(
      ['delay', 'interval', 'max_interval'].map((word) => `router_solicitation_${word}`),
    ).add('router_probe_interval');
    const milliseconds = Object.entries(compared).map(([name, value]) => [
      name,
      seconds.has(name) ? 1000 * value : value,
    ]);
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(milliseconds));
    expect(numbers.get('forwarding')).toBe(DEVCONF_FORWARDING);
  });
});
