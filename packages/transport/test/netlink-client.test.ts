import {
  IFF_UP,
  MessageWriter,
  NLMSG_ERROR,
  NLM_F_ACK_TLVS,
  NLM_F_CAPPED,
  NLM_F_MULTI,
  RTM_NEWLINK,
} from '@rtap/netlink';
import { encodeLink } from '@rtap/netlink/link';
import { NetlinkClient } from '@rtap/transport';
import type { NetlinkWarning } from '@rtap/transport';
import { MemoryRtnetlink } from '@rtap/transport/testing';
import { describe, expect, it } from 'vitest';
import { PORT, acknowledgement, datagram, scripted } from './scripted.ts';

const EPERM = 1;
const IP = Uint8Array.of(10, 0, 0, 1);
const MAC = Uint8Array.of(2, 0, 0, 0, 0, 1);

async function setUp(): Promise<{ rtnetlink: MemoryRtnetlink; client: NetlinkClient }> {
  const rtnetlink = new MemoryRtnetlink();
  rtnetlink.addLink({ name: 'lo' });
  return { rtnetlink, client: new NetlinkClient(await rtnetlink.openRequestSocket()) };
}

describe('NetlinkClient', () => {
  it('asks for an interface by name and by index', async () => {
    const { rtnetlink, client } = await setUp();
    const ifindex = rtnetlink.addLink({ name: 'rtap0', mtu: 9000, up: true });
    expect(await client.getLink({ name: 'rtap0' })).toMatchObject({ index: ifindex, mtu: 9000 });
    expect(await client.getLink({ index: ifindex })).toMatchObject({
      name: 'rtap0',
      carrier: true,
    });
    await client.close();
  });

  it('changes and deletes', async () => {
    const { rtnetlink, client } = await setUp();
    const index = rtnetlink.addLink({ name: 'rtap0' });
    await client.setLink({ index, flags: IFF_UP, change: IFF_UP, mtu: 1400, name: 'wan' });
    expect(rtnetlink.link(index)).toMatchObject({ up: true, mtu: 1400, name: 'wan' });
    await client.deleteLink({ name: 'wan' });
    expect(rtnetlink.link(index)).toBeUndefined();
    await client.close();
  });

  it('gives each of many concurrent requests its own answer', async () => {
    const { rtnetlink, client } = await setUp();
    const indexes = Array.from({ length: 200 }, (_, n) => rtnetlink.addLink({ name: `t${n}` }));
    const links = await Promise.all(indexes.map((index) => client.getLink({ index })));
    expect(links.map((link) => link.name)).toEqual(indexes.map((_, n) => `t${n}`));
    await client.close();
  });

  it('rejects with what the kernel said, and serves the others on', async () => {
    const { rtnetlink, client } = await setUp();
    rtnetlink.refuseNext(RTM_NEWLINK, EPERM);
    const refused = client.setLink({ index: 1, mtu: 1400 }, { interface: 'lo' });
    const served = client.getLink({ index: 1 });
    await expect(refused).rejects.toMatchObject({
      name: 'NetlinkError',
      code: 'EPERM',
      errno: -1,
      syscall: 'RTM_NEWLINK',
      interface: 'lo',
    });
    expect((await served).name).toBe('lo');
    await expect(client.getLink({ name: 'none' })).rejects.toMatchObject({
      code: 'ENODEV',
      interface: 'none',
    });
    await client.close();
  });

  it.each([
    ['another sender', (s: number) => datagram(acknowledgement(s, 99), { portId: 4711 })],
    ['another port', (s: number) => datagram(acknowledgement(s, 98))],
    ['another sequence number', (s: number) => datagram(acknowledgement(s + 1, 99))],
  ])('takes no answer of %s', async (_, forged) => {
    const client = new NetlinkClient(
      scripted((sequence) => [forged(sequence), datagram(acknowledgement(sequence, 99, EPERM))]),
    );
    await expect(client.setLink({ index: 1 })).rejects.toMatchObject({ code: 'EPERM' });
    await client.close();
  });

  it('says that an answer was cut, and that answers were dropped', async () => {
    const cut = new NetlinkClient(
      scripted((s) => [datagram(acknowledgement(s, 99), { truncated: true })]),
    );
    await expect(cut.setLink({ index: 1 })).rejects.toMatchObject({ code: 'ERR_RTAP_TRUNCATED' });
    const broken = new NetlinkClient({
      ...scripted(() => []),
      receive: () => Promise.reject(Object.assign(new Error('overrun'), { code: 'ENOBUFS' })),
    });
    await expect(broken.setLink({ index: 1 })).rejects.toMatchObject({ code: 'ERR_RTAP_OVERRUN' });
  });

  it('rejects when the answer is no acknowledgement at all', async () => {
    const client = new NetlinkClient(
      scripted((s) => [
        datagram(
          acknowledgement(s, 99)
            .subarray(0, 16)
            .map((b, i) => (i === 0 ? 16 : b)),
        ),
      ]),
    );
    await expect(client.setLink({ index: 1 })).rejects.toMatchObject({
      code: 'ERR_RTAP_MALFORMED',
    });
  });

  it('takes as many messages as the longest datagram can hold', async () => {
    const count = (4 * 1024 * 1024) / 16;
    const flood = (sequence: number): Uint8Array => {
      const one = new MessageWriter().begin(RTM_NEWLINK, NLM_F_MULTI, sequence, PORT).finish();
      const all = new Uint8Array(count * one.length);
      for (let at = 0; at < all.length; at += one.length) all.set(one, at);
      return all;
    };
    const client = new NetlinkClient(
      scripted((s) => [datagram(flood(s)), datagram(acknowledgement(s))]),
    );
    const answers = await client.request('RTM_NEWLINK', 0, (header) =>
      encodeLink(RTM_NEWLINK, { index: 1 }, header),
    );
    expect(answers).toHaveLength(count);
  });

  it('gives up after the timeout, and when the signal says so', async () => {
    const client = new NetlinkClient(scripted(() => []));
    await expect(client.setLink({ index: 1 }, { timeout: 1 })).rejects.toMatchObject({
      code: 'ERR_RTAP_TIMEOUT',
    });
    const controller = new AbortController();
    const asked = client.setLink({ index: 1 }, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
    await expect(client.setLink({ index: 1 }, { signal: controller.signal })).rejects.toThrow(
      'enough',
    );
  });

  it.each([
    [{ timeout: Number.NaN }, 'ERR_OUT_OF_RANGE'],
    [{ timeout: 0 }, 'ERR_OUT_OF_RANGE'],
    [{ timeout: 2 ** 31 }, 'ERR_OUT_OF_RANGE'],
    [{ timeout: '5' }, 'ERR_INVALID_ARG_TYPE'],
    [{ signal: 5 }, 'ERR_INVALID_ARG_TYPE'],
    [null, 'ERR_INVALID_ARG_TYPE'],
  ])('refuses the options %o', async (options, code) => {
    const { client } = await setUp();
    const call = Reflect.apply(client.getLink, client, [{ index: 1 }, options]);
    await expect(call).rejects.toMatchObject({ code });
    await client.close();
  });

  it('waits for ever when told so', async () => {
    const { rtnetlink, client } = await setUp();
    const release = rtnetlink.hold();
    const asked = client.getLink({ index: 1 }, { timeout: Infinity });
    // A timer that overflows would fire at once.
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
    release();
    expect((await asked).name).toBe('lo');
    await client.close();
  });

  it.each([
    ['getLink', [{}], 'ERR_INVALID_ARG_TYPE'],
    ['getLink', [], 'ERR_INVALID_ARG_TYPE'],
    ['getLink', [{ index: -1 }], 'ERR_OUT_OF_RANGE'],
    ['getLink', [{ index: 0 }], 'ERR_OUT_OF_RANGE'],
    ['getLink', [{ name: '' }], 'ERR_OUT_OF_RANGE'],
    ['getLink', [{ name: 'sixteen-bytes-xx' }], 'ERR_OUT_OF_RANGE'],
    ['setLink', [{}], 'ERR_INVALID_ARG_TYPE'],
    ['deleteLink', [{}], 'ERR_INVALID_ARG_TYPE'],
    ['addAddress', [{}], 'ERR_INVALID_ARG_TYPE'],
    ['addRoute', [], 'ERR_INVALID_ARG_TYPE'],
    ['addRoute', [{ destination: '10.0.0.0' }], 'ERR_INVALID_ARG_TYPE'],
    ['addRoute', [{ destination: Uint8Array.of(10, 0, 0) }], 'ERR_OUT_OF_RANGE'],
    ['addRoute', [{ destination: IP, destinationLength: 33 }], 'ERR_OUT_OF_RANGE'],
    ['addRoute', [{ destinationLength: 8 }], 'ERR_OUT_OF_RANGE'],
    ['addRoute', [{ destination: IP, gateway: 5 }], 'ERR_INVALID_ARG_TYPE'],
    ['addRoute', [{ destination: IP, outputIndex: 0 }], 'ERR_OUT_OF_RANGE'],
    ['addRoute', [{ destination: IP, table: -1 }], 'ERR_OUT_OF_RANGE'],
    ['addRoute', [{ destination: IP, priority: 'low' }], 'ERR_INVALID_ARG_TYPE'],
    ['addRoute', [{ destination: IP, metrics: { mut: 1 } }], 'ERR_INVALID_ARG_VALUE'],
    ['addRoute', [{ destination: IP, color: 'red' }], 'ERR_INVALID_ARG_VALUE'],
    ['addRoute', [{ destination: IP, ways: {} }], 'ERR_INVALID_ARG_TYPE'],
    ['addRoute', [{ destination: IP, ways: [5] }], 'ERR_INVALID_ARG_TYPE'],
    ['addRoute', [{ destination: IP, ways: [{ weight: 0 }] }], 'ERR_OUT_OF_RANGE'],
    ['addRoute', [{ destination: IP, ways: [{ gateway: 5 }] }], 'ERR_INVALID_ARG_TYPE'],
    ['deleteRoute', [null], 'ERR_INVALID_ARG_TYPE'],
    ['getRoute', [{}], 'ERR_INVALID_ARG_TYPE'],
    ['getRoute', [{ destination: IP, inputIndex: -1 }], 'ERR_OUT_OF_RANGE'],
    ['addNeighbour', [{ index: 1 }], 'ERR_INVALID_ARG_TYPE'],
    ['addNeighbour', [{ destination: IP }], 'ERR_INVALID_ARG_TYPE'],
    ['addNeighbour', [{ index: 1, destination: IP, state: 70_000 }], 'ERR_OUT_OF_RANGE'],
    ['getNeighbour', [{ index: 1, destination: Uint8Array.of(1) }], 'ERR_OUT_OF_RANGE'],
    ['addForwardingEntry', [{ index: 1, linkLayerAddress: IP }], 'ERR_OUT_OF_RANGE'],
    ['addForwardingEntry', [{ index: 1 }], 'ERR_INVALID_ARG_TYPE'],
    ['getForwardingEntry', [{ linkLayerAddress: MAC, master: 0 }], 'ERR_OUT_OF_RANGE'],
    ['addRule', [5], 'ERR_INVALID_ARG_TYPE'],
    ['addRule', [{ source: Uint8Array.of(1) }], 'ERR_OUT_OF_RANGE'],
    ['addRule', [{ source: IP, sourceLength: 40 }], 'ERR_OUT_OF_RANGE'],
    ['addRule', [{ priority: -1 }], 'ERR_OUT_OF_RANGE'],
    ['addNexthop', [{ id: 0 }], 'ERR_OUT_OF_RANGE'],
    ['addNexthop', [{ group: 5 }], 'ERR_INVALID_ARG_TYPE'],
    ['addNexthop', [{ group: [{ id: 1, weight: 0 }] }], 'ERR_OUT_OF_RANGE'],
    ['addNexthop', [{ group: [{}] }], 'ERR_INVALID_ARG_TYPE'],
    ['getNexthop', ['1'], 'ERR_INVALID_ARG_TYPE'],
    ['setNetnsId', [{ pid: 1 }, 1.5], 'ERR_OUT_OF_RANGE'],
  ] as const)('refuses %s(%j)', async (method, args, code) => {
    const { client } = await setUp();
    await expect(Reflect.apply(client[method], client, args)).rejects.toMatchObject({ code });
    await client.close();
  });

  it.each([
    ['getLink', [{ index: 1 }]],
    ['getRoute', [{ destination: IP }]],
    ['getNeighbour', [{ index: 1, destination: IP }]],
    ['getForwardingEntry', [{ linkLayerAddress: MAC, master: 1 }]],
    ['getNexthop', [1]],
    ['getNetnsId', [{ pid: 1 }]],
  ] as const)('takes a bare acknowledgement for no answer of %s', async (method, args) => {
    const client = new NetlinkClient(scripted((sequence) => [datagram(acknowledgement(sequence))]));
    await expect(Reflect.apply(client[method], client, args)).rejects.toMatchObject({
      code: 'ERR_RTAP_MALFORMED',
      message: expect.stringMatching(/^RTM_GET\w+ was answered without a message of type \d+/),
    });
    await client.close();
  });

  it('is answered again after an overrun: the socket is read empty first', async () => {
    const rtnetlink = new MemoryRtnetlink();
    rtnetlink.addLink({ name: 'lo' });
    const socket = await rtnetlink.openRequestSocket();
    const client = new NetlinkClient(socket);
    socket.setReceiveBuffer(1000);
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () =>
        client.getLink({ index: 1 }, { timeout: 2000 }).then(
          () => 'answered',
          (error: unknown) => Object(error).code,
        ),
      ),
    );
    expect(outcomes).toContain('ERR_RTAP_OVERRUN');
    expect(outcomes).not.toContain('ERR_RTAP_TIMEOUT');
    // What came for requests that were given up may still be in the way of one more.
    await client.getLink({ index: 1 }).catch(() => undefined);
    expect((await client.getLink({ index: 1 })).name).toBe('lo');
    await client.close();
  });

  it('closes: what waits and what comes is rejected, any number of times', async () => {
    const { rtnetlink, client } = await setUp();
    const release = rtnetlink.hold();
    const asked = client.getLink({ index: 1 });
    await client.close();
    await client.close();
    await expect(asked).rejects.toMatchObject({ code: 'ERR_RTAP_CLOSED' });
    await expect(client.getLink({ index: 1 })).rejects.toMatchObject({ code: 'ERR_RTAP_CLOSED' });
    expect(rtnetlink.openSockets).toEqual({ requests: 0, subscriptions: 0 });
    release();
  });

  it('surfaces what the kernel says of what it has done', async () => {
    const warned = (sequence: number): Uint8Array =>
      new MessageWriter()
        .begin(NLMSG_ERROR, NLM_F_CAPPED | NLM_F_ACK_TLVS, sequence, PORT)
        .i32(0)
        .u32(16)
        .u16(RTM_NEWLINK)
        .u16(5)
        .u32(sequence)
        .u32(PORT)
        // NLMSGERR_ATTR_MSG
        .attributeString(1, 'bytes leftover after parsing attributes')
        .finish();
    const heard: NetlinkWarning[] = [];
    const client = new NetlinkClient(
      scripted((sequence) => [datagram(warned(sequence))]),
      { onWarning: (warning) => heard.push(warning) },
    );
    await client.setLink({ index: 1 });
    const own: string[] = [];
    await client.setLink({ index: 1 }, { onWarning: ({ message }) => own.push(message) });
    const message = 'bytes leftover after parsing attributes';
    expect(heard).toEqual([{ syscall: 'RTM_NEWLINK', message }]);
    expect(own).toEqual([message]);
    await client.close();
  });

  it('asks again with more room when an answer was cut, and changes nothing twice', async () => {
    let asked = 0;
    const socket = scripted((sequence) => {
      asked += 1;
      const link = encodeLink(RTM_NEWLINK, { index: 7 }, { flags: 0, sequence, portId: PORT });
      return [datagram(asked < 3 ? link.subarray(0, 30) : link, { truncated: asked < 3 })];
    });
    const client = new NetlinkClient(socket);
    expect((await client.getLink({ index: 7 })).index).toBe(7);
    expect(socket.grown).toEqual([65_536, 131_072]);
    asked = 0;
    await expect(client.setLink({ index: 7 })).rejects.toMatchObject({
      code: 'ERR_RTAP_TRUNCATED',
    });
    expect(asked).toBe(1);
    await client.close();
  });
});
