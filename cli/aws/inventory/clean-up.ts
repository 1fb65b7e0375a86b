/** Starts the clean-up state machine, follows it, and lists what is left. */
import { setTimeout as sleep } from 'node:timers/promises';
import { RunInterrupted } from '../../../core/errors/errors.ts';
import { formatDuration } from '../../../core/format/numbers.ts';
import type { Execution, Executions } from '../../../ports/account/executions.ts';
import type { Inventory } from '../../../ports/account/inventory.ts';
import type { Clock } from '../../../ports/clock.ts';
import { resourceLabel } from './render-inventory.ts';
import { type Found, takeInventory } from './take-inventory.ts';

export interface CleanUpPorts {
  executions: Executions;
  inventory: Inventory;
  clock: Clock;
}

export interface CleanUpRequest {
  /** Null: all clusters and everything else besides the stack. */
  cluster: string | null;
  /** Name of the execution. */
  execution: string;
  /** Inventory before the clean-up. */
  before: Found[];
  print(line: string): void;
  /** Polling interval in milliseconds. */
  pause: number;
  /** Stops following; the clean-up continues. */
  signal: AbortSignal;
}

export interface CleanUpEnd {
  state: Execution['state'];
  /** What still exists. */
  left: Found[];
}

/**
 * Starts the state machine, prints what is deleted, and takes the inventory again after its end.
 * @throws RunInterrupted when `signal` fires
 */
export async function cleanUp(ports: CleanUpPorts, request: CleanUpRequest): Promise<CleanUpEnd> {
  const { executions, clock } = ports;
  const { cluster, execution, before, print, pause, signal } = request;
  const inventory = () => takeInventory(ports)({ cluster });
  const since = clock.now();
  await executions.start('cleanup', execution, { cluster, tearDown: true });
  print(`clean-up ${execution} has started`);
  let known = before;
  for (;;) {
    const found = await executions.find(execution);
    const left = await inventory();
    for (const line of inventoryChanges(known, left))
      print(`${formatDuration(clock.now() - since).padStart(12)}  ${line}`);
    known = left;
    if (found && found.state !== 'running') return { state: found.state, left };
    await sleep(pause, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) throw new RunInterrupted(`clean-up ${execution} continues without this terminal`);
  }
}

const keyOf = ({ kind, name, cluster }: Found): string => `${kind} ${cluster} ${name}`;

/** What changed from one inventory to the next, a line each. */
export function inventoryChanges(before: Found[], now: Found[]): string[] {
  const earlier = new Map(before.map((one) => [keyOf(one), one]));
  const exists = new Set(now.map(keyOf));
  const deleted = before
    .filter((one) => !exists.has(keyOf(one)))
    .map((one) => `deleted: ${resourceLabel(one)}`);
  const deleting = now
    .filter((one) => one.going && !earlier.get(keyOf(one))?.going)
    .map((one) => `being deleted: ${resourceLabel(one)}`);
  const added = now
    .filter((one) => !one.going && !earlier.has(keyOf(one)))
    .map((one) => `also to be deleted: ${resourceLabel(one)}`);
  return [...deleted, ...deleting, ...added];
}
