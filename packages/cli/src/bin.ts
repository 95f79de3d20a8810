#!/usr/bin/env node
/**
 * The `rtap` command.
 *
 * @module
 */

import { createProgram } from './program.ts';

await createProgram().parseAsync();
