/**
 * Numbers of the attributes of traffic control action messages: linux/rtnetlink.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

// Attributes: linux/rtnetlink.h

/**
 * The actions: attributes numbered from 0 or 1 on, each with attributes TCA_ACT_* inside. Bytes.
 */
export const TCA_ROOT_TAB = 1;
/** In a dump request: TCA_ACT_FLAG_*; 1 for many actions in a message. Struct. */
export const TCA_ROOT_FLAGS = 2;
/** Of an answer to a dump: how many actions it holds. u32. */
export const TCA_ROOT_COUNT = 3;
/** In a dump request: only actions that were used within so many milliseconds. u32. */
export const TCA_ROOT_TIME_DELTA = 4;
/** What the kernel warns of. String. */
export const TCA_ROOT_EXT_WARN_MSG = 5;
