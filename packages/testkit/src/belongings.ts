/**
 * What this process holds, a line each.
 *
 * @module
 */

import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import type { NetworkNamespaceOption } from '@rtap/native';
import { NetlinkClient } from '@rtap/transport';

/** Where `ip netns` keeps namespaces that have names. */
const NAMED_NAMESPACES = '/run/netns';

/** Open files, threads, children, and namespaces with a name. */
export function belongings(): readonly string[] {
  return [...openFiles(), ...threads(), ...children(), ...namedNamespaces()];
}

/** The interfaces of some namespaces. */
export async function interfacesIn(
  namespaces: readonly NetworkNamespaceOption[],
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const netns of namespaces) found.push(...(await interfacesOf(netns)));
  return found;
}

/** The open files, by what they are; those of /dev/net/tun with their interface. */
function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) =>
    unlessGone(() => {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      // The folder that is being read.
      if (target === `/proc/${process.pid}/fd`) return [];
      const interfaceOf = (): string | undefined =>
        /^iff:\t(.*)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
      const device = target === '/dev/net/tun' ? ` of ${interfaceOf() ?? 'no interface'}` : '';
      return [`file ${target}${device}`];
    }),
  );
}

function threads(): string[] {
  return readdirSync('/proc/self/task').flatMap((task) =>
    unlessGone(() => [`thread ${readFileSync(`/proc/self/task/${task}/comm`, 'utf8').trim()}`]),
  );
}

function children(): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    return unlessGone(() => {
      // The name stands in brackets and may have some itself; the parent is two words behind it (proc_pid_stat(5)).
      const [, name, parent] =
        /\((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
      return Number(parent) === process.pid ? [`child process ${pid} (${name})`] : [];
    });
  });
}

function namedNamespaces(): string[] {
  return unlessGone(() => readdirSync(NAMED_NAMESPACES)).map((name) => `network namespace ${name}`);
}

async function interfacesOf(netns: NetworkNamespaceOption): Promise<string[]> {
  const client = await NetlinkClient.open({ netns });
  try {
    const found: string[] = [];
    for await (const { index, name } of client.links()) found.push(`interface ${name} (${index})`);
    return found;
  } finally {
    await client.close();
  }
}

/** Nothing, when what is asked about is gone in the meantime, or never was. */
function unlessGone(read: () => string[]): string[] {
  try {
    return read();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ESRCH') return [];
    throw error;
  }
}
