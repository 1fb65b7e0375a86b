/** The stage that turns a request into a manifest and batches. */

import type { DataBucket } from '../../core/config/config.ts';
import { type AccessDenied, NothingToDo } from '../../core/errors/errors.ts';
import { type BatchLimits, cutBatches, heaviestFirst } from '../../core/estimate/batches.ts';
import { expectedWork } from '../../core/estimate/expected-work.ts';
import { plural } from '../../core/format/numbers.ts';
import { layout } from '../../core/run-store/layout.ts';
import { type Durations, readDurations } from '../../core/run-store/plan/durations.ts';
import type { Plan } from '../../core/run-store/plan/plan.ts';
import type { Batch, BatchTables, BatchTask } from '../../core/run-store/records/records.ts';
import type { RunRequest } from '../../core/run-store/request/request.ts';
import { pending, type Step } from '../../core/step.ts';
import { exists, readAll, type Store } from '../../core/store.ts';
import type { Target } from '../../core/target.ts';
import { Cut, type Keeping, keeping, type Reached, replayed } from './checkpoints.ts';
import { Keywords } from './columns/column-keywords.ts';
import { type Decided, decide } from './columns/columns-to-tasks.ts';
import { Kinds } from './files/file-kinds.ts';
import { PassedOver } from './files/ignored-files.ts';
import { filesOf } from './files/list-files.ts';
import { Skipped } from './files/skipped-files.ts';
import { batchLimits, batchTimeout } from './tasks/batch-limits.ts';
import { expectedSeconds } from './tasks/expected-seconds.ts';
import { manifestOf, taskId } from './tasks/manifest.ts';
import { TaskTable } from './tasks/task-table.ts';

const skippedShown = 20;

export interface PlanPorts {
  data: Store;
  /** The run's store. */
  store: Store;
  /** The project's store, with the durations of earlier runs. */
  project: Store;
  /** Where workers find files, if that is not below data_bucket. */
  keys?: KeysOfData;
  /** Is told of each file. */
  onFile?: (decided: Decided) => void;
}

/** By which keys of a bucket workers ask for data files. */
export interface KeysOfData {
  of(file: string): string;
  /** How many bytes a key has more than the name of its file. */
  extraBytes: number;
}

type Planned = Pick<RunRequest, 'config' | 'selection' | 'workers'> & { target: Pick<Target, 'kind'> };

/**
 * Plans a run once: a second call finds the plan of the first.
 * `plan.json` is written last, so that half a plan is never taken for one.
 * @throws NothingToDo when no file or no column matches
 */
export const planTasks =
  (ports: PlanPorts) =>
  async (request: Planned): Promise<Plan> => {
    const passed = new PassedOver();
    return (await earlier(ports)) ?? write(ports, request, decided(ports, request, passed), passed);
  };

const defaultPiece = 20_000;

/**
 * The same in several calls, where one may not last as long as it takes: the next goes on where it was, whether this one
 * stopped in time or was ended.
 * @param ports.over whether it is time to stop reading files; what follows takes a minute or two for a million of them
 * @throws NothingToDo
 */
export const planInSteps =
  ({ over, piece = defaultPiece, ...ports }: PlanPorts & Pick<Keeping, 'over'> & Partial<Keeping>) =>
  async (request: Planned): Promise<Step<Plan>> => {
    const done = await earlier(ports);
    if (done) return { state: 'ready', ...done };
    const { store } = ports;
    const passed = new PassedOver();
    async function* resumed() {
      const reached = yield* replayed(store);
      yield* keeping(store, decided(ports, request, passed, reached), reached?.files ?? 0, { piece, over });
    }
    try {
      return { state: 'ready', ...(await write(ports, request, resumed(), passed)) };
    } catch (error) {
      if (error instanceof Cut) return pending(`${error.files} files were looked at`);
      throw error;
    }
  };

async function earlier({ store }: PlanPorts): Promise<Plan | undefined> {
  if (!(await exists(store, layout.plan))) return undefined;
  return JSON.parse((await readAll(store, layout.plan)).toString());
}

const decided = ({ data }: PlanPorts, { config, selection }: Planned, passed: PassedOver, after?: Reached) =>
  decide(data, filesOf(data, config.filePattern, selection, after, passed), config);

async function write(
  { store, project, keys, onFile }: PlanPorts,
  { config, workers, target }: Planned,
  files: AsyncIterable<Decided>,
  /** In the end, what was passed over after the last file. */
  trailing: PassedOver,
): Promise<Plan> {
  const table = new TaskTable();
  const kinds = new Kinds();
  const keywords = new Keywords(config.columnKeywords);
  const passed = new PassedOver();
  const skipped = new Skipped();
  const denied: { count: number; first?: AccessDenied } = { count: 0 };
  async function* watched() {
    for await (const decided of files) {
      if (decided.denied) denied.count++;
      denied.first ??= decided.denied;
      kinds.add(decided);
      keywords.use(decided.keywords ?? []);
      passed.addAll(decided);
      keywords.take(decided.file.key, decided);
      onFile?.(decided);
      yield decided;
    }
  }
  await store.write(
    layout.manifest,
    manifestOf(watched(), table, (file) => skipped.add(file)),
  );
  // Not one may be read: that is about the place, not about columns.
  if (table.length === 0 && denied.first && denied.count === skipped.count) throw denied.first;
  passed.addAll(trailing.found);
  if (table.length === 0) throw nothing(skipped, config.columnKeywords);
  if (skipped.count > 0) await store.write(layout.skipped, skipped.lines());

  const batches: Batch[] = [];
  const { weights, known } = weigh(table, await readDurations(project));
  const order = heaviestFirst(weights);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const limits = batchLimits(target.kind, workers, { total, tasks: table.length, known });
  const timeout = batchTimeout(config);
  await store.write(
    layout.batchTasks,
    batchLines(table, { order, weights, limits, timeout }, keys ?? below(config.dataBucket), batches),
  );
  await store.write(layout.batches, batches.map((batch) => `${JSON.stringify(batch)}\n`).join(''));
  const plan: Plan = {
    files: table.files,
    tasks: table.length,
    batches: batches.length,
    skipped: { count: skipped.count, first: skipped.first(skippedShown) },
    kinds: kinds.kinds,
    notes: kinds.notes,
    unused: keywords.unused(),
    mixed: keywords.mixed(),
    ...passed.found,
    expected: expectedWork(order, weights, known),
  };
  await store.write(layout.plan, JSON.stringify(plan));
  return plan;
}

/** The place's prefix comes before a key relative to it to make it the key in its bucket, which workers ask for. */
function below(place: DataBucket): KeysOfData {
  const prefix = place.kind === 's3' ? place.prefix : '';
  return { of: (file) => prefix + file, extraBytes: Buffer.byteLength(prefix) };
}

function weigh(table: TaskTable, history: Durations): { weights: Float64Array; known: boolean } {
  const sizes = new Float64Array(table.length);
  for (let index = 0; index < sizes.length; index++) sizes[index] = table.size(index);
  const idOf = (index: number) => {
    const { file, column } = table.task(index);
    return taskId(file, column);
  };
  const { seconds, known } = expectedSeconds(sizes, idOf, history);
  return { weights: seconds, known };
}

interface Cutting {
  order: Uint32Array;
  weights: Float64Array;
  limits: BatchLimits;
  /** Seconds, of each offer. */
  timeout: number;
}

function* batchLines(
  table: TaskTable,
  { order, weights, limits, timeout }: Cutting,
  keys: KeysOfData,
  batches: Batch[],
): Generator<Buffer> {
  // A byte of text may need six in JSON.
  const prefixBytes = 6 * keys.extraBytes;
  const bytes = new Uint32Array(table.length);
  for (let index = 0; index < bytes.length; index++) bytes[index] = table.wireBytes(index) + prefixBytes;
  let offset = 0;
  for (const [start, end] of cutBatches(order, weights, bytes, limits)) {
    const tasks = Array.from(order.subarray(start, end), (index): BatchTask => {
      const { file, column } = table.task(index);
      return [index, taskId(file, column), keys.of(file), column];
    });
    const line = Buffer.from(`${JSON.stringify(tasks)}\n`);
    const read = tablesOf(table, order.subarray(start, end), keys);
    const place = {
      ...{ offset, bytes: line.length - 1 },
      ...(read && { tables: read.length - 1 }),
    };
    batches.push({ batch: batches.length, tasks: tasks.length, ...place, timeout });
    offset += line.length + (read?.length ?? 0);
    yield line;
    if (read) yield read;
  }
}

/** The line with the `BatchTables` of these tasks; undefined when no file of theirs is a table. */
function tablesOf(table: TaskTable, tasks: Uint32Array, keys: KeysOfData): Buffer | undefined {
  const places = new Map<number, number>();
  // Any key at all: `__proto__`, too.
  const of: BatchTables['of'] = Object.create(null);
  for (const index of tasks) {
    const reading = table.reading(index);
    let place = places.get(reading);
    if (place === undefined) {
      place = places.size;
      places.set(reading, place);
    }
    if (place > 0) of[keys.of(table.task(index).file)] = place;
  }
  if (places.size === 1 && places.has(0)) return undefined;
  const all = [...places.keys()].map((reading) => table.readingText(reading));
  return Buffer.from(`{"all":[${all.join(',')}],"of":${JSON.stringify(of)}}\n`);
}

/** Not one file has a task: why, file by file, and what to change. */
function nothing(skipped: Skipped, keywords: string[] | null): NothingToDo {
  const { count } = skipped;
  const isOfKeywords = keywords !== null;
  const why = isOfKeywords ? `, none matches process_column_keywords ${JSON.stringify(keywords)}` : '';
  const remedy = isOfKeywords
    ? 'Change process_column_keywords in config.yaml to a part of a column name.'
    : 'Correct these files, or name others with file_pattern in config.yaml.';
  const list = skipped.first(5).map(({ file, why }) => `  ${file}: ${why}`);
  return new NothingToDo(`no column to process: in ${plural(count, 'file')}${why}`, {
    hint: [...list, remedy].join('\n'),
  });
}
