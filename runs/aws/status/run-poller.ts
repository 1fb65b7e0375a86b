/** Polls the status of a run on AWS; each poll reads only new events and parts. */

import { bucketLayout } from '../../../core/bucket/bucket-layout.ts';
import { ExitCode } from '../../../core/errors/errors.ts';
import { type Pace, paceOf } from '../../../core/estimate/pace.ts';
import { History } from '../../../core/run-store/events/history.ts';
import { layout } from '../../../core/run-store/layout.ts';
import type { RunRequest } from '../../../core/run-store/request/request.ts';
import { dollarsOf, readCosts } from '../../../core/run-store/status/costs.ts';
import { gatheredCounts, plannedTasks } from '../../../core/run-store/status/counts.ts';
import type { WorkerState } from '../../../core/run-store/status/live.ts';
import { outcomeOf } from '../../../core/run-store/status/outcome.ts';
import type { Remote } from '../../../core/run-store/status/remote.ts';
import type { Progress, RunStatus } from '../../../core/run-store/status/run-status.ts';
import { exists, type Store } from '../../../core/store.ts';
import type { ExecutionEvent } from '../../../ports/account/execution-events.ts';
import type { Execution } from '../../../ports/account/executions.ts';
import type { Cloud } from '../cloud.ts';
import { type LatestExecution, latestExecution } from '../executions-of.ts';
import { DoneSoFar } from './done-so-far.ts';
import { type KnownStates, readWorkers } from './worker-states.ts';

/** States whose tasks are run by workers. */
const dispatching = new Set(['DispatchBatches', 'EndRepetition']);

/** Which run is polled. */
export interface PolledRun {
  request: RunRequest;
  /** The run's folder on this machine. */
  folder: string;
  remote: Remote;
}

export class RunPoller {
  readonly store: Store;
  readonly #cloud: Cloud;
  readonly #run: PolledRun;
  readonly #request: RunRequest;
  #newest: LatestExecution | undefined;
  #history = new History();
  #last = 0;
  #detail = '';
  #total: number | null = null;
  #done: DoneSoFar[] = [];
  /** Indices in `#done` of completed repetitions that were counted. */
  readonly #settled = new Set<number>();
  readonly #states: KnownStates = new Map();
  /** The pods' states at the last poll. */
  pods: WorkerState[] = [];
  /** When the tasks of each repetition began to be handed out in this execution: seconds since 1970. */
  readonly #handedOut: number[] = [];

  constructor(cloud: Cloud, run: PolledRun) {
    this.#cloud = cloud;
    [this.#run, this.#request] = [run, run.request];
    this.store = cloud.store(bucketLayout.run(run.request.run));
  }

  /** @throws AccessDenied, Throttled, Unreachable */
  async poll(): Promise<RunStatus> {
    this.#newest ??= await latestExecution(this.#cloud, this.#request.run, this.store);
    const execution = this.#newest?.execution;
    if (execution) await this.#readEvents(execution);
    this.#total ??= await plannedTasks(this.store, this.#request.repetitions);
    const now = this.#cloud.clock.now();
    const isOver = !execution || this.#history.end !== undefined;
    const common = {
      ...{ ...this.#run, at: now, run: this.#request.run, history: this.#history },
      ...{ execution: execution?.name ?? null, dollars: await this.#dollars(now) },
      ...{ owner: undefined, elsewhere: false, live: undefined, summary: undefined },
      seconds: this.#history.secondsAtWork(isOver ? undefined : now),
    };
    return isOver
      ? { ...common, ...(await this.#ended(execution)) }
      : { ...common, ...(await this.#running(now)) };
  }

  async #readEvents({ name }: Execution): Promise<void> {
    const { last, events } = await this.#cloud.events.since(name, this.#last);
    this.#last = last;
    for (const event of events) this.#take(event);
  }

  #take(event: ExecutionEvent): void {
    this.#history.take(event);
    if (event.event === 'state-entered' && event.type === 'Task') this.#detail = '';
    if (event.event === 'state-entered' && event.state === 'DispatchBatches') this.#handedOut.push(event.at);
    if (event.event === 'state-pending') this.#detail = event.detail;
    if (event.event === 'state-exited' && event.type === 'Task') this.#detail = '';
  }

  async #running(now: number) {
    const workers = this.#newest
      ? await readWorkers(this.store, this.#newest.execution.name, now, this.#states)
      : [];
    this.pods = workers;
    const { before, done } = await this.#counted(workers);
    const isStopping = await exists(this.store, layout.control);
    const progress: Progress = {
      repetition: this.#repetition,
      ...{ succeeded: done.succeeded, failed: done.failed },
      workers: workers.length,
      busy: workers.filter(({ task }) => task !== null).length,
      ...this.#pace(now, done),
      firstFailure: done.firstFailure,
    };
    return {
      state: isStopping ? ('stopping' as const) : ('running' as const),
      ...{ exitCode: null, error: null },
      live: {
        ...{ at: now, state: this.#history.state, detail: this.#detail, workers },
        progress: dispatching.has(this.#history.state) ? progress : null,
      },
      tasks: {
        succeeded: before.succeeded + done.succeeded,
        failed: before.failed + done.failed,
        total: this.#total,
        exact: this.#done.every(({ exact }) => exact),
      },
    };
  }

  get #repetition(): number {
    return Math.max(1, this.#handedOut.length);
  }

  #pace(now: number, done: DoneSoFar): { pace?: Pace } {
    const [previousSince, since] = [this.#handedOut.at(-2), this.#handedOut.at(-1)];
    if (since === undefined) return {};
    const before = this.#done.at(-2);
    const previous =
      previousSince === undefined || !before
        ? null
        : { seconds: since - previousSince, doneBefore: before.doneBefore(previousSince) };
    return { pace: paceOf(done.ended, { since, now, previous }) };
  }

  /**
   * Counts of the current repetition and of those before.
   * @param workers their own counts; without them, all parts are listed
   */
  async #counted(workers?: WorkerState[]) {
    const current = workers ? this.#repetition : Math.max(this.#repetition, this.#request.repetitions);
    while (this.#done.length < current) this.#done.push(new DoneSoFar(this.store, this.#done.length + 1));
    for (const [place, done] of this.#done.entries()) {
      if (place === current - 1) await done.look(workers);
      // Earlier repetitions do not change, but may not have been counted completely.
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
    const gathered = await this.#allGathered();
    const counts = gathered ?? (await this.#countAll());
    const tasks = {
      ...{ succeeded: counts.succeeded, failed: counts.failed, total: this.#total },
      exact: gathered !== undefined || this.#done.every(({ exact }) => exact),
    };
    const outcome = outcomeOf(execution ? this.#history : new History(), tasks, this.#total);
    const isWhole = tasks.succeeded + tasks.failed >= (this.#total ?? 0);
    // A drained execution ends like any other: the request to stop tells the difference.
    const wasStopped = outcome.state === 'done' && !isWhole && (await exists(this.store, layout.control));
    return {
      ...outcome,
      ...(wasStopped && { state: 'stopped' as const, exitCode: ExitCode.interrupted }),
      ...{ tasks, summary: gathered?.summary },
    };
  }

  /** The gathered counts if they include all records; also gathered later, by a clean-up. */
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
