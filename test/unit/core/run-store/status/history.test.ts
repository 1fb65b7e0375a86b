import { describe, expect, test } from '@jest/globals';
import type { RunEvent } from '../../../../../core/run-store/events/events.ts';
import { History } from '../../../../../core/run-store/events/history.ts';
import { outcomeOf } from '../../../../../core/run-store/status/outcome.ts';

const started = (at: number): RunEvent => ({ at, event: 'execution-started', execution: 'one-1' });
const entered = (at: number, state: string): RunEvent => ({
  at,
  event: 'state-entered',
  state,
  type: 'Task',
});
const exited = (at: number, state: string): RunEvent => ({ at, event: 'state-exited', state, type: 'Task' });
const ended = (at: number, outcome: 'succeeded' | 'failed' | 'interrupted', error?: string): RunEvent => ({
  at,
  event: 'execution-ended',
  outcome,
  ...(error && { error, cause: 'why' }),
});

function historyOf(...events: RunEvent[]): History {
  const history = new History();
  for (const event of events) history.take(event);
  return history;
}

describe('the history of a run', () => {
  test('time between executions is no work; a later sign of life belongs to the last', () => {
    const history = historyOf(started(10), entered(12, 'Validate'), started(100), entered(105, 'Validate'));
    expect(history.secondsAtWork()).toBe(7);
    expect(history.secondsAtWork(107)).toBe(9);
    // A clock that was put back.
    expect(history.secondsAtWork(50)).toBe(7);
    expect(historyOf(started(10), exited(4, 'Validate')).secondsAtWork()).toBe(0);
    expect(new History().secondsAtWork(5)).toBe(0);
  });

  test('gathered figures hold until workers are started again', () => {
    const first = [started(0), entered(1, 'StartWorkers'), exited(2, 'Gather'), ended(3, 'interrupted')];
    expect(historyOf(...first).gathered).toBe(true);
    // Taken up, and nothing was done yet.
    expect(historyOf(...first, started(4), entered(5, 'Prepare')).gathered).toBe(true);
    expect(historyOf(...first, started(4), entered(5, 'StartWorkers')).gathered).toBe(false);
    expect(historyOf(...first, started(4), entered(5, 'StartWorkers'), exited(6, 'Salvage')).gathered).toBe(
      true,
    );
  });

  test('an execution that began has no end, however the last one ended', () => {
    expect(historyOf(started(0), ended(1, 'succeeded'), started(2)).end).toBeUndefined();
  });
});

describe('how a run has ended', () => {
  const counts = { succeeded: 3, failed: 0 };

  test.each<[string, RunEvent | undefined, { succeeded: number; failed: number }, string, number]>([
    ['killed', undefined, counts, 'interrupted', 130],
    ['stopped', ended(1, 'interrupted'), counts, 'stopped', 130],
    ['done', ended(1, 'succeeded'), counts, 'done', 0],
    ['done with failures', ended(1, 'succeeded'), { succeeded: 2, failed: 1 }, 'done', 1],
    ['done with tasks lost', ended(1, 'succeeded'), { succeeded: 2, failed: 0 }, 'done', 1],
    ['wrong input', ended(1, 'failed', 'ProjectInvalid'), counts, 'failed', 2],
    ['trouble', ended(1, 'failed', 'WorkersFailed'), counts, 'failed', 3],
    ['a bug', ended(1, 'failed', 'TypeError'), counts, 'failed', 3],
    ['an abstract error', ended(1, 'failed', 'GcdError'), counts, 'failed', 3],
    ['a name of something else', ended(1, 'failed', 'ExitCode'), counts, 'failed', 3],
    ['stopped before its first task', ended(1, 'failed', 'RunInterrupted'), counts, 'stopped', 130],
  ])('%s', (_, end, done, state, exitCode) => {
    const history = historyOf(started(0), ...(end ? [end] : []));
    expect(outcomeOf(history, done, 3)).toMatchObject({ state, exitCode });
  });
});
