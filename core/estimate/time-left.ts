/**
 * How long a run will still take, as a range: docs/decisions/17-time-left.md. The plan is simulated some hundred times; the
 * simulated runs that went most like the real one so far say how it may go on. One estimate for the live line, `watch` and
 * `status`: it depends on nothing but the plan and one snapshot of the progress.
 */
import type { ExpectedWork, Plan } from '../run-store/plan/plan.ts';
import type { RunRequest } from '../run-store/request/request.ts';
import type { RunSnapshot } from '../run-store/status/run-status.ts';
import { Likelihood, likelihoodWeights, type Prior, quantiles } from './likelihood.ts';
import type { Pace, TimeRange } from './pace.ts';
import { Random } from './random.ts';
import { simulate, Trajectory, trajectoryCounts } from './simulate.ts';
import { type WorkModel, workModel } from './work-model.ts';

export interface PlannedWork {
  /** Tasks of a repetition. */
  tasks: number;
  /** How the work is spread; evenly when it is not given. */
  expected?: ExpectedWork | undefined;
  /** Workers that the run was asked to have. */
  workers: number;
  repetitions?: number;
}

/** A run's progress at a moment. */
export interface ObservedProgress {
  /** From 1. */
  repetition: number;
  /** Workers that have something to do. */
  busy: number;
  pace: Pace;
}

const evenly: ExpectedWork = { seconds: null, longest: null, curve: [0, 1] };

/** Runs that are simulated: as many as some two million items allow. */
const runs = { most: 300, least: 60, items: 2_000_000 };
/** Fewer say nothing. */
const fewestRuns = 24;
/** A run that is over before this needs its processor for itself, and no estimate. */
const quietSeconds = 1;
/** Share of the simulated runs that may end before the range, and after. Without a history the real run is less like them. */
const outside = { history: 0.04, none: 0.03 };
/** For what no simulated run has. A run that ends early disappoints nobody. */
const margin = { low: 1.2, high: 1.05 };
/** After a few tasks, a range so wide says nothing, unless it is short beside what the run took so far. */
const widest = { ratio: 60, ofElapsed: 20, tasks: 10 };
/** Standard deviations of the logarithm: how well an earlier run tells this one's speed, and a repetition the next one's. */
const trust = { run: 0.3, repetition: 0.15 };

export class TimeLeft {
  readonly #plan: Required<PlannedWork>;
  readonly #work: WorkModel;
  readonly #simulated = new Map<number, Simulations>();

  constructor({ tasks, expected = evenly, workers, repetitions = 1 }: PlannedWork) {
    this.#plan = { tasks, expected, workers: Math.max(1, workers), repetitions };
    this.#work = workModel(tasks, expected, this.#plan.workers);
  }

  /** Simulates up to so many items, so that `range` need not. */
  prepare({ repetition, pace }: ObservedProgress, mostItems: number): void {
    if (!isQuiet(repetition, pace)) this.#simulations(pace.doneBefore, mostItems);
  }

  /**
   * @param mostItems items that may be simulated in this call; for a live line, which asks again
   * @returns how long until the last task ends; undefined while nothing useful can be said
   */
  range(
    { repetition, busy, pace }: ObservedProgress,
    mostItems = Number.POSITIVE_INFINITY,
  ): TimeRange | undefined {
    const { tasks, repetitions } = this.#plan;
    const more = repetitions - repetition;
    if (pace.doneBefore + pace.last.done >= tasks && more <= 0) return { low: 0, high: 0 };
    if (isQuiet(repetition, pace)) return undefined;
    const { counts, trajectories } = this.#simulations(pace.doneBefore, mostItems);
    if (trajectories.length < fewestRuns) return undefined;
    const prior = this.#prior(pace);
    const { tasksPerItem } = this.#work;
    const likelihood = new Likelihood(pace, { prior, busy, tasksPerItem, counts });
    const outcomes = trajectories.flatMap((trajectory) => {
      const likely = likelihood.of(trajectory);
      if (!likely) return [];
      const { unit, deviance } = likely;
      return {
        deviance,
        value: Math.max(0, unit * trajectory.end - pace.elapsed) + more * unit * trajectory.whole,
      };
    });
    return outcomes.length === 0 ? undefined : this.#rangeOf(outcomes, pace);
  }

  #rangeOf(outcomes: { deviance: number; value: number }[], { elapsed, last }: Pace): TimeRange | undefined {
    const weights = likelihoodWeights(outcomes.map(({ deviance }) => deviance));
    const samples = outcomes.map(({ value }, index) => ({ value, weight: weights[index] as number }));
    const share = this.#work.unit ? outside.history : outside.none;
    const [least = 0, most = 0] = quantiles(samples, [share, 1 - share]);
    // After a long time without an end of a task, it may take as long again, whatever was expected.
    const silence = elapsed - last.seconds;
    const [low, high] = [least / margin.low, Math.max(most * margin.high, silence)];
    const isVague =
      last.done < widest.tasks && high > widest.ratio * low && high - low > widest.ofElapsed * elapsed;
    return isVague ? undefined : { low, high };
  }

  /** What is known of the speed before a task has ended. */
  #prior({ previous }: Pace): Prior | undefined {
    if (previous && previous.doneBefore < this.#plan.tasks / 2) {
      const { trajectories } = this.#simulations(previous.doneBefore, Number.POSITIVE_INFINITY);
      const [median = 1] = quantiles(
        trajectories.map(({ end }) => ({ value: end, weight: 1 })),
        [0.5],
      );
      return { unit: previous.seconds / median, deviation: trust.repetition };
    }
    return this.#work.unit ? { unit: this.#work.unit, deviation: trust.run } : undefined;
  }

  /** Simulated runs that begin with so many tasks done; the same ones each time. */
  #simulations(doneBefore: number, mostItems: number): Simulations {
    const { weights, tasksPerItem } = this.#work;
    const items = weights.length;
    const doneItems = Math.min(items - 1, Math.round(doneBefore / tasksPerItem));
    let simulations = this.#simulated.get(doneItems);
    if (!simulations) {
      const counts = trajectoryCounts(items - doneItems);
      simulations = { random: new Random(1), counts, trajectories: [] };
      this.#simulated.set(doneItems, simulations);
    }
    const { random, counts, trajectories } = simulations;
    const wanted = Math.min(runs.most, Math.max(runs.least, Math.floor(runs.items / items)));
    for (let done = 0; done < mostItems && trajectories.length < wanted; done += items)
      trajectories.push(new Trajectory(simulate(this.#work, this.#plan.workers, doneItems, random), counts));
    return simulations;
  }
}

const isQuiet = (repetition: number, { elapsed }: Pace) => repetition === 1 && elapsed < quietSeconds;

interface Simulations {
  random: Random;
  counts: number[];
  trajectories: Trajectory[];
}

/** The same for one snapshot of a run; null when nothing useful can be said, or no task is left. */
export function timeLeftAt(
  { progress }: Pick<RunSnapshot, 'progress'>,
  { tasks, expected }: Pick<Plan, 'tasks' | 'expected'>,
  { workers, repetitions }: Pick<RunRequest, 'workers' | 'repetitions'>,
): TimeRange | null {
  if (!progress?.pace) return null;
  const { repetition, busy, pace } = progress;
  const range = new TimeLeft({ tasks, expected, workers, repetitions }).range({ repetition, busy, pace });
  return range && range.high > 0 ? range : null;
}
