/** Step Functions' history as events of runs. */
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { expect, test } from '@jest/globals';
import { eventOf } from '../../../../adapters/aws/sfn-events.ts';
import { History } from '../../../../functions/status/history.ts';
import { outcomeOf } from '../../../../functions/status/outcome.ts';

const at = 1_800_000_000;
const event = (type: string, more: Partial<HistoryEvent> = {}): HistoryEvent =>
  ({ type, id: 1, timestamp: new Date(at * 1000), ...more }) as HistoryEvent;
const counts = { succeeded: 1, failed: 0 };

test.each<[HistoryEvent, object]>([
  [event('ExecutionStarted'), { at, event: 'execution-started', execution: 'r-1', output: null }],
  [
    event('TaskStateEntered', { stateEnteredEventDetails: { name: 'PlanTasks' } }),
    { at, event: 'state-entered', state: 'PlanTasks', type: 'Task', output: null },
  ],
  [
    event('WaitStateExited', { stateExitedEventDetails: { name: 'WaitForNodes', output: '{}' } }),
    { at, event: 'state-exited', state: 'WaitForNodes', type: 'Wait', output: '{}' },
  ],
])('%j is told', (given, told) => {
  expect(eventOf(given, 'r-1')).toEqual(told);
});

test.each([
  'ChoiceStateEntered',
  'ChoiceStateExited',
  'LambdaFunctionScheduled',
  'TaskSubmitted',
  'MapRunStarted',
])('%s tells nothing', (type) => {
  expect(eventOf(event(type, { stateEnteredEventDetails: { name: 'x' } }), 'r-1')).toBeUndefined();
});

test.each<[HistoryEvent, string, number]>([
  [event('ExecutionSucceeded', { executionSucceededEventDetails: { output: '{}' } }), 'done', 0],
  [event('ExecutionAborted', { executionAbortedEventDetails: {} }), 'stopped', 130],
  [
    event('ExecutionFailed', { executionFailedEventDetails: { error: 'UsageError', cause: 'no such file' } }),
    'failed',
    2,
  ],
  [
    event('ExecutionFailed', { executionFailedEventDetails: { error: 'States.Runtime', cause: '' } }),
    'failed',
    3,
  ],
  [event('ExecutionTimedOut'), 'failed', 3],
])('an execution that ends with %j', (given, state, exitCode) => {
  const history = new History();
  const told = eventOf(given, 'r-1');
  if (told) history.take(told);
  expect(outcomeOf(history, counts, 1)).toMatchObject({ state, exitCode });
});
