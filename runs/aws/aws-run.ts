/** A run on AWS: its files and executions in the stack, and its folder in the project. */
import { setTimeout as sleep } from 'node:timers/promises';
import { readRemote, rememberSeen } from '../../adapters/local/runs/remote-file.ts';
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { GcdError, NothingToDo, Throttled, Unreachable } from '../../core/errors/errors.ts';
import { layout } from '../../core/run-store/layout.ts';
import type { EksDraft, EksRequest } from '../../core/run-store/request/draft.ts';
import { drainRequested } from '../../core/run-store/status/control.ts';
import { dollarsOf, readCosts } from '../../core/run-store/status/costs.ts';
import type { Remote, Seen } from '../../core/run-store/status/remote.ts';
import {
  isAtWork,
  type Outcome,
  type RunDetails,
  type RunStatus,
} from '../../core/run-store/status/run-status.ts';
import { exists, type Store } from '../../core/store.ts';
import type {
  CompleteRun,
  CopiedResults,
  ExecutionCost,
  FetchedResults,
  FollowOptions,
  LogSource,
  ResumeOptions,
  Run,
  RunEnd,
  StackPlace,
  StartedRun,
  StartReport,
  StopRequested,
  UsageSampler,
} from '../../ports/runs.ts';
import { readDetails } from '../read-details.ts';
import { publishResults } from '../results/publish-results.ts';
import { rebuildResults } from '../results/rebuild-results.ts';
import type { Cloud } from './cloud.ts';
import { copyResults } from './copy-results.ts';
import { latestExecution } from './executions-of.ts';
import { type PackSource, packSource, refuseRenewal } from './start/image-source.ts';
import { isComplete, resumeRun } from './start/resume-run.ts';
import { startRun } from './start/start-run.ts';
import { mirrorLogs } from './status/mirror-logs.ts';
import { RunPoller } from './status/run-poller.ts';
import { AwsUsage } from './status/usage.ts';
import { stopRun } from './stop-run.ts';

/** Finds a stack, and makes adapters for its parts. */
export type Connect = (where: StackPlace) => Promise<Cloud>;

export interface AwsServices {
  connect: Connect;
  /** Default: `packSource`. */
  pack?: PackSource;
  /** Seconds between two polls of a run that is followed. */
  pollSeconds?: number;
}

export interface AwsRunOptions extends AwsServices {
  name: string;
  /** Where the run is. */
  remote: Remote;
}

/** A poll takes several requests; 5 s is far below AWS's limits, and nothing here changes faster. */
const defaultPollSeconds = 5;
/** Workers upload their logs twice a minute. */
const logsPollMs = 10_000;

export class AwsRun implements Run {
  readonly name: string;
  readonly project: string;
  readonly remote: Remote;
  readonly #runs: RunsFolder;
  readonly #options: AwsRunOptions;
  #opened: Promise<{ cloud: Cloud; request: EksRequest; poller: RunPoller }> | undefined;
  #request: Promise<EksRequest> | undefined;

  /** @throws UsageError when the name is taken */
  static async start(
    runs: RunsFolder,
    draft: EksDraft,
    options: AwsServices & { stack: StackPlace; report: StartReport },
  ): Promise<StartedRun> {
    const { stack, report, ...services } = options;
    const cloud = await services.connect(stack);
    const execution = await startRun(cloud, runs, draft, { pack: services.pack ?? packSource, report });
    return AwsRun.known(runs, draft.run, services).#started(cloud, execution);
  }

  /** A run on AWS that the project's folder knows. */
  static known(runs: RunsFolder, name: string, services: AwsServices): AwsRun {
    const remote = readRemote(runs.folderOf(name));
    if (!remote) throw new Error(`run ${name} is not on AWS`);
    return new AwsRun(runs, { ...services, name, remote });
  }

  constructor(runs: RunsFolder, options: AwsRunOptions) {
    this.#runs = runs;
    this.#options = options;
    [this.name, this.project, this.remote] = [options.name, runs.project, options.remote];
  }

  /** @throws NotFound when its stack was deleted; AccessDenied, Unreachable */
  #open() {
    this.#opened ??= this.#connect();
    return this.#opened;
  }

  async #connect() {
    const { name, remote } = this;
    const request = await this.request();
    const cloud = await this.#options.connect({ stack: remote.stack, region: remote.region });
    const poller = new RunPoller(cloud, { request, remote, folder: this.#runs.folderOf(name) });
    return { cloud, request, poller };
  }

  request(): Promise<EksRequest> {
    this.#request ??= this.#runs.request(this.name) as Promise<EksRequest>;
    return this.#request;
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
    const { poller } = await this.#open();
    return readDetails(this.#runs, { store: poller.store, status, readParts: false });
  }

  async resume(options: ResumeOptions): Promise<StartedRun | CompleteRun> {
    refuseRenewal(options);
    const { cloud, request } = await this.#open();
    const status = await this.status();
    if (isComplete(status, options.retryFailed)) return { complete: status };
    const pack = this.#options.pack ?? packSource;
    const execution = await resumeRun(cloud, this.#runs, request, { ...options, pack });
    // The request may have changed, and the poller knows the execution before.
    this.#opened = undefined;
    this.#request = undefined;
    return this.#started(cloud, execution);
  }

  #started({ stack }: Cloud, execution: string): StartedRun {
    const { name, region, runMachineArn } = stack;
    const arn = `${runMachineArn.replace(':stateMachine:', ':execution:')}:${execution}`;
    const address = `https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/${arn}`;
    return {
      run: this,
      remote: { execution, stack: name, region, console: address },
      close: async () => {},
    };
  }

  /** @throws AccessDenied, and other errors that waiting does not solve */
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
        if (!isBlind) onNotice(`AWS cannot be reached; it is polled again: ${error.message}`);
        isBlind = true;
      }
      await sleep(everyMs, undefined, { signal }).catch(() => {});
    }
    return undefined;
  }

  async stop(how: 'drain' | 'now'): Promise<StopRequested | undefined> {
    const { cloud, request } = await this.#open();
    const done = await stopRun(cloud, this.name, how);
    if (!done) return undefined;
    if (done === 'drain') return { how: done, lines: [drainRequested(this.name)] };
    const why = how === 'now' ? '' : ', because no worker was ready';
    const { cluster } = request.target;
    return {
      how: done,
      lines: [
        `stopped ${this.name}${why}: in some minutes its workers are ended, its nodes removed and its results gathered`,
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

  /** Missing files are built on this machine, from the records in the bucket. */
  async results({ to, rebuild }: { to: string; rebuild: boolean }): Promise<FetchedResults> {
    const { request, poller } = await this.#open();
    const status = await this.status();
    if (isAtWork(status))
      throw new NothingToDo(`run ${this.name} is at work: it has no results yet`, {
        hint: `Follow it: gcd-sfn watch ${this.name}`,
      });
    const { store } = poller;
    const performance = layout.result(request.config.fileNames.performance);
    // A later execution that was killed before it gathered has records that are not in the files.
    const isComplete =
      (await exists(store, performance)) && (status.history.gathered || status.state !== 'interrupted');
    const rebuilt = rebuild || !isComplete;
    if (rebuilt) await rebuildResults(store, request, true);
    return { rebuilt, ...(await this.#publish(to)) };
  }

  async copyResults(to: string): Promise<CopiedResults | undefined> {
    const { request, poller } = await this.#open();
    const last = layout.result(request.config.fileNames.performance);
    return (await exists(poller.store, last)) ? this.#publish(to) : undefined;
  }

  async costs(): Promise<ExecutionCost[]> {
    const { cloud, poller } = await this.#open();
    const now = cloud.clock.now();
    return [...(await readCosts(poller.store))].map(([execution, cost]) => {
      const { from, to, perHour, once, pricesOf } = cost;
      const seconds = (to ?? now) - from;
      return { execution, from, to, seconds, perHour, once, pricesOf, dollars: dollarsOf(cost, now) };
    });
  }

  /** Copies the result files to a folder, and to `saved_bucket`. */
  async #publish(to: string): Promise<CopiedResults> {
    const { request, poller } = await this.#open();
    const { folder, files, outputs } = await publishResults(poller, request, to);
    const missing = outputs.missing.map(({ path }) => path);
    return { folder, files, missing, copy: await this.#copy() };
  }

  /** A copy that fails is reported, not thrown: the results are in the folder. */
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
