/**
 * How many events Step Functions would keep of a walk: it ends an execution with 25,000 of them, where no Catch sees it
 * (docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html). What is kept was read off histories recorded from
 * AWS: github.com/localstack/localstack, tests/aws/services/stepfunctions/v2/, scenarios/test_base_scenarios.snapshot.json
 * (Parallel, Distributed Map), error_handling/test_task_service_sqs.snapshot.json and
 * error_handling/test_task_lambda.snapshot.json (an attempt of a Task).
 */
import type { StateMachine } from 'aws-local-stepfunctions';
import { type Definition, forEachState, type State } from './definition.ts';
import { isAdded } from './rewrite-definition.ts';

type EventLog =
  ReturnType<StateMachine['run']>['eventLogs'] extends AsyncIterable<infer Entry> ? Entry : never;

export const mostEvents = 25_000;

/** Events of one attempt at a state, between that it is entered and that it is left. */
export function eventsOfAttempt({ Type, Resource, ItemProcessor }: State): number {
  // Scheduled, Started, and Succeeded, Failed or TimedOut; what is waited for is Submitted besides.
  if (Type === 'Task') return /\.(sync|waitForTaskToken)$/.test(String(Resource)) ? 4 : 3;
  if (Type === 'Parallel') return 2;
  if (Type !== 'Map') return 0;
  // MapStateStarted, MapRunStarted, and how both ended; its children have histories of their own.
  const { Mode } = (ItemProcessor?.ProcessorConfig ?? {}) as { Mode?: string };
  return Mode === 'DISTRIBUTED' ? 4 : 2;
}

/** Counts what a walk's log tells of. */
export class HistorySize {
  readonly #states = new Map<string, State>();
  /** ExecutionStarted, and how it ended. */
  #events = 2;

  constructor(definition: Definition) {
    forEachState(definition, (name, state) => this.#states.set(name, state));
  }

  get events(): number {
    return this.#events;
  }

  take(entry: EventLog): void {
    if (!('state' in entry) || entry.index !== undefined || isAdded(entry.state.name)) return;
    const state = this.#states.get(entry.state.name);
    if (!state) return;
    if (entry.type === 'StateEntered') this.#events += 1 + eventsOfAttempt(state);
    // A state that fails in the end has no other attempt, and may not be left: counted as if it were.
    else if (entry.type === 'StateRetried') this.#events += eventsOfAttempt(state);
    else if (entry.type === 'StateExited') this.#events += 1;
  }
}
