/**
 * A README's quick start as what a reader does: commands that are pasted into a terminal, files that are saved.
 *
 * @module
 */

/** One block of code, in order. */
export type Step =
  | {
      readonly kind: 'commands';
      readonly text: string;
      /** Whether the text before says to take another terminal. */
      readonly otherTerminal: boolean;
    }
  | { readonly kind: 'file'; readonly name: string; readonly text: string };

/**
 * The steps of the section below a heading.
 *
 * @throws Error when there is no such section, or a program whose file's name is not said before it.
 */
export function stepsOf(markdown: string, heading: string): readonly Step[] {
  const [, section = ''] = markdown.split(`\n## ${heading}\n`);
  const steps: Step[] = [];
  const block = /(.*?)^```(\w+)\n(.*?)^```$/gms;
  for (const [, before = '', language = '', text = ''] of (
    section.split('\n## ')[0] ?? ''
  ).matchAll(block)) {
    if (language === 'sh') {
      steps.push({ kind: 'commands', text, otherTerminal: before.includes('another terminal') });
      continue;
    }
    const name = /`([\w-]+\.m?[jt]s)`/.exec(before)?.[1];
    if (name === undefined) throw new Error(`where is this to be saved?\n${text}`);
    steps.push({ kind: 'file', name, text });
  }
  if (steps.length === 0) throw new Error(`there is no code below '${heading}'`);
  return steps;
}
