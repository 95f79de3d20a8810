/**
 * Ends this process, as SIGTERM does, when the one that started it is gone, so that `kill -9` of
 * `npm start` leaves no device and no process behind. Loaded by `node --import` before the `rtap`
 * command, and by the runner when npm started it.
 * @module
 */

import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 250).unref();
}
