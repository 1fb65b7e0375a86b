/** A repetition's tasks as columns: 25 bytes a task, so that a million take 25 MB. */

import { layout } from '../../../core/run-store/layout.ts';
import { lineGroups } from '../../../core/run-store/records/lines.ts';
import type { TimelineEntry } from '../../../core/run-store/status/summary.ts';
import type { Store } from '../../../core/store.ts';

export interface Timeline {
  count: number;
  /** Index into the repetition's workers. */
  lane: Uint32Array;
  /** Seconds after the first task's start; `end` is never before `start`. */
  start: Float64Array;
  end: Float64Array;
  failed: Uint8Array;
  /** Line of the manifest. */
  index: Uint32Array;
}

const columns = (length: number): Timeline => ({
  count: 0,
  lane: new Uint32Array(length),
  start: new Float64Array(length),
  end: new Float64Array(length),
  failed: new Uint8Array(length),
  index: new Uint32Array(length),
});

function grown(old: Timeline): Timeline {
  const larger = columns(Math.max(1024, old.lane.length * 2));
  for (const key of ['lane', 'start', 'end', 'failed', 'index'] as const) larger[key].set(old[key]);
  return { ...larger, count: old.count };
}

/**
 * Reads `timeline-<repetition>.jsonl`.
 * @param expected how many tasks the summary says have ended: the columns are made for so many, and grow past it.
 */
export async function readTimeline(store: Store, repetition: number, expected: number): Promise<Timeline> {
  let timeline = columns(expected);
  for await (const lines of lineGroups(store, layout.timeline(repetition))) {
    for (const line of lines) {
      const [lane, start, end, failed, index] = JSON.parse(line.toString('latin1')) as TimelineEntry;
      if (timeline.count === timeline.lane.length) timeline = grown(timeline);
      const at = timeline.count++;
      timeline.lane[at] = lane;
      timeline.start[at] = Math.max(0, start);
      timeline.end[at] = Math.max(0, start, end);
      timeline.failed[at] = failed;
      timeline.index[at] = index;
    }
  }
  return timeline;
}
