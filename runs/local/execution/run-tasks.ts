/** Implementations of the definition's Task states for a run on this machine. */

import { RunInterrupted } from '../../../core/errors/errors.ts';
import { layout } from '../../../core/run-store/layout.ts';
import { linesOf } from '../../../core/run-store/records/lines.ts';
import type { Batch } from '../../../core/run-store/records/records.ts';
import type { RunRequest } from '../../../core/run-store/request/request.ts';
import type { Store } from '../../../core/store.ts';
import { endRepetition } from '../../../functions/dispatch/end-repetition-local.ts';
import { gather } from '../../../functions/gather/gather.ts';
import { type EndState, firstFailure } from '../../../functions/notify/outcome.ts';
import { planTasks } from '../../../functions/plan/plan.ts';
import { validate } from '../../../functions/validate/validate.ts';
import { startWorkers, stopWorkers } from '../../../functions/workers/start-stop-workers-local.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Environment, Environments } from '../../../ports/environments.ts';
import type { Batches, Workers } from '../../../ports/workers.ts';
import type { WalkOptions } from '../walk/walk.ts';
import { ensureEnvironment } from './ensure-environment.ts';

export interface RunPorts {
  /** The run's store, and the one with the data files. */
  store: Store;
  data: Store;
  /** The project's store: what outlives its runs. */
  project: Store;
  environments: Environments;
  workers: Workers;
  batches: Batches;
  clock: Clock;
}

export interface RunContext {
  request: RunRequest;
  /** The frozen project. */
  project: string;
  /** Called when the environment is ready, before workers start; `onDetail` while it is being built. */
  onEnvironment: (environment: Environment) => void;
  onDetail: (detail: string) => void;
  /** Whether a stop was requested. */
  stopped: () => boolean;
}

/** Task states of runs on a cluster: Choice states skip them on this machine. */
export const cloudStates = [
  'CheckImage',
  'BuildImage',
  'ConfirmImage',
  'EnsureBastion',
  'EnsureCluster',
  'EnsureNodegroup',
  'EquipCluster',
  'ReserveWorkers',
  'ScaleNodes',
  'LimitCost',
  'ScaleDown',
  'SumCost',
  'TearDown',
  'ConfirmGone',
  'StopBastion',
] as const;

const elsewhere = (state: string) => () => {
  throw new Error(`a run on this machine reached ${state}, a state of runs on a cluster`);
};

/** Functions and items of run.asl.yaml, by the states' names. */
export function runTasks(ports: RunPorts, context: RunContext): Pick<WalkOptions, 'tasks' | 'items'> {
  const { store } = ports;
  const { request } = context;
  const environment = ensureEnvironment(ports);
  const ensure = async () => {
    if (context.stopped()) throw new RunInterrupted('interrupted before any task ran');
    const step = await environment({ project: context.project, python: request.config.python });
    if (step.state === 'ready') context.onEnvironment(step);
    else context.onDetail(step.detail);
    return step;
  };
  const gatherRun = gather({ store, project: ports.project, now: () => ports.clock.now() });
  const reportRun = async () => {
    // Loaded late: it contains fonts and a renderer.
    const { report } = await import('../../../functions/report/report.ts');
    return report({ store })({ fileNames: request.config.fileNames });
  };
  return {
    tasks: {
      ...Object.fromEntries(cloudStates.map((state) => [state, elsewhere(state)])),
      Validate: ({ execution }: { execution: string }) =>
        validate(ports)(request, { bucket: 'local', prefix: '' }, execution),
      PlanTasks: async () => ({ state: 'ready', ...(await planTasks(ports)(request)) }),
      EnsureEnvironment: ensure,
      StartWorkers: startWorkers(ports),
      RunBatch: async ({ MessageBody }: { MessageBody: { batch: Batch } }) => {
        await ports.batches.offer(MessageBody.batch);
        // Tasks of an answered batch that did not run were skipped by a stop.
        return { notRun: 0 };
      },
      EndRepetition: endRepetition(ports),
      StopWorkers: stopWorkers(ports),
      Gather: () => gatherRun(request),
      Report: reportRun,
      Notify: ({ state }: { state: EndState }) => firstFailure(state) ?? {},
    },
    items: {
      DispatchBatches: async () => {
        const items: Batch[] = [];
        for await (const lines of linesOf(store.read(layout.batches)))
          for (const line of lines) items.push(JSON.parse(line.toString()));
        return items;
      },
    },
  };
}
