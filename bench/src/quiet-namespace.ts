/**
 * Where contenders are measured.
 *
 * @module
 */

import { NetworkNamespace } from '@rtap/native';
import { run } from '@rtap/testkit';

/** Makes a network namespace in which interfaces have no IPv6: nothing is sent that nobody asked for. */
export async function createQuietNamespace(): Promise<NetworkNamespace> {
  const netns = await NetworkNamespace.create();
  const setting = '/proc/sys/net/ipv6/conf/default/disable_ipv6';
  const script = `! test -e ${setting} || echo 1 > ${setting}`;
  try {
    await must(netns, 'sh', '-c', script);
  } catch (error) {
    await netns.close();
    throw error;
  }
  return netns;
}

/** Runs a program in a namespace; throws what it wrote when it fails. */
export async function must(
  netns: NetworkNamespace,
  file: string,
  ...args: readonly string[]
): Promise<string> {
  const { code, stdout, stderr } = await run(netns, file, args);
  if (code === 0) return stdout;
  throw new Error(`${file} ${args.join(' ')}: ${stderr}`);
}
