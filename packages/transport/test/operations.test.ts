import { readFileSync } from 'node:fs';
import {
  AF_INET,
  AF_INET6,
  IFA_F_HOMEADDRESS,
  IFA_F_MANAGETEMPADDR,
  IFA_F_NODAD,
  IFF_ALLMULTI,
  NLM_F_DUMP,
  RTM_GETLINK,
  RTM_NEWLINK,
} from '@rtap/netlink';
import { encodeLink } from '@rtap/netlink/link';
import { NetlinkClient } from '@rtap/transport';
import { describe, expect, it } from 'vitest';
import { PORT, acknowledgement, datagram, done, scripted } from './scripted.ts';
import type { Scripted } from './scripted.ts';

interface Golden {
  readonly case: string;
  readonly argv: readonly string[];
  readonly hex: string;
}

// What iproute2 6.1 sent, recorded; less its first question of each command, whether the kernel checks strictly.
const goldens = readFileSync(new URL('goldens/requests.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Golden);

/** A kernel that does whatever it is asked, and knows each name by the index that it had when recorded. */
function obedient(indexes: Readonly<Record<string, number>>): Scripted {
  return scripted((sequence, request) => {
    const type = new DataView(request.buffer).getUint16(4, true);
    const flags = new DataView(request.buffer).getUint16(6, true);
    if ((flags & NLM_F_DUMP) === NLM_F_DUMP && type % 4 === 2) return [datagram(done(sequence))];
    if (type !== RTM_GETLINK) return [datagram(acknowledgement(sequence))];
    const name = Object.keys(indexes).find((known) => Buffer.from(request).includes(`${known}\0`));
    const index = indexes[name ?? ''] ?? 0;
    const answer = encodeLink(RTM_NEWLINK, { index }, { flags: 0, sequence, portId: PORT });
    return [datagram(answer)];
  });
}

function withoutSequence(hex: string): string {
  return `${hex.slice(0, 16)}********${hex.slice(24)}`;
}

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);
const home = bytes(0x20, 1, 0x0d, 0xb8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5);
const bridge = { index: 5, local: bytes(203, 0, 113, 1), prefixLength: 28 };

/** The same meaning, by our methods. */
const meanings: Readonly<
  Record<
    string,
    readonly [Readonly<Record<string, number>>, (client: NetlinkClient) => Promise<unknown>]
  >
> = {
  set_up_tap0: [{ tap0: 13 }, (client) => client.setLinkUp({ name: 'tap0' })],
  set_down: [{ mv1: 10 }, (client) => client.setLinkDown({ name: 'mv1' })],
  set_mtu: [{ tap0: 13 }, (client) => client.setLinkMtu({ name: 'tap0' }, 1380)],
  set_mac: [
    { tap0: 13 },
    (client) => client.setLinkAddress({ name: 'tap0' }, bytes(0x02, 0xaa, 0xbb, 0xcc, 0xdd, 0xee)),
  ],
  set_rename: [{ ifbidx: 4242 }, (client) => client.renameLink({ name: 'ifbidx' }, 'ifbren')],
  set_txqlen: [{ ifb0: 12 }, (client) => client.setLinkTransmitQueueLength({ name: 'ifb0' }, 77)],
  set_alias: [{ ve0: 3 }, (client) => client.setLinkAlias({ name: 've0' }, 'golden-alias')],
  set_group: [{ ifb0: 12 }, (client) => client.setLinkGroup({ name: 'ifb0' }, 17)],
  set_allmulti: [
    { ifb0: 12 },
    (client) => client.setLinkFlags({ name: 'ifb0' }, IFF_ALLMULTI, true),
  ],
  set_nomaster: [{ tap0: 13 }, (client) => client.setLinkMaster({ name: 'tap0' }, undefined)],
  err_loop: [{ br0: 5 }, (client) => client.setLinkMaster({ name: 'br0' }, { index: 5 })],
  prop_add_altname2: [
    { ve0: 3 },
    (client) => client.addAlternativeNames({ name: 've0' }, ['second-altname', 'third-altname']),
  ],
  link_del_bridge: [{ br0: 5 }, (client) => client.deleteLink({ name: 'br0' })],
  add_ifb_index: [
    {},
    (client) => client.addLink({ index: 4242, name: 'ifbidx', info: { kind: 'ifb' } }),
  ],
  addr_add4_peer: [
    {},
    (client) =>
      client.addAddress({
        index: 14,
        local: bytes(10, 9, 0, 1),
        peer: bytes(10, 9, 0, 2),
        metric: 42,
      }),
  ],
  addr_add6_home: [
    {},
    (client) =>
      client.addAddress({
        index: 9,
        local: home,
        flags: IFA_F_HOMEADDRESS | IFA_F_NODAD | IFA_F_MANAGETEMPADDR,
      }),
  ],
  addr_add_br: [{}, (client) => client.addAddress(bridge)],
  addr_del: [{}, (client) => client.deleteAddress(bridge)],
  addr_dump: [
    {},
    async (client) => [await client.links().toArray(), await client.addresses().toArray()],
  ],
  addr_dump6: [{}, async (client) => client.addresses({ family: AF_INET6 }).toArray()],
};

describe("operations: iproute2's bytes for the same meaning", () => {
  it.each(Object.entries(meanings))('%s', async (name, [indexes, perform]) => {
    const socket = obedient(indexes);
    const client = new NetlinkClient(socket);
    await perform(client);
    const ours = socket.sent.map((request) =>
      withoutSequence(Buffer.from(request).toString('hex')),
    );
    const theirs = goldens
      .filter((golden) => golden.case === name)
      .map(({ hex }) => {
        // A dump of addresses has 128 bytes of padding behind the message: the length of the header counts.
        const length = Buffer.from(hex, 'hex').readUInt32LE(0);
        return withoutSequence(hex.slice(0, 2 * length));
      })
      // Neither what is given by its index, nor the length of a MAC address is asked for.
      .filter((hex) => !(name in asksMore) || ours.includes(hex) || hex.slice(8, 12) !== '1200');
    expect(theirs.length).toBeGreaterThan(0);
    expect(ours).toEqual(theirs);
    await client.close();
  });

  it('moves an interface to a namespace by a descriptor, or by a process', async () => {
    const socket = obedient({ ifbren: 4242 });
    const client = new NetlinkClient(socket);
    await client.moveLink({ name: 'ifbren' }, '/proc/self/ns/net');
    await client.moveLink({ index: 4242 }, { pid: process.pid });
    const golden = goldens.filter((line) => line.case === 'set_netns').at(-1)?.hex ?? '';
    const [, byDescriptor, byProcess] = socket.sent.map((request) => Buffer.from(request));
    // But for the number of the descriptor.
    expect(withoutSequence(byDescriptor?.toString('hex') ?? '').slice(0, 72)).toBe(
      withoutSequence(golden).slice(0, 72),
    );
    expect(byDescriptor).toHaveLength(golden.length / 2);
    // IFLA_NET_NS_PID is 19.
    expect(byProcess?.readUInt16LE(34)).toBe(19);
    expect(byProcess?.readUInt32LE(36)).toBe(process.pid);
    await client.close();
  });

  it('takes alternative names away, and adds what iproute2 does to an address of loopback', async () => {
    const socket = obedient({});
    const client = new NetlinkClient(socket);
    await client.deleteAlternativeNames({ index: 3 }, ['second-altname']);
    await client.addAddress({ index: 1, local: bytes(127, 0, 0, 2), prefixLength: 8 });
    const [names, address] = socket.sent.map((request) => Buffer.from(request));
    expect([names?.readUInt16LE(4), names?.readUInt16LE(6)]).toEqual([109, 5]);
    // ifaddrmsg: family, prefix, flags, scope (RT_SCOPE_HOST).
    expect([...(address?.subarray(16, 20) ?? [])]).toEqual([AF_INET, 8, 0, 254]);
    await expect(client.addAddress({ index: 1, local: bytes(1, 2) })).rejects.toMatchObject({
      code: 'ERR_OUT_OF_RANGE',
    });
    await client.close();
  });
});

/** Of these, iproute2 asks what is known here already. */
const asksMore: Readonly<Record<string, true>> = {
  set_mac: true,
  err_loop: true,
  addr_add4_peer: true,
  addr_add6_home: true,
  addr_add_br: true,
  addr_del: true,
  addr_dump6: true,
};
