/** A run on this machine, as commands know it: from its folder, and whatever process works on it. */
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { clearControl } from '../../adapters/local/runs/live-file.ts';
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { FolderStore } from '../../adapters/local/store/folder-store.ts';
import { RunLocked, UsageError } from '../../core/errors/errors.ts';
import type { History } from '../../core/run-store/events/history.ts';
import type { RunRequest } from '../../core/run-store/request/request.ts';
import { drainRequested } from '../../core/run-store/status/control.ts';
import { outcomeOf } from '../../core/run-store/status/outcome.ts';
import type { Outcome, RunDetails, RunStatus } from '../../core/run-store/status/run-status.ts';
import type {
  FetchedResults,
  FollowOptions,
  LogSource,
  Run,
  RunEnd,
  StopRequested,
  UsageSampler,
} from '../../ports/runs.ts';
import { publishResults } from '../publish-results.ts';
import { rebuildResults } from '../rebuild-results.ts';
import { followFolder } from './follow.ts';
import { requestStop } from './request-stop.ts';
import { readDetails } from './run-details.ts';
import { quick, readRunStatus, unlimited } from './run-status.ts';
import { LocalUsage } from './usage.ts';

const logsPollMs = 150;
/** How long a run that failed before any task ended may take to remove itself, after it gave its lock back. */
const removalMs = 3000;
const removalPollMs = 50;

export class LocalRun implements Run {
  readonly name: string;
  readonly project: string;
  readonly #runs: RunsFolder;

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
    return readDetails(this.#runs, status);
  }

  async follow(options: FollowOptions): Promise<RunEnd | undefined> {
    const history = await followFolder(this.#runs, this.name, options);
    return history && this.endOf(history);
  }

  /** How it has ended, after nobody works on it any more. @param history what was seen of it */
  async endOf(history: History): Promise<RunEnd> {
    const seen = outcomeOf(history, { succeeded: 0, failed: 0 }, null);
    if (!(await this.#stays(history)))
      return { status: null, outcome: { ...seen, error: seen.error ?? removed } };
    // Its process may have ended just before it could heed a request to stop.
    if (!this.#runs.owner(this.name)) clearControl(this.#runs.folderOf(this.name));
    const status = await this.status('exact');
    const { state, exitCode, error } = status;
    // Resumed meanwhile: what counts is how that ended which was followed.
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
    const elsewhere = this.#ownerElsewhere();
    if (elsewhere)
      throw new RunLocked(
        `run ${this.name} is at work on another machine: process ${elsewhere.pid} on ${elsewhere.host}`,
        {
          hint: `Stop it there: gcd-sfn stop ${this.name}. If that process does not live any more, remove ${this.#runs.folderOf(this.name)}/lock`,
        },
      );
    if (!(await requestStop(this.#runs, this.name, how, options))) return undefined;
    const line =
      how === 'now' ? `asked ${this.name} to stop now: running tasks are ended` : drainRequested(this.name);
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
    const held = this.#runs.hold(this.name);
    try {
      const rebuilt = await rebuildResults(held.store, request, rebuild);
      const { folder, files, outputs } = await publishResults(held, request, to);
      return { rebuilt, folder, files, missing: outputs.missing.map(({ path }) => path), copy: null };
    } finally {
      held.release();
    }
  }
}

const removed = { name: 'NotFound', message: 'it was removed' };
