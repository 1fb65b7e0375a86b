/** Which state failed, when an event of Step Functions says only that something did: the events are chained. */
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { RunEvent } from '../../../core/run-store/events/events.ts';

type Failure = Extract<
  RunEvent,
  { event: 'state-failed' | 'state-caught' | 'state-retried' | 'state-pending' }
>;

/** What tells of a try that failed, with its error and cause. */
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

/** What a step that has to be asked again fails with: no failure. */
const isPending = (event: HistoryEvent) => detailsOf(event)?.error === 'Pending';

const isFailure = (event: HistoryEvent) =>
  detailsOf(event) !== undefined || /^(Parallel|Map)StateFailed$/.test(event.type ?? '');

/**
 * What a history tells of failures, after the event of which it tells. A state whose entry is not among the events is
 * passed over.
 * @param events of one execution
 */
export function failuresIn(events: Iterable<HistoryEvent>): (event: HistoryEvent) => Failure | undefined {
  const byId = new Map<number, HistoryEvent>();
  for (const event of events) byId.set(event.id ?? 0, event);
  const before = ({ previousEventId = 0 }: HistoryEvent) => byId.get(previousEventId);
  const stateOf = (event: HistoryEvent): string | undefined => {
    // A way through many tries is long, and never goes in circles: ids grow.
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
        return { at, event: 'state-pending', state: state ?? '', detail: sentence(cause) };
      return state === undefined
        ? undefined
        : { at, event: 'state-failed', state, error, cause: sentence(cause) };
    }
    const failed = before(event);
    if (!failed || !isFailure(failed) || isPending(failed)) return undefined;
    const left = event.stateExitedEventDetails?.name;
    if (left !== undefined) return { at, event: 'state-caught', state: left };
    const state = /Scheduled$/.test(event.type ?? '') ? stateOf(event) : undefined;
    return state === undefined ? undefined : { at, event: 'state-retried', state };
  };
}

/** A function's error comes as JSON, of which one field is for people. */
function sentence(cause: string): string {
  try {
    const { errorMessage } = Object(JSON.parse(cause));
    return typeof errorMessage === 'string' ? errorMessage : cause;
  } catch {
    return cause;
  }
}
