/**
 * Records all conversations of this folder anew, as root: see README.md beside it.
 *
 * usage: node record.mjs [SCENE ...]
 */

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { built } from './built.mjs';
import { Corpus } from './corpus.mjs';
import { eventScenes } from './events.mjs';
import { Monitor } from './monitor.mjs';
import { scenes } from './scenes.mjs';
import { conversations, OPTIONS, readTrace } from './strace.mjs';

/** Opens a queue of a TAP interface until its standard input ends. */
const HOLD = String.raw`
  open my $tap, "+<", "/dev/net/tun" or die $!;
  ioctl $tap, 0x400454ca, pack("a16 S x22", $ARGV[0], 0x1002) or die $!; # IFF_TAP | IFF_NO_PI
  $| = 1; print "open\n"; <STDIN>;
`;

const corpus = new Corpus();
const folder = mkdtempSync(join(tmpdir(), 'rtap-goldens-'));
const trace = join(folder, 'trace');
const holders = new Map();

const [first, corpusFile, name] = process.argv.slice(2);
try {
  if (first === '--inside') await inside();
  else recordAll(process.argv.slice(2));
} finally {
  rmSync(folder, { recursive: true });
}

/** Each scene in a process of its own, which has namespaces of its own. */
function recordAll(asked) {
  const names = [...scenes.map((scene) => scene.name), ...eventScenes.map(({ golden }) => golden)];
  const chosen = names.filter((one) => asked.length === 0 || asked.includes(one));
  for (const [index, scene] of chosen.entries()) {
    const file = join(folder, `corpus-${index}`);
    // Mounts are private too: namespaces with names leave no trace.
    const unshare = ['--net', '--mount', '--propagation', 'private'];
    const words = [process.execPath, import.meta.filename, '--inside', file, scene];
    const { status } = spawnSync('unshare', [...unshare, ...words], { stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
    else corpus.read(file);
  }
  // Some scenes are not all messages.
  if (chosen.length === names.length) corpus.write(import.meta.dirname);
}

async function inside() {
  mkdirSync('/run/netns', { recursive: true });
  command('mount -t tmpfs none /run/netns');
  const scene = scenes.find((one) => one.name === name);
  if (scene === undefined) await recordEvents(eventScenes.find(({ golden }) => golden === name));
  else if (scene.mayBeBuilt === true) await recordOrBuild(scene);
  else for (const step of scene.steps) await recordStep(step);
  corpus.save(corpusFile);
  console.log(`done: ${name}`);
}

async function recordOrBuild({ name: golden, steps }) {
  for (const step of steps) {
    if (await recordStep(step)) continue;
    process.exitCode = 0;
    const file = join(folder, 'built');
    writeFileSync(file, Buffer.from(built[golden], 'hex'));
    write(golden, {
      built: 'from linux/if_link.h, as this kernel lacks the kind',
      ...{ argv: [], exitCode: 0, stderr: '', sent: '' },
      received: [built[golden]],
      printed: null,
      text: command(`ip -d monitor file ${file}`),
    });
    console.log(`built: ${golden}.json`);
    return;
  }
}

async function recordEvents({ golden, monitor: words, setUp, actions }) {
  for (const action of setUp) await act(action);
  const monitor = await Monitor.start(words, folder);
  const steps = [];
  for (const action of actions) {
    await act(action);
    const { received, text } = await monitor.next();
    const links = JSON.parse(command('ip -d -j link show'));
    const indexes = new Set(received.flatMap(linkIndexes));
    const printed = links.filter((link) => indexes.has(link.ifindex));
    for (const hex of received) corpus.add(hex);
    const told = typeof action === 'string' ? action : `close the last queue of ${action.release}`;
    steps.push({ action: told, received, printed, text });
  }
  monitor.stop();
  write(golden, steps);
}

async function act(action) {
  if (action.hold !== undefined) {
    const holder = spawn('perl', ['-e', HOLD, action.hold], { stdio: ['pipe', 'pipe', 'inherit'] });
    holders.set(action.hold, holder);
    await once(holder.stdout, 'data');
  } else if (action.release !== undefined) {
    const holder = holders.get(action.release);
    holder.stdin.end();
    await once(holder, 'exit');
  } else {
    await recordStep(action);
  }
}

/** Indexes of the interfaces that the link messages of a datagram are about. */
function linkIndexes(hex) {
  const bytes = Buffer.from(hex, 'hex');
  const found = [];
  for (let at = 0; at + 16 <= bytes.length; at += (bytes.readUInt32LE(at) + 3) & ~3) {
    const type = bytes.readUInt16LE(at + 4);
    if (type === 16 || type === 17) found.push(bytes.readInt32LE(at + 20));
  }
  return found;
}

/** Resolves to whether the kernel could do it. */
async function recordStep(step) {
  if (step.write !== undefined) writeFileSync(...step.write);
  if (step.pause !== undefined) await setTimeout(1000 * step.pause);
  if (step.number !== undefined) numberSettings(step.number);
  if (typeof step === 'object' && step.run === undefined && !Array.isArray(step)) return true;
  const plain = typeof step === 'string' || Array.isArray(step) ? { run: step } : step;
  const { golden, run, request = -1, fails = false, may = false, text = false, settings } = plain;
  const [words, ...more] = [run].flat();
  const argv = [...words.split(' '), ...more];
  const traced = ['-o', trace, ...OPTIONS, '--', ...argv];
  const { status, stdout, stderr } = spawnSync('strace', traced, { encoding: 'utf8' });
  if (!may && (status !== 0) !== fails) {
    process.exitCode = 1;
    console.log(`kernel lacks: ${argv.join(' ')}: ${stderr.trim()}`);
    if (golden !== undefined) console.log(`kept as it is: ${golden}.json`);
    return false;
  }
  const datagrams = readTrace(readFileSync(trace, 'utf8'));
  for (const { protocol, hex } of datagrams) if (protocol === 'NETLINK_ROUTE') corpus.add(hex);
  if (golden === undefined) return true;
  const kept = conversations(datagrams).at(request);
  const hasJson = argv.some((word) => /^-[a-z]*j$/.test(word));
  write(golden, {
    argv,
    exitCode: status,
    stderr,
    ...kept,
    printed: hasJson ? JSON.parse(stdout) : null,
    ...(text && { text: stdout }),
    ...(settings !== undefined && { settings: settingsOf(settings) }),
  });
  return true;
}

/** Gives each setting of a folder a value of its own. */
function numberSettings(path) {
  for (const [index, file] of readdirSync(path).toSorted().entries()) {
    for (const value of [100 + index, 1 + (index % 2), 1]) {
      try {
        writeFileSync(join(path, file), String(value));
        break;
      } catch (error) {
        // Not a number, or not in the range of this one.
        if (!['EINVAL', 'EACCES', 'EPERM', 'EIO', 'ENOBUFS'].includes(error.code)) throw error;
      }
    }
  }
}

/** Settings that are numbers, by family and file. */
function settingsOf(link) {
  const read = (path) =>
    Object.fromEntries(
      readdirSync(path)
        .toSorted()
        .flatMap((file) => {
          try {
            const text = readFileSync(join(path, file), 'utf8').trim();
            return /^-?\d+$/.test(text) ? [[file, Number(text)]] : [];
          } catch {
            // Nothing to read before somebody has set it: stable_secret.
            return [];
          }
        }),
    );
  return {
    ipv4: read(`/proc/sys/net/ipv4/conf/${link}`),
    ipv6: read(`/proc/sys/net/ipv6/conf/${link}`),
  };
}

function write(golden, value) {
  writeFileSync(join(import.meta.dirname, `${golden}.json`), `${JSON.stringify(value, null, 1)}\n`);
}

function command(words) {
  const [file, ...more] = words.split(' ');
  const { status, stdout, stderr } = spawnSync(file, more, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${words}: ${stderr}`);
  return stdout;
}
