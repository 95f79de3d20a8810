/**
 * Assertions about what is on the wire.
 *
 * @module
 */

import { AssertionError } from 'node:assert';
import { describeFrame } from '@rtap/frames';
import { checkInteger, checkOptions, checkSignal, invalidType } from './argument.ts';
import { Capture } from './capture.ts';
import type { CapturedFrame } from './capture.ts';
import { describeFrames } from './describe-frames.ts';
import { TestkitError } from './errors.ts';

/** The longest time that a timer of Node takes, in milliseconds. */
const TIMER_MAX = 0x7f_ff_ff_ff;

/**
 * Which frame is meant: one that the function accepts, whose line of `describeFrame` contains the text or matches the
 * expression, or that has exactly these bytes.
 */
export type FrameMatcher = ((frame: CapturedFrame) => boolean) | RegExp | Uint8Array | string;

/** How long frames are waited for. */
export interface ExpectFramesOptions {
  /** Milliseconds. @default 5000 for frames that are to come, 0 for those that are not */
  readonly within?: number;
  /** Aborted, it ends the waiting with its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Waits until a capture has frames that fit, one for each matcher and in this order; others may be between them. It
 * begins with the first frame that is kept.
 *
 * @returns the frames that fit.
 * @throws AssertionError that says which did not come, and frame by frame what came instead; TypeError, RangeError;
 *   the signal's reason; what ended the capture otherwise than `stop`.
 *
 * @example
 * ```ts
 * import { capture, createTestNamespace, expectFrames, ping } from '@rtap/testkit';
 *
 * const netns = await createTestNamespace();
 * const wire = await capture({ netns, interface: 'lo' });
 * await ping({ netns, address: '127.0.0.1', count: 1 });
 * const [request] = await expectFrames(wire, ['ICMP echo request', /ICMP echo reply/]);
 * console.log(request.bytes.length); // 98
 * await wire.stop();
 * await netns.close();
 * ```
 */
export async function expectFrames(
  capture: Capture,
  expected: readonly FrameMatcher[],
  options: ExpectFramesOptions = {},
): Promise<readonly CapturedFrame[]> {
  checkCapture(capture);
  if (!Array.isArray(expected)) throw invalidType('expected', 'an instance of Array', expected);
  const matchers = expected.map((matcher, index) => matcherOf(`expected[${index}]`, matcher));
  const found: CapturedFrame[] = [];
  // `waitFor` shows each frame once, in the order in which they came.
  const accept = (frame: CapturedFrame): boolean => {
    if (matchers[found.length]?.(frame) === true) found.push(frame);
    return found.length === matchers.length;
  };
  if (matchers.length > 0 && (await wait(capture, accept, 5000, options)) === undefined) {
    const lines = expected.map((matcher: FrameMatcher, index) => {
      const frame = found[index];
      return `  ${frame === undefined ? 'missing' : 'came'}: ${textOf(matcher)}`;
    });
    throw failure(capture, `${found.length} of ${expected.length} frames came:`, lines, {
      actual: found.map(({ bytes }) => describeFrame(bytes)),
      expected: expected.map(textOf),
      operator: 'expectFrames',
    });
  }
  return found;
}

/**
 * Asserts that a capture has no frame that fits: among all that the kernel has delivered when this is called, or
 * that comes within some time. What is to have gone through by then is best made sure of by a frame behind it.
 *
 * @throws AssertionError as soon as one comes, with all frames that were seen; TypeError, RangeError; the signal's
 *   reason; what ended the capture otherwise than `stop`.
 */
export async function expectNoFrames(
  capture: Capture,
  matcher: FrameMatcher = () => true,
  options: ExpectFramesOptions = {},
): Promise<void> {
  checkCapture(capture);
  const frame = await wait(capture, matcherOf('matcher', matcher), 0, options);
  if (frame === undefined) return;
  throw failure(capture, 'a frame came that should not:', [`  ${describeFrame(frame.bytes)}`], {
    actual: [describeFrame(frame.bytes)],
    expected: [],
    operator: 'expectNoFrames',
  });
}

/** Waits for a frame; undefined when none came in time, or the capture was stopped. */
async function wait(
  capture: Capture,
  accept: (frame: CapturedFrame) => boolean,
  patience: number,
  options: ExpectFramesOptions,
): Promise<CapturedFrame | undefined> {
  checkOptions('options', options);
  const { within = patience, signal } = options;
  checkInteger('options.within', within, 0, TIMER_MAX);
  checkSignal(signal);
  if (within === 0) return capture.read().find(accept);
  const late = new AbortController();
  const timer = setTimeout(() => {
    // What came in time, and waits to be read while JavaScript is busy, is in time.
    capture.read();
    late.abort(late);
  }, within);
  try {
    const signals = signal === undefined ? [late.signal] : [late.signal, signal];
    return await capture.waitFor(accept, { signal: AbortSignal.any(signals) });
  } catch (error) {
    const stopped = error instanceof TestkitError && error.code === 'ERR_RTAP_CLOSED';
    if (error !== late && !stopped) throw error;
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

function checkCapture(capture: unknown): void {
  if (!(capture instanceof Capture)) throw invalidType('capture', 'a Capture', capture);
}

function failure(
  capture: Capture,
  first: string,
  lines: readonly string[],
  details: Readonly<{ actual: unknown; expected: unknown; operator: string }>,
): AssertionError {
  const lost = capture.drops > 0 ? [`${capture.drops} more were dropped by the kernel`] : [];
  const seen = describeFrames(capture.frames);
  const message = [`${capture.name}: ${first}`, ...lines, seen, ...lost].join('\n');
  return new AssertionError({ ...details, message });
}

function matcherOf(name: string, matcher: FrameMatcher): (frame: CapturedFrame) => boolean {
  if (typeof matcher === 'function') return matcher;
  if (typeof matcher === 'string') return ({ bytes }) => describeFrame(bytes).includes(matcher);
  if (matcher instanceof RegExp) return ({ bytes }) => describeFrame(bytes).search(matcher) >= 0;
  if (matcher instanceof Uint8Array) return ({ bytes }) => Buffer.compare(bytes, matcher) === 0;
  throw invalidType(name, 'a function, a string, a RegExp or a Uint8Array', matcher);
}

function textOf(matcher: FrameMatcher): string {
  if (matcher instanceof Uint8Array) return describeFrame(matcher);
  return typeof matcher === 'string' ? `'${matcher}'` : String(matcher);
}
