#!/usr/bin/env node
/**
 * The `rtap` command.
 *
 * @module
 */

import { endOnError } from './frame/end-on-error.ts';
import { runProgram } from './run-program.ts';

endOnError(process.stdout);
// Nobody reads what is only said beside the work: the work goes on.
process.stderr.on('error', () => undefined);

await runProgram(process.argv.slice(2));
