/** The way that executions took through the state machine, from the run's events. */
import { type RunEvent, runEvents } from '../../../core/run-store/events/events.ts';
import type { Store } from '../../../core/store.ts';

export interface StateVisit {
  state: string;
  type: string;
  /** How often it was entered. */
  times: number;
  /** Seconds since 1970: first entered, last left; null while it was not left. */
  entered: number;
  left: number | null;
  /** Seconds in which it was open, in one visit or more at once. */
  seconds: number;
  failed: number;
  retried: number;
  caught: number;
}

export interface Trouble {
  at: number;
  state: string;
  error: string;
  cause: string;
}

export interface Execution {
  execution: string;
  started: number;
  /** Time of the last event while it has not ended. */
  ended: number;
  outcome: 'succeeded' | 'failed' | 'interrupted' | undefined;
  error: string | undefined;
  cause: string | undefined;
  /** In order of their first entry. */
  states: StateVisit[];
  /** The first failures of states, and how many there were. */
  troubles: Trouble[];
  troubleCount: number;
}

const mostTroubles = 12;
const mostStates = 60;

/** A state's visit with how many are open, and since when at least one is. */
type Open = StateVisit & { open: number; since: number };

class Walk {
  readonly execution: Execution;
  readonly #states = new Map<string, Open>();

  constructor(execution: string, at: number) {
    this.execution = {
      execution,
      started: at,
      ended: at,
      outcome: undefined,
      error: undefined,
      cause: undefined,
      states: [],
      troubles: [],
      troubleCount: 0,
    };
  }

  take(event: RunEvent): void {
    const { execution } = this;
    execution.ended = event.at;
    switch (event.event) {
      case 'state-entered':
        this.#enter(event.state, event.type, event.at);
        break;
      case 'state-exited':
        this.#leave(event.state, event.at);
        break;
      case 'state-failed':
        this.#fail(event);
        break;
      case 'state-caught':
      case 'state-retried': {
        const state = this.#states.get(event.state);
        if (state) state[event.event === 'state-caught' ? 'caught' : 'retried']++;
        break;
      }
      case 'execution-ended':
        execution.outcome = event.outcome;
        execution.error = event.error;
        execution.cause = event.cause;
    }
  }

  #enter(name: string, type: string, at: number): void {
    const state = this.#states.get(name) ?? this.#first(name, type, at);
    if (!state) return;
    if (state.open++ === 0) state.since = at;
    state.times++;
    state.left = null;
  }

  #first(state: string, type: string, at: number): Open | undefined {
    if (this.#states.size === mostStates) return undefined;
    const counts = { times: 0, open: 0, seconds: 0, failed: 0, retried: 0, caught: 0 };
    const first: Open = { state, type, entered: at, left: null, since: at, ...counts };
    this.#states.set(state, first);
    this.execution.states.push(first);
    return first;
  }

  #leave(name: string, at: number): void {
    const state = this.#states.get(name);
    if (!state || state.open === 0) return;
    if (--state.open > 0) return;
    state.seconds += at - state.since;
    state.left = at;
  }

  #fail({ at, state: name, error, cause }: Extract<RunEvent, { event: 'state-failed' }>): void {
    const state = this.#states.get(name);
    if (state) state.failed++;
    if (this.execution.troubleCount++ < mostTroubles)
      this.execution.troubles.push({ at, state: name, error, cause });
  }
}

/** All executions of a run in order: one, and one more for each time that it was resumed. */
export async function executions(store: Store): Promise<Execution[]> {
  const walks: Walk[] = [];
  for await (const event of runEvents(store)) {
    if (event.event === 'execution-started') walks.push(new Walk(event.execution, event.at));
    walks.at(-1)?.take(event);
  }
  return walks.map((walk) => walk.execution);
}
