/** The tasks that took longest, with their names. */

import { tasksAt } from '../../../core/run-store/plan/manifest.ts';
import type { Task } from '../../../core/run-store/records/records.ts';
import type { Store } from '../../../core/store.ts';
import { Largest } from './largest.ts';
import type { Timeline } from './timeline.ts';

export interface SlowTask {
  /** Absent when the manifest does not have the task's line. */
  task: Pick<Task, 'id' | 'file' | 'column'> | undefined;
  /** Line of the manifest. */
  index: number;
  seconds: number;
  /** Seconds after the first task's start. */
  start: number;
  failed: boolean;
  /** Index into the repetition's workers. */
  lane: number;
}

/** The `most` longest tasks of a timeline, longest first. Streams the manifest for their names. */
export async function slowest(store: Store, timeline: Timeline, most: number): Promise<SlowTask[]> {
  const longest = new Largest<number>(most);
  for (let at = 0; at < timeline.count; at++) {
    longest.offer(timeline.end[at]! - timeline.start[at]!, () => at);
  }
  const places = longest.values();
  const names = await tasksAt(store, new Set(places.map((at) => timeline.index[at]!)));
  return places.map((at) => ({
    task: names.get(timeline.index[at]!),
    index: timeline.index[at]!,
    seconds: timeline.end[at]! - timeline.start[at]!,
    start: timeline.start[at]!,
    failed: timeline.failed[at] === 1,
    lane: timeline.lane[at]!,
  }));
}
