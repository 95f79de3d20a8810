/**
 * Pictures for the guides, as SVG that is readable in the light and in the dark.
 *
 * @module
 */

const STYLE = `
  .back { fill: #ffffff; }
  text { font: 15px system-ui, sans-serif; fill: #1f2328; }
  .head { font-weight: 600; }
  .soft { fill: #59636e; }
  .mono { font-family: ui-monospace, monospace; font-size: 14px; }
  .box { fill: #eef1f4; stroke: #8b949e; }
  .good { fill: #d2f4dc; stroke: #2da44e; }
  .bad { fill: #ffdcd7; stroke: #cf222e; }
  .other { fill: #dbeaff; stroke: #0969da; }
  .line { stroke: #8b949e; fill: none; }
  @media (prefers-color-scheme: dark) {
    .back { fill: #161b22; }
    text { fill: #e6edf3; }
    .soft { fill: #9ea7b1; }
    .box { fill: #2a313a; stroke: #7d8590; }
    .good { fill: #12401f; stroke: #3fb950; }
    .bad { fill: #5a1a17; stroke: #f85149; }
    .other { fill: #0f2f5c; stroke: #58a6ff; }
    .line { stroke: #7d8590; }
  }`;

const escaped = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A line of text; its classes are those of the style. */
export function text(x: number, y: number, classes: string, words: string): string {
  return `<text x="${x}" y="${y}" class="${classes}">${escaped(words)}</text>`;
}

/** A box with text in it. */
export function box(
  place: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  },
  classes: string,
  words = '',
): string {
  const { x, y, width, height } = place;
  const inside = words === '' ? '' : text(x + 8, y + height / 2 + 5, 'mono', words);
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="4" class="${classes}"/>${inside}`;
}

/** A straight line. */
export function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<path class="line" d="M${x1} ${y1} L${x2} ${y2}"/>`;
}

/** A whole picture; what it shows is said to those who don't see it. */
export function picture(
  size: { readonly width: number; readonly height: number },
  title: string,
  parts: readonly string[],
): string {
  const { width, height } = size;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="back" width="${width}" height="${height}" rx="8"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}
