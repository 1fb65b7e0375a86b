/** The stage that turns parts into result files: the rows of each task, in the manifest's order. */

import { runEvents } from '../../core/run-store/events/events.ts';
import { layout } from '../../core/run-store/layout.ts';
import { DurationsBuilder, durationsKey, readDurations } from '../../core/run-store/plan/durations.ts';
import { manifestIds, taskOf } from '../../core/run-store/plan/manifest.ts';
import type { Plan } from '../../core/run-store/plan/plan.ts';
import { LineChunks, linesOf } from '../../core/run-store/records/lines.ts';
import type { RunRequest } from '../../core/run-store/request/request.ts';
import { dollarsOf, readCosts } from '../../core/run-store/status/costs.ts';
import type {
  Damage,
  RepetitionSummary,
  RunSummary,
  TimelineEntry,
} from '../../core/run-store/status/summary.ts';
import { pending, type Step } from '../../core/step.ts';
import { readAll, type Store } from '../../core/store.ts';
import { indexParts, mostNamed, type RecordIndex, Status } from './index-parts.ts';
import { OutputTable } from './output-table.ts';
import {
  Cut,
  type Cutting,
  linesInPieces,
  linesOfParts,
  type PartLines,
  removePieces,
} from './part-lines.ts';
import { Tables } from './result-tables.ts';
import { extremes, lanesOf, type Seen, summarise } from './summarise.ts';
import { TextCount } from './text-values.ts';

/** What the state machine learns: tasks of all repetitions. */
export interface Gathered {
  succeeded: number;
  failed: number;
  unfinished: number;
}

export interface GatherPorts {
  /** The run's store. */
  store: Store;
  /** The project's store, where the durations are kept for the next plan. */
  project: Store;
  now: () => number;
}

/** @returns counts; the files, the timelines and `gathered/summary.json` are in the store. */
export const gather =
  (ports: GatherPorts) =>
  (request: RunRequest): Promise<Gathered> =>
    write(ports, request, (repetition) => linesOfParts(ports.store, repetition));

/**
 * The same in several calls, where one may not last as long as it takes: the next goes on where it was, whether this one
 * stopped in time or was ended.
 * @param ports.over whether it is time to stop reading parts; what follows is bounded by the room for scratch files
 */
export const gatherInSteps =
  ({ over, piece, ...ports }: GatherPorts & Cutting) =>
  async (request: RunRequest): Promise<Step<Gathered>> => {
    const cutting: Cutting = { over, ...(piece && { piece }) };
    const lines = (repetition: number) => linesInPieces(ports.store, repetition, cutting);
    try {
      const gathered = await write(ports, request, lines);
      await removePieces(ports.store);
      return { state: 'ready', ...gathered };
    } catch (error) {
      if (error instanceof Cut) return pending(`${error.parts} parts of results were read`);
      throw error;
    }
  };

async function write(
  { store, project, now }: GatherPorts,
  request: RunRequest,
  linesOf: (repetition: number) => AsyncIterable<PartLines>,
): Promise<Gathered> {
  const { config, repetitions } = request;
  const plan: Plan = JSON.parse((await readAll(store, layout.plan)).toString());
  const starts = await executionStarts(store);
  const { ids, lines: manifestLines } = await manifestIds(store, plan.tasks);
  const damaged: Damage = { lines: 0, first: [], missingTasks: plan.tasks - manifestLines };
  using tables = new Tables();
  using outputs = new OutputTable();
  const texts = new TextCount();
  const durations = new DurationsBuilder(plan.tasks);
  const summaries: RepetitionSummary[] = [];
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    using index = await indexParts(linesOf(repetition), ids, plan.tasks);
    damaged.lines += index.damaged.lines;
    damaged.first.push(...index.damaged.first.slice(0, mostNamed - damaged.first.length));
    // Repetitions that the run was stopped before are not part of it, except for the first.
    if (repetition > 1 && index.workers.length === 0) break;
    if (repetition === 1 && config.identityColumns) tables.beginResults(index.shape.columns());
    const seen = await addTasks(store, index, repetition, { tables, durations, outputs, texts });
    const { workers, laneOf } = lanesOf(index);
    const summary = summarise(repetition, index, workers, starts, seen);
    summaries.push(summary);
    await store.write(layout.timeline(repetition), timeline(index, laneOf, summary.firstStart ?? 0));
  }
  await store.write(
    layout.failures,
    tables.failures.map((failure) => `${JSON.stringify(failure)}\n`).join(''),
  );
  const measured = durations.sorted();
  // A run in which nothing succeeded, perhaps nothing began, leaves no trace of its own.
  if (measured.length > 0)
    await project.write(durationsKey, (await readDurations(project)).mergedWith(measured));
  const names = config.fileNames;
  await store.write(layout.result(names.savedData), tables.results.chunks());
  await store.write(layout.result(names.logsData), tables.logs.chunks());
  await store.write(layout.result(names.errorData), tables.errors.chunks());
  await outputs.write(store);
  const at = now();
  const isWhole = damaged.lines === 0 && damaged.missingTasks === 0;
  const summary = {
    ...summaryOf(request, summaries, at),
    dollars: await dollars(store, at),
    ...(outputs.count > 0 && { outputs: { files: outputs.count, bytes: outputs.bytes } }),
    ...(texts.found && { texts: texts.found }),
    ...(!isWhole && { damaged }),
  };
  await store.write(layout.summary, JSON.stringify(summary));
  const sum = (count: (one: RepetitionSummary) => number) =>
    summaries.reduce((total, one) => total + count(one), 0);
  return {
    succeeded: sum(({ succeeded }) => succeeded),
    failed: sum(({ failed }) => failed),
    unfinished: sum(({ unfinished }) => unfinished) + plan.tasks * (repetitions - summaries.length),
  };
}

async function addTasks(
  store: Store,
  index: RecordIndex,
  repetition: number,
  {
    tables,
    durations,
    outputs,
    texts,
  }: { tables: Tables; durations: DurationsBuilder; outputs: OutputTable; texts: TextCount },
): Promise<Seen> {
  const { shortest, longest } = extremes(index);
  const seen: Seen = { shortest: null, longest: null, errors: {} };
  let place = 0;
  for await (const lines of linesOf(store.read(layout.manifest)))
    for (const line of lines) {
      const task = taskOf(line);
      if (!task) {
        place++;
        continue;
      }
      const { file, column } = task;
      const seconds = (index.end[place] as number) - (index.start[place] as number);
      if (place === shortest) seen.shortest = { seconds, file, column };
      if (place === longest) seen.longest = { seconds, file, column };
      const worker = index.workers[index.worker[place] as number];
      if (index.status[place] === Status.unfinished || !worker) tables.addUnfinished(task, repetition);
      else {
        const status = index.status[place] === Status.succeeded ? 'succeeded' : 'failed';
        const record = index.record(place);
        const failure = tables.addFinished(task, repetition, status, record, worker);
        // As the rows of results: those of the first repetition.
        if (repetition === 1 && !failure) {
          outputs.add(task, record);
          texts.add(task, record);
        }
        if (failure) seen.errors[failure] = (seen.errors[failure] ?? 0) + 1;
        // A task that failed says little about how long it takes when it does not.
        else if (repetition === 1) durations.add(task.id, seconds);
      }
      place++;
    }
  return seen;
}

function* timeline(index: RecordIndex, laneOf: Uint32Array, firstStart: number): Generator<Buffer> {
  const lines = new LineChunks();
  for (let task = 0; task < index.status.length; task++) {
    if (index.status[task] === Status.unfinished) continue;
    const lane = laneOf[index.worker[task] as number] as number;
    const failed = index.status[task] === Status.failed ? 1 : 0;
    const round = (seconds: number) => Math.round((seconds - firstStart) * 1e6) / 1e6;
    const entry: TimelineEntry = [
      lane,
      round(index.start[task] as number),
      round(index.end[task] as number),
      failed,
      task,
    ];
    const full = lines.add(JSON.stringify(entry));
    if (full) yield full;
  }
  yield lines.rest();
}

async function executionStarts(store: Store): Promise<number[]> {
  const starts: number[] = [];
  for await (const event of runEvents(store)) if (event.event === 'execution-started') starts.push(event.at);
  // The machine's clock may have been set back between two of them.
  return starts.sort((a, b) => a - b);
}

function summaryOf(request: RunRequest, repetitions: RepetitionSummary[], now: number): RunSummary {
  const first = repetitions[0]?.firstStart ?? null;
  // Of a run that was killed, the last sign may be that of a task.
  const end = Math.max(now, ...repetitions.map(({ lastEnd }) => lastEnd ?? 0));
  return {
    run: request.run,
    project: request.projectName,
    requestedAt: request.requestedAt,
    initializeSeconds: Math.max(0, (first ?? now) - request.requestedAt),
    totalSeconds: end - request.requestedAt,
    repetitions,
  };
}

/** What the run's executions have cost; null when none had nodes on AWS. */
async function dollars(store: Store, now: number): Promise<number | null> {
  const costs = [...(await readCosts(store)).values()];
  return costs.length === 0 ? null : costs.reduce((sum, cost) => sum + dollarsOf(cost, now), 0);
}
