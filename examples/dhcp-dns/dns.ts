/**
 * The server's side of DNS (RFC 1035): one question, one address.
 *
 * @module
 */

const HEADER = 12;
const A = 1;
const IN = 1;
const ANY = 255;
/** Seconds for which an answer may be kept: names come and go with their leases. */
const TIME_TO_LIVE = 60;

const NXDOMAIN = 3;
const NOTIMP = 4;

/** Answers a query by a table of addresses; undefined when it isn't one. */
export function answerQuery(
  query: Uint8Array,
  find: (name: string) => Uint8Array | undefined,
): Uint8Array | undefined {
  const view = new DataView(query.buffer, query.byteOffset, query.length);
  // A response, or not just one question: nothing to be answered.
  if (query.length < HEADER || ((query[2] ?? 0) & 0x80) !== 0) return undefined;
  if (view.getUint16(4) !== 1) return undefined;
  const question = readName(query, HEADER);
  if (question === undefined || question.end + 4 > query.length) return undefined;
  const type = view.getUint16(question.end);
  const isInternet = view.getUint16(question.end + 2) === IN;
  const isQuery = ((query[2] ?? 0) & 0x78) === 0;
  const address = isInternet && isQuery ? find(question.name) : undefined;
  // A name that is there, but not with such a record, has an answer of nothing.
  const answers = address !== undefined && (type === A || type === ANY) ? [address] : [];
  const known = address !== undefined;

  const end = question.end + 4;
  const response = new Uint8Array(end + answers.length * 16);
  response.set(query.subarray(0, end));
  const out = new DataView(response.buffer);
  const code = isQuery ? (known ? 0 : NXDOMAIN) : NOTIMP;
  // A response, with authority, recursion as it was asked for.
  response[2] = 0x84 | ((query[2] ?? 0) & 0x79);
  response[3] = code;
  out.setUint16(6, answers.length);
  // Records behind the question (EDNS) are not repeated.
  out.setUint32(8, 0);
  for (const [index, value] of answers.entries()) {
    const at = end + index * 16;
    out.setUint16(at, 0xc000 | HEADER); // the name of the question
    out.setUint16(at + 2, A);
    out.setUint16(at + 4, IN);
    out.setUint32(at + 6, TIME_TO_LIVE);
    out.setUint16(at + 10, 4);
    response.set(value, at + 12);
  }
  return response;
}

/** The name at an offset, small, and where it ends; a question's is never compressed. */
function readName(
  bytes: Uint8Array,
  offset: number,
): { readonly name: string; readonly end: number } | undefined {
  const labels: string[] = [];
  for (let at = offset; at < bytes.length;) {
    const length = bytes[at] ?? 0;
    if (length === 0) return { name: labels.join('.').toLowerCase(), end: at + 1 };
    if (length > 63 || at + 1 + length > bytes.length) return undefined;
    labels.push(Buffer.from(bytes.subarray(at + 1, at + 1 + length)).toString('latin1'));
    at += 1 + length;
  }
  return undefined;
}
