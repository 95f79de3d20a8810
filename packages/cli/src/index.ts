/**
 * The `rtap` command, as a program that others can embed.
 *
 * @module
 */

export { runDemo } from './demo/demo.ts';
export type { DemoOptions } from './demo/demo.ts';
export { runDoctor } from './doctor/doctor.ts';
export { createProgram } from './program.ts';
export { Terminal } from './terminal.ts';
export type { Verdict } from './terminal.ts';
export type { TerminalStream } from './frame/colors.ts';
export { CliError } from './frame/cli-error.ts';
export { runProgram } from './run-program.ts';
export type { ShownAddress } from './address/shown-address.ts';
export type { ShownLinkAddresses } from './address/show.ts';
export type { ShownFields, ShownValue } from './link/kind/fields.ts';
export type { ShownLinkInfo } from './link/kind/kinds.ts';
export type { ShownDetails } from './link/shown-details.ts';
export type { ShownLink } from './link/shown-link.ts';
export type { LinkLine } from './monitor/link-line.ts';
export type { ShownNeighbour } from './neighbour/show.ts';
export type { ShownRealms, ShownRoute, ShownVia, ShownWay } from './route/shown-route.ts';
export type { BenchMachine, BenchResult } from './bench/options.ts';
export type { CaptureSummary } from './capture/options.ts';
export type { ReplaySummary } from './replay/options.ts';
export type { RunMode } from './run/options.ts';
export type {
  RunCounts,
  RunInterface,
  RunQueue,
  RunRates,
  RunReadyLine,
  RunStatsLine,
} from './run/run-line.ts';
