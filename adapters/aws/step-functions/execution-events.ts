/** The history of executions in Step Functions, as events of runs. */
import { GetExecutionHistoryCommand, type HistoryEvent, SFNClient } from '@aws-sdk/client-sfn';
import type { ExecutionEvent, ExecutionEvents } from '../../../ports/account/execution-events.ts';
import { translated } from '../client/errors.ts';
import { clientSettings } from '../client/settings.ts';
import type { AwsAccess } from '../s3/client.ts';
import { failuresIn } from './history-failures.ts';

/** Events of a page: a look at a run that goes on needs a few, the first look at an old one all. */
const few = 50;
const many = 1000;

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

  /** Read from the newest on, so that only what is new is read. */
  async since(
    execution: string,
    after: number,
    { outputs } = { outputs: true },
  ): Promise<{ last: number; events: ExecutionEvent[] }> {
    const found: HistoryEvent[] = [];
    let nextToken: string | undefined;
    do {
      const page = await this.#page(execution, { maxResults: after === 0 ? many : few, outputs, nextToken });
      const fresh = page.events.filter(({ id = 0 }) => id > after);
      found.push(...fresh);
      nextToken = fresh.length < page.events.length ? undefined : page.nextToken;
    } while (nextToken !== undefined);
    found.sort((a, b) => (a.id ?? 0) - (b.id ?? 0));
    const failureOf = failuresIn(found);
    const told = (event: HistoryEvent): ExecutionEvent[] => {
      const failure = failureOf(event);
      const own = eventOf(event, execution);
      return [...(failure ? [{ ...failure, output: null }] : []), ...(own ? [own] : [])];
    };
    return { last: found.at(-1)?.id ?? after, events: found.flatMap(told) };
  }

  async #page(
    execution: string,
    {
      maxResults,
      outputs,
      nextToken,
    }: { maxResults: number; outputs: boolean; nextToken: string | undefined },
  ) {
    const executionArn = `${this.#machine.replace(':stateMachine:', ':execution:')}:${execution}`;
    try {
      const { events = [], nextToken: next } = await this.#client.send(
        new GetExecutionHistoryCommand({
          ...{ executionArn, maxResults, reverseOrder: true, includeExecutionData: outputs },
          ...(nextToken !== undefined && { nextToken }),
        }),
      );
      return { events, nextToken: next };
    } catch (error) {
      if ((error as { name?: string }).name === 'ExecutionDoesNotExist')
        return { events: [], nextToken: undefined };
      throw translated(error, {
        action: 'states:GetExecutionHistory',
        arn: executionArn,
        what: `the history of execution ${execution}`,
      });
    }
  }
}

/** One of Step Functions as ours; undefined for those that tell nothing. */
export function eventOf(event: HistoryEvent, execution: string): ExecutionEvent | undefined {
  const at = (event.timestamp?.getTime() ?? 0) / 1000;
  const [, type = '', how] = /^(\w+?)State(Entered|Exited)$/.exec(event.type ?? '') ?? [];
  if (how === 'Entered' || how === 'Exited') {
    const { name = '' } = event.stateEnteredEventDetails ?? event.stateExitedEventDetails ?? {};
    // Decisions take no time, and most of them pass by what this run does not need.
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
