/** One execution of a run on this machine: opens the data, starts the workers and walks the definition. */
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { DataCache } from '../../../adapters/local/data-cache/data-cache.ts';
import { LocalEnvironments } from '../../../adapters/local/environments/local-environments.ts';
import { EventLog } from '../../../adapters/local/runs/event-log.ts';
import { claimExecution } from '../../../adapters/local/runs/runs-folder.ts';
import type { LocalWorkers } from '../../../adapters/local/workers/local-workers.ts';
import { describeError } from '../../../core/errors/errors.ts';
import type { RunEvent } from '../../../core/run-store/events/events.ts';
import { layout } from '../../../core/run-store/layout.ts';
import type { Live } from '../../../core/run-store/status/live.ts';
import type { Progress } from '../../../core/run-store/status/run-status.ts';
import { systemClock } from '../../../core/system-clock.ts';
import type { Gathered } from '../../../functions/gather/gather.ts';
import type { Environment } from '../../../ports/environments.ts';
import { projectStore } from '../../results/publish-results.ts';
import { keepHeapSmall } from '../../v8-flags.ts';
import { readDefinition } from '../walk/definition.ts';
import { walk } from '../walk/walk.ts';
import { type DataPlace, dataPlace } from './data-place.ts';
import { publishLiveStatus } from './live-status-publisher.ts';
import type { LocalExecutionOptions } from './local-execution-options.ts';
import { newWorkers } from './new-workers.ts';
import { runTasks } from './run-tasks.ts';
import { removeOrphans, removeWorkingFolder } from './tidy-outputs.ts';

/** The counts of an execution that ended, and whether it was stopped before all tasks had ended. */
export interface LocalOutcome extends Gathered {
  interrupted: boolean;
}

interface Opened {
  place: DataPlace;
  cache: DataCache | undefined;
  workers: LocalWorkers;
}

/** An event without its time. */
type Untimed = RunEvent extends infer Event
  ? Event extends { at: number }
    ? Omit<Event, 'at'>
    : never
  : never;

const environmentPollSeconds = 0.2;
/** In the run's folder: data files from S3, deleted when the execution ends. */
const cacheFolder = 'data-cache';

export class LocalExecution {
  readonly #options: LocalExecutionOptions;
  readonly #environments: LocalEnvironments;
  #workers: LocalWorkers | undefined;
  #environment: Environment | undefined;
  #stop: 'drain' | 'now' | undefined;
  #state = '';
  #detail = '';

  constructor(options: LocalExecutionOptions) {
    this.#options = options;
    this.#environments = options.environments ?? new LocalEnvironments();
  }

  /** How far the run is; undefined before its workers exist. */
  progress(): Progress | undefined {
    return this.#workers?.progress();
  }

  get isStopping(): boolean {
    return this.#stop !== undefined;
  }

  /** `drain` lets running tasks end, `now` kills them. What is done is gathered. */
  stop(how: 'drain' | 'now'): void {
    this.#stop = how;
    void this.#workers?.stop(how);
    void this.#environments.cancel();
  }

  /**
   * Walks the definition from its start; tasks with a record are not run again.
   * @throws the error that made it fail, after what is done was gathered
   */
  async execute(): Promise<LocalOutcome> {
    keepHeapSmall();
    const { request, held } = this.#options;
    const number = await claimExecution(held.store);
    const execution = `${request.run}-${number}`;
    await removeWorkingFolder(held.folder);
    const log = this.#eventLog();
    const opened = await this.#openWorkers(`${number}`);
    log({ event: 'execution-started', execution });
    const withdraw = publishLiveStatus({
      folder: held.folder,
      live: () => this.live(),
      onControl: ({ stop }) => {
        this.#options.onStopRequested?.(stop);
        this.stop(stop);
      },
    });
    try {
      const gathered = await this.#walk(execution, opened, log);
      await removeOrphans(held.store, held.folder);
      const interrupted = this.isStopping && gathered.unfinished > 0;
      log({ event: 'execution-ended', outcome: interrupted ? 'interrupted' : 'succeeded' });
      return { ...gathered, interrupted };
    } catch (error) {
      const { name, message } = describeError(error);
      log({ event: 'execution-ended', outcome: 'failed', error: name, cause: message });
      throw error;
    } finally {
      withdraw();
      await opened.workers.stop('now');
      await this.#environments.cancel();
      opened.place.close();
      await opened.cache?.close();
      await removeWorkingFolder(held.folder);
    }
  }

  /** @returns what appends an event to `events.jsonl`, with the time where it has none */
  #eventLog(): (event: RunEvent | Untimed) => void {
    const log = new EventLog(this.#options.held.store.path(layout.events));
    return (given) => {
      const event = { at: systemClock.now(), ...given } as RunEvent;
      log.append(event);
      if (event.event === 'state-entered') this.#enter(event);
      this.#options.onEvent?.(event);
    };
  }

  /** Opens the data, and makes the workers, which start later. */
  async #openWorkers(execution: string): Promise<Opened> {
    const { request, held, credentials } = this.#options;
    const place = await dataPlace(request, credentials);
    const { files } = place;
    const cache =
      files.kind === 'elsewhere' ? await files.cacheIn(join(held.folder, cacheFolder)) : undefined;
    const python = () => this.#environment?.python ?? ['python3'];
    const workers = newWorkers(this.#options, { execution, place, cache, python });
    if (this.#stop) void workers.stop(this.#stop);
    this.#workers = workers;
    return { place, cache, workers };
  }

  async #walk(
    execution: string,
    { place, workers }: Opened,
    onEvent: (event: RunEvent) => void,
  ): Promise<Gathered> {
    const { request, held, code } = this.#options;
    const ports = {
      ...{ store: held.store, data: place.store, project: projectStore(request.project) },
      ...{ environments: this.#environments, workers, batches: workers, clock: systemClock },
    };
    const tasks = runTasks(ports, {
      request,
      project: code,
      onEnvironment: (environment) => this.#onEnvironment(environment),
      onDetail: (detail) => {
        this.#detail = detail;
        this.#options.onDetail?.(detail);
      },
      stopped: () => this.isStopping,
    });
    const output = await walk(await readDefinition('run'), {
      input: { run: request.run },
      ...tasks,
      looks: { EnsureEnvironment: environmentPollSeconds },
      execution,
      retries: 'none',
      onEvent,
    });
    return (output as { gathered: Gathered }).gathered;
  }

  /** The detail of a Task state stays while the Wait state before its next poll is entered. */
  #enter({ state, type }: { state: string; type: string }): void {
    this.#state = state;
    if (type === 'Task') this.#detail = '';
  }

  /** How it is doing now, as `live.json` says it. */
  live(): Live {
    const progress = this.progress();
    return {
      at: systemClock.now(),
      pid: process.pid,
      hostname: hostname(),
      state: this.#state,
      detail: this.#detail,
      progress: progress ? { ...progress, firstFailure: withoutOutput(progress.firstFailure) } : null,
      workers: this.#workers?.live() ?? [],
    };
  }

  #onEnvironment(environment: Environment): void {
    if (this.#environment) return;
    this.#environment = environment;
    for (const notice of environment.notices) this.#options.onNotice?.(notice);
  }
}

/** The output of a task may be long, and is in its record. */
function withoutOutput(failure: Progress['firstFailure']): Progress['firstFailure'] {
  if (!failure) return undefined;
  const { output, ...rest } = failure;
  return rest;
}
