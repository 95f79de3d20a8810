/**
 * `rtap link show -d` beside `ip -d link show`, over every kind of links: JSON and text.
 *
 * @module
 */

import { createTestNamespace, ipJson, run } from '@rtap/testkit';
import type { NetworkNamespace } from '@rtap/native';
import { test } from '@rtap/testkit/vitest';
import { describe, expect, vi } from 'vitest';
import { everyKind, otherKinds } from '../transport/every-kind.ts';
import { batch } from '../transport/ip-batch.ts';
import { judge } from '../transport/printed/differences.ts';

const RTAP = new URL('../../../packages/cli/src/bin.ts', import.meta.url).pathname;

/** What names users, groups and reasons, and is elsewhere. */
const more: readonly string[] = [
  'tuntap add t-own mode tap user root group daemon vnet_hdr pi multi_queue',
  'tuntap add t-other mode tun user 54321 group 54322',
  'link add pair type veth peer name far',
  'link add link base name mv-none type macvlan mode source',
  'link add vx-none type vxlan id 47 dstport 4797 ageing 0',
];

/** Fields that not every ip has; of those that this one lacks only our unit tests tell. */
const NEWER = ['fdb_n_learned', 'fdb_max_learned', 'mst_enabled', 'mdb_offload_fail_notification']
  .concat(['fdb_local_vlan_0', 'bclim', 'localbypass', 'mab', 'neigh_vlan_suppress'])
  .concat(['lacp_strict', 'coupled_control', 'broadcast_neighbor', 'reserved_bits'])
  .concat(['netns-immutable', 'gso_ipv4_max_size', 'gro_ipv4_max_size']);

/** The same in words: two have no value. */
const NEWER_WORDS = new RegExp(
  String.raw` (?:no)?localbypass\b| netns-immutable\b| (?:${NEWER.join('|')}) -?\w+`,
  'g',
);

/** Its standard output. */
async function output(
  netns: NetworkNamespace,
  file: string,
  args: readonly string[],
): Promise<string> {
  const { code, stdout, stderr } = await run(netns, file, args);
  if (code !== 0) throw new Error(`${file} ${args.join(' ')}: ${stderr.trim()}`);
  return stdout;
}

const rtap = (netns: NetworkNamespace, ...args: readonly string[]): Promise<string> =>
  output(netns, process.execPath, [RTAP, ...args]);

/** Names of fields in their order, those of objects inside too. */
function order(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(order);
  return typeof value === 'object' && value !== null
    ? Object.entries(value).map(([name, of]) => [name, order(of)])
    : '';
}

/** What is said of links, without blanks at the ends, what moves by itself, and what not every ip says. */
function plainText(text: string): string[] {
  const lines = text.split('\n').filter((line) => !/^ {4}inet|^ +valid_lft/.test(line));
  return lines.map((line) =>
    line
      // ip has a blank too many here, and forgets one there.
      .replaceAll(/ +(promiscuity|allmulti) /g, ' $1 ')
      .replace('vnifilterid', 'vnifilter id')
      .replaceAll(NEWER_WORDS, '')
      .replaceAll(/(_timer +)\d+\.\d\d/g, '$1N')
      .trimEnd(),
  );
}

/** A namespace with links of all kinds that this kernel has. */
async function everything(): Promise<NetworkNamespace> {
  const netns = await createTestNamespace();
  await batch(netns, [...everyKind, ...more]);
  for (const [, line] of otherKinds) {
    // oxlint-disable-next-line no-await-in-loop
    const { code, stderr } = await run(netns, 'ip', line.split(' '));
    if (code !== 0) expect(stderr).toMatch(/Unknown device type|not supported/);
  }
  return netns;
}

describe('rtap link show -d', () => {
  test('tells in JSON what ip tells, in its order', async ({ netns: _, judges }) => {
    judges('ip');
    await using netns = await everything();
    await using elsewhere = await createTestNamespace();
    await batch(netns, [`link set far netns ${elsewhere.path}`]);
    const print = (): Promise<unknown> => ipJson(netns, ['-d', 'link', 'show']);
    const all = JSON.stringify(await print());
    const lacking = new Set(NEWER.filter((name) => !all.includes(`"${name}"`)));
    const ours = async (): Promise<readonly object[]> =>
      JSON.parse(await rtap(netns, 'link', 'show', '-d', '--json'), (name, value) =>
        lacking.has(name) ? undefined : value,
      );
    const { differences, printed } = await judge(print, ours, (link) => Object(link).ifname);
    expect(differences).toEqual([]);
    expect(order(await ours())).toEqual(order(printed));
    // Links that one refers to are asked for.
    const linkinfo = async (name: string): Promise<unknown> =>
      JSON.parse(await rtap(netns, 'link', 'show', name, '-d', '--json'))[0].linkinfo;
    expect(await linkinfo('spare')).toMatchObject({ info_slave_data: { backup_port: 'port' } });
    expect(await linkinfo('vx-all')).toMatchObject({ info_data: { link: 'base' } });
  }, 60_000);

  test('says in words what ip says', async ({ netns: _, judges }) => {
    judges('ip');
    await using netns = await everything();
    for (const object of ['link', 'addr']) {
      // oxlint-disable-next-line no-await-in-loop
      await vi.waitFor(
        async () => {
          const theirs = plainText(await output(netns, 'ip', ['-d', object, 'show']));
          expect(plainText(await rtap(netns, '-d', object, 'show'))).toEqual(theirs);
        },
        { timeout: 20_000, interval: 100 },
      );
    }
  }, 60_000);
});
