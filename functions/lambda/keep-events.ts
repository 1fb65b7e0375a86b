/** Copies the event histories of a run's executions from Step Functions into the run's store, for Gather and Report. */
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
 * Stores the histories of this execution and of the run's earlier ones, a file each. Earlier ones that are stored up to
 * their end are skipped. What Step Functions no longer keeps is missing.
 * @returns why a history could not be read: no failure of the run
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
        // What a step waits for matters only while it waits.
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

/** Names of the run's executions: `<run>-1`, …; of a scheduled run also the one that claimed it. */
async function namesUpTo(store: Store, run: string, execution: string): Promise<Set<string>> {
  const names = new Set<string>();
  const claimer = await claimerOf(store);
  if (claimer !== undefined) names.add(claimer);
  const number = execution.startsWith(`${run}-`) ? execution.slice(run.length + 1) : '';
  if (/^[1-9]\d{0,3}$/.test(number)) for (let n = 1; n < Number(number); n++) names.add(`${run}-${n}`);
  return names.add(execution);
}
