/** A run on AWS, as commands know it: from its stack, and what this project's folder knows of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { rememberSeen } from '../../adapters/local/runs/remote-file.ts';
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { GcdError, NothingToDo, Throttled, Unreachable } from '../../core/errors/errors.ts';
import { layout } from '../../core/run-store/layout.ts';
import { drainRequested } from '../../core/run-store/status/control.ts';
import type { Remote, Seen } from '../../core/run-store/status/remote.ts';
import {
  isAtWork,
  type Outcome,
  type RunDetails,
  type RunStatus,
} from '../../core/run-store/status/run-status.ts';
import { exists, type Store } from '../../core/store.ts';
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
import type { EksRequest } from './begin.ts';
import type { Cloud } from './cloud.ts';
import { copyResults } from './copy-results.ts';
import { readAwsDetails } from './details.ts';
import { latestExecution } from './executions-of.ts';
import { mirrorLogs } from './logs.ts';
import { RunPoller } from './run-poller.ts';
import { stopOnAws } from './stop.ts';
import { AwsUsage } from './usage.ts';

/** Finds a stack, and puts adapters to what belongs to it together. */
export type Connect = (where: { stack: string; region: string | null }) => Promise<Cloud>;

export interface AwsRunOptions {
  name: string;
  project: string;
  /** Where the run is. */
  remote: Remote;
  connect: Connect;
  /** Seconds between two polls of a run that is followed. */
  pollSeconds?: number;
}

/** A poll costs some requests: AWS's own limits are far away, and nothing here changes faster. */
const defaultPollSeconds = 5;
/** Workers bring their logs to the bucket twice a minute. */
const logsPollMs = 10_000;

export class AwsRun implements Run {
  readonly name: string;
  readonly project: string;
  readonly remote: Remote;
  readonly #runs: RunsFolder;
  readonly #options: AwsRunOptions;
  #opened: Promise<{ cloud: Cloud; request: EksRequest; poller: RunPoller }> | undefined;

  constructor(runs: RunsFolder, options: AwsRunOptions) {
    this.#runs = runs;
    this.#options = options;
    [this.name, this.project, this.remote] = [options.name, options.project, options.remote];
  }

  /** @throws NotFound when its stack was deleted; AccessDenied, Unreachable */
  #open() {
    this.#opened ??= this.#connect();
    return this.#opened;
  }

  async #connect() {
    const { name, remote } = this;
    const request = (await this.#runs.request(name)) as EksRequest;
    const cloud = await this.#options.connect({ stack: remote.stack, region: remote.region });
    const poller = new RunPoller(cloud, { request, remote, folder: this.#runs.folderOf(name) });
    return { cloud, request, poller };
  }

  async cloud(): Promise<Cloud> {
    return (await this.#open()).cloud;
  }

  async request(): Promise<EksRequest> {
    return (await this.#open()).request;
  }

  async store(): Promise<Store> {
    return (await this.#open()).poller.store;
  }

  /** Always exact, but for estimates between two listings of many parts. */
  async status(): Promise<RunStatus> {
    const { poller } = await this.#open();
    const status = await poller.poll();
    this.#remember(status);
    return status;
  }

  /** So that lists need no request. */
  #remember({ at, state, exitCode, tasks: { succeeded, failed, total } }: RunStatus): void {
    const seen = { at, state: state as Seen['state'], exitCode, succeeded, failed, total };
    rememberSeen(this.#runs.folderOf(this.name), seen);
  }

  async details(status: RunStatus): Promise<RunDetails> {
    const { request, poller } = await this.#open();
    return readAwsDetails(this.#runs, { request, store: poller.store, status });
  }

  /** @throws AccessDenied and whatever waiting does not end */
  async follow({ signal, onSnapshot, onNotice }: FollowOptions): Promise<RunEnd | undefined> {
    const everyMs = 1000 * (this.#options.pollSeconds ?? defaultPollSeconds);
    let isBlind = false;
    while (!signal.aborted) {
      try {
        const status = await this.status();
        isBlind = false;
        const { live, dollars, state, exitCode, error } = status;
        if (!isAtWork(status)) return { status, outcome: { state, exitCode, error } as Outcome };
        if (live) onSnapshot({ ...live, dollars, stopping: state === 'stopping' });
      } catch (error) {
        // The run goes on whether or not it can be seen from here.
        if (!(error instanceof Unreachable || error instanceof Throttled)) throw error;
        if (!isBlind) onNotice(`AWS cannot be reached, and is polled again: ${error.message}`);
        isBlind = true;
      }
      await sleep(everyMs, undefined, { signal }).catch(() => {});
    }
    return undefined;
  }

  async stop(how: 'drain' | 'now'): Promise<StopRequested | undefined> {
    const { cloud, request } = await this.#open();
    const done = await stopOnAws(cloud, this.name, how);
    if (!done) return undefined;
    if (done === 'drain') return { how: done, lines: [drainRequested(this.name)] };
    const why = how === 'now' ? '' : ', because no worker was ready';
    const { cluster } = request.target;
    return {
      how: done,
      lines: [
        `stopped ${this.name}${why}: its workers are ended, its nodes given back and what is done gathered in some minutes`,
        ...(request.target.cleanUp
          ? [`cluster ${cluster.name} stays: gcd-sfn cleanup --cluster ${cluster.name} removes it`]
          : []),
      ],
    };
  }

  async logs(): Promise<LogSource> {
    const { cloud, poller } = await this.#open();
    const folder = this.#runs.folderOf(this.name);
    const { store } = poller;
    const refresh = async () => {
      const newest = await latestExecution(cloud, this.name, store);
      await mirrorLogs(store, folder);
      return newest?.execution.state === 'running';
    };
    return { folder, store, every: logsPollMs, refresh };
  }

  async usage(): Promise<UsageSampler> {
    return new AwsUsage((await this.#open()).poller);
  }

  /**
   * Files that AWS has not made, or that are to be made again, are made on this machine, of what the tasks have left in the
   * bucket.
   */
  async results({ to, rebuild }: { to: string; rebuild: boolean }): Promise<FetchedResults> {
    const { request, poller } = await this.#open();
    const status = await this.status();
    if (isAtWork(status))
      throw new NothingToDo(`run ${this.name} is at work: it has no results yet`, {
        hint: `Follow it: gcd-sfn watch ${this.name}`,
      });
    const { store } = poller;
    const performance = layout.result(request.config.fileNames.performance);
    // Those of a part of what is done, when a later execution was ended before it was gathered.
    const isComplete =
      (await exists(store, performance)) && (status.history.gathered || status.state !== 'interrupted');
    const rebuilt = rebuild || !isComplete;
    if (rebuilt) await rebuildResults(store, request, true);
    return { rebuilt, ...(await this.fetchResults(to)) };
  }

  /** Brings the result files that exist to a folder, and to `saved_bucket`. */
  async fetchResults(to: string): Promise<Omit<FetchedResults, 'rebuilt'>> {
    const { request, poller } = await this.#open();
    const { folder, files, outputs } = await publishResults(poller, request, to);
    const missing = outputs.missing.map(({ path }) => path);
    return { folder, files, missing, copy: await this.#copy() };
  }

  /** What goes wrong with the copy is no failure of the run: its results are there. */
  async #copy(): Promise<FetchedResults['copy']> {
    const { cloud, request, poller } = await this.#open();
    try {
      const location = await copyResults(cloud, poller.store, request);
      return location === null ? null : { location };
    } catch (error) {
      if (!(error instanceof GcdError)) throw error;
      return { error };
    }
  }
}
