import { describe, expect, test } from 'vitest';

import { createTopology } from '../src/index.ts';

const namespaces = { a: {}, b: {} };
const veth = ['a:eth0', 'b:eth0'];
const links = [{ veth }];

/** What a wrong topology rejects with. Nothing is made, so this needs no privilege. */
async function rejection(options: unknown): Promise<unknown> {
  return Reflect.apply(createTopology, undefined, [options]).then(
    () => 'it resolved',
    (error: unknown) => error,
  );
}

describe('a topology', () => {
  test.each([
    [undefined, 'ERR_INVALID_ARG_TYPE'],
    [{}, 'ERR_INVALID_ARG_TYPE'],
    [{ namespaces: { a: 1 } }, 'ERR_INVALID_ARG_TYPE'],
    [{ namespaces: [] }, 'ERR_INVALID_ARG_TYPE'],
    [{ namespaces: { a: { forwarding: 'no' } } }, 'ERR_INVALID_ARG_TYPE'],
    [{ namespaces, links: [{ veth, up: 'no' }] }, 'ERR_INVALID_ARG_TYPE'],
    [{ namespaces, links: [{}] }, 'ERR_INVALID_ARG_TYPE'],
    [{ namespaces, links: [{ veth: ['a:eth0'] }] }, 'ERR_INVALID_ARG_TYPE'],
    [{ namespaces, links: [{ veth, addresses: ['10.0.0.1/24'] }] }, 'ERR_INVALID_ARG_TYPE'],
    [{ namespaces, links: [{ veth, mtu: 67 }] }, 'ERR_OUT_OF_RANGE'],
    [{ namespaces, links: [{ veth, mtu: 65_536 }] }, 'ERR_OUT_OF_RANGE'],
    [{ namespaces, links: [{ veth, macs: ['02:00', '02:00'] }] }, 'ERR_OUT_OF_RANGE'],
    [{ namespaces, links: 5 }, 'ERR_INVALID_ARG_TYPE'],
    [{ namespaces, links: [{ veth, addresses: ['10.0.0.1/24', []] }] }, 'ERR_INVALID_ARG_TYPE'],
    [{ namespaces, bridges: 5 }, 'ERR_INVALID_ARG_TYPE'],
    [{ namespaces, bridges: { br0: { in: 'a' } } }, 'ERR_INVALID_ARG_TYPE'],
    [
      { namespaces, bridges: { br0: { in: 'a', ports: [], addresses: 5 } } },
      'ERR_INVALID_ARG_TYPE',
    ],
    [{ namespaces, routes: {} }, 'ERR_INVALID_ARG_TYPE'],
    [{ namespaces, routes: [null] }, 'ERR_INVALID_ARG_TYPE'],
    [{ namespaces, signal: 1 }, 'ERR_INVALID_ARG_TYPE'],
  ])('%o is refused with %s', async (options, code) => {
    expect(await rejection(options)).toMatchObject({ code });
  });

  test.each([
    [{ namespaces: { 'a:b': {} } }, "'a:b' is no name of a namespace"],
    [{ namespaces, links: [{ veth: ['a', 'b:eth0'] }] }, "'a' is not 'namespace:interface'"],
    [{ namespaces, links: [{ veth: ['c:eth0', 'b:eth0'] }] }, "there is no namespace 'c'"],
    [{ namespaces, links: [{ veth: ['a:x', 'a:x'] }] }, "'a:x' is there twice"],
    [{ namespaces, links: [{ veth: ['a:lo', 'b:x'] }] }, "'a:lo' is there twice"],
    [
      { namespaces, links: [{ veth: ['a:sixteen-bytes-xx', 'b:x'] }] },
      "'sixteen-bytes-xx' is no name of an interface",
    ],
    [{ namespaces, links: [{ veth: ['a:à', 'b:x'] }] }, "'à' is no name of an interface"],
    [{ namespaces, links: [{ veth: ['a:..', 'b:x'] }] }, "'..' is no name of an interface"],
    [
      { namespaces, links: [{ veth, addresses: [['10.0.0.1'], []] }] },
      "'10.0.0.1' has no prefix length of 0 to 32",
    ],
    [
      { namespaces, links: [{ veth, addresses: [['fd00::1/129'], []] }] },
      "'fd00::1/129' has no prefix length of 0 to 128",
    ],
    [{ namespaces, links: [{ veth, addresses: [[], ['x/1']] }] }, "'x' is no IP address"],
    [
      { namespaces, links, bridges: { br0: { in: 'a', ports: ['eth1'] } } },
      "there is no 'a:eth1' for the bridge 'br0'",
    ],
    [{ namespaces, links, bridges: { eth0: { in: 'a', ports: [] } } }, "'a:eth0' is there twice"],
    [
      {
        namespaces,
        links,
        bridges: { br0: { in: 'a', ports: ['eth0'] }, br1: { in: 'a', ports: ['eth0'] } },
      },
      "'a:eth0' is the port of two bridges",
    ],
    [
      { namespaces, routes: [{ in: 'a', to: 'fd00::/8', via: '10.0.0.1' }] },
      "'fd00::/8' and '10.0.0.1' are of different families",
    ],
    [
      { namespaces, routes: [{ in: 'c', to: 'default', via: '10.0.0.1' }] },
      "there is no namespace 'c'",
    ],
  ])('%o is refused: %s', async (options, message) => {
    const error = await rejection(options);
    expect(error).toMatchObject({ name: 'TestkitError', code: 'ERR_RTAP_TOPOLOGY', message });
  });
});
