/**
 * The contender npm `netlink`: `npm-netlink.mjs DUMP`. Its parseMessages, then parseLinkMessage.
 *
 * @module
 */

import { createRequire } from 'node:module';

import { compete, readDump } from './protocol.mjs';

// The files of the codec alone: its index loads a native addon, which is not needed here.
const require = createRequire(import.meta.url);
/** @type {{ parseMessages: (bytes: Buffer) => { type: number, data: Buffer }[] }} */
const { parseMessages } = require('netlink/dist/structs.js');
/** @type {{ parseLinkMessage: (bytes: Buffer) => Link }} */
const { parseLinkMessage } = require('netlink/dist/rt/structs.js');

/**
 * The part of its message that the digest needs.
 * @typedef {object} Link
 * @property {{ index?: number }} data its header
 * @property {{ mtu?: number, ifname?: string, stats64?: { rxBytes?: bigint } }} attrs its attributes
 */

const RTM_NEWLINK = 16;
const dump = readDump();
/** @type {Link[]} */
const links = [];

function pass() {
  let at = 0;
  for (const message of parseMessages(dump)) {
    if (message.type === RTM_NEWLINK) links[at++] = parseLinkMessage(message.data);
  }
}

function* facts() {
  for (const { data, attrs } of links) {
    yield {
      index: data.index ?? 0,
      mtu: attrs.mtu ?? 0,
      name: attrs.ifname ?? '',
      rxBytes: BigInt(attrs.stats64?.rxBytes ?? 0),
    };
  }
}

await compete(pass, facts());
