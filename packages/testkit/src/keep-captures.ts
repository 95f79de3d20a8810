/**
 * Where the captures of a failed test are kept.
 *
 * @module
 */

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Capture } from './capture.ts';
import { toPcapng } from './pcapng.ts';

/** How many characters of a title are in the name of its file. */
const TITLE_MAX = 60;

/** Where they are kept unless somebody says something else. */
export function defaultCaptureFolder(): string {
  return process.env['RTAP_CAPTURE_FOLDER'] ?? '.rtap/captures';
}

/** The file of a test: its title, and what tells it from others of that title. */
export function captureFile(folder: string, title: string, id: string): string {
  const words = title.match(/[\p{L}\p{N}]+/gu) ?? [];
  return resolve(folder, `${words.join('-').slice(0, TITLE_MAX)}${id}.pcapng`);
}

/** Writes what captures have seen; a folder that isn't there is made, and git sees nothing of it. */
export async function keepCaptures(path: string, captures: readonly Capture[]): Promise<void> {
  const folder = dirname(path);
  const made = await mkdir(folder, { recursive: true });
  if (made !== undefined) await writeFile(join(folder, '.gitignore'), '*\n');
  await writeFile(path, toPcapng(captures));
}
