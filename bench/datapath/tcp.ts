/**
 * The workload of TCP through two devices and who forwards between them.
 *
 * @module
 */

import type { Contender } from './arena.ts';
import { Connection, COST, THROUGHPUT } from './forwarders.ts';
import type { Goal, Sizes, Workload } from './workload.ts';

/** A forwarder and what is wanted of it. */
export interface Forwarder extends Contender {
  /** Who it is compared with; the workload's yardstick when left out. */
  readonly yardstick?: string;
  /** Goals, beside the yardstick where they don't say otherwise. */
  readonly goals?: readonly Omit<Goal, 'value'>[];
}

/** All forwarders in turn; one without a command is a veth pair. */
export function tcp(
  forwarders: readonly Forwarder[],
  yardstick: string,
  sizes: Sizes,
  streams: number,
): Workload {
  return {
    name: `TCP, ${streams === 1 ? '1 stream' : `${streams} streams`}`,
    yardstick,
    yardsticks: new Map(
      forwarders.flatMap(({ name, yardstick: own }) => (own === undefined ? [] : [[name, own]])),
    ),
    figures: [THROUGHPUT, COST],
    goals: forwarders.flatMap(({ name, goals = [] }) =>
      goals.map((goal) => ({ ...goal, value: name })),
    ),
    contestants: forwarders.map((forwarder) => async () => {
      const connection = await Connection.create(forwarder);
      return {
        name: forwarder.name,
        visit: () => connection.tcp(streams, sizes.seconds),
        close: () => connection.close(),
      };
    }),
  };
}
