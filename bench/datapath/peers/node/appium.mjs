/**
 * appium-ios-tuntap as a forwarder: `appium.mjs MODULE NAMESPACE`, as `../../c/forwarder.c` does it, on TUN.
 *
 * It opens devices in its own namespace only, so `ip` moves one. It tells nobody that there is something to read, so
 * it is asked on each turn of the event loop. One packet a call, no offload.
 *
 * @module
 */

import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

const [, , module = '', namespace = ''] = process.argv;
const { TunTap } = await import(pathToFileURL(module).href);

const MTU = 1500;
/** Packets of one way before the other has its turn. */
const BURST = 64;

const one = new TunTap('peer0');
const other = new TunTap('peer1');
one.open();
other.open();
execFileSync('ip', ['link', 'set', other.name, 'netns', namespace]);
console.log(`${one.name} ${other.name}`);
process.stdin.on('end', () => process.exit()).resume();
turn();

function turn() {
  pass(one, other);
  pass(other, one);
  setImmediate(turn);
}

/**
 * @param {any} from
 * @param {any} to
 */
function pass(from, to) {
  for (let count = 0; count < BURST; count += 1) {
    const packet = from.read(MTU);
    if (packet.length === 0) return;
    try {
      to.write(packet);
    } catch {
      // A device that is not up yet loses packets, as a wire does.
    }
  }
}
