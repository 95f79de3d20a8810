/**
 * Copies a few recorded conversations into this folder: see README.md beside it.
 *
 * usage: node import.mjs CAPTURES
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const captures = process.argv[2];
if (captures === undefined) throw new Error('usage: node import.mjs CAPTURES');

/** Which request of a case is kept, with its answers: counted from the end. */
const CASES = {
  link_get_tap0: -2,
  link_get_ve0: -2,
  link_get_vx4: -2,
  link_dump_full: -1,
  add_bridge: -1,
  add_macvlan: -1,
  add_veth: -1,
  link_del_bridge: -1,
  set_alias: -1,
  set_allmulti: -1,
  set_down: -1,
  set_mac: -1,
  set_mtu: -1,
  set_netns: -1,
  set_nomaster: -1,
  set_nsid: -1,
  set_rename: -1,
  set_txqlen: -1,
  set_up_tap0: -1,
  prop_add_altname2: -1,
  err_altname_dup: -1,
  err_eperm: -1,
  err_mtu_big: -1,
  err_nodev: -1,
  err_type: -1,
  addr_add4_peer: -1,
  addr_add6_home: -1,
  addr_del: -1,
  addr_dump: -1,
  bridge_fdb: -1,
  err_neigh_del: -1,
  neigh_add6: -1,
  neigh_flush: -3,
  neigh_get: -1,
  nsid_list: -1,
  nsid_get: ['nsid_list', 0],
  nsid_none: ['nsid_list', 1],
  stats_show: 0,
  stats_rest: ['stats_show', 12],
  tc_clsact: -1,
  err_qdisc: -1,
  genl_ctrl: -1,
  genl_get: ['ethtool_coalesce', 0],
  err_nh_group: -1,
  nexthop_add: -1,
  nexthop_group: -1,
  nexthop_get: ['route_dump4', 3],
  rule_add6: -1,
  rule_add_ports: -1,
  rule_dump6: -1,
  err_route_del: -1,
  route_add4: -1,
  route_add4_mp: -1,
  route_add_blackhole: -1,
  route_add_nhid: -1,
  route_add_unreach: -1,
  route_add_via6: -1,
  route_dump4: 0,
  route_dump6: 0,
  route_dump_t4000: 0,
};

/** Cases of which the text that was printed is kept, as the tool has no JSON. */
const TEXTS = new Set(['genl_ctrl']);

/** Which steps of the recorded events are kept. */
const EVENTS = {
  'tap_carrier_slow.jsonl': ['TUNSETCARRIER 0', 'TUNSETCARRIER 1', 'ip link set tapc down'],
  'link_events_nl_groups.jsonl': [
    'ip link set va-renamed nomaster',
    'ip link property add dev va-renamed altname a-very-long-alternative-interface-name',
    'close last tap fd (non-persistent => RTM_DELLINK)',
    'ip link set ifbn netns rtrawpeer',
  ],
};

for (const [name, which] of Object.entries(CASES)) {
  // One request of many of a case has a name of its own.
  const [source, index] = Array.isArray(which) ? which : [name, which];
  const folder = join(captures, 'cases', source);
  const meta = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8'));
  const stdout = readFileSync(join(folder, 'stdout'), 'utf8');
  const records = readLines(join(folder, 'raw.jsonl')).filter((record) => record.hex);
  const requests = records.filter((record) => record.ev === 'tx');
  const request = requests.at(index);
  const next = requests[requests.indexOf(request) + 1];
  const from = records.indexOf(request) + 1;
  const to = next === undefined ? records.length : records.indexOf(next);
  write(`${name}.json`, {
    argv: meta.argv,
    exitCode: meta.rc,
    stderr: meta.stderr,
    // Some tools send the rest of their buffer too: the length says where the request ends.
    sent: request.hex.slice(0, 2 * Buffer.from(request.hex, 'hex').readUInt32LE(0)),
    received: records
      .slice(from, to)
      .filter((record) => record.ev === 'rx')
      .map((record) => record.hex),
    printed: meta.stdout_is_json ? trim(name, JSON.parse(stdout)) : null,
    ...(TEXTS.has(name) && { text: stdout }),
  });
}

const steps = [];
for (const [file, actions] of Object.entries(EVENTS)) {
  const records = readLines(join(captures, 'events', file));
  for (const action of actions) {
    const start = records.findIndex((record) => record.action === action);
    const received = [];
    let at = start + 1;
    for (; records[at].hex !== undefined; at += 1) received.push(records[at].hex);
    const indexes = new Set(received.map((hex) => Buffer.from(hex, 'hex').readInt32LE(20)));
    const printed = records[at].truth_after.filter((link) => indexes.has(link.ifindex));
    steps.push({ action, received, printed });
  }
}
write('events.json', steps);

/** Of an address dump only the addresses are kept; of what came in two parts, one copy. */
function trim(name, printed) {
  if (name === 'stats_rest') return null;
  if (name !== 'addr_dump') return printed;
  return printed.map(({ ifindex, ifname, addr_info }) => ({ ifindex, ifname, addr_info }));
}

function readLines(path) {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

function write(name, value) {
  writeFileSync(join(import.meta.dirname, name), `${JSON.stringify(value, null, 1)}\n`);
}
