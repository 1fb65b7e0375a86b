/** Step Functions' history as events of runs. */
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { expect, test } from '@jest/globals';
import { eventOf } from '../../../../../adapters/aws/step-functions/execution-events.ts';
import { failuresIn } from '../../../../../adapters/aws/step-functions/history-failures.ts';
import { History } from '../../../../../core/run-store/events/history.ts';
import { outcomeOf } from '../../../../../core/run-store/status/outcome.ts';

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

test('failures are told with the state of which they are, and what became of them', () => {
  const chained = (id: number, previousEventId: number, type: string, more: Partial<HistoryEvent> = {}) =>
    event(type, { id, previousEventId, ...more });
  const cause = JSON.stringify({ errorType: 'Throttled', errorMessage: 'too fast', trace: [] });
  const lambdaFunctionFailedEventDetails = { error: 'Throttled', cause };
  const taskFailedEventDetails = {
    ...{ resourceType: 'codebuild', resource: 'startBuild.sync' },
    ...{ error: 'CodeBuild.Failed', cause: 'no compiler' },
  };
  const entered = (name: string) => ({ stateEnteredEventDetails: { name } });
  const history = [
    chained(1, 0, 'ExecutionStarted'),
    chained(2, 1, 'ParallelStateEntered', entered('Prepare')),
    // Two branches, one beside the other.
    chained(3, 2, 'TaskStateEntered', entered('PlanTasks')),
    chained(4, 2, 'TaskStateEntered', entered('BuildImage')),
    chained(5, 3, 'LambdaFunctionScheduled'),
    chained(6, 4, 'TaskScheduled'),
    chained(7, 5, 'LambdaFunctionFailed', { lambdaFunctionFailedEventDetails }),
    chained(8, 6, 'TaskFailed', { taskFailedEventDetails }),
    chained(9, 7, 'LambdaFunctionScheduled'),
    chained(10, 8, 'TaskStateExited', { stateExitedEventDetails: { name: 'BuildImage' } }),
    chained(11, 9, 'LambdaFunctionSucceeded'),
  ];
  expect(history.flatMap((one) => failuresIn(history)(one) ?? [])).toEqual([
    { at, event: 'state-failed', state: 'PlanTasks', error: 'Throttled', cause: 'too fast' },
    { at, event: 'state-failed', state: 'BuildImage', error: 'CodeBuild.Failed', cause: 'no compiler' },
    { at, event: 'state-retried', state: 'PlanTasks' },
    { at, event: 'state-caught', state: 'BuildImage' },
  ]);
  // The entry may be among what was read before.
  expect(history.slice(5).flatMap((one) => failuresIn(history.slice(5))(one) ?? [])).toEqual([
    { at, event: 'state-caught', state: 'BuildImage' },
  ]);
});
