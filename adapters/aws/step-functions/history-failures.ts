/** Which state an event of failure belongs to: Step Functions does not say, but its events are chained. */
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { RunEvent } from '../../../core/run-store/events/events.ts';
import { messageOfCause } from '../client/json-text.ts';

type Failure = Extract<
  RunEvent,
  { event: 'state-failed' | 'state-caught' | 'state-retried' | 'state-pending' }
>;

/** Error and cause of a failed attempt. */
const detailsOf = (event: HistoryEvent) =>
  event.lambdaFunctionFailedEventDetails ??
  event.lambdaFunctionTimedOutEventDetails ??
  event.lambdaFunctionScheduleFailedEventDetails ??
  event.lambdaFunctionStartFailedEventDetails ??
  event.taskFailedEventDetails ??
  event.taskTimedOutEventDetails ??
  event.taskSubmitFailedEventDetails ??
  event.taskStartFailedEventDetails ??
  event.mapRunFailedEventDetails;

/** A polling state that has to be called again fails with this error, which is no failure. */
const isPending = (event: HistoryEvent) => detailsOf(event)?.error === 'Pending';

const isFailure = (event: HistoryEvent) =>
  detailsOf(event) !== undefined || /^(Parallel|Map)StateFailed$/.test(event.type ?? '');

/**
 * Finds the failure that an event tells of. States that were entered before the first of the events are skipped.
 * @param events of one execution
 */
export function failuresIn(events: Iterable<HistoryEvent>): (event: HistoryEvent) => Failure | undefined {
  const byId = new Map<number, HistoryEvent>();
  for (const event of events) byId.set(event.id ?? 0, event);
  const before = ({ previousEventId = 0 }: HistoryEvent) => byId.get(previousEventId);
  const stateOf = (event: HistoryEvent): string | undefined => {
    // A chain of many retries is long, but ends: ids grow.
    for (let at = before(event); at; at = before(at)) {
      if (at.stateEnteredEventDetails) return at.stateEnteredEventDetails.name;
      if (at.stateExitedEventDetails) return undefined;
    }
    return undefined;
  };
  return (event) => {
    const at = (event.timestamp?.getTime() ?? 0) / 1000;
    const details = detailsOf(event);
    if (details) {
      const state = stateOf(event);
      const { error = 'States.TaskFailed', cause = '' } = details;
      if (isPending(event))
        return { at, event: 'state-pending', state: state ?? '', detail: messageOfCause(cause) };
      return state === undefined
        ? undefined
        : { at, event: 'state-failed', state, error, cause: messageOfCause(cause) };
    }
    const failed = before(event);
    if (!failed || !isFailure(failed) || isPending(failed)) return undefined;
    const left = event.stateExitedEventDetails?.name;
    if (left !== undefined) return { at, event: 'state-caught', state: left };
    const state = /Scheduled$/.test(event.type ?? '') ? stateOf(event) : undefined;
    return state === undefined ? undefined : { at, event: 'state-retried', state };
  };
}
