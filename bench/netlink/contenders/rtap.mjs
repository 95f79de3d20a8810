/**
 * The contender `@rtap/netlink`: `rtap.mjs DUMP messages|walk|lazy|eager DIST`, where DIST is the folder
 * of the built package: what is published, for Node 20 as well.
 *
 * @module
 */

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { compete, readDump } from './protocol.mjs';

/** @typedef {import('@rtap/netlink').LinkMessage} LinkMessage */

const [, , , mode = '', dist = ''] = process.argv;
/** @type {typeof import('@rtap/netlink')} */
const { attributesOf, decodeLink, messages } = await import(
  pathToFileURL(join(dist, 'index.js')).href
);

const RTM_NEWLINK = 16;
const IFINFOMSG = 16;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_STATS64 = 23;
/** More than the kernel has types of attributes. */
const TABLE = 96;

// As `@rtap/native` hands datagrams out: views of a Buffer cost more to make.
const dump = new Uint8Array(readDump());
/** How many messages the dump has; they and nothing else are counted beforehand. */
const count = [...messages(dump)].length;

/** Headers and bodies, all kept. @type {(import('@rtap/netlink').NetlinkMessage | undefined)[]} */
const found = Array.from({ length: count });
/** @type {LinkMessage[]} */
const links = [];
/** Offsets of the attributes by message and type, as `mnl_attr_parse` makes pointers. */
const tables = new Int32Array(count * TABLE);
/** What eager reading gave, all kept. @type {unknown[][]} */
const late = Array.from({ length: count }, () => []);

/** @type {Record<string, () => void>} */
const passes = {
  messages() {
    let at = 0;
    for (const message of messages(dump)) found[at++] = message;
  },

  walk() {
    let table = 0;
    for (const message of messages(dump)) {
      if (message.type !== RTM_NEWLINK) continue;
      tables.fill(0, table, table + TABLE);
      const reader = attributesOf(message, IFINFOMSG);
      while (reader.next()) {
        const { type } = reader;
        if (type < TABLE) tables[table + type] = reader.offset + 1;
      }
      reader.finish();
      table += TABLE;
    }
  },

  lazy() {
    let at = 0;
    for (const message of messages(dump)) {
      if (message.type === RTM_NEWLINK) links[at++] = decodeLink(message);
    }
  },

  eager() {
    let at = 0;
    for (const message of messages(dump)) {
      if (message.type !== RTM_NEWLINK) continue;
      const link = decodeLink(message);
      const kept = late[at];
      links[at++] = link;
      if (kept === undefined) continue;
      // The blocks; what is seldom wanted is looked for on each read, and is nobody's default.
      kept[0] = link.stats64;
      kept[1] = link.unknown;
      kept[2] = link.afSpec;
      kept[3] = link.info?.data;
    }
  },
};

/**
 * What headers or a walk leave undone is done by the next step of the same library, outside the time.
 * @yields {import("./protocol.mjs").Facts}
 */
function* facts() {
  const isDecoded = mode === 'lazy' || mode === 'eager';
  let at = 0;
  let table = 0;
  for (const message of messages(dump)) {
    if (message.type !== RTM_NEWLINK) continue;
    if (isDecoded) {
      const link = links[at++];
      if (link === undefined) throw new Error('a message was not decoded');
      yield {
        index: link.index,
        mtu: link.mtu ?? 0,
        name: link.name ?? '',
        rxBytes: link.stats64?.rxBytes ?? 0n,
      };
      continue;
    }
    const kept = mode === 'messages' ? messageOf(found[at++]) : message;
    const { body } = kept;
    const fact = { index: 0, mtu: 0, name: '', rxBytes: 0n };
    fact.index = new DataView(body.buffer, body.byteOffset).getInt32(4, true);
    const reader = attributesOf(kept, IFINFOMSG);
    while (reader.next()) {
      if (mode === 'walk' && tables[table + reader.type] !== reader.offset + 1) {
        throw new Error(`the table does not hold attribute ${reader.type}`);
      }
      if (reader.type === IFLA_MTU) fact.mtu = reader.u32();
      if (reader.type === IFLA_IFNAME) fact.name = reader.string();
      if (reader.type === IFLA_STATS64) {
        const stats = reader.bytes();
        fact.rxBytes = new DataView(stats.buffer, stats.byteOffset).getBigUint64(16, true);
      }
    }
    table += TABLE;
    yield fact;
  }
}

/**
 * @param {import('@rtap/netlink').NetlinkMessage | undefined} message
 * @returns {import('@rtap/netlink').NetlinkMessage}
 */
function messageOf(message) {
  if (message === undefined) throw new Error('a message was not kept');
  return message;
}

const pass = passes[mode];
if (pass === undefined) throw new Error(`no mode ${mode}`);
await compete(pass, facts());
