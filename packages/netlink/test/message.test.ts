import { describe, expect, it } from 'vitest';
import { decodeLink, encodeLink, hostEndian, MalformedError, messages } from '../src/index.ts';
import { fromHex, golden } from './golden.ts';

const DONE = '14000000 0300 0200 05000000 07000000 00000000';

describe('messages', () => {
  it('reads headers and hands out views', () => {
    const datagram = fromHex(DONE);
    const [message] = messages(datagram, 'little');
    expect(message).toEqual({
      type: 3,
      flags: 2,
      sequence: 5,
      portId: 7,
      body: new Uint8Array(4),
    });
    expect(message?.body.buffer).toBe(datagram.buffer);
  });

  it('reads big-endian headers', () => {
    const [message] = messages(fromHex('00000010 0012 0301 80000001 ffffffff'), 'big');
    expect(message).toMatchObject({ type: 18, flags: 0x301, sequence: 0x8000_0001 });
    expect(message?.portId).toBe(0xffff_ffff);
  });

  it('takes the byte order of the host', () => {
    const header = new Uint8Array(Uint32Array.of(16, 3, 0, 0).buffer);
    expect(hostEndian).toMatch(/^(little|big)$/);
    expect([...messages(header)]).toHaveLength(1);
  });

  it('reads several, and views into a larger buffer', () => {
    const padded = fromHex(`ffffff ${DONE} ${DONE} ff`);
    const sizes = [...messages(padded.subarray(3, -1), 'little')].map(({ body }) => body.length);
    expect(sizes).toEqual([4, 4]);
  });

  it('reads a last message that does not end at a multiple of four', () => {
    const datagram = fromHex(`${DONE} 11000000 0300 0200 00000000 00000000 aa`);
    expect([...messages(datagram, 'little')].at(-1)?.body).toEqual(Uint8Array.of(0xaa));
  });

  it('reads nothing out of nothing', () => {
    expect([...messages(new Uint8Array())]).toEqual([]);
  });

  it('counts the messages of a recorded dump', () => {
    const { received, printed } = golden('link_dump_full');
    const types = received.flatMap((datagram) =>
      [...messages(datagram, 'little')].map(({ type }) => type),
    );
    expect(types.filter((type) => type === 16)).toHaveLength(printed?.length ?? -1);
    expect(types.at(-1)).toBe(3);
  });

  const malformed: readonly (readonly [string, string, number])[] = [
    ['a header that is cut off', '10000000 0300', 0],
    ['a length of 0', '00000000 0300 0200 00000000 00000000', 0],
    ['a length of 15', '0f000000 0300 0200 00000000 00000000', 0],
    ['a length beyond the datagram', '11000000 0300 0200 00000000 00000000', 0],
    ['the greatest length', 'ffffffff 0300 0200 00000000 00000000', 0],
    ['bytes behind the last message', `${DONE} 000000`, 20],
    ['a bad second message', `${DONE} 00000000 0300 0200 00000000 00000000`, 20],
  ];

  it.each(malformed)('refuses %s', (_, hex, offset) => {
    const iterator = messages(fromHex(hex), 'little');
    const given: unknown[] = [];
    const read = (): void => {
      for (const message of iterator) given.push(message);
    };
    expect(read).toThrow(expect.objectContaining({ code: 'ERR_RTAP_MALFORMED', offset }));
    expect(given).toHaveLength(offset / 20);
    expect(iterator.next()).toEqual({ done: true, value: undefined });
  });

  it('throws MalformedError, whose message says where', () => {
    expect(() => [...messages(fromHex('00'))]).toThrow(MalformedError);
    expect(() => [...messages(fromHex('00'))]).toThrow('Truncated message header at offset 0');
  });
});

describe('decoders of messages of one datagram', () => {
  const link = (index: number, name: string): Uint8Array =>
    encodeLink(16, { index, name, mtu: 1500 }, { flags: 0, sequence: 0 }, 'little');
  const datagram = Uint8Array.of(0xff, ...link(1, 'lo'), ...link(2, 'tap0'), 0xff);
  // Not aligned to anything, as a pooled buffer may be.
  const [first, second] = messages(datagram.subarray(1, -1), 'little');

  it('read each its own', () => {
    expect(decodeLink(first!, 'little')).toMatchObject({ index: 1, name: 'lo', mtu: 1500 });
    expect(decodeLink(second!, 'little')).toMatchObject({ index: 2, name: 'tap0', mtu: 1500 });
  });

  it('read a copy as they read the message, and a body that was put in its place', () => {
    expect(decodeLink({ ...second! }, 'little')).toEqual(decodeLink(second!, 'little'));
    const body = second!.body.slice();
    expect(decodeLink({ ...second!, body }, 'little')).toEqual(decodeLink(second!, 'little'));
    const other = Object.assign([...messages(link(7, 'eth7'), 'little')][0]!, { body });
    expect(decodeLink(other, 'little').name).toBe('tap0');
  });

  it('count offsets from the start of the message', () => {
    const broken = datagram.slice();
    // The length of the second name: behind struct ifinfomsg of the second message.
    broken[1 + link(1, 'lo').length + 32] = 3;
    const [, message] = messages(broken.subarray(1, -1), 'little');
    const error = expect.objectContaining({ code: 'ERR_RTAP_MALFORMED', offset: 32 });
    expect(() => decodeLink(message!, 'little')).toThrow(error);
    expect(() => decodeLink({ ...message!, body: message!.body.slice() }, 'little')).toThrow(error);
  });

  it('do not go beyond the message', () => {
    const cut = datagram.slice(1, -1);
    // The second message loses four bytes of its end, which are still in the datagram.
    cut[link(1, 'lo').length] = link(2, 'tap0').length - 4;
    const iterator = messages(cut, 'little');
    iterator.next();
    const { value } = iterator.next();
    expect(() => decodeLink(value, 'little')).toThrow(
      expect.objectContaining({ code: 'ERR_RTAP_MALFORMED' }),
    );
  });
});
