/** The figures of a repetition. */
import type { ErrorClass, WorkerEvent } from '../../core/run-store/records/records.ts';
import type { NamedDuration, RepetitionSummary, WorkerSummary } from '../../core/run-store/status/summary.ts';
import { type RecordIndex, Status } from './index-parts.ts';

/** What is known only while the manifest is read: names of extreme tasks, classes of errors. */
export interface Seen {
  shortest: NamedDuration | null;
  longest: NamedDuration | null;
  errors: Partial<Record<ErrorClass, number>>;
}

/** Index of the shortest and of the longest finished task; -1 if none has finished. */
export function extremes({ status, start, end }: RecordIndex): { shortest: number; longest: number } {
  let shortest = -1;
  let longest = -1;
  const duration = (index: number) => (end[index] as number) - (start[index] as number);
  for (let index = 0; index < status.length; index++) {
    if (status[index] === Status.unfinished) continue;
    if (shortest === -1 || duration(index) < duration(shortest)) shortest = index;
    if (longest === -1 || duration(index) > duration(longest)) longest = index;
  }
  return { shortest, longest };
}

/**
 * Lanes of the Gantt chart: a replaced worker continues in the same lane.
 * @returns the workers, sorted by node and name, and for each process its lane
 */
export function lanesOf(index: RecordIndex): { workers: WorkerSummary[]; laneOf: Uint32Array } {
  const keyOf = ({ node, worker }: { node: string; worker: string }) => `${node}\n${worker}`;
  const byKey = new Map<string, WorkerSummary>();
  for (const { node, worker, hostname } of index.workers)
    byKey.set(keyOf({ node, worker }), { worker, node, hostname, tasks: 0, failed: 0, busySeconds: 0 });
  const compare = new Intl.Collator('en', { numeric: true }).compare;
  const workers = [...byKey.values()].sort((a, b) => compare(a.node, b.node) || compare(a.worker, b.worker));
  const placeOf = new Map(workers.map((worker, place) => [keyOf(worker), place]));
  const laneOf = Uint32Array.from(index.workers, (worker) => placeOf.get(keyOf(worker)) as number);
  for (let task = 0; task < index.status.length; task++) {
    if (index.status[task] === Status.unfinished) continue;
    const lane = workers[laneOf[index.worker[task] as number] as number] as WorkerSummary;
    lane.tasks++;
    if (index.status[task] === Status.failed) lane.failed++;
    lane.busySeconds += (index.end[task] as number) - (index.start[task] as number);
  }
  return { workers, laneOf };
}

/**
 * @param starts when the run's executions started, in seconds since 1970, in order
 */
export function summarise(
  repetition: number,
  index: RecordIndex,
  workers: WorkerSummary[],
  starts: number[],
  seen: Seen,
): RepetitionSummary {
  const { status } = index;
  const succeeded = status.reduce((sum, one) => sum + (one === Status.succeeded ? 1 : 0), 0);
  const failed = status.reduce((sum, one) => sum + (one === Status.failed ? 1 : 0), 0);
  const finished = succeeded + failed;
  const { firstStart, lastEnd } = span(index);
  const serialSeconds = workers.reduce((sum, { busySeconds }) => sum + busySeconds, 0);
  return {
    repetition,
    tasks: status.length,
    succeeded,
    failed,
    unfinished: status.length - finished,
    firstStart,
    lastEnd,
    parallelSeconds: processing(index, starts),
    serialSeconds,
    meanSeconds: finished > 0 ? serialSeconds / finished : null,
    shortest: seen.shortest,
    longest: seen.longest,
    errors: seen.errors,
    workers,
    most: most(index, starts),
  };
}

/** First start and last end of all finished tasks; null if there are none. */
function span({ status, start, end }: RecordIndex): { firstStart: number | null; lastEnd: number | null } {
  let firstStart: number | null = null;
  let lastEnd: number | null = null;
  for (let index = 0; index < status.length; index++) {
    if (status[index] === Status.unfinished) continue;
    firstStart = Math.min(firstStart ?? Number.POSITIVE_INFINITY, start[index] as number);
    lastEnd = Math.max(lastEnd ?? Number.NEGATIVE_INFINITY, end[index] as number);
  }
  return { firstStart, lastEnd };
}

/**
 * Seconds in which tasks were processed: the union of the executions' intervals, each from its first start to its last
 * end.
 * @param starts in order
 */
function processing({ status, start, end }: RecordIndex, starts: number[]): number {
  const spans = [Number.NEGATIVE_INFINITY, ...starts].map(() => ({
    from: Number.POSITIVE_INFINITY,
    to: Number.NEGATIVE_INFINITY,
  }));
  for (let index = 0; index < status.length; index++) {
    if (status[index] === Status.unfinished) continue;
    const span = spans[executionOf(start[index] as number, starts)] as { from: number; to: number };
    span.from = Math.min(span.from, start[index] as number);
    span.to = Math.max(span.to, end[index] as number);
  }
  let covered = Number.NEGATIVE_INFINITY;
  let total = 0;
  for (const { from, to } of spans.sort((a, b) => a.from - b.from)) {
    if (to > covered && to > from) total += to - Math.max(from, covered);
    covered = Math.max(covered, to);
  }
  return total;
}

/** Number of executions that had started by this time; `starts` are in order. */
function executionOf(time: number, starts: number[]): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] as number) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Maximum number of workers and of nodes in one execution, including those that ended no task. */
function most(index: RecordIndex, starts: number[]): { workers: number; nodes: number } {
  const executions = [Number.NEGATIVE_INFINITY, ...starts].map(() => new Set<WorkerEvent>());
  for (let task = 0; task < index.status.length; task++) {
    if (index.status[task] === Status.unfinished) continue;
    executions[executionOf(index.start[task] as number, starts)]?.add(
      index.workers[index.worker[task] as number] as WorkerEvent,
    );
  }
  const largest = (nameOf: (worker: WorkerEvent) => string) => {
    const named = executions.map((workers) => new Set([...workers].map(nameOf)));
    const ended = new Set(named.flatMap((names) => [...names]));
    const idle = new Set(index.workers.map(nameOf).filter((name) => !ended.has(name)));
    return idle.size + Math.max(...named.map(({ size }) => size));
  };
  return {
    workers: largest(({ node, worker }) => `${node}\n${worker}`),
    nodes: largest(({ node }) => node),
  };
}
