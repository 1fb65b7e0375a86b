/** Turns a definition into one that the interpreter walks as Step Functions would. */
import type { Definition, State } from './definition.ts';

/** What the name of a state that reads a Map's items ends with. */
const readerSuffix = ' (items)';

/** The state that reads the items of this Map state. */
export const readerOf = (map: string): string => `${map}${readerSuffix}`;
/** Whether the walker added this state. */
export const isAdded = (state: string): boolean => state.endsWith(readerSuffix);

/**
 * The interpreter gives a task 60 s where AWS gives it 99,999,999; a longer timer than this overflows and
 * fires at once. 24 days.
 */
const longestTimeout = 2_147_483;

/**
 * - A Map with an ItemReader gets a task state before it, `<name> (items)`, that reads the items into the
 *   context; the Map takes them from there. Its ResultWriter is left out: children return nothing.
 * - Tasks get the timeouts that they would have on AWS, as long as a timer can be. One that each item brings is for
 *   what may be lost far away: here its end is seen.
 * @param retries whether tasks that fail are tried again; those that are pending are asked again in any case
 */
export function rewriteDefinition(definition: Definition, retries = true): Definition {
  const whole = (state: State) => withTimeout(retries ? state : onlyPending(state));
  const readers = new Map<string, State>();
  for (const [name, state] of Object.entries(definition.States)) {
    if (!state.ItemReader) continue;
    const reader = state.ItemReader as { Resource: string; Parameters: unknown };
    const { Resource, Parameters } = reader;
    const { Catch } = state;
    readers.set(name, {
      Type: 'Task',
      Resource,
      Parameters,
      ResultPath: null,
      Next: name,
      ...(Catch && { Catch }),
    });
  }
  const target = <Name extends string | undefined>(name: Name) =>
    (name !== undefined && readers.has(name) ? readerOf(name) : name) as Name;

  const states: Record<string, State> = {};
  for (const [name, state] of Object.entries(definition.States)) {
    const reader = readers.get(name);
    if (reader) states[readerOf(name)] = whole(reader);
    states[name] = whole({
      ...state,
      ...(state.Next && { Next: target(state.Next) }),
      ...(state.Default && { Default: target(state.Default) }),
      ...(state.Choices && {
        Choices: state.Choices.map((rule) => ({ ...rule, Next: target(rule.Next as string) })),
      }),
      ...(state.Catch && { Catch: state.Catch.map((rule) => ({ ...rule, Next: target(rule.Next) })) }),
      ...(state.Branches && { Branches: state.Branches.map((branch) => rewriteDefinition(branch, retries)) }),
      ...(state.ItemProcessor && { ItemProcessor: rewriteDefinition(state.ItemProcessor, retries) }),
      ...(reader && { ItemReader: undefined, ResultWriter: undefined, ItemsPath: `$$.Items['${name}']` }),
    });
  }
  return { ...definition, StartAt: target(definition.StartAt), States: states };
}

function onlyPending({ Retry, ...state }: State): State {
  const pending = ((Retry ?? []) as { ErrorEquals: string[] }[]).filter(
    ({ ErrorEquals }) => ErrorEquals.join() === 'Pending',
  );
  return { ...state, ...(pending.length > 0 && { Retry: pending }) } as State;
}

function withTimeout({ TimeoutSecondsPath: _, ...rest }: State): State {
  const state = rest as State;
  if (state.Type !== 'Task') return state;
  const seconds = (state.TimeoutSeconds as number | undefined) ?? longestTimeout;
  return { ...state, TimeoutSeconds: Math.min(seconds, longestTimeout) };
}
