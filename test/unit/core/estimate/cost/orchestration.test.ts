/**
 * What a run's orchestration costs beside its machines, from calls that are counted: of the definition's own states, the
 * planner's own batches, and an agent that keeps to its own pace.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { cutBatches } from '../../../../../core/estimate/batches.ts';
import { callsHourly, callsOnce } from '../../../../../core/estimate/cost/request-cost.ts';
import { batchLimits } from '../../../../../functions/plan/tasks/batch-limits.ts';
import { packageRoot } from '../../../../support/cli/project.ts';
import { MemoryPrices } from '../../../../support/memory-aws/prices.ts';

// Globals are slow to reach where modules run in a context of their own, as under test.
const { ceil, floor, max, min } = Math;
const never = Number.POSITIVE_INFINITY;

const slots = 400;
const tasks = 1_000_000;
/** Two workers to a machine of two vCPUs. */
const prices = await new MemoryPrices().list('us-west-2', 'm6i.large', false);
const workerHour = prices.instanceHour / 2;

type Pace = Record<'slice' | 'flush' | 'renew' | 'control' | 'state' | 'calm' | 'poll', number>;
const pace: Pace = JSON.parse(
  execFileSync('python3', ['-c', 'import json, environment; print(json.dumps(environment.PACE))'], {
    cwd: join(packageRoot, 'worker/gcd_worker/agent'),
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  }).toString(),
);

interface State {
  Type: string;
  Next?: string;
  Default?: string;
  Choices?: { Next: string }[];
  Branches?: Machine[];
  ItemProcessor?: Machine;
}
interface Machine {
  StartAt: string;
  States: Record<string, State>;
}

/** States that an execution of one batch enters: for each offer, and besides. */
function statesOfBatch(): { offer: number; end: number } {
  const text = readFileSync(join(packageRoot, 'state-machines/run.asl.yaml'), 'utf8');
  const child = childOf(parse(text, { merge: true }));
  if (!child) throw new Error('no Map was found');
  const path: string[] = [];
  for (let at: string | undefined = child.StartAt; at !== undefined; ) {
    path.push(at);
    const { Type, Next, Default }: State = child.States[at] as State;
    at = Type === 'Choice' ? Default : Next;
  }
  const last = path.findLastIndex((name) => child.States[name]?.Type === 'Choice');
  return { offer: last + 1, end: path.length - last - 1 };
}

function childOf({ States }: Machine): Machine | undefined {
  for (const { ItemProcessor, Branches = [] } of Object.values(States)) {
    const found = ItemProcessor ?? Branches.map(childOf).find(Boolean);
    if (found) return found;
  }
  return undefined;
}

const states = statesOfBatch();

/** Writes of a state or a log in so many seconds of a worker's life. */
function writesIn(seconds: number): number {
  let count = 0;
  for (let at = 0; at < seconds; count++) at += max(pace.state, min(pace.calm, at / 10));
  return count;
}

/** Whoever is free first has it: `free`, times at which workers are, is a heap. */
function takenByFirst(free: Float64Array, seconds: number) {
  const at = (place: number) => free[place] ?? never;
  const until = at(0) + seconds;
  let place = 0;
  for (;;) {
    const left = 2 * place + 1;
    const child = at(left + 1) < at(left) ? left + 1 : left;
    if (at(child) >= until) break;
    free[place] = at(child);
    place = child;
  }
  free[place] = until;
}

/** All calls of a run of equal tasks, and its batches. */
function count(seconds: number, known: boolean) {
  const weights = new Float64Array(tasks).fill(known ? seconds : 1);
  const order = Uint32Array.from(weights, (_, index) => index);
  const total = tasks * (known ? seconds : 1);
  const limits = batchLimits('eks', slots, { total, tasks, known });
  const calls = { transitions: 0, queue: 0, writes: 0, reads: 0 };
  const free = new Float64Array(slots);
  let batches = 0;
  const aSlice = ceil(pace.slice / seconds);
  const aPart = ceil(pace.flush / seconds);
  for (const [start, end] of cutBatches(order, weights, new Uint8Array(tasks), limits)) {
    batches++;
    const lasting = (end - start) * seconds;
    takenByFirst(free, lasting);
    calls.transitions += 1 + states.end;
    let parts = 0;
    for (let left = end - start; left > 0; left -= aSlice) {
      const done = min(left, aSlice);
      const lasts = done * seconds;
      calls.transitions += states.offer;
      calls.queue += 3 + floor(lasts / pace.renew);
      // Its tasks, parts that are there, and a look for a stop, before and while it works.
      calls.reads += 2 + parts + floor(lasts / pace.control);
      const written = floor(done / aPart) + (done % aPart > 0 ? 1 : 0);
      parts += written;
      calls.writes += 1 + written;
    }
  }
  const makespan = free.reduce((a, b) => max(a, b));
  calls.writes += 2 * slots * writesIn(makespan);
  calls.reads += 3 * slots;
  for (const ended of free) calls.queue += (makespan - ended) / pace.poll;
  const dollars =
    calls.transitions * prices.transition +
    calls.queue * prices.queueRequest +
    (calls.writes + 0.08 * calls.reads) * prices.storeWrite;
  return { batches, makespan, total: tasks * seconds, dollars };
}

const lengths = [1, 10, 60, 300, 3600];

const done = new Map<string, ReturnType<typeof count>>();
const counted = (seconds: number, known: boolean) => {
  const name = `${seconds} ${known}`;
  const found = done.get(name) ?? count(seconds, known);
  done.set(name, found);
  return found;
};

describe.each([true, false])('a million tasks on 400 workers, with a history: %s', (known) => {
  test.each(lengths)('of %d s each: orchestration is less than 5 %% of the machines', (seconds) => {
    const { dollars, total, makespan } = counted(seconds, known);
    const compute = (total / 3600) * workerHour;
    expect(dollars / compute).toBeLessThan(0.05);
    expect(makespan).toBeLessThan((1.05 * total) / slots + seconds);
  });

  test.each(lengths)('of %d s each: what is estimated is what was counted, or a little more', (seconds) => {
    const { batches, dollars, makespan, total } = counted(seconds, known);
    const extent = { batches, repetitions: 1, tasks, workers: slots };
    const nothing = { ...extent, batches: 0, tasks: 0, workers: 0, files: 0 };
    const { transitions, requests } = callsOnce(prices, { ...extent, files: 0 });
    const base = callsOnce(prices, nothing);
    const estimated =
      transitions +
      requests -
      base.transitions -
      base.requests +
      (makespan / 3600) * callsHourly(prices, slots);
    expect(estimated).toBeGreaterThan(0.98 * dollars);
    // Reading parts again, and offers after each slice, are counted as if all batches were long.
    expect(estimated - dollars).toBeLessThan((0.025 * total * workerHour) / 3600);
  });
});
