/**
 * Captured frames in a line each, for people who look at a failed test.
 *
 * @module
 */

import { describeFrame } from '@rtap/frames';
import type { CapturedFrame } from './capture.ts';

/** How many frames a description has: the last ones. */
const SHOWN = 20;

/** Frames with their times since the first, one in a line as `describeFrame` tells it, the last 20 of many. */
export function describeFrames(frames: readonly CapturedFrame[]): string {
  if (frames.length === 0) return 'no frames were seen';
  const first = frames[0]?.timestamp ?? 0n;
  const left = Math.max(0, frames.length - SHOWN);
  const lines = frames.slice(left).map(({ bytes, timestamp, type }) => {
    const milliseconds = (Number(timestamp - first) / 1e6).toFixed(3);
    return `  ${milliseconds} ms ${type}: ${describeFrame(bytes)}`;
  });
  const more = left > 0 ? [`  (${left} before these)`] : [];
  const were = frames.length === 1 ? '1 frame was seen:' : `${frames.length} frames were seen:`;
  return [were, ...more, ...lines].join('\n');
}
