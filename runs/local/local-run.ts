/** A run on this machine: its folder, and the process that works on it, which may be this one. */
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { LocalEnvironments } from '../../adapters/local/environments/local-environments.ts';
import { clearControl } from '../../adapters/local/runs/live-file.ts';
import type { LockedRun, RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { FolderStore } from '../../adapters/local/store/folder-store.ts';
import { awsSettings } from '../../core/config/dotenv.ts';
import { describeError, GcdError, RunLocked, UsageError } from '../../core/errors/errors.ts';
import type { History } from '../../core/run-store/events/history.ts';
import { layout } from '../../core/run-store/layout.ts';
import { readDone } from '../../core/run-store/records/parts.ts';
import type { LocalDraft } from '../../core/run-store/request/draft.ts';
import type { RunRequest } from '../../core/run-store/request/request.ts';
import { drainRequested } from '../../core/run-store/status/control.ts';
import { outcomeOf } from '../../core/run-store/status/outcome.ts';
import type { Outcome, RunDetails, RunStatus } from '../../core/run-store/status/run-status.ts';
import { exists } from '../../core/store.ts';
import type {
  CopiedResults,
  FetchedResults,
  FollowOptions,
  LogSource,
  ResumeOptions,
  Run,
  RunEnd,
  StartedRun,
  StartReport,
  StopRequested,
  UsageSampler,
} from '../../ports/runs.ts';
import { type PreparedRun, prepareRun, reopenRun } from '../prepare-run.ts';
import { readDetailsLeniently } from '../read-details.ts';
import { publishResults } from '../results/publish-results.ts';
import { rebuildResults } from '../results/rebuild-results.ts';
import { OwnExecution, type OwnExecutionOptions } from './execution/own-execution.ts';
import { followFolder } from './follow-folder.ts';
import { requestStop } from './request-stop.ts';
import { quick, readRunStatus, unlimited } from './run-status.ts';
import { LocalUsage } from './usage.ts';

const logsPollMs = 150;
/** Time in which a run that failed before any task ended deletes itself after it is unlocked. */
const removalMs = 3000;
const removalPollMs = 50;

export class LocalRun implements Run {
  readonly name: string;
  readonly project: string;
  readonly #runs: RunsFolder;
  /** Set while this process works on the run. */
  #own: OwnExecution | undefined;

  /** @param environments has found the interpreter already @throws UsageError when the name is taken */
  static async start(
    runs: RunsFolder,
    draft: LocalDraft,
    { environments, report }: { environments: LocalEnvironments; report: StartReport },
  ): Promise<StartedRun> {
    const credentials = await awsSettings(process.cwd());
    const prepared = await prepareRun(runs, draft);
    report.onUnreadable(prepared.leftOut);
    const run = new LocalRun(runs, runs.project, draft.run);
    return run.#execute(prepared, { environments, credentials, retryFailed: false });
  }

  constructor(runs: RunsFolder, project: string, name: string) {
    [this.#runs, this.project, this.name] = [runs, project, name];
  }

  async store(): Promise<FolderStore> {
    return new FolderStore(this.#runs.folderOf(this.name));
  }

  request(): Promise<RunRequest> {
    return this.#runs.request(this.name);
  }

  status(how: 'quick' | 'exact'): Promise<RunStatus> {
    return readRunStatus(this.#runs, this.name, how === 'quick' ? quick() : unlimited());
  }

  details(status: RunStatus): Promise<RunDetails> {
    const store = new FolderStore(status.folder);
    return readDetailsLeniently(this.#runs, { store, status, readParts: true });
  }

  async resume(options: ResumeOptions): Promise<StartedRun> {
    const { retryFailed, renewPackages, chooseCode, report } = options;
    if (options.licence !== undefined)
      throw new UsageError(
        `run ${this.name} is on this machine: config.yaml says where its licence file is`,
        {
          hint: 'Leave --licence out.',
        },
      );
    if (options.detach)
      throw new UsageError(
        `run ${this.name} is on this machine: only a run on AWS can be resumed with --detach`,
        {
          hint: 'Leave --detach out.',
        },
      );
    const credentials = await awsSettings(process.cwd());
    const prepared = await reopenRun(this.#runs, this.name, chooseCode, report.onNotice);
    report.onUnreadable(prepared.leftOut);
    const environments = new LocalEnvironments({ renew: renewPackages });
    return this.#execute(prepared, { environments, credentials, retryFailed });
  }

  #execute(prepared: PreparedRun, options: OwnExecutionOptions): StartedRun {
    const own = new OwnExecution(prepared, options);
    this.#own = own;
    const close = async () => {
      this.#own = undefined;
      await own.close();
    };
    return { run: this, remote: null, close };
  }

  async follow(options: FollowOptions): Promise<RunEnd | undefined> {
    if (this.#own) return (await this.#own.follow(options)) ? this.#endOfOwn(this.#own) : undefined;
    const history = await followFolder(this.#runs, this.name, options);
    return history && this.endOf(history);
  }

  /** The run is still locked by this process, so its folder says "in use": what counts is how the execution settled. */
  async #endOfOwn({ settled, prepared }: OwnExecution): Promise<RunEnd> {
    const result = await settled;
    const status = await this.status('exact');
    if ('outcome' in result) {
      const { succeeded, failed, unfinished } = result.outcome;
      const tasks = { succeeded, failed, total: succeeded + failed + unfinished, exact: true };
      const end = endOf({ outcome: result.outcome.interrupted ? 'interrupted' : 'succeeded' });
      const outcome = outcomeOf({ end }, tasks, tasks.total);
      return { outcome, status: { ...status, ...outcome, owner: undefined, tasks } };
    }
    const { error: cause } = result;
    const { name: error, message } = describeError(cause);
    const end = endOf({ outcome: 'failed', error, cause: message });
    const outcome = outcomeOf({ end }, status.tasks, null);
    // Nothing was done, and nothing is left behind.
    if (cause instanceof GcdError && !(await hasRecords(prepared))) {
      prepared.held.release();
      await this.#runs.remove(this.name);
      return { outcome, status: null, cause };
    }
    return { outcome, status: { ...status, ...outcome, owner: undefined }, cause };
  }

  /** How it ended, once nobody works on it. @param history its events, as far as they were followed */
  async endOf(history: History): Promise<RunEnd> {
    const seen = outcomeOf(history, { succeeded: 0, failed: 0 }, null);
    if (!(await this.#stays(history)))
      return { status: null, outcome: { ...seen, error: seen.error ?? removed } };
    // Its process may have ended before it read a request to stop.
    if (!this.#runs.owner(this.name)) clearControl(this.#runs.folderOf(this.name));
    const status = await this.status('exact');
    const { state, exitCode, error } = status;
    // If the run was resumed meanwhile, the execution that was followed counts.
    const outcome = exitCode === null ? seen : ({ state, exitCode, error } as Outcome);
    return { status, outcome };
  }

  async #stays({ end }: History): Promise<boolean> {
    const exists = async () => (await this.#runs.names()).includes(this.name);
    const until = performance.now() + removalMs;
    while (end?.outcome === 'failed' && performance.now() < until && (await exists())) {
      const { tasks, owner } = await this.status('quick');
      if (owner || tasks.succeeded + tasks.failed > 0) break;
      await sleep(removalPollMs);
    }
    return exists();
  }

  /** The process that works on it, if that is on another machine. */
  #ownerElsewhere() {
    const owner = this.#runs.owner(this.name);
    return owner?.host === hostname() ? undefined : owner;
  }

  async stop(
    how: 'drain' | 'now',
    options: Pick<FollowOptions, 'signal' | 'onNotice'>,
  ): Promise<StopRequested | undefined> {
    if (this.#own) return this.#own.stop(how);
    const elsewhere = this.#ownerElsewhere();
    if (elsewhere)
      throw new RunLocked(
        `run ${this.name} is at work on another machine: process ${elsewhere.pid} on ${elsewhere.host}`,
        {
          hint: `Stop it there: gcd-sfn stop ${this.name}. If that process has ended, remove ${this.#runs.folderOf(this.name)}/lock`,
        },
      );
    if (!(await requestStop(this.#runs, this.name, how, options))) return undefined;
    const line =
      how === 'now' ? `asked ${this.name} to stop now: running tasks are killed` : drainRequested(this.name);
    return { how, lines: [line] };
  }

  async logs(): Promise<LogSource> {
    const store = await this.store();
    const refresh = async () => this.#runs.owner(this.name) !== undefined;
    return { folder: store.location, store, every: logsPollMs, refresh };
  }

  async usage(): Promise<UsageSampler> {
    const elsewhere = this.#ownerElsewhere();
    if (elsewhere)
      throw new UsageError(`run ${this.name} is at work on another machine: ${elsewhere.host}`, {
        hint: `Its processes can be seen there only: gcd-sfn top ${this.name}. How far it is: gcd-sfn status ${this.name}`,
      });
    return new LocalUsage(this.#runs, this.name);
  }

  async results({ to, rebuild }: { to: string; rebuild: boolean }): Promise<FetchedResults> {
    const request = await this.request();
    return this.#locked(async (held) => {
      const rebuilt = await rebuildResults(held.store, request, rebuild);
      return { rebuilt, ...(await publish(held, request, to)) };
    });
  }

  async copyResults(to: string): Promise<CopiedResults | undefined> {
    if (!(await exists(await this.store(), layout.summary))) return undefined;
    const request = await this.request();
    return this.#locked((held) => publish(held, request, to));
  }

  /** Calls a function while this process holds the run. @throws RunLocked when another works on it */
  async #locked<Result>(work: (held: LockedRun) => Promise<Result>): Promise<Result> {
    if (this.#own) return work(this.#own.prepared.held);
    const held = this.#runs.hold(this.name);
    try {
      return await work(held);
    } finally {
      held.release();
    }
  }

  async costs(): Promise<null> {
    return null;
  }
}

const endOf = (how: Omit<NonNullable<History['end']>, 'at' | 'event'>): NonNullable<History['end']> => ({
  ...{ at: Date.now() / 1000, event: 'execution-ended' },
  ...how,
});

async function publish(held: LockedRun, request: RunRequest, to: string): Promise<CopiedResults> {
  const { folder, files, outputs } = await publishResults(held, request, to);
  return { folder, files, missing: outputs.missing.map(({ path }) => path), copy: null };
}

async function hasRecords({ held }: PreparedRun): Promise<boolean> {
  const { succeeded, failed } = await readDone(held.store, 1);
  return succeeded + failed > 0;
}

const removed = { name: 'NotFound', message: 'it was deleted' };
