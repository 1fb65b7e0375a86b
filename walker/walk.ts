/** Walks a definition on this machine. */
import { StateMachine } from 'aws-local-stepfunctions';
import type { RunEvent } from '../ports/events.ts';
import { type Definition, forEachState } from './definition.ts';
import { isAdded, localise, readerOf } from './localise.ts';

// biome-ignore lint/suspicious/noExplicitAny: a state's input is whatever the definition makes it
type StateFunction = (input: any) => Promise<unknown> | unknown;

type EventLog =
  ReturnType<StateMachine['run']>['eventLogs'] extends AsyncIterable<infer Entry> ? Entry : never;

export interface WalkOptions {
  input: Record<string, unknown>;
  /** What takes the place of each Task state, by its name. */
  tasks: Record<string, StateFunction>;
  /** The items of a Map state with an ItemReader, by its name; gets the reader's Parameters. */
  items: Record<string, (parameters: Record<string, string>) => Promise<unknown[]>>;
  /** Seconds that a Wait state waits, by its name. */
  waits?: Record<string, number>;
  /** Name of the execution, `$$.Execution.Name`. */
  execution?: string;
  /**
   * `none`: a task that fails is not tried again, because what it calls has tried. A number: seconds before each further
   * attempt. As the definition says when absent.
   */
  retries?: 'none' | number;
  onEvent?: (event: RunEvent) => void;
}

/**
 * Walks a definition from its start to its end.
 * @returns the output of the last state
 * @throws the very error that a task's function threw when it is what made the execution fail; an Error with
 * the Fail state's error as its name otherwise
 */
export async function walk(definition: Definition, options: WalkOptions): Promise<unknown> {
  forEachState(definition, (name, state) => {
    if (state.Type === 'Task' && !options.tasks[name]) throw new Error(`no function for state '${name}'`);
    if (state.ItemReader && !options.items[name]) throw new Error(`no items for state '${name}'`);
  });
  const thrown: unknown[] = [];
  const keepError =
    (run: StateFunction): StateFunction =>
    async (input) => {
      try {
        return await run(input);
      } catch (error) {
        thrown.push(error);
        throw error;
      }
    };

  const context = {
    Task: { Token: 'local' },
    Execution: { Name: options.execution ?? 'local' },
    Items: {} as Record<string, unknown[]>,
  };
  const handlers: Record<string, StateFunction> = {};
  for (const [name, run] of Object.entries(options.tasks)) handlers[name] = keepError(run);
  for (const [name, read] of Object.entries(options.items))
    handlers[readerOf(name)] = keepError(async (parameters) => {
      context.Items[name] = await read(parameters);
      return {};
    });

  const machine = new StateMachine(localise(definition, options.retries !== 'none') as never, {
    validationOptions: { noValidate: true },
  });
  const execution = machine.run(options.input as never, {
    overrides: {
      taskResourceLocalHandlers: handlers as never,
      waitTimeOverrides: milliseconds(options.waits ?? {}),
      ...(typeof options.retries === 'number' && {
        retryIntervalOverrides: retryWaits(definition, options.retries),
      }),
    },
    context,
  });
  const events = forward(execution.eventLogs, options.onEvent);
  try {
    return await execution.result;
  } catch (error) {
    throw original(error, thrown);
  } finally {
    await events;
  }
}

/** Milliseconds before each further attempt, for every state that has such. */
function retryWaits(definition: Definition, seconds: number): Record<string, number> {
  const waits: Record<string, number> = {};
  forEachState(definition, (name, state) => {
    if (state.Retry) waits[name] = seconds * 1000;
  });
  return waits;
}

function milliseconds(seconds: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(seconds).map(([name, value]) => [name, value * 1000]));
}

/** The Fail state names the error and its message; the error itself, with its stack, is among those thrown. */
function original(error: unknown, thrown: unknown[]): unknown {
  const failure = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { name, message } = failure as Error;
  return (
    thrown.find((one) => one instanceof Error && one.name === name && one.message === message) ?? failure
  );
}

async function forward(log: AsyncIterable<EventLog>, onEvent: WalkOptions['onEvent']): Promise<void> {
  for await (const entry of log) {
    // Events of a Map's children would be two a batch: the workers tell of those.
    if (!onEvent || !('state' in entry) || entry.index !== undefined || isAdded(entry.state.name)) continue;
    // Decisions take no time, and most of them pass by what this run does not need.
    if (entry.state.type === 'Choice' && entry.type !== 'StateFailed') continue;
    const at = entry.timestamp / 1000;
    const state = entry.state.name;
    if (entry.type === 'StateEntered') onEvent({ at, event: 'state-entered', state, type: entry.state.type });
    else if (entry.type === 'StateExited')
      onEvent({ at, event: 'state-exited', state, type: entry.state.type });
    else if (entry.type === 'StateFailed')
      onEvent({ at, event: 'state-failed', state, error: entry.Error, cause: String(entry.Cause) });
    else if (entry.type === 'StateCaught') onEvent({ at, event: 'state-caught', state });
    else if (entry.type === 'StateRetried') onEvent({ at, event: 'state-retried', state });
  }
}
