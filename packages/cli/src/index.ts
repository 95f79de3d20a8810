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
