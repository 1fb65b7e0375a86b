/** One execution of a run on this machine: puts the parts together and walks the definition. */
import { basename, join } from 'node:path';
import { systemClock } from '../adapters/local/clock.ts';
import type { DataCache } from '../adapters/local/data-cache/data-cache.ts';
import { LocalEnvironments } from '../adapters/local/environments/local-environments.ts';
import { EventLog } from '../adapters/local/runs/event-log.ts';
import { claimExecution, type HeldRun } from '../adapters/local/runs/runs-folder.ts';
import { FolderStore } from '../adapters/local/store/folder-store.ts';
import { LocalWorkers } from '../adapters/local/workers/local-workers.ts';
import type { Gathered } from '../functions/gather/gather.ts';
import type { Environment } from '../ports/environments.ts';
import { describeError } from '../ports/errors.ts';
import type { RunEvent } from '../ports/events.ts';
import { layout } from '../ports/layout.ts';
import type { Plan } from '../ports/plan.ts';
import type { RunRequest } from '../ports/request.ts';
import { readAll } from '../ports/store.ts';
import type { Progress } from '../ports/workers.ts';
import { type Credentials, type DataPlace, dataPlace } from './data-place.ts';
import { readDefinition } from './definition.ts';
import { runTasks } from './run-tasks.ts';
import { keepHeapSmall } from './small-heap.ts';
import { walk } from './walk.ts';

export interface LocalRunOptions {
  request: RunRequest;
  held: HeldRun;
  /** Absolute path of the frozen project. */
  code: string;
  /** Shared with whoever has looked for a Python already. */
  environments?: LocalEnvironments;
  /** Keys of the user's AWS account, for the user's code; null where there are none. */
  credentials: Credentials;
  onEvent?: (event: RunEvent) => void;
  /** Lines about what a state is doing, and notices about the environment. */
  onDetail?: (detail: string) => void;
  onNotice?: (notice: string) => void;
}

/** How an execution ended: its counts, and whether somebody stopped it. */
export interface LocalOutcome extends Gathered {
  interrupted: boolean;
}

const environmentPollSeconds = 0.2;
/** In the run's folder: data files that were fetched, as long as the execution lasts. */
const cacheFolder = 'data-cache';

export class LocalRun {
  readonly #options: LocalRunOptions;
  readonly #environments: LocalEnvironments;
  #workers: LocalWorkers | undefined;
  #environment: Environment | undefined;
  #stop: 'drain' | 'now' | undefined;

  constructor(options: LocalRunOptions) {
    this.#options = options;
    this.#environments = options.environments ?? new LocalEnvironments();
  }

  /** How far the run is; undefined before its workers exist. */
  progress(): Progress | undefined {
    return this.#workers?.progress();
  }

  /** `drain` lets running tasks end; a second call with `now` ends them. What is done is gathered. */
  stop(how: 'drain' | 'now'): void {
    this.#stop = how;
    void this.#workers?.stop(how);
    void this.#environments.cancel();
  }

  /**
   * Walks the run from its start; what earlier executions did is not done again.
   * @throws whatever made it fail; what is done has been gathered then
   */
  async execute(): Promise<LocalOutcome> {
    keepHeapSmall();
    const { request, held, code } = this.#options;
    const { store } = held;
    const number = await claimExecution(store);
    const log = new EventLog(store.path(layout.events));
    const tell = (event: RunEvent) => {
      log.append(event);
      this.#options.onEvent?.(event);
    };
    const clock = systemClock;
    const place = await dataPlace(request, this.#options.credentials);
    const { files } = place;
    const cache =
      files.kind === 'elsewhere' ? await files.cacheIn(join(held.folder, cacheFolder)) : undefined;
    const workers = this.#newWorkers(`${number}`, place, cache);
    this.#workers = workers;
    const project = projectStore(request.project);
    const ports = {
      store,
      data: place.store,
      project,
      environments: this.#environments,
      workers,
      batches: workers,
      clock,
    };
    tell({ at: clock.now(), event: 'execution-started', execution: `${request.run}-${number}` });
    try {
      const output = (await walk(await readDefinition('run'), {
        input: { run: request.run },
        ...runTasks(ports, {
          request,
          project: code,
          onEnvironment: (environment) => this.#onEnvironment(environment),
          onDetail: (detail) => this.#options.onDetail?.(detail),
          stopped: () => this.#stop !== undefined,
        }),
        waits: { WaitForEnvironment: environmentPollSeconds },
        execution: `${request.run}-${number}`,
        retries: 'none',
        onEvent: tell,
      })) as { gathered: Gathered };
      const interrupted = this.#stop !== undefined && output.gathered.unfinished > 0;
      tell({ at: clock.now(), event: 'execution-ended', outcome: interrupted ? 'interrupted' : 'succeeded' });
      return { ...output.gathered, interrupted };
    } catch (error) {
      const { name, message } = describeError(error);
      tell({ at: clock.now(), event: 'execution-ended', outcome: 'failed', error: name, cause: message });
      throw error;
    } finally {
      await workers.stop('now');
      await this.#environments.cancel();
      place.close();
      await cache?.close();
    }
  }

  #onEnvironment(environment: Environment): void {
    if (this.#environment) return;
    this.#environment = environment;
    for (const notice of environment.notices) this.#options.onNotice?.(notice);
  }

  #newWorkers(execution: string, place: DataPlace, cache: DataCache | undefined): LocalWorkers {
    const { request, held, code, credentials } = this.#options;
    const { config } = request;
    const workers = new LocalWorkers({
      store: held.store,
      execution,
      slots: request.workers,
      python: () => this.#environment?.python ?? ['python3'],
      ...(cache && { data: cache }),
      settings: {
        project: code,
        data_root: place.files.kind === 'here' ? place.files.folder : (cache?.root ?? null),
        arguments: {
          data_bucket: place.bucket,
          ...staticKeys(credentials),
          aws_region: config.region ?? credentials.region,
          solver_name: config.solverName,
          solver_file: config.solverLicenceFile,
        },
        task_timeout: config.taskTimeoutSeconds,
        max_attempts: config.maxAttempts,
        retry_exceptions: config.exceptionAttempts,
        memory: config.memoryPerWorkerBytes,
        keep_output: config.keepOutput,
        environment: { ...temporaryKeys(credentials), ...config.env },
      },
    });
    if (this.#stop) void workers.stop(this.#stop);
    return workers;
  }
}

/** Temporary keys are of no use as arguments, which have no place for their token. */
function staticKeys({ accessKeyId, secretAccessKey, sessionToken }: Credentials) {
  const isStatic = sessionToken === null;
  return {
    aws_access_key: isStatic ? accessKeyId : null,
    aws_secret_access_key: isStatic ? secretAccessKey : null,
  };
}

/** boto3 finds them in the environment, also those that came from `.env`. */
function temporaryKeys({ accessKeyId, secretAccessKey, sessionToken }: Credentials): Record<string, string> {
  if (accessKeyId === null || secretAccessKey === null || sessionToken === null) return {};
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
}

/** What outlives the runs of a project: how long its tasks took. */
export function projectStore(project: string): FolderStore {
  return new FolderStore(join(project, '.gcd'));
}

/** What planning found, for messages. */
export async function readPlan({ store }: HeldRun): Promise<Plan> {
  return JSON.parse((await readAll(store, layout.plan)).toString());
}

/** Copies a run's result files to where its users look for them: `<project>/results/`, each whole or not at all. */
export async function publishResults(
  { store }: HeldRun,
  project: string,
): Promise<{ folder: string; files: string[] }> {
  const target = new FolderStore(`${project}/results`);
  const files: string[] = [];
  for await (const { key } of store.list(layout.result(''))) {
    await target.write(basename(key), store.read(key));
    files.push(basename(key));
  }
  return { folder: target.location, files };
}
