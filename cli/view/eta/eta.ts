/**
 * How long a run will still take, as a range. The run is imagined some hundred times, from what the plan tells of its
 * tasks and with the rest drawn at random; those imagined runs that went most like the real one so far tell how it may
 * go on.
 */
import type { ExpectedWork } from '../../../core/run-store/plan/plan.ts';
import type { Spread } from '../../../core/run-store/status/run-status.ts';
import { Course, countsOf } from './course.ts';
import { imagine } from './imagine.ts';
import { type Known, Likeness } from './likeness.ts';
import { Pace } from './pace.ts';
import { Random } from './random.ts';
import { quantiles, weigh } from './weigh.ts';
import { type Work, workOf } from './work.ts';

export interface EtaPlan {
  /** Tasks of a repetition. */
  tasks: number;
  expected: ExpectedWork;
  /** Workers that the run was asked to have. */
  workers: number;
  repetitions?: number;
}

export interface Observation {
  /** Seconds, from any moment on. */
  now: number;
  /** Tasks of the repetition that have ended, those of earlier executions counted in. */
  done: number;
  /** Workers that have something to do. */
  busy: number;
  repetition?: number;
  /** How much the durations of tasks that ended in this execution vary, where that is measured. */
  spread?: Spread | undefined;
}

/** Seconds. */
export interface Left {
  low: number;
  high: number;
}

const imaginedRuns = 300;
/** With fewer nothing is said. */
const fewestRuns = 24;
/** Imagined in one call, which is a matter of milliseconds. */
const tasksPerCall = 40_000;
/** A run that is over before this needs its processor for itself, and no estimate. */
const quietSeconds = 1;
/** Share of the imagined runs that may end earlier than the range, and later. Without a history, truth is less like them. */
const outside = { known: 0.04, unknown: 0.03 };
/** For what no imagined run has. A run that ends early disappoints nobody. */
const margin = { low: 1.2, high: 1.05 };
/** After a few tasks, a range so wide says nothing, unless it is short beside what the run took so far. */
const widest = { ratio: 60, ofElapsed: 20, tasks: 10 };
/** Deviations of the logarithm: how well an earlier run tells this one's speed, and an earlier repetition the next one's. */
const trust = { run: 0.3, repetition: 0.15 };

export class Eta {
  readonly #plan: EtaPlan;
  readonly #work: Work;
  #random = new Random(1);
  #courses: Course[] = [];
  #counts: number[] = [];
  #repetition = { number: 0, began: 0, doneBefore: 0 };
  #pace = new Pace();
  #latest: Observation | undefined;
  #known: Known | undefined;

  constructor(plan: EtaPlan) {
    this.#plan = plan;
    this.#work = workOf(plan.tasks, plan.expected, plan.workers);
    if (this.#work.unit) this.#known = { unit: this.#work.unit, deviation: trust.run };
  }

  observe(observation: Observation): void {
    const { now, done, repetition = 1 } = observation;
    if (this.#repetition.number !== repetition) this.#begin(now, done, repetition);
    this.#latest = observation;
    this.#pace.add(now - this.#repetition.began, done - this.#repetition.doneBefore);
    if (now - this.#repetition.began >= quietSeconds || repetition > 1) this.#imagineSome();
  }

  /** Seconds until the last task ends; undefined while nothing useful can be said. */
  left(): Left | undefined {
    const { tasks, repetitions = 1, workers } = this.#plan;
    if (!this.#latest || this.#courses.length < fewestRuns) return undefined;
    const { now, done, busy, spread } = this.#latest;
    const more = repetitions - this.#repetition.number;
    if (done >= tasks && more === 0) return { low: 0, high: 0 };
    const elapsed = now - this.#repetition.began;
    const idle = workers - busy;
    const likeness = new Likeness(this.#pace, this.#known, this.#work.perItem, this.#counts, {
      elapsed,
      busy,
      idle,
      // Of items that are several tasks, the single ones are not imagined.
      spread: this.#work.perItem === 1 ? spread : undefined,
    });
    const ways = this.#courses.flatMap((course) => {
      const like = likeness.of(course);
      if (!like) return [];
      const { unit, unlike } = like;
      return { unlike, value: Math.max(0, unit * course.end - elapsed) + more * unit * course.whole };
    });
    if (ways.length === 0) return undefined;
    const weights = weigh(ways.map(({ unlike }) => unlike));
    const samples = ways.map(({ value }, index) => ({ value, weight: weights[index] as number }));
    const share = this.#work.unit ? outside.known : outside.unknown;
    const [least = 0, most = 0] = quantiles(samples, [share, 1 - share]);
    // What has been silent for a while may stay so for as long again, whatever was expected of it.
    const silence = elapsed - this.#pace.last.at;
    const [low, high] = [least / margin.low, Math.max(most * margin.high, silence)];
    const isVague =
      this.#pace.last.done < widest.tasks &&
      high > widest.ratio * low &&
      high - low > widest.ofElapsed * elapsed;
    return isVague ? undefined : { low, high };
  }

  #begin(now: number, done: number, number: number): void {
    const earlier = this.#repetition;
    const took = now - earlier.began;
    if (number === earlier.number + 1 && this.#courses.length > 0 && took > 0) {
      const ends = this.#courses.map(({ end }) => ({ value: end, weight: 1 }));
      const [usual = 1] = quantiles(ends, [0.5]);
      this.#known = { unit: took / usual, deviation: trust.repetition };
    }
    this.#repetition = { number, began: now, doneBefore: done };
    this.#pace = new Pace();
    this.#counts = countsOf(this.#work.weights.length - this.#doneItems);
    this.#courses = [];
    this.#random = new Random(1);
  }

  get #doneItems(): number {
    const items = Math.round(this.#repetition.doneBefore / this.#work.perItem);
    return Math.min(this.#work.weights.length - 1, items);
  }

  #imagineSome(): void {
    const items = this.#work.weights.length;
    for (let tasks = 0; tasks < tasksPerCall && this.#courses.length < imaginedRuns; tasks += items) {
      const imagined = imagine(this.#work, this.#plan.workers, this.#doneItems, this.#random);
      this.#courses.push(new Course(imagined, this.#counts));
    }
  }
}
