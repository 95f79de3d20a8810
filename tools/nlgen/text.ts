/**
 * Text of the generated files: comments, names, lists.
 *
 * @module
 */

const WIDTH = 100;

/** A docstring, wrapped. Lines that begin with `@example` and what follows are kept as they are. */
export function docstring(text: string, examples: readonly string[] = []): string {
  const single = `/** ${text} */`;
  if (examples.length === 0 && !text.includes('\n') && single.length + 2 <= WIDTH) return single;
  const lines = text.split('\n').flatMap((line) => wrap(line, WIDTH - 5));
  const all = examples.length === 0 ? lines : [...lines, '', '@example', ...examples];
  return ['/**', ...all.map((line) => ` * ${line}`.trimEnd()), ' */'].join('\n');
}

function wrap(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > width) {
      lines.push(current);
      current = word;
    } else {
      current = current === '' ? word : `${current} ${word}`;
    }
  }
  return [...lines, current];
}

/** With a small first letter. */
export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** With a capital first letter. */
export function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** A name in capitals, with underscores: `OPER_STATE` of `OperState`. */
export function capitals(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase();
}

/** The name of an attribute in paths: `alt-ifname` of `IFLA_ALT_IFNAME`. */
export function pathName(kernel: string, prefix: string): string {
  const rest = kernel.startsWith(prefix) ? kernel.slice(prefix.length) : kernel;
  return rest.toLowerCase().replaceAll('_', '-');
}

/** A list in words: `a, b or c`. */
export function listed(words: readonly string[], and: string): string {
  return words.length < 2
    ? words.join('')
    : `${words.slice(0, -1).join(', ')} ${and} ${words.at(-1)}`;
}
