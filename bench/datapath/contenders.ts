/**
 * Who competes, built.
 *
 * @module
 */

import { join } from 'node:path';

import { buildPackage } from '../src/packages.ts';
import { buildPrograms, program, type Contender } from './arena.ts';
import { COST, THROUGHPUT } from './forwarders.ts';
import { buildPeers } from './peers.ts';
import type { Forwarder } from './tcp.ts';
import type { Absent } from './workload.ts';

/** The yardstick of TCP. */
export const GSO = 'C, super-frames, 1 thread';
const PLAIN = 'C, no offload';

/** All contenders. */
export interface Assembly {
  readonly c: Contender;
  /** The same in a process with a second thread, as Node has some. */
  readonly threaded: Contender;
  readonly rtap: Contender;
  readonly forwarders: readonly Forwarder[];
  /** Peers that could not be built. */
  readonly absent: readonly Absent[];
}

/** The contender of TCP whose targets are set. */
const RTAP = 'rtap, super-frames';

/** What the project wants and has not made yet. */
const NOT_YET: readonly Absent[] = [
  { name: 'rtap, io_uring', reason: '@rtap/core has no such engine yet' },
];

/**
 * Builds them.
 *
 * @param peers - whether those of other toolchains take part.
 */
export function assemble(peers: boolean): Assembly {
  buildPrograms();
  const others = peers ? buildPeers() : { forwarders: [], goals: [], absent: [] };
  const dist = buildPackage('core');
  const rtap = (file: string): string[] => [
    process.execPath,
    join(import.meta.dirname, file),
    dist,
  ];
  const c = (...args: readonly string[]): string[] => [program('forwarder'), 'tap', ...args];
  return {
    c: { name: 'C', command: [program('contender')] },
    threaded: { name: 'C, 2 threads', command: [program('contender'), '2'] },
    rtap: { name: 'rtap', command: rtap('rtap.ts') },
    forwarders: [
      { name: 'no forwarder: a veth pair', command: [] },
      { name: PLAIN, command: c('none', '1') },
      { name: GSO, command: c('gso', '1') },
      { name: 'C, super-frames, 2 threads', command: c('gso', '2') },
      { name: 'rtap, no offload', command: [...rtap('rtap-forward.ts'), 'none'] },
      {
        name: RTAP,
        command: [...rtap('rtap-forward.ts'), 'gso'],
        goals: [
          { figure: THROUGHPUT, target: { least: 0.97 } },
          { figure: COST, target: { most: 1.15 } },
          { figure: THROUGHPUT, target: { least: 4 }, beside: PLAIN },
          ...others.goals,
        ],
      },
      {
        name: 'rtap, splice, 1 thread',
        command: [...rtap('rtap-forward.ts'), 'splice-1'],
        goals: [
          { figure: THROUGHPUT, target: { least: 0.97 } },
          { figure: COST, target: { most: 1.05 } },
        ],
      },
      {
        name: 'rtap, splice, 2 threads',
        command: [...rtap('rtap-forward.ts'), 'splice-2'],
        goals: [{ figure: THROUGHPUT, target: { least: 1.05 } }],
      },
      { name: 'rtap, segments', command: [...rtap('rtap-forward.ts'), 'segments'] },
      {
        name: 'rtap, segments joined again',
        command: [...rtap('rtap-forward.ts'), 'joined'],
        goals: [{ figure: THROUGHPUT, target: { least: 0.75 } }],
      },
      ...others.forwarders,
    ],
    absent: [...NOT_YET, ...others.absent],
  };
}
