import {
  RTM_GETQDISC,
  RTM_GETTCLASS,
  RTM_GETTFILTER,
  RTM_NEWQDISC,
  RTM_NEWTCLASS,
  RTM_NEWTFILTER,
  decodeTrafficControl,
  encodeTrafficControl,
} from '@rtap/netlink';
import type { TrafficControlMessage, TrafficControlRequest } from '@rtap/netlink';
import type { NetworkNamespace } from '@rtap/native';
import { createTestNamespace, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { NetlinkClient } from '@rtap/transport';
import { describe, expect } from 'vitest';
import { batch } from './ip-batch.ts';
import { judge } from './printed/differences.ts';
import { printedClass, printedDiscipline, printedFilter } from './printed/traffic-control.ts';

/** What `tc -j` prints, without what only a kind has: we keep that as bytes. */
async function tcJson(netns: NetworkNamespace, args: readonly string[]): Promise<object[]> {
  const { code, stdout, stderr } = await run(netns, 'tc', ['-j', ...args]);
  if (code !== 0) throw new Error(`tc ${args.join(' ')}: ${stderr.trim()}`);
  const printed: unknown = JSON.parse(stdout);
  if (!Array.isArray(printed)) throw new TypeError('tc printed no list');
  return printed.map(({ options: _, ...header }) => header);
}

/** Dumps what a request asks for. */
function dump(
  client: NetlinkClient,
  request: { readonly name: string; readonly get: number; readonly added: number },
  which: TrafficControlRequest = {},
): Promise<TrafficControlMessage[]> {
  return client
    .dump({
      name: request.name,
      encode: (header) => encodeTrafficControl(request.get, which, header),
      type: request.added,
      decode: (message) => decodeTrafficControl(message),
    })
    .toArray();
}

const DISCIPLINES = { name: 'RTM_GETQDISC', get: RTM_GETQDISC, added: RTM_NEWQDISC };
const CLASSES = { name: 'RTM_GETTCLASS', get: RTM_GETTCLASS, added: RTM_NEWTCLASS };
const FILTERS = { name: 'RTM_GETTFILTER', get: RTM_GETTFILTER, added: RTM_NEWTFILTER };

describe('traffic control, as tc prints it', () => {
  test('queueing disciplines and their counters, filters, classes', async ({
    netns: _,
    judges,
    skip,
  }) => {
    judges('ip', 'tc', 'ping');
    await using netns = await createTestNamespace();
    await using far = await createTestNamespace();
    await using client = await NetlinkClient.open({ netns });
    await batch(netns, [
      ...[0, 2, 4, 6].map((n) => `link add v${n} numtxqueues 2 type veth peer name v${n + 1}`),
      'address add 10.8.7.1/24 dev v0',
    ]);
    await client.moveLink({ name: 'v1' }, far);
    await batch(
      netns,
      ['v0', 'v2', 'v4', 'v6'].map((name) => `link set ${name} up`),
    );
    await batch(far, ['address add 10.8.7.2/24 dev v1', 'link set v1 up']);
    const first = await run(
      netns,
      'tc',
      'qdisc add dev v0 root handle 1: htb default 5'.split(' '),
    );
    if (/qdisc kind is unknown/.test(first.stderr)) skip('kernel lacks htb');
    await batch(
      netns,
      [
        'class add dev v0 parent 1: classid 1:1 htb rate 1gbit',
        'class add dev v0 parent 1:1 classid 1:5 htb rate 1gbit',
        'class add dev v0 parent 1:1 classid 1:abc htb rate 1gbit',
        'qdisc add dev v0 parent 1:5 handle 5: pfifo limit 7',
        'filter add dev v0 parent 1: protocol ip pref 5 u32 match ip dst 1.2.3.4 flowid 1:5',
        'filter add dev v0 parent 1: protocol ipv6 pref 77 chain 3 u32 match u32 0 0 flowid 1:abc',
        'qdisc add dev v2 root handle abcd: tbf rate 1mbit burst 10k latency 1ms',
        'qdisc add dev v4 root handle 7: mq',
        'qdisc add dev v6 handle ffff: ingress',
      ],
      ['tc'],
    );
    // The carrier comes a moment later, and what is sent before that is lost.
    const ping = ['-c', '3', '-i', '0.01', '-w', '2', '10.8.7.2'];
    await expect
      .poll(async () => (await run(netns, 'ping', ping)).code, { timeout: 20_000 })
      .toBe(0);

    const links = await client.links().toArray();
    const index = links.find(({ name }) => name === 'v0')?.index;
    const names = new Map(links.map((link) => [link.index, link.name]));
    const disciplines = await judge(
      () => tcJson(netns, ['-s', 'qdisc', 'show']),
      async () => {
        const all = await dump(client, DISCIPLINES);
        return all.map((one) => printedDiscipline(one, (of) => names.get(of ?? 0)));
      },
      (one) => `${Object(one).dev} ${Object(one).handle} ${Object(one).parent}`,
    );
    expect(disciplines.differences).toEqual([]);
    const root = disciplines.printed.find((one) => Object(one).handle === '1:');
    expect(Object(root).packets).toBeGreaterThanOrEqual(3);

    const filters = await judge(
      async () => (await tcJson(netns, ['filter', 'show', 'dev', 'v0'])).map(numbered),
      async () => (await dump(client, FILTERS, { index })).map(printedFilter).map(numbered),
      (one) => String(Object(one).number),
    );
    expect(filters.differences).toEqual([]);
    expect(filters.printed.length).toBeGreaterThanOrEqual(4);

    // tc has no JSON for classes: the beginning of each line is ours, to what its kind prints.
    const shown = (await run(netns, 'tc', ['class', 'show', 'dev', 'v0'])).stdout;
    const lines = shown.trimEnd().split('\n');
    const ours = (await dump(client, CLASSES, { index })).map(printedClass);
    expect(lines.map((line) => line.replace(/(rate|prio) .*/, ''))).toEqual(ours);
    expect(ours).toHaveLength(3);
  });
});

/** Filters have nothing that tells them apart but their order. */
function numbered(one: object, number: number): object {
  return { ...one, number };
}
