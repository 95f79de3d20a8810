/**
 * The server's side of DNS (RFC 1035): one question, one address.
 *
 * @module
 */

import { DOMAIN } from './leases.ts';

const HEADER = 12;
/** Most bytes of a name, lengths of labels included. */
const LONGEST_NAME = 255;
const A = 1;
const IN = 1;
const ANY = 255;
/** Seconds for which an answer may be kept: names come and go with their leases. */
const TIME_TO_LIVE = 60;

const NOERROR = 0;
const FORMERR = 1;
const NXDOMAIN = 3;
const NOTIMP = 4;
const REFUSED = 5;

/** What is asked. */
interface Question {
  /** Of the name, in small letters; a dot in one is none between two. */
  readonly labels: readonly string[];
  readonly type: number;
  readonly class: number;
  /** Where it ends. */
  readonly end: number;
}

/** Answers a query by a table of addresses; undefined when it isn't one. */
export function answerQuery(
  query: Uint8Array,
  find: (name: string) => Uint8Array | undefined,
): Uint8Array | undefined {
  const flags = query[2] ?? 0;
  const isResponse = (flags & 0x80) !== 0;
  if (query.length < HEADER || isResponse) return undefined;
  const isQuery = (flags & 0x78) === 0;
  if (!isQuery) return respond(query, NOTIMP);
  const question = readQuestion(query);
  if (question === undefined) return respond(query, FORMERR);
  const { labels, type } = question;
  const isInternet = question.class === IN || question.class === ANY;
  if (!isInternet || labels.at(-1) !== DOMAIN) return respond(query, REFUSED, question);
  const address = find(labels.join('.'));
  const isKnown = address !== undefined || labels.length === 1;
  if (!isKnown) return respond(query, NXDOMAIN, question);
  // A name that is there, but not with such a record, has an answer of nothing.
  const isAsked = type === A || type === ANY;
  return respond(query, NOERROR, question, isAsked ? address : undefined);
}

/** Builds a response; records behind the question (EDNS) are not repeated. */
function respond(
  query: Uint8Array,
  code: number,
  question?: Question,
  address?: Uint8Array,
): Uint8Array {
  const end = question?.end ?? HEADER;
  const response = new Uint8Array(end + (address === undefined ? 0 : 16));
  response.set(query.subarray(0, end));
  const out = new DataView(response.buffer);
  const hasAuthority = code === NOERROR || code === NXDOMAIN;
  // A response; operation and 'recursion desired' as they came.
  response[2] = 0x80 | (hasAuthority ? 0x04 : 0) | ((query[2] ?? 0) & 0x79);
  response[3] = code;
  out.setUint16(4, question === undefined ? 0 : 1);
  out.setUint16(6, address === undefined ? 0 : 1);
  out.setUint32(8, 0);
  if (address !== undefined) {
    out.setUint16(end, 0xc000 | HEADER); // the name of the question
    out.setUint16(end + 2, A);
    out.setUint16(end + 4, IN);
    out.setUint32(end + 6, TIME_TO_LIVE);
    out.setUint16(end + 10, 4);
    response.set(address, end + 12);
  }
  return response;
}

/** The question, if there is one and no more (RFC 9619); its name is never compressed. */
function readQuestion(query: Uint8Array): Question | undefined {
  const view = new DataView(query.buffer, query.byteOffset, query.length);
  if (view.getUint16(4) !== 1) return undefined;
  const labels: string[] = [];
  let at = HEADER;
  for (let length = query[at]; length !== 0; length = query[at]) {
    if (length === undefined || length > 63) return undefined;
    const label = Buffer.from(query.subarray(at + 1, at + 1 + length));
    labels.push(label.toString('latin1').toLowerCase());
    at += 1 + length;
  }
  const end = at + 1 + 4;
  if (at + 1 - HEADER > LONGEST_NAME || end > query.length) return undefined;
  return { labels, type: view.getUint16(at + 1), class: view.getUint16(at + 3), end };
}
