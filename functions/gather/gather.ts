/** The stage Gather: from parts to result files, with the rows of each task in the manifest's order. */

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
import { indexParts, maxNamed, type RecordIndex, Status } from './index-parts.ts';
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

/** Output of the state: numbers of tasks of all repetitions. */
export interface Gathered {
  succeeded: number;
  failed: number;
  unfinished: number;
}

export interface GatherPorts {
  /** The run's store. */
  store: Store;
  /** The project's store, with the durations for the next plan. */
  project: Store;
  now: () => number;
}

/** Writes result files, timelines and `gathered/summary.json`. */
export const gather =
  (ports: GatherPorts) =>
  (request: RunRequest): Promise<Gathered> =>
    write(ports, request, (repetition) => linesOfParts(ports.store, repetition));

/**
 * The same in several calls, for functions with a timeout: the next call continues, also if this one was killed.
 * @param ports.over whether it is time to stop reading parts; writing the results afterwards is bounded by the disk
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
      if (error instanceof Cut) return pending(`${error.parts} parts are read`);
      throw error;
    }
  };

/** What the repetitions fill, one after the other. Tables and outputs keep their rows on disk until they are written. */
class Collected implements Disposable {
  readonly tables = new Tables();
  readonly outputs = new OutputTable();
  readonly texts = new TextCount();
  readonly durations: DurationsBuilder;
  readonly summaries: RepetitionSummary[] = [];
  readonly damaged: Damage;

  constructor(plan: Plan, missingTasks: number) {
    this.durations = new DurationsBuilder(plan.tasks);
    this.damaged = { lines: 0, first: [], missingTasks };
  }

  sum(count: (one: RepetitionSummary) => number): number {
    return this.summaries.reduce((total, one) => total + count(one), 0);
  }

  [Symbol.dispose](): void {
    this.tables[Symbol.dispose]();
    this.outputs[Symbol.dispose]();
  }
}

async function write(
  ports: GatherPorts,
  request: RunRequest,
  linesOf: (repetition: number) => AsyncIterable<PartLines>,
): Promise<Gathered> {
  const { store } = ports;
  const { repetitions } = request;
  const plan: Plan = JSON.parse((await readAll(store, layout.plan)).toString());
  const starts = await executionStarts(store);
  const { ids, lines: manifestLines } = await manifestIds(store, plan.tasks);
  using collected = new Collected(plan, plan.tasks - manifestLines);
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    using index = await indexParts(linesOf(repetition), ids, plan.tasks);
    // Repetitions that the run was stopped before are not part of it, except for the first.
    if (!(await addRepetition(ports, request, collected, { repetition, index, starts }))) break;
  }
  await writeDurations(ports, collected);
  await writeResults(ports, request, collected);
  await writeSummary(ports, request, collected);
  const { summaries } = collected;
  return {
    succeeded: collected.sum(({ succeeded }) => succeeded),
    failed: collected.sum(({ failed }) => failed),
    unfinished: collected.sum(({ unfinished }) => unfinished) + plan.tasks * (repetitions - summaries.length),
  };
}

/** Adds rows, figures and the timeline of a repetition. @returns false if it has not started, and is not the first */
async function addRepetition(
  { store }: GatherPorts,
  { config }: RunRequest,
  collected: Collected,
  { repetition, index, starts }: { repetition: number; index: RecordIndex; starts: number[] },
): Promise<boolean> {
  const { damaged, tables, summaries } = collected;
  damaged.lines += index.damaged.lines;
  damaged.first.push(...index.damaged.first.slice(0, maxNamed - damaged.first.length));
  if (repetition > 1 && index.workers.length === 0) return false;
  if (repetition === 1 && config.identityColumns) tables.beginResults(index.shape.columns());
  const seen = await addTasks(store, index, repetition, collected);
  const { workers, laneOf } = lanesOf(index);
  const summary = summarise(repetition, index, workers, starts, seen);
  summaries.push(summary);
  await store.write(layout.timeline(repetition), timeline(index, laneOf, summary.firstStart ?? 0));
  return true;
}

/** Updates the project's durations; a run without a success leaves them unchanged. */
async function writeDurations({ project }: GatherPorts, { durations }: Collected): Promise<void> {
  const measured = durations.sorted();
  if (measured.length > 0)
    await project.write(durationsKey, (await readDurations(project)).mergedWith(measured));
}

async function writeResults(
  { store }: GatherPorts,
  { config: { fileNames } }: RunRequest,
  { tables, outputs }: Collected,
): Promise<void> {
  const failures = tables.failures.map((failure) => `${JSON.stringify(failure)}\n`);
  await store.write(layout.failures, failures.join(''));
  await store.write(layout.result(fileNames.savedData), tables.results.chunks());
  await store.write(layout.result(fileNames.logsData), tables.logs.chunks());
  await store.write(layout.result(fileNames.errorData), tables.errors.chunks());
  await outputs.write(store);
}

async function writeSummary(
  { store, now }: GatherPorts,
  request: RunRequest,
  { outputs, texts, damaged, summaries }: Collected,
): Promise<void> {
  const at = now();
  const isComplete = damaged.lines === 0 && damaged.missingTasks === 0;
  const summary = {
    ...summaryOf(request, summaries, at),
    dollars: await dollars(store, at),
    ...(outputs.count > 0 && { outputs: { files: outputs.count, bytes: outputs.bytes } }),
    ...(texts.found && { texts: texts.found }),
    ...(!isComplete && { damaged }),
  };
  await store.write(layout.summary, JSON.stringify(summary));
}

async function addTasks(
  store: Store,
  index: RecordIndex,
  repetition: number,
  { tables, durations, outputs, texts }: Collected,
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
        // Of the first repetition only, like the rows of results.
        if (repetition === 1 && !failure) {
          outputs.add(task, record);
          texts.add(task, record);
        }
        if (failure) seen.errors[failure] = (seen.errors[failure] ?? 0) + 1;
        // The duration of a failed task says little about that of a success.
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
  // The clock may have been set back between two of them.
  return starts.sort((a, b) => a - b);
}

function summaryOf(request: RunRequest, repetitions: RepetitionSummary[], now: number): RunSummary {
  const first = repetitions[0]?.firstStart ?? null;
  // The last sign of a killed run may be that of a task.
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

/** What the run's executions have cost; null if none had nodes on AWS. */
async function dollars(store: Store, now: number): Promise<number | null> {
  const costs = [...(await readCosts(store)).values()];
  return costs.length === 0 ? null : costs.reduce((sum, cost) => sum + dollarsOf(cost, now), 0);
}
