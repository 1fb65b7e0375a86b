/** Histories as AWS writes them are told as what happened in the run. */
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { expect, test } from '@jest/globals';
import { eventOf } from '../../../adapters/aws/step-functions/execution-events.ts';
import { failuresIn } from '../../../adapters/aws/step-functions/history-failures.ts';
import { histories, type Step } from '../../support/aws/recorded-answers.ts';

/** As SfnEvents tells them, shortened to what and of which state. */
function told(steps: readonly Step[]): string[] {
  const events = steps.map(
    ([id, previousEventId, type, details = {}]): HistoryEvent =>
      ({ id, previousEventId, type, timestamp: new Date(id * 1000), ...details }) as HistoryEvent,
  );
  const failureOf = failuresIn(events);
  return events.flatMap((event) =>
    [failureOf(event), eventOf(event, 'one-1')]
      .filter((one) => one !== undefined)
      .map((one) => {
        const {
          event: what,
          state = '',
          error = '',
          outcome = '',
        } = one as unknown as Record<string, string>;
        return [what, state, error, outcome].filter(Boolean).join(' ');
      }),
  );
}

test.each([
  [
    'heartbeatMissed',
    [
      'execution-started',
      'state-entered SendMessageWithWait',
      'state-failed SendMessageWithWait States.Timeout',
      'execution-ended States.Timeout failed',
    ],
  ],
  [
    'mapRunFailed',
    [
      'execution-started',
      'state-entered MapState',
      'state-failed MapState States.ItemReaderFailed',
      'execution-ended States.ItemReaderFailed failed',
    ],
  ],
  [
    'lambdaRetried',
    [
      'execution-started',
      'state-entered LambdaTask',
      'state-failed LambdaTask Exception',
      'state-retried LambdaTask',
      'state-exited LambdaTask',
      'execution-ended succeeded',
    ],
  ],
  [
    'branchCaught',
    [
      'execution-started',
      'state-entered ParallelJob',
      'state-entered SendMessageWithWait',
      'state-failed SendMessageWithWait States.TaskFailed',
      'state-caught ParallelJob',
      'state-exited ParallelJob',
      'state-entered CaughtStatesALL',
      'state-exited CaughtStatesALL',
      'execution-ended succeeded',
    ],
  ],
] as const)('%s', (name, expected) => {
  expect(told(histories[name].value as unknown as Step[])).toEqual(expected);
});
