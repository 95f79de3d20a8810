import { inspect } from 'node:util';
import * as frames from '@rtap/frames';
import { describe, expect, it } from 'vitest';

const mac = Uint8Array.of(2, 0, 0, 0, 0, 1);
const four = { source: Uint8Array.of(10, 0, 0, 1), destination: Uint8Array.of(10, 0, 0, 2) };
const ipv6 = frames.parseIpAddress('2001:db8::1');
const six = { source: ipv6, destination: ipv6 };
const payload = new Uint8Array(16);
const quoted = payload;

/** Every builder, with every field that it takes. */
const builders: Readonly<Record<string, readonly [(fields: never) => Uint8Array, object]>> = {
  buildArp: [
    frames.buildArp,
    {
      ...{ operation: 'request', senderMac: mac, senderIp: four.source },
      ...{ targetMac: mac, targetIp: four.destination },
    },
  ],
  buildEthernet: [
    frames.buildEthernet,
    {
      ...{ destination: mac, source: mac, etherType: 0x800, payload, minimumLength: 60 },
      vlan: { identifier: 5, priority: 1, dropEligible: true, protocol: 0x8100 },
    },
  ],
  buildIpv4: [
    frames.buildIpv4,
    {
      ...{ ...four, protocol: 17, payload, typeOfService: 0, identification: 1, timeToLive: 4 },
      ...{ dontFragment: true, moreFragments: true, fragmentOffset: 8, options: new Uint8Array(4) },
    },
  ],
  buildIpv6: [
    frames.buildIpv6,
    { ...six, nextHeader: 17, payload, hopLimit: 3, trafficClass: 1, flowLabel: 9 },
  ],
  buildIpv6Fragment: [
    frames.buildIpv6Fragment,
    { nextHeader: 59, identification: 1, fragmentOffset: 8, moreFragments: true, payload },
  ],
  buildIpv6Options: [
    frames.buildIpv6Options,
    { nextHeader: 59, options: [{ type: 5, data: payload }], payload },
  ],
  buildIpv6Routing: [
    frames.buildIpv6Routing,
    { nextHeader: 59, type: 4, segmentsLeft: 1, data: new Uint8Array(20), payload },
  ],
  buildIcmpEcho: [frames.buildIcmpEcho, { type: 'request', identifier: 1, sequence: 1, payload }],
  buildIcmpError: [
    frames.buildIcmpError,
    { type: 'redirect', code: 1, mtu: 0, pointer: 0, gateway: four.source, quoted },
  ],
  buildIcmpv6Echo: [
    frames.buildIcmpv6Echo,
    { ...six, type: 'request', identifier: 1, sequence: 1, payload },
  ],
  buildIcmpv6Error: [
    frames.buildIcmpv6Error,
    { ...six, type: 'packet-too-big', code: 0, mtu: 1400, pointer: 0, quoted },
  ],
  buildIcmpv6Redirect: [
    frames.buildIcmpv6Redirect,
    { ...six, target: ipv6, redirected: ipv6, options: [{ kind: 'target-mac', mac }] },
  ],
  buildMulticastListenerReport: [
    frames.buildMulticastListenerReport,
    { ...six, records: [{ kind: 'mode-is-exclude', group: ipv6, sources: [ipv6] }] },
  ],
  buildNeighbourAdvertisement: [
    frames.buildNeighbourAdvertisement,
    { ...six, target: ipv6, mac, router: true, solicited: true, override: true },
  ],
  buildNeighbourSolicitation: [frames.buildNeighbourSolicitation, { ...six, target: ipv6, mac }],
  buildRouterAdvertisement: [
    frames.buildRouterAdvertisement,
    {
      ...{ ...six, hopLimit: 1, managed: true, otherConfiguration: true, routerLifetime: 5 },
      ...{ reachableTime: 1, retransmitTimer: 1, options: [{ kind: 'mtu', mtu: 1400 }] },
    },
  ],
  buildRouterSolicitation: [
    frames.buildRouterSolicitation,
    { ...six, options: [{ kind: 'source-mac', mac }] },
  ],
  buildTcp: [
    frames.buildTcp,
    {
      ...{ ...four, sourcePort: 1, destinationPort: 2, sequence: 1, acknowledgement: 1 },
      ...{ fin: true, syn: true, rst: true, psh: true, ack: true, urg: true, ece: true, cwr: true },
      ...{ ae: true, window: 1, urgentPointer: 1, payload },
      options: [{ kind: 'maximum-segment-size', value: 1460 }],
    },
  ],
  buildUdp: [frames.buildUdp, { ...four, sourcePort: 1, destinationPort: 2, payload }],
};

/** What no field of any builder takes. */
const wrong: readonly unknown[] = [
  ...[null, 'no', -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 40, 10n, Symbol('no')],
  ...[{}, Object.create(null), [null], [5], [{}], new Uint8Array(70_001), new Uint16Array(6)],
  () => 1,
];

/** How it throws for arguments that are wrong: by Node's codes, and in no other way. */
function expectRefused(build: () => unknown): void {
  let thrown: unknown = 'nothing';
  try {
    build();
  } catch (error) {
    thrown = error;
  }
  const isType = thrown instanceof TypeError;
  expect(isType || thrown instanceof RangeError, inspect(thrown)).toBe(true);
  expect(thrown).toMatchObject({ code: isType ? 'ERR_INVALID_ARG_TYPE' : 'ERR_OUT_OF_RANGE' });
}

describe.each(Object.entries(builders))('%s', (_, [build, fields]) => {
  const call = (given: unknown): unknown => Reflect.apply(build, undefined, [given]);

  it('takes what its fields are', () => {
    expect(call(fields)).toBeInstanceOf(Uint8Array);
  });

  it('refuses what is no set of fields', () => {
    for (const given of [undefined, null, 5, 'no', Symbol('no')]) expectRefused(() => call(given));
  });

  it.each(Object.keys(fields))('refuses what %s cannot be, by its type and code', (name) => {
    for (const value of wrong) {
      // A frame may be as long as anybody wants it, and a quoted packet is cut.
      const isLong =
        value instanceof Uint8Array && (name === 'quoted' || build === frames.buildEthernet);
      if (!isLong || name !== (name === 'quoted' ? 'quoted' : 'payload')) {
        expectRefused(() => call({ ...fields, [name]: value }));
      }
    }
  });
});

describe('lists of options and tags', () => {
  it.each([
    ['IPv4', (list: unknown) => Reflect.apply(frames.buildIpv4Options, undefined, [list])],
    [
      'addresses of IPv4',
      (addresses: unknown) =>
        Reflect.apply(frames.buildIpv4Options, undefined, [
          [{ kind: 'record-route', pointer: 4, addresses }],
        ]),
    ],
    [
      'blocks of TCP',
      (blocks: unknown) =>
        Reflect.apply(frames.buildTcp, undefined, [
          {
            ...{ ...four, sourcePort: 1, destinationPort: 2, sequence: 1 },
            options: [{ kind: 'sack', blocks }],
          },
        ]),
    ],
    [
      'a VLAN tag',
      (dropEligible: unknown) =>
        Reflect.apply(frames.buildEthernet, undefined, [
          {
            ...{ destination: mac, source: mac, etherType: 0x800 },
            vlan: { identifier: 1, dropEligible },
          },
        ]),
    ],
  ])('of %s are refused in the same way', (_, build) => {
    for (const value of wrong) expectRefused(() => build(value));
  });
});
