/** The history of executions in Step Functions, as events of runs. */
import { type HistoryEvent, paginateGetExecutionHistory, SFNClient } from '@aws-sdk/client-sfn';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import type { ExecutionEvent, ExecutionEvents } from '../../../ports/account/execution-events.ts';
import { sendOptional } from '../client/send.ts';
import { clientSettings } from '../client/settings.ts';
import { executionArnOf } from './executions.ts';
import { failuresIn } from './history-failures.ts';

/** Events of a page: a poll of a running execution needs a few, the first one all. */
const pollPageSize = 50;
const firstPageSize = 1000;

export class SfnEvents implements ExecutionEvents {
  readonly #client: SFNClient;
  readonly #machine: string;

  /** @param options the ARN of the run machine */
  constructor({ access, machine }: { access: AwsAccess; machine: string }) {
    this.#client = new SFNClient(clientSettings(access));
    this.#machine = machine;
  }

  close(): void {
    this.#client.destroy();
  }

  /** Reads from the newest event on, so that only new ones are read. */
  async since(
    execution: string,
    after: number,
    { outputs } = { outputs: true },
  ): Promise<{ last: number; events: ExecutionEvent[] }> {
    const executionArn = executionArnOf(this.#machine, execution);
    const context = {
      action: 'states:GetExecutionHistory',
      arn: executionArn,
      what: `the history of execution ${execution}`,
    };
    const found = (await sendOptional(context, this.#newEvents(executionArn, after, outputs))) ?? [];
    found.sort((a, b) => (a.id ?? 0) - (b.id ?? 0));
    const failureOf = failuresIn(found);
    const eventsOf = (event: HistoryEvent): ExecutionEvent[] => {
      const failure = failureOf(event);
      const own = eventOf(event, execution);
      return [...(failure ? [{ ...failure, output: null }] : []), ...(own ? [own] : [])];
    };
    return { last: found.at(-1)?.id ?? after, events: found.flatMap(eventsOf) };
  }

  async #newEvents(executionArn: string, after: number, outputs: boolean): Promise<HistoryEvent[]> {
    const pageSize = after === 0 ? firstPageSize : pollPageSize;
    const pages = paginateGetExecutionHistory(
      { client: this.#client, pageSize },
      { executionArn, reverseOrder: true, includeExecutionData: outputs },
    );
    const found: HistoryEvent[] = [];
    for await (const { events = [] } of pages) {
      const fresh = events.filter(({ id = 0 }) => id > after);
      found.push(...fresh);
      if (fresh.length < events.length) break;
    }
    return found;
  }
}

/** An event of Step Functions as ours; undefined for those without meaning to a run. */
export function eventOf(event: HistoryEvent, execution: string): ExecutionEvent | undefined {
  const at = (event.timestamp?.getTime() ?? 0) / 1000;
  const [, type = '', how] = /^(\w+?)State(Entered|Exited)$/.exec(event.type ?? '') ?? [];
  if (how === 'Entered' || how === 'Exited') {
    const { name = '' } = event.stateEnteredEventDetails ?? event.stateExitedEventDetails ?? {};
    // Choices take no time, and most of them skip what this run does not need.
    if (type === 'Choice') return undefined;
    const output = event.stateExitedEventDetails?.output ?? null;
    return { at, event: how === 'Entered' ? 'state-entered' : 'state-exited', state: name, type, output };
  }
  const ended = (
    outcome: 'succeeded' | 'failed' | 'interrupted',
    details: { error?: string | undefined; cause?: string | undefined; output?: string | undefined } = {},
  ): ExecutionEvent => ({
    ...{ at, event: 'execution-ended', outcome, output: details.output ?? null },
    ...(details.error !== undefined && { error: details.error }),
    ...(details.cause !== undefined && { cause: details.cause }),
  });
  if (event.type === 'ExecutionStarted') return { at, event: 'execution-started', execution, output: null };
  if (event.type === 'ExecutionSucceeded') return ended('succeeded', event.executionSucceededEventDetails);
  if (event.type === 'ExecutionFailed') return ended('failed', event.executionFailedEventDetails);
  if (event.type === 'ExecutionAborted') return ended('interrupted', event.executionAbortedEventDetails);
  if (event.type === 'ExecutionTimedOut')
    return ended('failed', { error: 'TookTooLong', cause: 'the execution took longer than it may' });
  return undefined;
}
