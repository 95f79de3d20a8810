/**
 * `linkinfo`: the kind of a link and of its master, with what belongs to them.
 *
 * @module
 */

import type {
  LinkInfo,
  LinkInfoData,
  LinkInfoSlaveData,
  VrfData,
  VrfPortData,
} from '@rtap/netlink/link';
import type { KnownLinks } from '../../ip/known-links.ts';
import { bond, bondPort } from './bond.ts';
import { bridgePort } from './bridge-port.ts';
import { bridge } from './bridge.ts';
import { fieldsText } from './fields.ts';
import type { ShownFields, ShownKind } from './fields.ts';
import { macvlan } from './macvlan.ts';
import { tun } from './tun.ts';
import { vlan } from './vlan.ts';
import { vxlan } from './vxlan.ts';

/** Kinds of a link and of its master. */
export interface ShownLinkInfo {
  /** Its kind. */
  readonly info_kind?: string | undefined;
  /** What belongs to the kind: of bond, bridge, macvlan, macvtap, tun, vlan, vrf and vxlan. */
  readonly info_data?: ShownFields | undefined;
  /** Kind of its master. */
  readonly info_slave_kind?: string | undefined;
  /** What the master has of this port: of bond, bridge and vrf. */
  readonly info_slave_data?: ShownFields | undefined;
}

type Kinds<Data> = { readonly [Kind in keyof Data]?: ShownKind<Data[Kind] & object> };

const vrf: ShownKind<VrfData & VrfPortData> = { fields: ({ table }) => ({ table }) };

const ofLinks: Kinds<LinkInfoData> = {
  ...{ bond, bridge, macvlan, macvtap: macvlan, tun, vlan, vrf, vxlan },
};
const ofPorts: Kinds<LinkInfoSlaveData> = { bond: bondPort, bridge: bridgePort, vrf };

// The codec reads data by the kind, so each of these gets the data of its own.
const LINKS: ReadonlyMap<string, ShownKind> = new Map(Object.entries(ofLinks));
const PORTS: ReadonlyMap<string, ShownKind> = new Map(Object.entries(ofPorts));

/** How a kind is shown, with its data; nothing of a kind that nobody knows here. */
function known(
  kinds: ReadonlyMap<string, ShownKind>,
  kind: string | undefined,
  data: object | undefined,
): { readonly shown: ShownKind; readonly data: object } | undefined {
  const shown = kinds.get(kind ?? '');
  return shown === undefined || data === undefined ? undefined : { shown, data };
}

/** Makes `linkinfo`. */
export function shownLinkInfo(info: LinkInfo, links: KnownLinks): ShownLinkInfo {
  const own = known(LINKS, info.kind, info.data);
  const port = known(PORTS, info.slaveKind, info.slaveData);
  return {
    info_kind: info.kind,
    info_data: own?.shown.fields(own.data, links),
    info_slave_kind: info.slaveKind,
    info_slave_data: port?.shown.fields(port.data, links),
  };
}

/** Indexes of the links that `linkinfo` tells by their names. */
export function linksOfInfo(info: LinkInfo | undefined): readonly (number | undefined)[] {
  const own = known(LINKS, info?.kind, info?.data);
  const port = known(PORTS, info?.slaveKind, info?.slaveData);
  return [own, port].flatMap((of) => of?.shown.refersTo?.(of.data) ?? []);
}

/** `linkinfo` in words: a line for each kind. */
export function linkInfoLines(info: ShownLinkInfo): readonly string[] {
  const { info_kind: kind, info_slave_kind: slaveKind } = info;
  return [
    ...(kind === undefined ? [] : [lineOf(kind, info.info_data, LINKS.get(kind))]),
    ...(slaveKind === undefined
      ? []
      : [lineOf(`${slaveKind}_slave`, info.info_slave_data, PORTS.get(slaveKind))]),
  ];
}

function lineOf(name: string, fields: ShownFields = {}, shown?: ShownKind): string {
  return `\n    ${name} ${fieldsText(fields, shown?.wording)}`.trimEnd();
}
