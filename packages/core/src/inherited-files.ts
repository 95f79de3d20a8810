/**
 * Files that this process was started with.
 *
 * @module
 */

import { RtapError } from './errors.ts';

/** Files that were found. */
export interface InheritedFiles {
  /** Their numbers. */
  readonly fds: readonly number[];
  /** Takes them out of the environment, so that nobody else believes them to be theirs. */
  readonly forget: () => void;
}

/** The first file that systemd passes (sd_listen_fds(3)). */
const LISTEN_FDS_START = 3;
const LISTEN_FDS_MAX = 128;
/** The name of those that are ours, among others. */
const NAME = 'rtap';

type Environment = Record<string, string | undefined>;

/**
 * The files that `RTAP_FD` names (`3`, or `3,4`), or those that systemd has passed (`LISTEN_FDS`, `LISTEN_PID`): of
 * these, when they have names (`LISTEN_FDNAMES`), the ones called `rtap`.
 *
 * @throws RtapError `ENOENT` when there are none, `EINVAL` when a variable isn't what it has to be.
 */
export function inheritedFiles(environment: Environment, pid: number): InheritedFiles {
  const { RTAP_FD, LISTEN_FDS, LISTEN_PID, LISTEN_FDNAMES } = environment;
  const forget = (...names: readonly string[]): void => {
    for (const name of names) delete environment[name];
  };
  if (RTAP_FD !== undefined) {
    const isList = /^\d{1,9}(?:,\d{1,9}){0,127}$/u.test(RTAP_FD);
    const fds = RTAP_FD.split(',').map(Number);
    if (!isList || new Set(fds).size !== fds.length) {
      throw invalid(
        `RTAP_FD is '${RTAP_FD}'`,
        'RTAP_FD is the number of an open file, or several with commas, each once',
      );
    }
    return { fds, forget: () => forget('RTAP_FD') };
  }
  if (LISTEN_FDS === undefined) {
    throw none('neither RTAP_FD nor LISTEN_FDS is in the environment');
  }
  if (LISTEN_PID !== String(pid)) {
    throw none(`LISTEN_PID is ${LISTEN_PID}, and this is process ${pid}`);
  }
  const count = /^\d{1,3}$/u.test(LISTEN_FDS) ? Number(LISTEN_FDS) : 0;
  if (count < 1 || count > LISTEN_FDS_MAX) {
    throw invalid(
      `LISTEN_FDS is '${LISTEN_FDS}'`,
      `LISTEN_FDS is a count of 1 to ${LISTEN_FDS_MAX}`,
    );
  }
  const all = Array.from({ length: count }, (_, index) => LISTEN_FDS_START + index);
  const names = LISTEN_FDNAMES?.split(':');
  const fds = names === undefined ? all : all.filter((_, index) => names[index] === NAME);
  if (fds.length === 0) {
    throw none(`none of LISTEN_FDNAMES, '${LISTEN_FDNAMES}', is '${NAME}'`);
  }
  return { fds, forget: () => forget('LISTEN_FDS', 'LISTEN_PID', 'LISTEN_FDNAMES') };
}

function none(why: string): RtapError {
  return new RtapError('ENOENT', `attachTap(): no file was passed to this process: ${why}`, {
    hint: 'say path, abstract, socket or fd, or start the process with RTAP_FD',
  });
}

function invalid(what: string, hint: string): RtapError {
  return new RtapError('EINVAL', `attachTap(): ${what}`, { hint });
}
