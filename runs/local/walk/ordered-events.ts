/** Tells of what happens in a walk, in its order. */
import type { StateMachine } from 'aws-local-stepfunctions';
import type { RunEvent } from '../../../core/run-store/events/events.ts';
import type { Definition } from './definition.ts';
import { HistorySize } from './history-size.ts';
import { isAdded } from './rewrite-definition.ts';

type EventLog =
  ReturnType<StateMachine['run']>['eventLogs'] extends AsyncIterable<infer Entry> ? Entry : never;

interface Told {
  event: RunEvent;
  state: string;
  /** Whether the state is over, and with it all that is inside. */
  ends: boolean;
}

/**
 * The interpreter hands on what happens inside of a Parallel some steps later than what happens outside of it: events are
 * held until none can be on its way any more, and each is told before the end of what it is inside of.
 */
export class OrderedEvents {
  /** What Step Functions would keep of it. */
  readonly size: HistorySize;
  readonly #inside: Map<string, Set<string>>;
  readonly #onEvent: ((event: RunEvent) => void) | undefined;
  #held: Told[] = [];
  #telling: NodeJS.Immediate | undefined;

  constructor(definition: Definition, onEvent: ((event: RunEvent) => void) | undefined) {
    this.size = new HistorySize(definition);
    this.#inside = containersOf(definition);
    this.#onEvent = onEvent;
  }

  /** To the end of the execution, all of it told. */
  async follow(log: AsyncIterable<EventLog>): Promise<void> {
    for await (const entry of log) {
      this.size.take(entry);
      // Events of a Map's children would be two a batch: the workers tell of those.
      if (!this.#onEvent || !('state' in entry) || entry.index !== undefined) continue;
      // Decisions take no time, and most of them pass by what this run does not need.
      if (entry.state.type === 'Choice' && entry.type !== 'StateFailed') continue;
      const event = isAdded(entry.state.name) ? undefined : eventOf(entry);
      if (event) this.#hold(event, entry.state.name, /^State(Exited|Failed)$/.test(entry.type));
    }
    await this.tellAll();
  }

  /** What has happened so far. */
  async tellAll(): Promise<void> {
    if (!this.#onEvent) return;
    // The interpreter hands events on without waiting for anything.
    await new Promise(setImmediate);
    this.#tell();
  }

  #hold(event: RunEvent, state: string, ends: boolean): void {
    const over = this.#held.findIndex((one) => one.ends && this.#inside.get(state)?.has(one.state));
    this.#held.splice(over === -1 ? this.#held.length : over, 0, { event, state, ends });
    this.#telling ??= setImmediate(() => this.#tell());
  }

  #tell(): void {
    if (this.#telling) clearImmediate(this.#telling);
    this.#telling = undefined;
    for (const { event } of this.#held.splice(0)) this.#onEvent?.(event);
  }
}

/** For each state, the Parallel and Map states that it is inside of. */
function containersOf(definition: Definition, outside: string[] = []): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const [name, state] of Object.entries(definition.States)) {
    found.set(name, new Set(outside));
    for (const inner of [...(state.Branches ?? []), ...(state.ItemProcessor ? [state.ItemProcessor] : [])])
      for (const [below, containers] of containersOf(inner, [...outside, name])) found.set(below, containers);
  }
  return found;
}

function eventOf(entry: Extract<EventLog, { state: unknown }>): RunEvent | undefined {
  const at = entry.timestamp / 1000;
  const state = entry.state.name;
  // Asked again and again, a step that waits has not failed: whoever runs it is told for what by the step.
  if (entry.type === 'StateFailed' && entry.Error === 'Pending') return undefined;
  if (entry.type === 'StateRetried' && entry.retry.retrier.ErrorEquals.includes('Pending')) return undefined;
  if (entry.type === 'StateEntered') return { at, event: 'state-entered', state, type: entry.state.type };
  if (entry.type === 'StateExited') return { at, event: 'state-exited', state, type: entry.state.type };
  if (entry.type === 'StateFailed')
    return { at, event: 'state-failed', state, error: entry.Error, cause: String(entry.Cause) };
  if (entry.type === 'StateCaught') return { at, event: 'state-caught', state };
  if (entry.type === 'StateRetried') return { at, event: 'state-retried', state };
  return undefined;
}
