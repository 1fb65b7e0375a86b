/** Small gathered runs for the tests of the report. */
import { MemoryStore } from '../../../../core/memory-store.ts';
import { layout } from '../../../../core/run-store/layout.ts';
import type {
  RepetitionSummary,
  RunSummary,
  TimelineEntry,
  WorkerSummary,
} from '../../../../core/run-store/status/summary.ts';

export const worker = (name: string, node: string, some: Partial<WorkerSummary> = {}): WorkerSummary => ({
  worker: name,
  node,
  hostname: node,
  tasks: 1,
  failed: 0,
  busySeconds: 1,
  ...some,
});

export const repetition = (some: Partial<RepetitionSummary> = {}): RepetitionSummary => ({
  repetition: 1,
  tasks: 4,
  succeeded: 3,
  failed: 1,
  unfinished: 0,
  firstStart: 1_700_000_005,
  lastEnd: 1_700_000_009,
  parallelSeconds: 4,
  serialSeconds: 7.5,
  meanSeconds: 1.875,
  shortest: { seconds: 0.25, file: 'a.csv', column: 'Power' },
  longest: { seconds: 3.2, file: 'b.csv', column: null },
  errors: { exception: 1 },
  workers: [
    worker('local-1', 'laptop', { busySeconds: 4 }),
    worker('local-2', 'laptop', { busySeconds: 3.5 }),
  ],
  ...some,
});

export const nothingEnded: Partial<RepetitionSummary> = {
  succeeded: 0,
  failed: 0,
  unfinished: 4,
  firstStart: null,
  lastEnd: null,
  parallelSeconds: 0,
  serialSeconds: 0,
  meanSeconds: null,
  shortest: null,
  longest: null,
  errors: {},
  workers: [],
};

export const run = (repetitions: RepetitionSummary[], some: Partial<RunSummary> = {}): RunSummary => ({
  run: 'brave-lions-12',
  project: 'sleep',
  requestedAt: 1_700_000_000,
  initializeSeconds: 5,
  totalSeconds: 9.5,
  repetitions,
  ...some,
});

const lines = (values: Iterable<unknown>) =>
  Array.from(values, (value) => `${JSON.stringify(value)}\n`).join('');

/** A store as gathering leaves it; `files` are further objects, lists of lines where the key says so. */
export async function gathered(
  summary: RunSummary,
  timelines: Iterable<TimelineEntry>[],
  files: Record<string, unknown> = {},
): Promise<MemoryStore> {
  const store = new MemoryStore();
  await store.write(layout.summary, JSON.stringify(summary));
  for (const [i, entries] of timelines.entries()) {
    await store.write(layout.timeline(summary.repetitions[i]!.repetition), lines(entries));
  }
  for (const [key, value] of Object.entries(files)) {
    await store.write(key, key.endsWith('.jsonl') ? lines(value as unknown[]) : JSON.stringify(value));
  }
  return store;
}
