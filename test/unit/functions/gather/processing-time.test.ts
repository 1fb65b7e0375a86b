/** The time in which a run was processed, over any number of interruptions, resumes and retries. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RecordIndex, Status } from '../../../../functions/gather/index-parts.ts';
import { lanesOf, summarise } from '../../../../functions/gather/summarise.ts';
import { figures } from '../../../../functions/report/data/figures.ts';

interface Ran {
  execution: number;
  lane: number;
  start: number;
  end: number;
}

/** The summary of a run whose tasks ended so; `starts` of its executions. */
function summaryOf(tasks: Ran[], starts: number[]) {
  using index = new RecordIndex(tasks.length, { knows: () => false } as never);
  for (const [task, { execution, lane, start, end }] of tasks.entries()) {
    index.status[task] = Status.succeeded;
    index.start[task] = start;
    index.end[task] = end;
    const name = { worker: `w${lane}`, node: 'n', hostname: 'h', ip: '' };
    index.worker[task] = index.workerOf({ event: 'worker', ...name, pid: execution });
  }
  const durations = tasks.map(({ start, end }) => end - start);
  const longest = { name: 'x', seconds: Math.max(0, ...durations) };
  const seen = { shortest: null, longest: tasks.length > 0 ? longest : null, errors: {} } as never;
  return summarise(1, index, lanesOf(index).workers, starts, seen);
}

/** Executions with gaps between them; in each, lanes of tasks one after the other. Which tasks a later one replaced is drawn, too. */
const runs = fc
  .array(
    fc.record({
      gap: fc.double({ min: 0.5, max: 1e5, noNaN: true }),
      wait: fc.double({ min: 0, max: 100, noNaN: true }),
      lanes: fc.array(fc.array(fc.double({ min: 0.001, max: 500, noNaN: true }), { maxLength: 5 }), {
        maxLength: 4,
      }),
      replaced: fc.infiniteStream(fc.boolean()),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((executions) => {
    const tasks: Ran[] = [];
    const starts: number[] = [];
    let clock = 1e9;
    for (const [execution, { gap, wait, lanes, replaced }] of executions.entries()) {
      clock += gap;
      starts.push(clock);
      const began = clock + wait;
      for (const [lane, durations] of lanes.entries()) {
        let at = began;
        for (const seconds of durations) {
          const task = { execution, lane, start: at, end: at + seconds };
          at = task.end;
          clock = Math.max(clock, at);
          const last = execution === executions.length - 1;
          if (last || !replaced.next().value) tasks.push(task);
        }
      }
    }
    return { tasks, starts };
  });

describe('the time in which a run was processed', () => {
  test('is the sum of what each execution took, whatever was replaced', () => {
    fc.assert(
      fc.property(runs, ({ tasks, starts }) => {
        const expected = starts.reduce((sum, _, execution) => {
          const of = tasks.filter((task) => task.execution === execution);
          if (of.length === 0) return sum;
          return sum + Math.max(...of.map(({ end }) => end)) - Math.min(...of.map(({ start }) => start));
        }, 0);
        expect(summaryOf(tasks, starts).parallelSeconds).toBeCloseTo(expected, 3);
      }),
    );
  });

  test('and the shares made of it lie within their bounds, even where the clock was set', () => {
    const step = fc.double({ min: -1e5, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(runs, fc.array(step, { minLength: 6, maxLength: 6 }), ({ tasks, starts }, steps) => {
        const moved = tasks.map((task) => {
          const by = steps[task.execution] as number;
          return { ...task, start: task.start + by, end: task.end + by };
        });
        const from = starts.map((start, execution) => start + (steps[execution] as number));
        const summary = summaryOf(
          moved,
          from.sort((a, b) => a - b),
        );
        const { firstStart, lastEnd, parallelSeconds } = summary;
        expect(parallelSeconds).toBeGreaterThanOrEqual(0);
        if (firstStart !== null && lastEnd !== null)
          expect(parallelSeconds).toBeLessThanOrEqual(lastEnd - firstStart + 1e-3);
        expect(parallelSeconds).toBeGreaterThanOrEqual((summary.longest?.seconds ?? 0) - 1e-3);
        const { utilisation, efficiency } = figures(summary);
        expect(utilisation ?? 0).toBeGreaterThanOrEqual(0);
        expect(utilisation ?? 0).toBeLessThanOrEqual(1);
        expect(efficiency ?? 0).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('a task that was tried again and again does not take the gaps off twice', () => {
    // Three executions began while nothing of theirs is left, before the one that counts.
    const tasks = [
      { execution: 0, lane: 0, start: 10, end: 12 },
      { execution: 3, lane: 0, start: 50, end: 51 },
    ];
    expect(summaryOf(tasks, [9, 20, 30, 49]).parallelSeconds).toBe(3);
  });
});
