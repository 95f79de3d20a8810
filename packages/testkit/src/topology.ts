/**
 * Networks of several namespaces, from one declaration.
 *
 * @module
 */

import { open } from 'node:fs/promises';
import { parseIpAddress, parseMacAddress } from '@rtap/frames';
import type { NamespaceExecOptions, NamespaceProcess, NetworkNamespace } from '@rtap/native';
import { NetlinkClient } from '@rtap/transport';
import { addAddress } from './addresses.ts';
import { checkSignal } from './argument.ts';
import { addBridge } from './bridge.ts';
import { capture } from './capture.ts';
import type { Capture, CaptureOptions } from './capture.ts';
import { TestkitError } from './errors.ts';
import { untilLinkUp } from './link-up.ts';
import { ping } from './pinger.ts';
import type { PingOptions, PingResult } from './pinger.ts';
import { run } from './run.ts';
import type { RunResult } from './run.ts';
import { createTestNamespace } from './test-namespace.ts';
import { checkTopology, parseDestination, parseEnd } from './topology-plan.ts';
import type { TopologyLink, TopologyOptions } from './topology-plan.ts';

/** Switches forwarding on: these files are those of the namespace of who opens them. */
const FORWARD =
  'for file in ipv4/ip_forward ipv6/conf/all/forwarding; do echo 1 > /proc/sys/net/$file; done';

/**
 * Makes namespaces and joins them: cables, bridges, addresses, routes.
 *
 * When this resolves, all of it is up and its addresses can be used. When something fails nothing is left; nor is
 * anything when the process ends, in whatever way: the namespaces have no names.
 *
 * @throws TypeError, RangeError, TestkitError `ERR_RTAP_TOPOLOGY` before anything is made; NativeError EPERM without
 *   CAP_SYS_ADMIN; NetlinkError for what the kernel refuses; the signal's reason.
 *
 * @example
 * ```ts
 * import { createTopology } from '@rtap/testkit';
 *
 * const topology = await createTopology({
 *   namespaces: { client: {}, router: { forwarding: true }, server: {} },
 *   links: [
 *     { veth: ['client:eth0', 'router:eth0'], addresses: [['10.0.0.2/24'], ['10.0.0.1/24']] },
 *     { veth: ['server:eth0', 'router:eth1'], addresses: [['10.1.0.2/24'], ['10.1.0.1/24']] },
 *   ],
 *   routes: [
 *     { in: 'client', to: 'default', via: '10.0.0.1' },
 *     { in: 'server', to: 'default', via: '10.1.0.1' },
 *   ],
 * });
 * const { replies } = await topology.ping('client', '10.1.0.2');
 * console.log(replies.length); // 3
 * await topology.close();
 * ```
 */
export async function createTopology(options: TopologyOptions): Promise<Topology> {
  checkTopology(options);
  checkSignal(options.signal);
  const namespaces = new Map<string, NetworkNamespace>();
  const topology = new Topology(namespaces);
  try {
    await make(options, namespaces);
    return topology;
  } catch (error) {
    await topology.close();
    throw error;
  }
}

/** A network that is there until it is closed; made by {@link createTopology}. */
export class Topology {
  readonly #namespaces: ReadonlyMap<string, NetworkNamespace>;

  /** @internal */
  constructor(namespaces: ReadonlyMap<string, NetworkNamespace>) {
    this.#namespaces = namespaces;
  }

  /**
   * A namespace, by its name.
   *
   * @throws TestkitError `ERR_RTAP_TOPOLOGY` when there is none.
   */
  namespace(name: string): NetworkNamespace {
    const namespace = this.#namespaces.get(name);
    if (namespace !== undefined) return namespace;
    throw new TestkitError('ERR_RTAP_TOPOLOGY', `there is no namespace '${name}'`);
  }

  /** Starts a program in a namespace: see `NetworkNamespace.exec`. */
  async exec(
    name: string,
    file: string,
    args: readonly string[] = [],
    options: NamespaceExecOptions = {},
  ): Promise<NamespaceProcess> {
    return this.namespace(name).exec(file, args, options);
  }

  /** Runs a program in a namespace to its end: see {@link run}. */
  async run(
    name: string,
    file: string,
    args: readonly string[] = [],
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<RunResult> {
    return run(this.namespace(name), file, args, options);
  }

  /** Pings an address from a namespace: see {@link ping}. */
  async ping(
    name: string,
    address: string,
    options: Omit<PingOptions, 'address' | 'netns'> = {},
  ): Promise<PingResult> {
    return ping({ ...options, netns: this.namespace(name), address });
  }

  /** Captures what is on an interface, told as `namespace:interface`: see {@link capture}. */
  async capture(
    end: string,
    options: Omit<CaptureOptions, 'interface' | 'netns'> = {},
  ): Promise<Capture> {
    const { namespace, interface: device } = parseEnd(end);
    const where = { netns: this.namespace(namespace), interface: device };
    return capture({ name: end, ...options, ...where });
  }

  /** Lets go of all of it, any number of times; what still runs in a namespace keeps that. */
  async close(): Promise<void> {
    await Promise.all([...this.#namespaces.values()].map((namespace) => namespace.close()));
  }

  /** Lets go of all of it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

async function make(
  options: TopologyOptions,
  namespaces: Map<string, NetworkNamespace>,
): Promise<void> {
  const { links = [], bridges = {}, routes = [], signal } = options;
  const clients = new Map<string, NetlinkClient>();
  const clientOf = (name: string): NetlinkClient => {
    const client = clients.get(name);
    if (client === undefined) throw new TypeError(`no client for '${name}'`);
    return client;
  };
  try {
    for (const [name, { forwarding = false }] of Object.entries(options.namespaces)) {
      signal?.throwIfAborted();
      const netns = await createTestNamespace();
      namespaces.set(name, netns);
      clients.set(name, await NetlinkClient.open({ netns }));
      if (forwarding) await forward(netns);
    }
    for (const link of links) {
      signal?.throwIfAborted();
      await addVeth(link, namespaces, clientOf);
    }
    for (const [name, bridge] of Object.entries(bridges)) {
      signal?.throwIfAborted();
      const client = clientOf(bridge.in);
      await addBridge(client, name, bridge.ports);
      await client.setLinkUp({ name });
    }
    // An interface is ready when its other end is up: addresses come after all of them.
    for (const { veth, up = true } of links) {
      for (const end of up ? veth : []) {
        const { namespace, interface: name } = parseEnd(end);
        await clientOf(namespace).setLinkUp({ name });
      }
    }
    const ready = async (where: string, name: string): Promise<void> => {
      const netns = namespaces.get(where);
      const { index } = await clientOf(where).getLink({ name });
      if (netns !== undefined) await untilLinkUp(netns, index, signal);
    };
    const raised = links.flatMap(({ veth, up = true }) => (up ? veth : []));
    const ends = raised.map(parseEnd);
    await Promise.all(ends.map((end) => ready(end.namespace, end.interface)));
    for (const [name, bridge] of Object.entries(bridges)) {
      if (bridge.ports.some((port) => raised.includes(`${bridge.in}:${port}`))) {
        await ready(bridge.in, name);
      }
    }
    const give = async (where: string, name: string, list: readonly string[]): Promise<void> => {
      const netns = namespaces.get(where);
      if (netns === undefined || list.length === 0) return;
      const { index: ifindex } = await clientOf(where).getLink({ name });
      for (const address of list) await addAddress({ netns, ifindex, address });
    };
    for (const { veth, addresses = [[], []] } of links) {
      signal?.throwIfAborted();
      for (const index of [0, 1] as const) {
        const end = parseEnd(veth[index]);
        await give(end.namespace, end.interface, addresses[index]);
      }
    }
    for (const [name, bridge] of Object.entries(bridges)) {
      await give(bridge.in, name, bridge.addresses ?? []);
    }
    for (const route of routes) {
      signal?.throwIfAborted();
      const gateway = parseIpAddress(route.via);
      const { bytes: destination, length } = parseDestination(route.to, gateway);
      await clientOf(route.in).addRoute({ destination, destinationLength: length, gateway });
    }
  } finally {
    await Promise.all([...clients.values()].map((client) => client.close()));
  }
}

async function addVeth(
  { veth, macs, mtu }: TopologyLink,
  namespaces: ReadonlyMap<string, NetworkNamespace>,
  clientOf: (name: string) => NetlinkClient,
): Promise<void> {
  const [one, other] = veth.map(parseEnd);
  const [mac, peerMac] = (macs ?? []).map(parseMacAddress);
  if (one === undefined || other === undefined) return;
  // Told by a descriptor that is open while the kernel looks at it.
  const file = await open(namespaces.get(other.namespace)?.path ?? '', 'r');
  const size = mtu === undefined ? {} : { mtu };
  try {
    const peer = {
      name: other.interface,
      netnsFd: file.fd,
      ...size,
      ...(peerMac === undefined ? {} : { address: peerMac }),
    };
    await clientOf(one.namespace).addLink({
      name: one.interface,
      ...size,
      ...(mac === undefined ? {} : { address: mac }),
      info: { kind: 'veth', data: { peer } },
    });
  } finally {
    await file.close();
  }
}

async function forward(netns: NetworkNamespace): Promise<void> {
  const { code, stderr } = await run(netns, 'sh', ['-c', FORWARD]);
  if (code !== 0) throw new Error(`forwarding can't be switched on: ${stderr.trim()}`);
}
