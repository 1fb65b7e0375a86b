/** One execution of a run on this machine: puts the parts together and walks the definition. */
import { hostname } from 'node:os';
import { join } from 'node:path';
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
import { projectStore } from '../../publish-results.ts';
import { keepHeapSmall } from '../../v8-flags.ts';
import { readDefinition } from '../walk/definition.ts';
import { walk } from '../walk/walk.ts';
import { dataPlace } from './data-place.ts';
import { publishLiveStatus } from './live-status-publisher.ts';
import type { LocalExecutionOptions } from './local-execution-options.ts';
import { newWorkers } from './new-workers.ts';
import { runTasks } from './run-tasks.ts';
import { removeOrphans, removeWorkingFolder } from './tidy-outputs.ts';

/** How an execution ended: its counts, and whether somebody stopped it. */
export interface LocalOutcome extends Gathered {
  interrupted: boolean;
}

const environmentPollSeconds = 0.2;
/** In the run's folder: data files that were fetched, as long as the execution lasts. */
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
    await removeWorkingFolder(held.folder);
    const log = new EventLog(store.path(layout.events));
    const tell = (event: RunEvent) => {
      log.append(event);
      if (event.event === 'state-entered') this.#enter(event);
      this.#options.onEvent?.(event);
    };
    const clock = systemClock;
    const place = await dataPlace(request, this.#options.credentials);
    const { files } = place;
    const cache =
      files.kind === 'elsewhere' ? await files.cacheIn(join(held.folder, cacheFolder)) : undefined;
    const workers = newWorkers(this.#options, {
      execution: `${number}`,
      place,
      cache,
      python: () => this.#environment?.python ?? ['python3'],
    });
    if (this.#stop) void workers.stop(this.#stop);
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
    const withdraw = publishLiveStatus({
      folder: held.folder,
      live: () => this.#live(),
      onControl: ({ stop }) => {
        this.#options.onStopAsked?.(stop);
        this.stop(stop);
      },
    });
    try {
      const output = (await walk(await readDefinition('run'), {
        input: { run: request.run },
        ...runTasks(ports, {
          request,
          project: code,
          onEnvironment: (environment) => this.#onEnvironment(environment),
          onDetail: (detail) => {
            this.#detail = detail;
            this.#options.onDetail?.(detail);
          },
          stopped: () => this.#stop !== undefined,
        }),
        looks: { EnsureEnvironment: environmentPollSeconds },
        execution: `${request.run}-${number}`,
        retries: 'none',
        onEvent: tell,
      })) as { gathered: Gathered };
      await removeOrphans(store, held.folder);
      const interrupted = this.#stop !== undefined && output.gathered.unfinished > 0;
      tell({ at: clock.now(), event: 'execution-ended', outcome: interrupted ? 'interrupted' : 'succeeded' });
      return { ...output.gathered, interrupted };
    } catch (error) {
      const { name, message } = describeError(error);
      tell({ at: clock.now(), event: 'execution-ended', outcome: 'failed', error: name, cause: message });
      throw error;
    } finally {
      withdraw();
      await workers.stop('now');
      await this.#environments.cancel();
      place.close();
      await cache?.close();
      await removeWorkingFolder(held.folder);
    }
  }

  /** What a task says of itself holds while one waits to ask it again. */
  #enter({ state, type }: { state: string; type: string }): void {
    this.#state = state;
    if (type === 'Task') this.#detail = '';
  }

  #live(): Live {
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

/** What a task printed may be long, and is in its record. */
function withoutOutput(failure: Progress['firstFailure']): Progress['firstFailure'] {
  if (!failure) return undefined;
  const { output, ...rest } = failure;
  return rest;
}
