/** How often an estimate was right, and how wide it was. */
import { PaceMeter } from '../../../../core/estimate/pace.ts';
import { TimeLeft } from '../../../../core/estimate/time-left.ts';
import { type Repetition, type Scenario, simulate } from './simulated-run.ts';

/** Looks at the run so many times over all of its time. */
const ticks = 1000;

export interface Checked {
  /** For each checkpoint: share of the runs in which something was said. */
  shown: number[];
  /** Share of those whose true end was in the range. */
  coverage: number[];
  /** Medians of the range's width, beside the run's true duration. */
  width: number[];
  /** Medians of high / low. */
  ratio: number[];
}

/** @param checkpoints shares of the true duration, rising */
export function check(scenario: Scenario, runs: number, checkpoints: number[], firstSeed = 1): Checked {
  const outcomes = checkpoints.map(() => ({ held: 0, widths: [] as number[], ratios: [] as number[] }));
  for (let run = 0; run < runs; run++) {
    const { tasks, expected, doneBefore, repetitions } = simulate(scenario, firstSeed + run);
    const duration = repetitions.reduce((sum, { ends }) => sum + (ends.at(-1) as number), 0);
    const estimate = new TimeLeft({
      ...{ tasks, expected, workers: scenario.workers, repetitions: repetitions.length },
    });
    let [repetition, began, done, idle, next, now] = [0, 0, 0, 0, 0, 0];
    const meter = new PaceMeter(() => now);
    meter.start(1, doneBefore);
    for (let tick = 0; next < checkpoints.length; tick++) {
      const time = (tick / ticks) * duration;
      while (time - began > (repetitions[repetition]?.ends.at(-1) as number)) {
        began += repetitions[repetition++]?.ends.at(-1) as number;
        [done, idle, now] = [0, 0, began];
        meter.start(repetition + 1, 0);
      }
      const { ends, idleFrom, durations } = repetitions[repetition] as Repetition;
      for (; done < ends.length && (ends[done] as number) <= time - began; done++) {
        now = began + (ends[done] as number);
        meter.add(durations[done] as number, 1);
      }
      now = time;
      while (idle < idleFrom.length && (idleFrom[idle] as number) <= now - began) idle++;
      if (tick < (checkpoints[next] as number) * ticks) continue;
      const { pace } = meter.of(repetition + 1);
      const busy = scenario.workers - idle;
      const left = pace && estimate.range({ repetition: repetition + 1, busy, pace });
      const outcome = outcomes[next++] as (typeof outcomes)[number];
      const truth = duration - now;
      if (!left) continue;
      if (left.low <= truth && truth <= left.high) outcome.held++;
      outcome.widths.push((left.high - left.low) / duration);
      outcome.ratios.push(left.high / left.low);
    }
  }
  return {
    shown: outcomes.map(({ widths }) => widths.length / runs),
    coverage: outcomes.map(({ held, widths }) => held / Math.max(1, widths.length)),
    width: outcomes.map(({ widths }) => median(widths)),
    ratio: outcomes.map(({ ratios }) => median(ratios)),
  };
}

/** Share of the ranges told at a checkpoint, in all that was checked, that the true end lay in. */
export function heldIn(checked: Checked[], checkpoint: number): number {
  const sum = (values: (result: Checked) => number) =>
    checked.reduce((total, result) => total + values(result), 0);
  const shown = sum((result) => result.shown[checkpoint] as number);
  return (
    sum((result) => (result.coverage[checkpoint] as number) * (result.shown[checkpoint] as number)) / shown
  );
}

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
