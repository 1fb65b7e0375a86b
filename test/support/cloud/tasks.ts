/** What the handlers of the states will be, with ports in memory: the functions of the definitions by their states' names. */

import { WorkersFailed } from '../../../core/errors/errors.ts';
import { keptEnd } from '../../../core/run-store/events/events.ts';
import { layout } from '../../../core/run-store/layout.ts';
import { linesOf } from '../../../core/run-store/records/lines.ts';
import { readDone } from '../../../core/run-store/records/parts.ts';
import type { Batch, BatchTask, TaskRecord, WorkerEvent } from '../../../core/run-store/records/records.ts';
import type { RunRequest } from '../../../core/run-store/request/request.ts';
import { isOver } from '../../../core/run-store/status/control.ts';
import { readAll, type Store } from '../../../core/store.ts';
import type { EksTarget } from '../../../core/target.ts';
import { ensureBastion, stopBastion } from '../../../functions/bastion/ensure-stop-bastion.ts';
import { beginCleanUp, type CleanUpInput } from '../../../functions/cleanup/begin-clean-up.ts';
import { confirmGone, tearDown } from '../../../functions/cleanup/tear-down.ts';
import { ensureCluster } from '../../../functions/cluster/ensure-cluster.ts';
import { limitCost, sumCost } from '../../../functions/cost/limit-sum-cost.ts';
import { endRemoteRepetition } from '../../../functions/dispatch/end-repetition-aws.ts';
import { gather } from '../../../functions/gather/gather.ts';
import { checkImage, confirmImage } from '../../../functions/image/check-confirm-image.ts';
import { keepEvents } from '../../../functions/lambda/keep-events.ts';
import { ensureNodegroup } from '../../../functions/nodes/ensure-nodegroup.ts';
import { releaseNodes } from '../../../functions/nodes/scale-down.ts';
import { scaleNodes } from '../../../functions/nodes/scale-nodes.ts';
import { type Ended, notify, type Outcome } from '../../../functions/notify/notify.ts';
import { planTasks } from '../../../functions/plan/plan.ts';
import { validate } from '../../../functions/validate/validate.ts';
import { reserveWorkers } from '../../../functions/workers/reserve-workers.ts';
import { startReserved, stopReserved } from '../../../functions/workers/start-stop-workers-aws.ts';
import type { WalkOptions } from '../../../runs/local/walk/walk.ts';
import type { CloudPorts } from './world.ts';

export type EksRequest = RunRequest & { target: EksTarget };

export function cloudTasks(ports: CloudPorts, request: EksRequest): Pick<WalkOptions, 'tasks' | 'items'> {
  const { store, clock, images, reservations } = ports;
  const gatherRun = gatherIn(ports);
  const report = async (event: OfExecution) => {
    await keepEvents(ports, event);
    await store.write(layout.result('report.html'), 'a page');
    await store.write(layout.result(request.config.fileNames.performance), 'Total tasks   6\n');
    return {};
  };
  const cluster = request.target.cluster.name;

  const buildImage = async ({ EnvironmentVariablesOverride: variables, ...given }: BuildInput) => {
    const [digest = '', platform = '', cache = ''] = variables.map(({ Value }) => Value);
    await images.build({ digest, platform, cache, source: given.SourceLocationOverride });
    // .sync waits.
    for (;;) {
      const { state } = await images.status(digest);
      if (state === 'succeeded') return { Build: { Id: 'build:1', BuildStatus: 'SUCCEEDED' } };
      if (state !== 'building') throw new BuildFailed(JSON.stringify({ Build: { Id: 'build:1' } }));
    }
  };

  const runBatch = async ({
    MessageBody,
  }: {
    MessageBody: { execution: string; repetition: number; batch: Batch };
  }) => {
    const { repetition, batch, execution } = MessageBody;
    const mine = (await reservations.list(cluster)).find((one) => one.execution === execution);
    if (mine?.state !== 'started' || mine.workers.ready === 0)
      throw new WorkersFailed(
        `no worker of ${execution} takes batch ${batch.batch}: ${JSON.stringify(mine)}`,
      );
    const now = clock.now();
    if (await isOver(store, execution, now)) throw new Stopped('the run is over');
    await workOff({ store, now }, batch, repetition, execution);
    return { batch: batch.batch, succeeded: batch.tasks, failed: 0, notRun: 0 };
  };

  return {
    tasks: {
      Validate: ({ execution }: { execution: string }) =>
        validate(ports)(request, { bucket: 'bucket', prefix: `runs/${request.run}/` }, execution),
      PlanTasks: async () => ({ state: 'ready', ...(await planTasks(ports)(request)) }),
      EnsureEnvironment: () => {
        throw new Error('a run on a cluster needs no environment on this machine');
      },
      CheckImage: checkImage(ports),
      BuildImage: buildImage,
      ConfirmImage: confirmImage(ports),
      EnsureBastion: ensureBastion(ports, 'starting'),
      EnsureCluster: ensureCluster(ports),
      EquipCluster: ensureCluster(ports),
      EnsureNodegroup: ensureNodegroup(ports),
      ReserveWorkers: (input) => reserveWorkers(ports)(request, input),
      ScaleNodes: scaleNodes(ports),
      LimitCost: (input) => limitCost(ports)(request, input),
      StartWorkers: startReserved(ports),
      RunBatch: runBatch,
      EndRepetition: endRemoteRepetition(ports),
      StopWorkers: (event: OfExecution & { cluster: string; since: number }) =>
        stopReserved(ports, { ...ports, since: event.since, taskTimeoutSeconds: null })(event),
      ScaleDown: releaseNodes(ports),
      SumCost: sumCost(ports),
      Gather: (event: OfExecution) => gatherRun(request, event),
      Report: report,
      TearDown: tearDown(ports),
      ConfirmGone: confirmGone(ports),
      StopBastion: stopBastion(ports),
      Notify: notifyIn(ports, request),
    },
    items: { DispatchBatches: () => batchesOf(store) },
  };
}

/** Functions of cleanup.asl.yaml; `request` is null when it is of no run. */
export function cleanUpTasks(
  ports: CloudPorts,
  request: EksRequest | null,
): Pick<WalkOptions, 'tasks' | 'items'> {
  const gatherRun = gatherIn(ports);
  return {
    tasks: {
      BeginCleanUp: ({ input }: { input: CleanUpInput }) => beginCleanUp(ports)(request, input),
      StopWorkers: stopReserved(ports),
      ScaleDown: releaseNodes(ports),
      SumCost: sumCost(ports),
      Gather: (event: OfExecution) => gatherRun(request as EksRequest, event),
      Report: async (event: OfExecution) => {
        await keepEvents(ports, event);
        await ports.store.write(layout.result('report.html'), 'a page');
        return {};
      },
      StopBastion: stopBastion(ports),
      Notify: notifyIn(ports, request),
      TearDown: tearDown(ports),
      ConfirmGone: confirmGone(ports),
    },
    items: {},
  };
}

/** As functions/notify/handler.ts. */
const notifyIn =
  (ports: CloudPorts, request: EksRequest | null) =>
  async (ended: Ended): Promise<Outcome> =>
    (await notify(ports)(request?.config.notify ?? null, ended)).outcome;

/** As Step Functions tells of a build that failed. */
class BuildFailed extends Error {
  override readonly name = 'States.TaskFailed';
}

/** As an agent answers a batch when the run is over. */
class Stopped extends Error {
  override readonly name = 'Stopped';
}

interface OfExecution {
  run: string;
  execution: string;
}

/** As functions/gather/handler.ts. */
const gatherIn =
  (ports: Pick<CloudPorts, 'store' | 'project' | 'events' | 'clock'>) =>
  async (request: EksRequest, event: OfExecution) => {
    await keepEvents(ports, event);
    const ended = (await keptEnd(ports.store, event.execution))?.at;
    return gather({ ...ports, now: () => ended ?? ports.clock.now() })(request);
  };

interface BuildInput {
  SourceLocationOverride: string;
  EnvironmentVariablesOverride: { Name: string; Value: string }[];
}

async function batchesOf(store: Store): Promise<Batch[]> {
  const items: Batch[] = [];
  for await (const lines of linesOf(store.read(layout.batches)))
    for (const line of lines) items.push(JSON.parse(line.toString()));
  return items;
}

/** As an agent does: skips what is done, writes a part of its own. */
async function workOff(
  { store, now }: { store: Store; now: number },
  { batch, offset, bytes }: Batch,
  repetition: number,
  execution: string,
) {
  const line = await readAll(store, layout.batchTasks, { start: offset, end: offset + bytes });
  const done = await readDone(store, repetition);
  const left = (JSON.parse(line.toString()) as BatchTask[]).filter(([index, id]) => !done.has(index, id));
  if (left.length === 0) return;
  const worker: WorkerEvent = {
    event: 'worker',
    worker: execution,
    node: 'n',
    hostname: 'h',
    ip: '',
    pid: 1,
  };
  const lines = left.map(([index, task, file]): TaskRecord => {
    const times = { start: now, end: now + 1, cpu: 0, memory: 0 };
    return { status: 'succeeded', index, task, attempt: 1, ...times, result: { file } };
  });
  const part = [worker, ...lines].map((one) => `${JSON.stringify(one)}\n`).join('');
  await store.write(layout.part(repetition, `${execution}-${batch}`), part);
}
