/** Numbers of tasks of a run that have a record, over all its repetitions. */
import { readJson, type Store } from '../../store.ts';
import { layout } from '../layout.ts';
import type { Plan } from '../plan/plan.ts';
import { readDone } from '../records/parts.ts';
import type { Counts, Progress } from './run-status.ts';
import type { RunSummary } from './summary.ts';

/** Number of tasks of all repetitions; null before planning. */
export async function plannedTasks(store: Store, repetitions: number): Promise<number | null> {
  const plan = await readJson<Plan>(store, layout.plan);
  return typeof plan?.tasks === 'number' ? plan.tasks * repetitions : null;
}

/** Counts from the summary; undefined before gathering. */
export async function gatheredCounts(store: Store): Promise<(Counts & { summary: RunSummary }) | undefined> {
  const summary = await readJson<RunSummary>(store, layout.summary);
  if (!Array.isArray(summary?.repetitions)) return undefined;
  const sum = (key: keyof Counts) => summary.repetitions.reduce((total, one) => total + one[key], 0);
  return { succeeded: sum('succeeded'), failed: sum('failed'), summary };
}

/** Counts from the parts, all of which are read. */
export async function countParts(store: Store, repetitions: number): Promise<Counts> {
  const counts: Counts = { succeeded: 0, failed: 0 };
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    const { succeeded, failed } = await readDone(store, repetition);
    counts.succeeded += succeeded;
    counts.failed += failed;
  }
  return counts;
}

/** Counts of the current repetition from its last known progress, and of earlier ones from their parts. */
export async function withProgress(store: Store, progress: Progress): Promise<Counts> {
  const before = await countParts(store, progress.repetition - 1);
  return { succeeded: before.succeeded + progress.succeeded, failed: before.failed + progress.failed };
}

/** Bytes of all parts. */
export async function sizeOfParts(store: Store): Promise<number> {
  let bytes = 0;
  for await (const { size } of store.list('parts/')) bytes += size;
  return bytes;
}
