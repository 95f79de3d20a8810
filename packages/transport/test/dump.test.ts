import { NLM_F_DUMP_INTR, NLM_F_MULTI, RTM_NEWLINK, RTM_NEWROUTE } from '@rtap/netlink';
import { encodeLink } from '@rtap/netlink/link';
import { NetlinkClient } from '@rtap/transport';
import type { Datagram, LinkDumpOptions } from '@rtap/transport';
import { MemoryRtnetlink } from '@rtap/transport/testing';
import { describe, expect, it } from 'vitest';
import { PORT, acknowledgement, datagram, done, scripted, together } from './scripted.ts';
import type { Scripted } from './scripted.ts';

const EINVAL = 22;
const ENOMEM = 12;

function link(sequence: number, index: number, flags = 0): Uint8Array {
  return encodeLink(
    RTM_NEWLINK,
    { index, name: `t${index}` },
    { flags: NLM_F_MULTI | flags, sequence, portId: PORT },
  );
}

/** Dumps `runs` one after the other: each an index a datagram, negative: with NLM_F_DUMP_INTR. */
function dumping(...runs: readonly (readonly number[])[]): Scripted {
  let run = 0;
  return scripted((sequence) => {
    const told = runs[Math.min(run, runs.length - 1)] ?? [];
    run += 1;
    return [
      ...told.map((index) =>
        datagram(link(sequence, Math.abs(index), index < 0 ? NLM_F_DUMP_INTR : 0)),
      ),
      datagram(done(sequence)),
    ];
  });
}

async function indexes(client: NetlinkClient, options: LinkDumpOptions = {}): Promise<number[]> {
  return (await client.links(options).toArray()).map(({ index }) => index);
}

const isDump = (request: Uint8Array): boolean => (request[7] ?? 0) === 3;

describe('dumps', () => {
  it('yield what the kernel has, filtered also where it does not filter', async () => {
    const rtnetlink = new MemoryRtnetlink();
    rtnetlink.addLink({ name: 'lo' });
    rtnetlink.addLink({ name: 'eth0' });
    const client = new NetlinkClient(await rtnetlink.openRequestSocket());
    expect((await client.links().toArray()).map(({ name }) => name)).toEqual(['lo', 'eth0']);
    // The in-memory one doesn't look at the filter.
    expect(await client.links({ kind: 'veth' }).toArray()).toEqual([]);
    await client.close();
  });

  it('skip what is no element, and decode what a caller brings', async () => {
    const socket = scripted((sequence) => [
      together(
        link(sequence, 1),
        encodeLink(RTM_NEWLINK, { index: 9 }, { flags: 0, sequence: 77, portId: PORT }),
        link(sequence, 2),
        done(sequence),
      ),
    ]);
    const client = new NetlinkClient(socket);
    expect(await indexes(client)).toEqual([1, 2]);
    const none = client.dump({
      name: 'RTM_GETROUTE',
      encode: ({ flags, sequence }) => encodeLink(18, {}, { flags, sequence }),
      type: RTM_NEWROUTE,
      decode: (message) => message.body.length,
    });
    expect(await none.toArray()).toEqual([]);
  });

  it('ask again when any message says that it was interrupted, and show no element twice', async () => {
    const socket = dumping([1, -2, 3], [1, 2, -3], [1, 2, 3, 4]);
    const client = new NetlinkClient(socket);
    const dump = client.links();
    expect((await dump.toArray()).map(({ index }) => index)).toEqual([1, 2, 3, 4]);
    expect(dump.attempts).toBe(3);
    expect(dump.disturbance).toBeUndefined();
  });

  it('notice the flag on NLMSG_DONE alone', async () => {
    let run = 0;
    const client = new NetlinkClient(
      scripted((sequence) => {
        run += 1;
        return [together(link(sequence, run), done(sequence, run === 1 ? NLM_F_DUMP_INTR : 0))];
      }),
    );
    expect(await indexes(client)).toEqual([2]);
  });

  it('give up after so many attempts, or yield what the last one had', async () => {
    const client = new NetlinkClient(dumping([1, -2, 3]));
    await expect(indexes(client, { attempts: 3 })).rejects.toMatchObject({
      name: 'TransportError',
      code: 'ERR_RTAP_INTERRUPTED',
    });
    const partial = client.links({ attempts: 2, interrupted: 'partial' });
    expect((await partial.toArray()).map(({ index }) => index)).toEqual([1, 2, 3]);
    expect(partial.disturbance).toBe('interrupted');
    expect(partial.attempts).toBe(2);
  });

  it('stream when asked to: elements come before the end, read no faster than they are taken', async () => {
    const many = Array.from({ length: 100 }, (_, position) => position + 1);
    const socket = dumping(many);
    const client = new NetlinkClient(socket);
    const dump = client.links({ interrupted: 'stream' });
    const seen: number[] = [];
    for await (const { index } of dump) {
      seen.push(index);
      // Two ahead, and the one that waits.
      expect(socket.received()).toBeLessThanOrEqual(index + 4);
    }
    expect(seen).toEqual(many);
    const interrupted = new NetlinkClient(dumping([1, -2, 3])).links({ interrupted: 'stream' });
    expect(await interrupted.toArray()).toHaveLength(3);
    expect(interrupted.disturbance).toBe('interrupted');
    expect(interrupted.attempts).toBe(1);
  });

  it('reject with the error that the end carries, or that the kernel refuses with', async () => {
    const broken = new NetlinkClient(
      scripted((sequence) => [datagram(link(sequence, 1)), datagram(done(sequence, 0, ENOMEM))]),
    );
    await expect(indexes(broken)).rejects.toMatchObject({
      name: 'NetlinkError',
      code: 'ENOMEM',
      syscall: 'RTM_GETLINK',
    });
    const refused = new NetlinkClient(
      scripted((sequence) => [datagram(acknowledgement(sequence, PORT, 1))]),
    );
    await expect(indexes(refused)).rejects.toMatchObject({ code: 'EPERM' });
  });

  it('ask without strict checking when the kernel refuses it, and switch it on again', async () => {
    const strict: boolean[] = [];
    const socket: Scripted = scripted((sequence) => {
      strict.push(socket.options.has('strictCheck'));
      return strict.at(-1) === true
        ? [datagram(acknowledgement(sequence, PORT, EINVAL))]
        : [datagram(link(sequence, 1)), datagram(done(sequence))];
    });
    const client = new NetlinkClient(socket);
    expect(await indexes(client)).toEqual([1]);
    expect(strict).toEqual([true, false]);
    expect(socket.options).toContain('strictCheck');
    // What is wrong without it too is told.
    const wrong = new NetlinkClient(
      scripted((sequence) => [datagram(acknowledgement(sequence, PORT, EINVAL))]),
    );
    await expect(indexes(wrong)).rejects.toMatchObject({ code: 'EINVAL' });
  });

  it('run one at a time, with requests beside them', async () => {
    const sequences: number[] = [];
    const socket: Scripted = scripted((sequence, request) => {
      if (!isDump(request)) return [datagram(acknowledgement(sequence))];
      sequences.push(sequence);
      return [];
    });
    const client = new NetlinkClient(socket);
    const [first, second] = [indexes(client), indexes(client)];
    await client.setLink({ index: 1 });
    expect(sequences).toHaveLength(1);
    socket.push(together(link(sequences[0]!, 1), done(sequences[0]!)));
    expect(await first).toEqual([1]);
    await expect.poll(() => sequences.length).toBe(2);
    socket.push(together(link(sequences[1]!, 2), done(sequences[1]!)));
    expect(await second).toEqual([2]);
  });

  it('can be nested: what is yielded has come whole', async () => {
    const client = new NetlinkClient(dumping([1, 2], [3]));
    const seen: number[] = [];
    for await (const { index } of client.links()) seen.push(index, ...(await indexes(client)));
    expect(seen).toEqual([1, 3, 2, 3]);
  });

  it('are read to their end when the caller leaves early, so that the next one can begin', async () => {
    const socket = dumping([1, 2, 3, 4, 5, 6, 7, 8], [9]);
    const client = new NetlinkClient(socket);
    for await (const { index } of client.links({ interrupted: 'stream' })) {
      if (index === 2) break;
    }
    expect(socket.sent).toHaveLength(1);
    expect(await indexes(client)).toEqual([9]);
    // Eight and an end, one and an end: nothing of the first came to the second.
    expect(socket.received()).toBe(11);
  });

  it('do not wait for ever for the end of one that was left', async () => {
    let run = 0;
    const client = new NetlinkClient(
      scripted((sequence) => {
        run += 1;
        return [datagram(link(sequence, run)), ...(run === 1 ? [] : [datagram(done(sequence))])];
      }),
    );
    await expect(indexes(client, { timeout: 5 })).rejects.toMatchObject({
      code: 'ERR_RTAP_TIMEOUT',
    });
    expect(await indexes(client, { timeout: 2000 })).toEqual([2]);
  });

  it('end when the signal says so, also while they wait for their turn', async () => {
    const socket = scripted(() => []);
    const client = new NetlinkClient(socket);
    const controller = new AbortController();
    const running = indexes(client, { signal: controller.signal });
    const waiting = indexes(client, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    await expect(waiting).rejects.toThrow('enough');
    // The one whose turn had not come never is sent.
    expect(socket.sent).toHaveLength(1);
    await client.close();
  });

  it.each([
    ['overrun', Object.assign(new Error('overrun'), { code: 'ENOBUFS' })],
    ['truncated', datagram(link(1, 1).subarray(0, 30), { truncated: true })],
  ] as const)('ask again after what was %s', async (_, fault: Datagram | Error) => {
    let run = 0;
    const socket = scripted((sequence) => {
      run += 1;
      return [
        datagram(link(sequence, 1)),
        ...(run === 1 ? [fault] : [datagram(link(sequence, 2))]),
        datagram(done(sequence)),
      ];
    });
    const client = new NetlinkClient(socket);
    expect(await indexes(client)).toEqual([1, 2]);
    expect(socket.sent).toHaveLength(2);
  });

  it('ask again when the end itself was lost, as soon as nothing more comes', async () => {
    let run = 0;
    const socket = scripted((sequence) => {
      run += 1;
      return run === 1
        ? [datagram(link(sequence, 1)), Object.assign(new Error('overrun'), { code: 'ENOBUFS' })]
        : [datagram(link(sequence, 2)), datagram(done(sequence))];
    });
    expect(await indexes(new NetlinkClient(socket), { timeout: 100 })).toEqual([2]);
  });

  it('refuse wrong options before anything is sent', async () => {
    const socket = scripted(() => []);
    const client = new NetlinkClient(socket);
    expect(() => client.links({ attempts: 0 })).toThrow(RangeError);
    await expect(indexes(client, { timeout: 0 })).rejects.toMatchObject({
      code: 'ERR_OUT_OF_RANGE',
    });
    expect(socket.sent).toEqual([]);
  });

  it('reject when the client is closed', async () => {
    const client = new NetlinkClient(scripted(() => []));
    const both = [indexes(client), indexes(client)];
    await client.close();
    for (const one of both) await expect(one).rejects.toMatchObject({ code: 'ERR_RTAP_CLOSED' });
    await expect(indexes(client)).rejects.toMatchObject({ code: 'ERR_RTAP_CLOSED' });
  });
});
