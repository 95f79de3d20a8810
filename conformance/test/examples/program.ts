/**
 * A program of examples/, run in a namespace.
 *
 * @module
 */

import { createInterface } from 'node:readline';
import type { NamespaceProcess, NetworkNamespace } from '@rtap/native';
import { addAddress } from '@rtap/testkit';
import { NetlinkClient } from '@rtap/transport';

/** An example that runs. */
export interface Program {
  /** The next line that it writes. */
  readonly line: () => Promise<string | undefined>;
  /** Its process. */
  readonly child: NamespaceProcess;
  /** Presses Ctrl-C, and gives what it says at its end, with its exit code. */
  readonly end: () => Promise<readonly (string | number | null)[]>;
}

/** Starts `examples/NAME/main.ts`. */
export async function startExample(
  netns: NetworkNamespace,
  name: string,
  args: readonly string[] = [],
): Promise<Program> {
  const program = new URL(`../../../examples/${name}/main.ts`, import.meta.url).pathname;
  const child = await netns.exec(process.execPath, [program, ...args], { stdio: 'pipe' });
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new TypeError('no output');
  stderr.pipe(process.stderr);
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<string | undefined> => {
    const next = await lines.next();
    return next.done === true ? undefined : next.value;
  };
  return {
    line,
    child,
    end: async () => {
      child.kill('SIGINT');
      const said: (string | number | null)[] = [];
      for (let one = await line(); one !== undefined; one = await line()) said.push(one);
      return [...said, (await child.exited).code];
    },
  };
}

/** Gives the device of a program an address, as who runs it would. */
export async function giveAddress(netns: NetworkNamespace, address: string): Promise<void> {
  const client = await NetlinkClient.open({ netns });
  const { index: ifindex } = await client.getLink({ name: 'rtap0' });
  await client.close();
  await addAddress({ netns, ifindex, address });
}
