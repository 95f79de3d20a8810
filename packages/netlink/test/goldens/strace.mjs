/**
 * Reads what a command said over netlink from the output of strace: see {@link OPTIONS}.
 *
 * @module
 */

/** Options with which strace writes what {@link readTrace} reads. */
export const OPTIONS = [
  ...['-e', 'trace=socket,sendto,sendmsg,recvmsg,recvfrom'],
  // Structs as addresses, and the bytes of what was sent and received as a dump.
  ...['-e', 'verbose=none', '-e', 'read=all', '-e', 'write=all'],
];

const SOCKET = /^socket\(AF_NETLINK, [^,]+, (\w+)\)\s+= (\d+)/;
const CALL = /^(sendto|sendmsg|recvmsg|recvfrom)\((\d+), (.*)\)\s+= \d+/;
/** A line of a dump: an offset and up to 16 bytes in two groups, 49 characters wide. */
const DUMP = /^ \| [0-9a-f]+ {2}(.{49})/;

/**
 * The datagrams of netlink sockets in their order: `{ socket, protocol, sent, hex }`. What was only
 * peeked at is left out. `socket` tells sockets apart, also those of one file descriptor.
 */
export function readTrace(text) {
  const sockets = new Map();
  const datagrams = [];
  let count = 0;
  let current;
  for (const line of text.split('\n')) {
    const bytes = DUMP.exec(line)?.[1];
    if (bytes !== undefined) {
      if (current !== undefined) current.hex += bytes.replaceAll(' ', '');
      continue;
    }
    const opened = SOCKET.exec(line);
    if (opened !== null) {
      count += 1;
      sockets.set(opened[2], { protocol: opened[1], socket: count });
      continue;
    }
    const call = CALL.exec(line);
    // Lines with a star, which count bytes and buffers, stand before the dump.
    if (call === null) continue;
    const [, name, descriptor, rest] = call;
    const socket = sockets.get(descriptor);
    current =
      socket === undefined || rest.includes('MSG_PEEK')
        ? undefined
        : { ...socket, sent: name.startsWith('send'), hex: '' };
    if (current !== undefined) datagrams.push(current);
  }
  return datagrams.filter(({ hex }) => hex !== '');
}

/** Requests, each with the datagrams that answered it: those of its socket until the next request. */
export function conversations(datagrams) {
  return datagrams.flatMap((request, at) => {
    if (!request.sent) return [];
    const rest = datagrams.slice(at + 1).filter(({ socket }) => socket === request.socket);
    const next = rest.findIndex(({ sent }) => sent);
    const answers = next === -1 ? rest : rest.slice(0, next);
    return [{ sent: firstMessage(request.hex), received: answers.map(({ hex }) => hex) }];
  });
}

/** Some tools send the rest of their buffer too: the length says where the request ends. */
function firstMessage(hex) {
  return hex.slice(0, 2 * Buffer.from(hex, 'hex').readUInt32LE(0));
}
