/** Brings what Step Functions knows of a run's executions into the run's store, where gathering and reporting read it. */
import { GcdError } from '../../core/errors/errors.ts';
import { claimerOf, keptEnd } from '../../core/run-store/events/events.ts';
import { layout } from '../../core/run-store/layout.ts';
import type { Store } from '../../core/store.ts';
import type { ExecutionEvents } from '../../ports/account/execution-events.ts';

export interface KeepPorts {
  /** The run's store. */
  store: Store;
  events: Pick<ExecutionEvents, 'since'>;
}

/**
 * Keeps the histories of the execution and of those of the run before it, each in a file of its own. One before it
 * whose end was kept is not asked for again, and nothing takes the place of what Step Functions has forgotten.
 * @returns why a history could not be read: a run does without
 */
export async function keepEvents(
  { store, events }: KeepPorts,
  { run, execution }: { run: string; execution: string },
): Promise<string[]> {
  const trouble: string[] = [];
  for (const name of await namesUpTo(store, run, execution)) {
    if (name !== execution && (await keptEnd(store, name))) continue;
    try {
      const history = await events.since(name, 0, { outputs: false });
      if (history.events.length === 0) continue;
      const lines = history.events
        // What a step waited for is of use while it waits.
        .filter(({ event }) => event !== 'state-pending')
        .map(({ output, ...event }) => `${JSON.stringify(event)}\n`);
      await store.write(layout.history(name), lines.join(''));
    } catch (error) {
      if (!(error instanceof GcdError)) throw error;
      trouble.push(`the events of execution ${name} are missing: ${error.message}`);
    }
  }
  return trouble;
}

/** The names of the run's executions, as they were given: `<run>-1`, …; of a scheduled run also the one that claimed it. */
async function namesUpTo(store: Store, run: string, execution: string): Promise<Set<string>> {
  const names = new Set<string>();
  const claimer = await claimerOf(store);
  if (claimer !== undefined) names.add(claimer);
  const number = execution.startsWith(`${run}-`) ? execution.slice(run.length + 1) : '';
  if (/^[1-9]\d{0,3}$/.test(number)) for (let n = 1; n < Number(number); n++) names.add(`${run}-${n}`);
  return names.add(execution);
}
