/**
 * Commands on the objects of `ip`: link, addr, route, neigh.
 *
 * @module
 */

import type { Command } from 'commander';
import { usageError } from '../frame/cli-error.ts';
import { commonOptions, takes } from '../frame/options.ts';
import type { CommonOptions } from '../frame/options.ts';

/** What can be done with an object. */
export interface Verb {
  /** Its name, such as `show`. */
  readonly name: string;
  /** Other names of it. */
  readonly aliases?: readonly string[];
  /** What it does. */
  readonly description: string;
  /** The words that it takes. */
  readonly words: string;
  /** Command lines to begin with. */
  readonly examples: readonly string[];
  /** The common options that it takes. */
  readonly takes: readonly (keyof CommonOptions)[];
  /** Does it. */
  readonly run: (words: readonly string[], options: CommonOptions) => Promise<void>;
}

/** Verbs that change an object, all with the same words and options. */
export interface Changes<Name extends string> {
  /** The words that they take. */
  readonly words: string;
  /** The common options that they take. */
  readonly takes: readonly (keyof CommonOptions)[];
  /** Each, in the order of help. */
  readonly verbs: readonly (Pick<Verb, 'description' | 'examples'> & { readonly name: Name })[];
  /** Does one of them. */
  readonly run: (name: Name, words: readonly string[], options: CommonOptions) => Promise<void>;
}

/** An object of `ip`. */
export interface IpObject {
  /** Its name, such as `addr`. */
  readonly name: string;
  /** Other names of it. */
  readonly aliases: readonly string[];
  /** What it is. */
  readonly description: string;
  /** What can be done with it; the first is done when nothing is said. */
  readonly verbs: readonly [Verb, ...Verb[]];
}

/** Makes the verbs of changes; `del` may be written out. */
export function changeVerbs<Name extends string>(changes: Changes<Name>): readonly Verb[] {
  const { words, takes: taken, verbs, run } = changes;
  return verbs.map((verb) => ({
    ...verb,
    ...(verb.name === 'del' && { aliases: ['delete'] }),
    ...{ words, takes: taken },
    run: (given, options) => run(verb.name, given, options),
  }));
}

/** Adds the command of an object, with one under it for each verb. */
export function addObject(program: Command, object: IpObject): void {
  const [first] = object.verbs;
  const command = program
    .command(object.name)
    .aliases([...object.aliases])
    .description(object.description)
    .usage('[options] [command]')
    .helpCommand(true)
    .allowExcessArguments()
    .addHelpText('after', examplesText(object.verbs.flatMap(({ examples }) => examples)));
  command.action(async () => {
    const [unknown] = command.args;
    if (unknown !== undefined) {
      const names = object.verbs.map(({ name }) => name).join(', ');
      throw usageError(`"${unknown}" is no command of rtap ${object.name}`, `one of ${names}`);
    }
    await first.run([], commonOptions(command));
  });
  takes(command, ...first.takes);
  for (const verb of object.verbs) addVerb(command, verb);
}

function addVerb(object: Command, verb: Verb): void {
  const command = object
    .command(verb.name)
    .aliases([...(verb.aliases ?? [])])
    .description(verb.description)
    .argument('[words...]', verb.words)
    .addHelpText('after', examplesText(verb.examples));
  command.action(async (words: readonly string[]) => {
    await verb.run(words, commonOptions(command));
  });
  takes(command, ...verb.takes);
}

function examplesText(examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((line) => `  $ ${line}`).join('\n')}`;
}
