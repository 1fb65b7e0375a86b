/** What is told of a run from moment to moment, from the progress that is seen of it. No clock inside. */

import type { TimeRange } from '../../core/estimate/pace.ts';
import { TimeLeft } from '../../core/estimate/time-left.ts';
import { formatTimeLeft } from '../../core/estimate/time-left-text.ts';
import type { ExpectedWork } from '../../core/run-store/plan/plan.ts';
import type { Progress } from '../../core/run-store/status/run-status.ts';
import type { LineData } from './progress-line.ts';

export interface Tracked {
  /** All tasks of a repetition. */
  total: number;
  repetitions: number;
  /** Workers that the run was asked to have; those that are there when it is not given. */
  workers?: number | undefined;
  /** How the work is spread; evenly when it is not given. */
  expected?: ExpectedWork | undefined;
}

/** The rate is that of the last so many seconds. */
const rateSeconds = 20;
/** Rate and time left change so often: more would only make the line jitter. */
const updateSeconds = 1;
/** Simulated in one tick, which is a matter of milliseconds. */
const itemsPerTick = 40_000;

/** Follows the estimates calmly, so that the line does not jitter. */
export class SteadyTimeLeft {
  #shown: { left: TimeRange; at: number } | undefined;

  update(now: number, left: TimeRange | undefined): void {
    const before = this.at(now);
    // A range that grows is shown at once, one that narrows by and by.
    const calm = left &&
      before && {
        low: Math.min(left.low, before.low + (left.low - before.low) / 4),
        high: Math.max(left.high, before.high + (left.high - before.high) / 4),
      };
    const next = calm ?? left;
    this.#shown = next && { left: next, at: now };
  }

  /** What is left now, of what was left when it was estimated. */
  at(now: number): TimeRange | undefined {
    if (!this.#shown) return undefined;
    const { left, at } = this.#shown;
    return { low: Math.max(0, left.low - (now - at)), high: Math.max(0, left.high - (now - at)) };
  }
}

export class Tracker {
  readonly #tracked: Tracked;
  readonly #steady = new SteadyTimeLeft();
  #timeLeft: TimeLeft | undefined;
  /** When rate and time left were updated, and the run's time at the last estimate. */
  #updatedAt: number | undefined;
  #estimatedAt: number | undefined;
  #rate: number | undefined;
  #recent: { at: number; done: number }[] = [];
  #repetition = 0;
  #progressed = { done: -1, at: 0 };

  constructor(tracked: Tracked) {
    this.#tracked = tracked;
  }

  /** @param now seconds */
  observe(now: number, progress: Progress): void {
    const { succeeded, failed, repetition } = progress;
    const done = succeeded + failed;
    if (repetition !== this.#repetition) this.#recent = [];
    if (repetition !== this.#repetition || done !== this.#progressed.done)
      this.#progressed = { done, at: now };
    this.#repetition = repetition;
    const isDue = this.#updatedAt === undefined || now - this.#updatedAt >= updateSeconds;
    this.#estimate(now, progress, isDue);
    if (!isDue) return;
    this.#updatedAt = now;
    this.#rate = this.#rateAt(now, done);
  }

  #estimate(now: number, { workers, busy, repetition, pace }: Progress, isDue: boolean): void {
    const { total: tasks, expected, repetitions, workers: asked = workers } = this.#tracked;
    this.#timeLeft ??= new TimeLeft({ tasks, expected, workers: asked, repetitions });
    if (!pace) this.#steady.update(now, undefined);
    else if (!isDue) this.#timeLeft.prepare({ repetition, busy, pace }, itemsPerTick);
    // A run on AWS is polled now and then: until there is news, the last estimate runs down.
    else if (pace.elapsed !== this.#estimatedAt) {
      this.#estimatedAt = pace.elapsed;
      this.#steady.update(now, this.#timeLeft.range({ repetition, busy, pace }, itemsPerTick));
    }
  }

  /** Seconds since a task has ended. */
  idle(now: number): number {
    return now - this.#progressed.at;
  }

  line(now: number, { succeeded, failed, workers, busy, repetition }: Progress, note: string): LineData {
    const { total, repetitions } = this.#tracked;
    const done = succeeded + failed;
    const left = this.#steady.at(now);
    const isStopping = note !== '';
    return {
      done,
      failed,
      total,
      running: Math.min(busy, Math.max(0, total - done)),
      workers,
      repetition,
      repetitions,
      rate: this.#rate,
      eta: left && !isStopping && (done < total || repetition < repetitions) ? formatTimeLeft(left) : '',
      note,
    };
  }

  #rateAt(now: number, done: number): number | undefined {
    this.#recent.push({ at: now, done });
    while (this.#recent.length > 2 && now - (this.#recent[1]?.at ?? now) >= rateSeconds) this.#recent.shift();
    const [first] = this.#recent;
    if (!first || now - first.at < updateSeconds) return undefined;
    return (done - first.done) / (now - first.at);
  }
}
