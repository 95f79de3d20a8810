#!/usr/bin/env node
/**
 * The door to the repository: `node tools/run.mjs COMMAND [ARGS]`, which `npm start`, `npm test` and
 * the other scripts call. Node built-ins only, as it runs before anything is installed. This file
 * stays in old syntax, so that an old Node gets a message and not a parse error.
 *
 * The scripts say `exec node`: npm gives a signal to the shell that it starts, and a shell that waits
 * for a child keeps it.
 * @module
 */

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`rtap: Node ${process.versions.node} is too old, 20.19 is the oldest that works.`);
  console.error(
    'get a newer one from https://nodejs.org or your distribution, then run this again.',
  );
  process.exitCode = 1;
} else {
  void import('./run/main.mjs').then(({ main }) => main(process.argv.slice(2)));
}
