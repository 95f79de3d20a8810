/**
 * Numbers of the attributes of network namespace id messages: linux/net_namespace.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

// Attributes: linux/net_namespace.h

/** Id that the namespace of the socket has for the other one; -1: none. s32. */
export const NETNSA_NSID = 1;
/** The other namespace, told by a process in it. u32. */
export const NETNSA_PID = 2;
/** The other namespace, told by a file descriptor. u32. */
export const NETNSA_FD = 3;
/** Id of the namespace to ask instead of that of the socket. s32. */
export const NETNSA_TARGET_NSID = 4;
/** Id that the namespace of the socket has for it, when another namespace is asked. s32. */
export const NETNSA_CURRENT_NSID = 5;
