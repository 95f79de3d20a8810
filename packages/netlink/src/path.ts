/**
 * Finds what the kernel points at: offsets in a request, as paths such as `linkinfo.kind`.
 *
 * @module
 */

import { withoutEnding } from './body.ts';
import { NLA_HDRLEN, NLA_TYPE_MASK, NLMSG_HDRLEN } from './constants.ts';
import { loadString } from './load.ts';
import { EVERY, type AttributeNames, type RequestLayout, type SelectedNames } from './names.ts';
import { viewOf } from './source.ts';

/**
 * Finds the path of the attribute whose header is at `offset` of a request; `undefined` when there
 * is none.
 *
 * What has no name is told by its number: `linkinfo.data.1`. Never throws: a request whose bytes
 * are wrong has no paths.
 *
 * @param request The message, its header included.
 * @param offset From the start of the message.
 * @param little Whether the byte order is `little`.
 */
export function attributePath(
  request: Uint8Array,
  offset: number,
  layout: RequestLayout,
  little: boolean,
): string | undefined {
  return find(viewOf(request), offset, layout, little)?.path;
}

/**
 * Names the attribute of type `missing` that the nest at offset `nest` of a request lacks, or the
 * request itself when `nest` is undefined; `undefined` when there is no such nest.
 */
export function missingPath(
  request: Uint8Array,
  missing: number,
  nest: number | undefined,
  layout: RequestLayout,
  little: boolean,
): string | undefined {
  if (nest === undefined) return nameOf(layout.names, missing);
  const found = find(viewOf(request), nest, layout, little);
  return found && `${found.path}.${nameOf(found.below, missing)}`;
}

/** Name of an attribute that holds others, and theirs. */
type Level = Exclude<AttributeNames[number], string>;

interface Found {
  readonly path: string;
  readonly below: AttributeNames | undefined;
}

function find(
  request: DataView,
  offset: number,
  layout: RequestLayout,
  little: boolean,
): Found | undefined {
  let names: AttributeNames | undefined = layout.names;
  let path = '';
  let first = NLMSG_HDRLEN + layout.headerLength;
  let start = first;
  let end = request.byteLength;
  while (start + NLA_HDRLEN <= end) {
    const length = request.getUint16(start, little);
    if (length < NLA_HDRLEN || length > end - start || offset < start) return undefined;
    if (offset >= start + length) {
      start += (length + 3) & ~3;
      continue;
    }
    const type = request.getUint16(start + 2, little) & NLA_TYPE_MASK;
    const entry: AttributeNames[number] | undefined = names?.[type] ?? names?.[EVERY];
    path += `${path && '.'}${nameOf(names, type)}`;
    const below: Level | undefined = typeof entry === 'object' ? entry : undefined;
    names = below && select(below[1], request, first, end, little);
    if (offset === start) return { path, below: names };
    // The kernel points into this one, so it is a nest, whatever its flags say.
    end = start + length;
    start += NLA_HDRLEN + (below?.[2] ?? 0);
    first = start;
  }
  return undefined;
}

/** The names of a level, where they depend on a string that stands beside it, from `start` to `end`. */
function select(
  names: AttributeNames | SelectedNames,
  request: DataView,
  start: number,
  end: number,
  little: boolean,
): AttributeNames | undefined {
  if (!isSelected(names)) return names;
  const { selector, or, ending = '', choices } = names;
  let found: string | undefined;
  let other: string | undefined;
  while (start + NLA_HDRLEN <= end) {
    const length = request.getUint16(start, little);
    if (length < NLA_HDRLEN || length > end - start) break;
    const type = request.getUint16(start + 2, little) & NLA_TYPE_MASK;
    const value = (): string => loadString(request, start + NLA_HDRLEN, start + length);
    if (type === selector) found = value();
    else if (type === or) other = value();
    start += (length + 3) & ~3;
  }
  const chosen = found ?? withoutEnding(other, ending);
  return chosen !== undefined && Object.hasOwn(choices, chosen) ? choices[chosen] : undefined;
}

function isSelected(names: AttributeNames | SelectedNames): names is SelectedNames {
  return 'selector' in names;
}

function nameOf(names: AttributeNames | undefined, type: number): string {
  const entry = names?.[type];
  return typeof entry === 'string' ? entry : (entry?.[0] ?? String(type));
}
