/**
 * The assertion that nothing is left behind.
 *
 * @module
 */

import { AssertionError } from 'node:assert';
import { setTimeout as delay } from 'node:timers/promises';
import type { NetworkNamespaceOption } from '@rtap/native';
import { checkArray, checkFunction, checkInteger, checkOptions, checkSignal } from './argument.ts';
import { belongings, interfacesIn } from './belongings.ts';

/** Milliseconds between two looks: the kernel tells nobody of a file that is closed. */
const PAUSE = 10;

/** What {@link expectNoLeaks} takes. */
export interface ExpectNoLeaksOptions {
  /** The namespaces in which no interface may be left. */
  readonly namespaces?: readonly NetworkNamespaceOption[];
  /** How often the action is called after its first time: 1 to 1,000,000; 1 when left out. */
  readonly times?: number;
  /** Milliseconds that what ends by itself may take, such as idle threads; 5,000 when left out. */
  readonly within?: number;
  /** Ends the waiting with its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Asserts that an action leaves nothing behind: open files, threads and children of this process, network namespaces
 * with a name, and interfaces in the namespaces that are told. Anonymous namespaces are files.
 *
 * The action is called once before anything is counted, because Node and libraries open some things once and for all.
 * A file that takes the place of another one of its kind is none that was left: two sockets are as good as two others.
 * What others do meanwhile is counted too: in this process and, of namespaces with a name, on the whole machine.
 *
 * @throws AssertionError that names what is left; what the action throws; TypeError, RangeError; Error ENOENT where
 *   there is no `/proc`; the signal's reason.
 *
 * @example
 * ```ts
 * import { createTopology, expectNoLeaks } from '@rtap/testkit';
 *
 * await expectNoLeaks(async () => {
 *   const topology = await createTopology({ namespaces: { a: {} } });
 *   await topology.close();
 * });
 * ```
 */
export async function expectNoLeaks(
  action: () => unknown,
  options: ExpectNoLeaksOptions = {},
): Promise<void> {
  checkFunction('action', action);
  checkOptions('options', options);
  const { namespaces = [], times = 1, within = 5000, signal } = options;
  checkArray('options.namespaces', namespaces);
  checkInteger('options.times', times, 1, 1_000_000);
  checkInteger('options.within', within, 0);
  checkSignal(signal);
  await action();
  const known = [await interfacesIn(namespaces), belongings()] as const;
  for (let time = 0; time < times; time += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await action();
  }
  const end = performance.now() + within;
  const settled = async (look: () => string[] | Promise<string[]>): Promise<string[]> => {
    for (;;) {
      const left = await look();
      if (left.length === 0 || performance.now() >= end) return left;
      await delay(PAUSE);
      signal?.throwIfAborted();
    }
  };
  // The process first: asking for interfaces needs threads and sockets itself.
  const own = await settled(() => more(belongings(), known[1]));
  const interfaces = await settled(async () => more(await interfacesIn(namespaces), known[0]));
  const left = [...own, ...interfaces];
  if (left.length === 0) return;
  throw new AssertionError({
    message: ['left behind:', ...left.map((each) => `  ${each}`)].join('\n'),
    actual: left,
    expected: [],
    operator: 'expectNoLeaks',
  });
}

/** What there is now and was not before, unless it has taken the place of another of its kind. */
function more(now: readonly string[], before: readonly string[]): string[] {
  const gone = without(before, now).map(kindOf);
  return without(now, before).filter((each) => {
    const place = gone.indexOf(kindOf(each));
    if (place >= 0) gone.splice(place, 1);
    return place < 0;
  });
}

/** A list without the elements of another one, as often as they are in that. */
function without(list: readonly string[], others: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const each of others) counts.set(each, (counts.get(each) ?? 0) + 1);
  return list.filter((each) => {
    const count = counts.get(each) ?? 0;
    counts.set(each, count - 1);
    return count <= 0;
  });
}

/** Without the number of an inode: `socket:[12]` is a socket. */
function kindOf(each: string): string {
  return each.replace(/\[\d+\]/, '');
}
