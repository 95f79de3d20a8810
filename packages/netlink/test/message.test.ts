import { describe, expect, it } from 'vitest';
import { hostEndian, MalformedError, messages } from '../src/index.ts';
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
