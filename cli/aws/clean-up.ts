/** A clean-up on AWS, from its start to its end, and what it has left. */
import { setTimeout as sleep } from 'node:timers/promises';
import { RunInterrupted } from '../../core/errors/errors.ts';
import type { Execution, Executions } from '../../ports/account/executions.ts';
import type { Inventory } from '../../ports/account/inventory.ts';
import type { Clock } from '../../ports/clock.ts';
import { seconds } from '../view/units.ts';
import { thing } from './found-lines.ts';
import { type Found, takeInventory } from './take-inventory.ts';

export interface CleanUpPorts {
  executions: Executions;
  inventory: Inventory;
  clock: Clock;
}

export interface CleanUpAsked {
  /** Null: everything. */
  cluster: string | null;
  /** Name of the execution. */
  execution: string;
  /** What was there before. */
  before: Found[];
  print(line: string): void;
  /** Milliseconds between two looks. */
  pause: number;
  /** Ends the following, not the clean-up. */
  signal: AbortSignal;
}

export interface CleanUpEnd {
  state: Execution['state'];
  /** What there still is. */
  left: Found[];
}

/**
 * Starts the state machine of clean-ups, tells what goes, and looks for itself when that is through.
 * @throws RunInterrupted when the following was ended
 */
export async function cleanUp(ports: CleanUpPorts, asked: CleanUpAsked): Promise<CleanUpEnd> {
  const { executions, clock } = ports;
  const { cluster, execution, before, print, pause, signal } = asked;
  const look = () => takeInventory(ports)({ cluster });
  const since = clock.now();
  await executions.start('cleanup', execution, { cluster, tearDown: true });
  print(`clean-up ${execution} has begun`);
  let known = before;
  for (;;) {
    const found = await executions.find(execution);
    const left = await look();
    for (const line of news(known, left)) print(`${seconds(clock.now() - since).padStart(12)}  ${line}`);
    known = left;
    if (found && found.state !== 'running') return { state: found.state, left };
    await sleep(pause, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) throw new RunInterrupted(`clean-up ${execution} goes on without this terminal`);
  }
}

const keyOf = ({ kind, name, cluster }: Found): string => `${kind} ${cluster} ${name}`;

/** What has changed from one look to the next. */
export function news(before: Found[], now: Found[]): string[] {
  const then = new Map(before.map((one) => [keyOf(one), one]));
  const there = new Set(now.map(keyOf));
  const gone = before.filter((one) => !there.has(keyOf(one))).map((one) => `removed: ${thing(one)}`);
  const going = now
    .filter((one) => one.going && !then.get(keyOf(one))?.going)
    .map((one) => `being removed: ${thing(one)}`);
  const come = now
    .filter((one) => !one.going && !then.has(keyOf(one)))
    .map((one) => `also to be removed: ${thing(one)}`);
  return [...gone, ...going, ...come];
}
