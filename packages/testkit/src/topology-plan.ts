/**
 * What a topology is to be, checked before anything is made.
 *
 * @module
 */

import { parseIpAddress, parseMacAddress } from '@rtap/frames';
import { checkArray, checkInteger, checkOptions, invalidType } from './argument.ts';
import { TestkitError } from './errors.ts';

/** A namespace of a topology. */
export interface TopologyNamespace {
  /** Whether it passes packets on between its interfaces, IPv4 and IPv6; false when left out. */
  readonly forwarding?: boolean;
}

/** A cable: a pair of veth interfaces. */
export interface TopologyLink {
  /** Its ends, as `namespace:interface`. */
  readonly veth: readonly [string, string];
  /** What each end gets, such as `10.0.0.1/24`. */
  readonly addresses?: readonly [readonly string[], readonly string[]];
  /** The MAC addresses of the ends; the kernel's choice when left out. */
  readonly macs?: readonly [string, string];
  /** In bytes, 68 to 65,535; 1,500 when left out. */
  readonly mtu?: number;
  /** Whether both ends are set up; true when left out. */
  readonly up?: boolean;
}

/** A bridge, without spanning tree: it forwards at once. */
export interface TopologyBridge {
  /** Its namespace. */
  readonly in: string;
  /** Interfaces of that namespace: ends of links. */
  readonly ports: readonly string[];
  /** What the bridge itself gets. */
  readonly addresses?: readonly string[];
}

/** A route. */
export interface TopologyRoute {
  /** Its namespace. */
  readonly in: string;
  /** The destination with its prefix length, or `default`: of the gateway's family. */
  readonly to: string;
  /** The gateway. */
  readonly via: string;
}

/** What {@link createTopology} takes. */
export interface TopologyOptions {
  /** The namespaces, by their names; each has its loopback up. */
  readonly namespaces: Readonly<Record<string, TopologyNamespace>>;
  /** The cables between them, or within one. */
  readonly links?: readonly TopologyLink[];
  /** The bridges, by their names as interfaces. */
  readonly bridges?: Readonly<Record<string, TopologyBridge>>;
  /** The routes, added last, in this order. */
  readonly routes?: readonly TopologyRoute[];
  /** Ends its making: what was made is undone. */
  readonly signal?: AbortSignal;
}

/** An address with the length of its prefix. */
export interface Prefix {
  readonly bytes: Uint8Array;
  readonly length: number;
}

/** The end of a link. */
export interface End {
  readonly namespace: string;
  readonly interface: string;
}

/** The longest name of an interface, in bytes (IFNAMSIZ less its NUL, linux/if.h). */
const NAME_BYTES = 15;

/**
 * Checks all of it.
 *
 * @throws TypeError, RangeError; TestkitError `ERR_RTAP_TOPOLOGY` for what is named but not there, or twice.
 */
export function checkTopology(options: TopologyOptions): void {
  checkOptions('options', options);
  checkOptions('options.namespaces', options.namespaces);
  if (Array.isArray(options.namespaces)) {
    throw invalidType('options.namespaces', 'of type object', options.namespaces);
  }
  const { links = [], bridges = {}, routes = [] } = options;
  checkArray('options.links', links);
  checkOptions('options.bridges', bridges);
  checkArray('options.routes', routes);
  const interfaces = new Map<string, Set<string>>();
  for (const [name, namespace] of Object.entries(options.namespaces)) {
    checkOptions(`options.namespaces.${name}`, namespace);
    checkFlag(`options.namespaces.${name}.forwarding`, namespace.forwarding);
    if (name === '' || name.includes(':')) throw wrong(`'${name}' is no name of a namespace`);
    interfaces.set(name, new Set(['lo']));
  }
  const add = (namespace: string, name: string): void => {
    const there = interfaces.get(namespace);
    if (there === undefined) throw wrong(`there is no namespace '${namespace}'`);
    // By bytes, as the kernel looks at them: 0xa0 is a blank, also in the middle of a letter.
    const bytes = Buffer.from(name).toString('latin1');
    if (
      !/^[^\t-\r \u00a0\0/:%]+$/.test(bytes) ||
      bytes.length > NAME_BYTES ||
      /^\.\.?$/.test(name)
    ) {
      throw wrong(`'${name}' is no name of an interface`);
    }
    if (there.has(name)) throw wrong(`'${namespace}:${name}' is there twice`);
    there.add(name);
  };
  for (const [index, link] of links.entries()) {
    checkLink(`options.links[${index}]`, link, add);
  }
  const enslaved = new Set<string>();
  for (const [name, bridge] of Object.entries(bridges)) {
    checkOptions(`options.bridges.${name}`, bridge);
    checkArray(`options.bridges.${name}.ports`, bridge.ports);
    if (bridge.addresses !== undefined) {
      checkArray(`options.bridges.${name}.addresses`, bridge.addresses);
    }
    for (const port of bridge.ports) {
      const told = `${bridge.in}:${port}`;
      if (port === 'lo' || interfaces.get(bridge.in)?.has(port) !== true) {
        throw wrong(`there is no '${told}' for the bridge '${name}'`);
      }
      if (enslaved.has(told)) throw wrong(`'${told}' is the port of two bridges`);
      enslaved.add(told);
    }
    for (const address of bridge.addresses ?? []) parsePrefix(address);
  }
  // Last, so that no bridge is the port of another one.
  for (const [name, bridge] of Object.entries(bridges)) add(bridge.in, name);
  for (const [index, route] of routes.entries()) {
    checkOptions(`options.routes[${index}]`, route);
    if (!interfaces.has(route.in)) throw wrong(`there is no namespace '${route.in}'`);
    const gateway = parseAddress(route.via);
    const { bytes } = parseDestination(route.to, gateway);
    if (bytes.length !== gateway.length) {
      throw wrong(`'${route.to}' and '${route.via}' are of different families`);
    }
  }
}

function checkLink(
  name: string,
  link: TopologyLink,
  add: (namespace: string, name: string) => void,
): void {
  checkOptions(name, link);
  const { veth, addresses, macs, mtu, up } = link;
  for (const [property, pair] of Object.entries({ veth, addresses, macs })) {
    if (pair === undefined && property !== 'veth') continue;
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw invalidType(`${name}.${property}`, 'an Array of two', pair);
    }
  }
  for (const [index, list] of (addresses ?? []).entries()) {
    checkArray(`${name}.addresses[${index}]`, list);
  }
  for (const end of veth) {
    const { namespace, interface: device } = parseEnd(end);
    add(namespace, device);
  }
  for (const address of addresses?.flat() ?? []) parsePrefix(address);
  for (const mac of macs ?? []) parseMacAddress(mac);
  if (mtu !== undefined) checkInteger(`${name}.mtu`, mtu, 68, 65_535);
  checkFlag(`${name}.up`, up);
}

function checkFlag(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean') {
    throw invalidType(name, 'of type boolean', value);
  }
}

/** Reads `namespace:interface`. */
export function parseEnd(text: unknown): End {
  const [namespace, device, more] = typeof text === 'string' ? text.split(':') : [];
  if (namespace === undefined || device === undefined || more !== undefined) {
    throw wrong(`'${String(text)}' is not 'namespace:interface'`);
  }
  return { namespace, interface: device };
}

/** Reads `10.0.0.0/24`. */
function parsePrefix(text: unknown): Prefix {
  const [address = '', length = ''] = String(text).split('/');
  const bytes = parseAddress(address);
  if (!/^\d{1,3}$/.test(length) || Number(length) > bytes.length * 8) {
    throw wrong(`'${String(text)}' has no prefix length of 0 to ${bytes.length * 8}`);
  }
  return { bytes, length: Number(length) };
}

/** Reads where a route leads; `default` is of the gateway's family. */
export function parseDestination(text: string, gateway: Uint8Array): Prefix {
  return text === 'default'
    ? { bytes: new Uint8Array(gateway.length), length: 0 }
    : parsePrefix(text);
}

function parseAddress(text: string): Uint8Array {
  try {
    return parseIpAddress(text);
  } catch {
    throw wrong(`'${text}' is no IP address`);
  }
}

function wrong(message: string): TestkitError {
  return new TestkitError('ERR_RTAP_TOPOLOGY', message);
}
