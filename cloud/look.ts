/** How a run on AWS is doing: looked at again and again, each time only at what is new. */
import { gatheredCounts, plannedTasks } from '../functions/status/counts.ts';
import { History } from '../functions/status/history.ts';
import { outcomeOf } from '../functions/status/outcome.ts';
import { bucketLayout } from '../ports/bucket-layout.ts';
import { dollarsOf, readCosts } from '../ports/costs.ts';
import type { ExecutionEvent } from '../ports/execution-events.ts';
import type { Execution } from '../ports/executions.ts';
import { layout } from '../ports/layout.ts';
import type { Seen } from '../ports/remote.ts';
import type { RunRequest } from '../ports/request.ts';
import { exists, type Store } from '../ports/store.ts';
import type { RunSummary } from '../ports/summary.ts';
import type { Progress } from '../ports/workers.ts';
import { DoneSoFar } from './done-so-far.ts';
import { type Newest, newestExecution } from './executions-of.ts';
import type { Cloud } from './ports.ts';
import { type KnownStates, readWorkers, type WorkerState } from './worker-states.ts';

export interface Look {
  /** Seconds since 1970. */
  at: number;
  run: string;
  /** Name of the newest execution, and how many there were; null when it has none. */
  execution: string | null;
  executions: number;
  state: Seen['state'];
  exitCode: number | null;
  error: { name: string; message: string } | null;
  history: History;
  /** What a state that waits says that it waits for; empty when none does. */
  detail: string;
  /** While tasks are run. */
  progress: Progress | null;
  workers: WorkerState[];
  tasks: { succeeded: number; failed: number; total: number | null; exact: boolean };
  /** Figures of what was gathered, when they are those of all that was done. */
  summary: RunSummary | null;
  /** US dollars that its executions have cost; null before there were nodes. */
  dollars: number | null;
}

/** States whose tasks are run by workers. */
const dispatching = new Set(['DispatchBatches', 'EndRepetition']);
export class RemoteRun {
  readonly store: Store;
  readonly #cloud: Cloud;
  readonly #request: Pick<RunRequest, 'run' | 'repetitions'>;
  #newest: Newest | undefined;
  #history = new History();
  #last = 0;
  #detail = '';
  #total: number | null = null;
  #done: DoneSoFar[] = [];
  /** Places in `#done` of repetitions that are over, and counted. */
  readonly #settled = new Set<number>();
  readonly #states: KnownStates = new Map();
  /** Repetitions whose tasks were handed out in this execution. */
  #repetition = 0;

  constructor(cloud: Cloud, request: Pick<RunRequest, 'run' | 'repetitions'>) {
    this.#cloud = cloud;
    this.#request = request;
    this.store = cloud.store(bucketLayout.run(request.run));
  }

  /** @throws AccessDenied, Throttled, Unreachable */
  async look(): Promise<Look> {
    this.#newest ??= await newestExecution(this.#cloud, this.#request.run, this.store);
    const execution = this.#newest?.execution;
    if (execution) await this.#readEvents(execution);
    this.#total ??= await plannedTasks(this.store, this.#request.repetitions);
    const now = this.#cloud.clock.now();
    const isOver = !execution || this.#history.end !== undefined;
    const common = {
      ...{ at: now, run: this.#request.run, history: this.#history, detail: this.#detail },
      execution: execution?.name ?? null,
      executions: this.#newest?.count ?? 0,
      dollars: await this.#dollars(now),
    };
    return isOver
      ? { ...common, ...(await this.#ended(execution)) }
      : { ...common, ...(await this.#going(now)) };
  }

  async #readEvents({ name }: Execution): Promise<void> {
    const { last, events } = await this.#cloud.events.since(name, this.#last);
    this.#last = last;
    for (const event of events) this.#take(event);
  }

  #take(event: ExecutionEvent): void {
    this.#history.take(event);
    if (event.event === 'state-entered' && event.type === 'Task') this.#detail = '';
    if (event.event === 'state-entered' && event.state === 'DispatchBatches') this.#repetition++;
    if (event.event === 'state-pending') this.#detail = event.detail;
    if (event.event === 'state-exited' && event.type === 'Task') this.#detail = '';
  }

  async #going(now: number) {
    const workers = this.#newest
      ? await readWorkers(this.store, this.#newest.execution.name, now, this.#states)
      : [];
    const { before, done } = await this.#counted(workers);
    const isStopping = await exists(this.store, layout.control);
    const progress: Progress = {
      repetition: Math.max(1, this.#repetition),
      ...{ succeeded: done.succeeded, failed: done.failed },
      workers: workers.length,
      busy: workers.filter(({ task }) => task !== null).length,
      firstFailure: done.firstFailure,
    };
    return {
      state: isStopping ? ('stopping' as const) : ('running' as const),
      ...{ exitCode: null, error: null, summary: null, workers },
      progress: dispatching.has(this.#history.state) ? progress : null,
      tasks: {
        succeeded: before.succeeded + done.succeeded,
        failed: before.failed + done.failed,
        total: this.#total,
        exact: this.#done.every(({ exact }) => exact),
      },
    };
  }

  /**
   * What is done of the current repetition, and of those before.
   * @param workers what they count; without them, everything is looked at
   */
  async #counted(workers?: WorkerState[]) {
    const current = Math.max(1, this.#repetition);
    while (this.#done.length < current) this.#done.push(new DoneSoFar(this.store, this.#done.length + 1));
    for (const [place, done] of this.#done.entries()) {
      if (place === current - 1) await done.look(workers);
      // Those before do not change any more, but may not have been looked at to their ends.
      else if (!workers || !this.#settled.has(place)) {
        await done.look();
        this.#settled.add(place);
      }
    }
    const done = this.#done.at(-1) as DoneSoFar;
    const before = { succeeded: 0, failed: 0 };
    for (const one of this.#done.slice(0, -1)) {
      before.succeeded += one.succeeded;
      before.failed += one.failed;
    }
    return { before, done };
  }

  async #ended(execution: Execution | undefined) {
    this.#repetition = Math.max(this.#repetition, this.#request.repetitions);
    const gathered = await this.#allGathered();
    const counts = gathered ?? (await this.#countAll());
    const tasks = {
      ...{ succeeded: counts.succeeded, failed: counts.failed, total: this.#total },
      exact: gathered !== undefined || this.#done.every(({ exact }) => exact),
    };
    const outcome = outcomeOf(execution ? this.#history : new History(), tasks, this.#total);
    const isWhole = tasks.succeeded + tasks.failed >= (this.#total ?? 0);
    // Workers heed a wish to stop, and the execution ends as any other.
    const wasStopped = outcome.state === 'done' && !isWhole && (await exists(this.store, layout.control));
    return {
      ...outcome,
      ...(wasStopped && { state: 'stopped' as const, exitCode: 130 }),
      ...{ progress: null, workers: [], tasks, summary: gathered?.summary ?? null },
    };
  }

  /** What was gathered, when it is all that is done: by this execution, or after it, by a clean-up say. */
  async #allGathered() {
    const gathered = await gatheredCounts(this.store);
    if (!gathered || this.#history.gathered) return gathered;
    const { succeeded, failed } = await this.#countAll();
    const isSame = gathered.succeeded === succeeded && gathered.failed === failed;
    return isSame && this.#done.every(({ exact }) => exact) ? gathered : undefined;
  }

  async #countAll() {
    const { before, done } = await this.#counted();
    return { succeeded: before.succeeded + done.succeeded, failed: before.failed + done.failed };
  }

  async #dollars(now: number): Promise<number | null> {
    const costs = [...(await readCosts(this.store)).values()];
    return costs.length === 0 ? null : costs.reduce((sum, cost) => sum + dollarsOf(cost, now), 0);
  }
}
