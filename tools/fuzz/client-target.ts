/**
 * A client whose socket hears any bytes: what was asked must come to an end, with a result or an error
 * that is meant.
 *
 * @module
 */

import { inspect } from 'node:util';

import {
  MalformedError,
  NetlinkError,
  NLM_F_MULTI,
  NLMSG_DONE,
} from '../../packages/netlink/src/index.ts';
import {
  NetlinkClient,
  TransportError,
  type Datagram,
  type NetlinkRequestTransport,
} from '../../packages/transport/src/index.ts';
import { ENDS_DATAGRAM, OTHER_PORT, TRUNCATED, type Input, type Part } from './input.ts';
import { conversations } from './recorded.ts';
import type { Target } from './target.ts';
import { Violation } from './violation.ts';

const HEADER = 16;
const PORT = 99;
/** Turns of the event loop until an answer must have settled; it has no reason to wait for a timer. */
const MOST_TURNS = 200;

/** What is asked, by the type of the first message that answers. */
const questions: readonly ((client: NetlinkClient) => Promise<unknown>)[] = [
  (client) => client.getLink({ name: 'tap0' }),
  (client) => client.links().toArray(),
  (client) => client.links({ kind: 'veth', interrupted: 'partial', attempts: 2 }).toArray(),
  (client) => client.addresses().toArray(),
  (client) => client.setLinkUp({ index: 3 }),
  (client) => client.setLinkMtu({ name: 'tap0' }, 1400),
  (client) =>
    Promise.all([
      client.setLinkUp({ index: 3 }),
      client.links().toArray(),
      client.getLink({ index: 2 }),
    ]),
];

/** Parts: a first one whose byte tells the question, then the messages that answer. */
export const clientTarget: Target = {
  name: 'client',
  seeds,
  headerOf: () => HEADER + 16,
  run: check,
};

/** The end of what is heard: the socket fails. */
class Deaf extends Error {
  readonly code = 'EIO';
}

async function check(input: Input): Promise<void> {
  const [first, ...answers] = input;
  const question = questions[(first?.bytes[0] ?? 0) % questions.length];
  if (question === undefined) return;
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown): void => void rejections.push(reason);
  process.on('unhandledRejection', onRejection);
  try {
    const client = new NetlinkClient(socketOf(answers));
    const outcome = await settled(question(client));
    await client.close();
    await turn();
    if (rejections.length > 0)
      throw new Violation('a rejection was left', { cause: rejections[0] });
    if (outcome === undefined) throw new Violation('what was asked has no end');
    if (outcome.error !== undefined && !isMeant(outcome.error)) {
      throw new Violation(`rejected with ${inspect(outcome.error, { depth: 0 })}`, {
        cause: outcome.error,
      });
    }
  } finally {
    process.off('unhandledRejection', onRejection);
  }
}

function isMeant(error: unknown): boolean {
  return (
    error instanceof NetlinkError ||
    error instanceof TransportError ||
    error instanceof MalformedError ||
    error instanceof Deaf
  );
}

async function settled(asked: Promise<unknown>): Promise<{ error?: unknown } | undefined> {
  const seen: { outcome?: { error?: unknown } } = {};
  asked.then(
    () => (seen.outcome = {}),
    (error: unknown) => (seen.outcome = { error }),
  );
  for (let turns = 0; turns < MOST_TURNS && seen.outcome === undefined; turns += 1) {
    // Turns are counted, not time.
    // oxlint-disable-next-line no-await-in-loop
    await turn();
  }
  return seen.outcome;
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function socketOf(answers: readonly Part[]): NetlinkRequestTransport {
  const datagrams = datagramsOf(answers);
  return {
    portId: PORT,
    setOption: () => true,
    joinGroup: () => undefined,
    leaveGroup: () => undefined,
    setReceiveBuffer: (bytes) => bytes,
    attachFilter: () => undefined,
    close: () => undefined,
    send: () => Promise.resolve(),
    receive: () => {
      const next = datagrams.shift();
      return next === undefined ? Promise.reject(new Deaf('nothing more')) : Promise.resolve(next);
    },
    growReceive: () => undefined,
  };
}

function datagramsOf(answers: readonly Part[]): Datagram[] {
  const found: Datagram[] = [];
  let held: Uint8Array[] = [];
  for (const [index, { control, bytes }] of answers.entries()) {
    held.push(bytes, new Uint8Array(-bytes.length & 3));
    if ((control & ENDS_DATAGRAM) === 0 && index < answers.length - 1) continue;
    found.push({
      bytes: new Uint8Array(Buffer.concat(held)),
      portId: (control & OTHER_PORT) === 0 ? 0 : 7,
      groups: 0,
      truncated: (control & TRUNCATED) !== 0,
    });
    held = [];
  }
  return found;
}

/** Recorded answers, as if they were for this port and the first requests. */
function seeds(): Input[] {
  const done = new Uint8Array(20);
  done.set([20, 0, 0, 0, NLMSG_DONE, 0, NLM_F_MULTI]);
  return conversations()
    .filter(({ sent }) => sent !== undefined)
    .flatMap(({ received }, index) =>
      received
        .filter((datagram) => datagram.length < 4096)
        .flatMap((datagram): Input[] =>
          [1, 2].map((sequence) => [
            { control: 0, bytes: Uint8Array.of(index % questions.length) },
            { control: ENDS_DATAGRAM, bytes: addressed(datagram, sequence) },
            { control: ENDS_DATAGRAM, bytes: addressed(done, sequence) },
          ]),
        ),
    );
}

function addressed(datagram: Uint8Array, sequence: number): Uint8Array {
  const bytes = datagram.slice();
  const view = new DataView(bytes.buffer);
  for (let at = 0; at + HEADER <= bytes.length;) {
    view.setUint32(at + 8, sequence, true);
    view.setUint32(at + 12, PORT, true);
    at += Math.max((view.getUint32(at, true) + 3) & ~3, HEADER);
  }
  return bytes;
}
