/** Walks a definition on this machine. */
import { StateMachine } from 'aws-local-stepfunctions';
import { Pending } from '../../../core/errors/errors.ts';
import type { RunEvent } from '../../../core/run-store/events/events.ts';
import { settled } from '../../../core/step.ts';
import { type Definition, forEachState } from './definition.ts';
import { OrderedEvents } from './ordered-events.ts';
import { readerOf, rewriteDefinition } from './rewrite-definition.ts';

// biome-ignore lint/suspicious/noExplicitAny: a state's input is whatever the definition makes it
type StateFunction = (input: any) => Promise<unknown> | unknown;

export interface WalkOptions {
  input: Record<string, unknown>;
  /** What takes the place of each Task state, by its name. */
  tasks: Record<string, StateFunction>;
  /** The items of a Map state with an ItemReader, by its name; gets the reader's Parameters. */
  items: Record<string, (parameters: Record<string, string>) => Promise<unknown[]>>;
  /** Seconds between two looks at a step that is pending, by its name; as the definition says when absent. */
  looks?: Record<string, number>;
  /** The time, in seconds since 1970: what a step gets for the time at which its state was entered. */
  now?: () => number;
  /** Name of the execution, `$$.Execution.Name`. */
  execution?: string;
  /**
   * `none`: a task that fails is not tried again, because what it calls has tried. A number: seconds before each further
   * attempt. As the definition says when absent.
   */
  retries?: 'none' | number;
  onEvent?: (event: RunEvent) => void;
  /** Told in the end how many events Step Functions would have kept. */
  onHistory?: (events: number) => void;
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
  const events = new OrderedEvents(definition, options.onEvent);
  const inMaps = mapped(definition);
  const now = options.now ?? (() => Date.now() / 1000);
  const since = new Map<string, number>();
  let inMapsAsked = 0;
  const asked =
    (name: string, run: StateFunction): StateFunction =>
    async (input) => {
      if (!since.has(name)) since.set(name, now());
      if (!inMaps.has(name)) await events.tellAll();
      else if (++inMapsAsked % askedInATurn === 0) await new Promise(setImmediate);
      try {
        const answer = settled(await run(withTime(input, since.get(name) as number)));
        since.delete(name);
        return answer;
      } catch (error) {
        if (!(error instanceof Pending)) thrown.push(error);
        throw error;
      }
    };

  const context = {
    Task: { Token: 'local' },
    State: { EnteredTime: enteredTime },
    Execution: { Name: options.execution ?? 'local' },
    Items: {} as Record<string, unknown[]>,
  };
  const handlers: Record<string, StateFunction> = {};
  for (const [name, run] of Object.entries(options.tasks)) handlers[name] = asked(name, run);
  for (const [name, read] of Object.entries(options.items))
    handlers[readerOf(name)] = asked(readerOf(name), async (parameters) => {
      context.Items[name] = await read(parameters);
      return {};
    });

  const machine = new StateMachine(rewriteDefinition(definition, options.retries !== 'none') as never, {
    validationOptions: { noValidate: true },
  });
  const execution = machine.run(options.input as never, {
    overrides: {
      taskResourceLocalHandlers: handlers as never,
      retryIntervalOverrides: {
        ...(typeof options.retries === 'number' && retryWaits(definition, options.retries)),
        ...milliseconds(options.looks ?? {}),
      },
    },
    context,
  });
  const telling = events.follow(execution.eventLogs);
  try {
    return await execution.result;
  } catch (error) {
    throw original(error, thrown);
  } finally {
    await telling;
    options.onHistory?.(events.size.events);
  }
}

/**
 * Of a Map's tasks that answer at once, so many go by before the log is read to its end: where it falls behind, the
 * interpreter's list of events grows with the items, and so does the time to take one from it.
 */
const askedInATurn = 64;

/** Stands for the time at which a state was entered, which the interpreter does not know. */
const enteredTime = '(the time at which the state was entered)';

/** A step's input with that time, in seconds since 1970, as stages take it. */
function withTime(input: unknown, at: number): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => [key, value === enteredTime ? at : value]),
  );
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

/** The states that a Map runs for each of its items. */
function mapped(definition: Definition): Set<string> {
  const found = new Set<string>();
  forEachState(definition, (_, { ItemProcessor }) => {
    if (ItemProcessor) forEachState(ItemProcessor, (name) => found.add(name));
  });
  return found;
}
