/** How fast a repetition of a run goes: what an estimate of the time left is made from, in little memory. */

/** Since the repetition's tasks were first handed out in this execution. */
export interface Moment {
  seconds: number;
  /** Tasks that had ended by then, those of earlier executions left out. */
  done: number;
}

/** How much the durations of tasks vary. */
export interface Spread {
  /** Tasks that ended. */
  tasks: number;
  /** Standard deviation of the natural logarithm of their durations. */
  deviation: number;
}

/** Of the current repetition, at a moment of this execution. */
export interface Pace {
  /** Seconds since its tasks were first handed out. */
  elapsed: number;
  /** Tasks that had a record before. */
  doneBefore: number;
  /** The last time when a task ended. */
  last: Moment;
  /** Up to 15 moments before the last one, between which about equally many tasks ended. */
  moments: Moment[];
  spread: Spread;
  /** The repetition before, if this execution ran it: how long it took, and how many tasks had a record before. */
  previous: { seconds: number; doneBefore: number } | null;
}

/** How long something takes, in seconds: from the shortest to the longest that is likely. */
export interface TimeRange {
  low: number;
  high: number;
}

const mostKept = 256;
const parts = 16;

/** Records when how many tasks had ended. */
export class PaceRecorder {
  #kept: Moment[] = [];
  /** Only one change in so many is kept. */
  #every = 1;
  #changes = 0;
  #last: Moment = { seconds: 0, done: 0 };

  get last(): Moment {
    return this.#last;
  }

  add(seconds: number, done: number): void {
    if (done <= this.#last.done) return;
    this.#last = { seconds, done };
    if (this.#changes++ % this.#every !== 0) return;
    this.#kept.push(this.#last);
    if (this.#kept.length <= mostKept) return;
    this.#kept = this.#kept.filter((_, index) => index % 2 === 0);
    this.#every *= 2;
  }

  get moments(): Moment[] {
    const moments: Moment[] = [];
    let next = 0;
    for (let part = 1; part < parts; part++) {
      const wanted = (this.#last.done * part) / parts;
      while (next < this.#kept.length && (this.#kept[next] as Moment).done < wanted) next++;
      const moment = this.#kept[next];
      if (moment && moment.done < this.#last.done && moment !== moments.at(-1)) moments.push(moment);
    }
    return moments;
  }
}

/** A clock does not tell shorter times apart. */
const shortestSeconds = 1e-5;

/** Collects durations without keeping them, by Welford's method. */
export class SpreadRecorder {
  #tasks = 0;
  #mean = 0;
  #squares = 0;

  /** So many tasks took so many seconds each, on average. */
  add(seconds: number, tasks: number): void {
    const value = Math.log(Math.max(seconds, shortestSeconds));
    this.#tasks += tasks;
    const offset = value - this.#mean;
    this.#mean += (offset * tasks) / this.#tasks;
    this.#squares += tasks * offset * (value - this.#mean);
  }

  get spread(): Spread {
    return { tasks: this.#tasks, deviation: this.#tasks > 1 ? Math.sqrt(this.#squares / this.#tasks) : 0 };
  }
}

/** Measures the pace of a run's repetitions where tasks end. */
export class PaceMeter {
  readonly #clock: () => number;
  #repetition = 0;
  #startedAt = 0;
  #doneBefore = 0;
  #ended = 0;
  #moments = new PaceRecorder();
  #spread = new SpreadRecorder();
  #previous: Pace['previous'] = null;

  /** @param clock seconds, from any moment on */
  constructor(clock = () => performance.now() / 1000) {
    this.#clock = clock;
  }

  /** The tasks of a repetition are handed out from now on, except those that have a record. */
  start(repetition: number, doneBefore: number): void {
    const now = this.#clock();
    const isNext = this.#repetition > 0 && repetition === this.#repetition + 1;
    this.#previous = isNext ? { seconds: now - this.#startedAt, doneBefore: this.#doneBefore } : null;
    [this.#repetition, this.#startedAt, this.#doneBefore, this.#ended] = [repetition, now, doneBefore, 0];
    this.#moments = new PaceRecorder();
    this.#spread = new SpreadRecorder();
  }

  /** So many tasks have ended just now, which took so many seconds each, on average. */
  add(seconds: number, tasks: number): void {
    this.#ended += tasks;
    this.#moments.add(this.#clock() - this.#startedAt, this.#ended);
    this.#spread.add(seconds, tasks);
  }

  /** The pace of a repetition; nothing unless its tasks are being handed out. */
  of(repetition: number): { pace?: Pace } {
    if (repetition !== this.#repetition || repetition === 0) return {};
    const { last, moments } = this.#moments;
    const pace = {
      ...{ elapsed: this.#clock() - this.#startedAt, doneBefore: this.#doneBefore, last, moments },
      ...{ spread: this.#spread.spread, previous: this.#previous },
    };
    return { pace };
  }
}

/** The pace of a repetition from the times when its tasks ended, seconds since 1970. */
export interface EndedTasks {
  /** How many tasks ended within each second. */
  perSecond: ReadonlyMap<number, number>;
  spread: Spread;
  /** All tasks that have ended, also those whose times are not known: the latest ones. */
  done: number;
}

/** @param since when tasks were first handed out in this execution, and @param now, seconds since 1970 */
export function paceOf(
  { perSecond, spread, done }: EndedTasks,
  { since, now, previous }: { since: number; now: number; previous: Pace['previous'] },
): Pace {
  const elapsed = Math.max(0, now - since);
  const doneBefore = countBefore(perSecond, since);
  const recorder = new PaceRecorder();
  let ended = 0;
  for (const [second, tasks] of [...perSecond].sort(([a], [b]) => a - b)) {
    if (second <= since) continue;
    ended += tasks;
    recorder.add(Math.min(elapsed, second - since), ended);
  }
  recorder.add(elapsed, done - doneBefore);
  const { last, moments } = recorder;
  return { elapsed, doneBefore, last, moments, spread, previous };
}

/** Tasks that had ended by then. */
export function countBefore(perSecond: ReadonlyMap<number, number>, at: number): number {
  let count = 0;
  for (const [second, tasks] of perSecond) if (second <= at) count += tasks;
  return count;
}
