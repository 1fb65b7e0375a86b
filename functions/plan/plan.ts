/** The stage PlanTasks: from a request to manifest and batches. */

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
  /** Keys by which workers read files, if they differ from those below data_bucket. */
  keys?: KeysOfData;
  /** Called for each file. */
  onFile?: (decided: Decided) => void;
}

/** Keys of data files in their bucket, by which workers read them. */
export interface KeysOfData {
  of(file: string): string;
  /** Bytes that a key has more than the name of its file. */
  extraBytes: number;
}

type Planned = Pick<RunRequest, 'config' | 'selection' | 'workers'> & { target: Pick<Target, 'kind'> };

/**
 * Plans a run once: a second call returns the plan of the first. `plan.json` is written last, so that an incomplete plan
 * is never used.
 * @throws NothingToDo if no file or no column matches
 */
export const planTasks =
  (ports: PlanPorts) =>
  async (request: Planned): Promise<Plan> => {
    const passed = new PassedOver();
    return (await earlier(ports)) ?? write(ports, request, decided(ports, request, passed), passed);
  };

const defaultPiece = 20_000;

/**
 * The same in several calls, for functions with a timeout: the next call continues, also if this one was killed.
 * @param ports.over whether it is time to stop reading files; writing the plan takes a minute or two for a million files
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
      if (error instanceof Cut) return pending(`${error.files} files are read`);
      throw error;
    }
  };

async function earlier({ store }: PlanPorts): Promise<Plan | undefined> {
  if (!(await exists(store, layout.plan))) return undefined;
  return JSON.parse((await readAll(store, layout.plan)).toString());
}

const decided = ({ data }: PlanPorts, { config, selection }: Planned, passed: PassedOver, after?: Reached) =>
  decide(data, filesOf(data, config.filePattern, selection, after, passed), config);

/** What planning finds out about files besides their tasks. */
class Findings {
  readonly kinds = new Kinds();
  readonly keywords: Keywords;
  readonly passed = new PassedOver();
  readonly skipped = new Skipped();
  #deniedCount = 0;
  #denied: AccessDenied | undefined;

  constructor(columnKeywords: string[] | null) {
    this.keywords = new Keywords(columnKeywords);
  }

  add(decided: Decided): void {
    if (decided.denied) this.#deniedCount++;
    this.#denied ??= decided.denied;
    this.kinds.add(decided);
    this.keywords.use(decided.keywords ?? []);
    this.keywords.take(decided.file.key, decided);
    this.passed.addAll(decided);
  }

  /** The error if not a single file could be read: then the cause is the place, not the columns. */
  get denied(): AccessDenied | undefined {
    return this.#deniedCount === this.skipped.count ? this.#denied : undefined;
  }
}

async function write(
  { store, project, keys, onFile }: PlanPorts,
  { config, workers, target }: Planned,
  files: AsyncIterable<Decided>,
  /** At the end, what was passed over after the last file. */
  trailing: PassedOver,
): Promise<Plan> {
  const table = new TaskTable();
  const findings = new Findings(config.columnKeywords);
  const { skipped } = findings;
  async function* watched() {
    for await (const decided of files) {
      findings.add(decided);
      onFile?.(decided);
      yield decided;
    }
  }
  await store.write(
    layout.manifest,
    manifestOf(watched(), table, (file) => skipped.add(file)),
  );
  findings.passed.addAll(trailing.found);
  if (table.length === 0) throw findings.denied ?? nothing(skipped, config.columnKeywords);
  if (skipped.count > 0) await store.write(layout.skipped, skipped.lines());

  const { weights, known } = weigh(table, await readDurations(project));
  const order = heaviestFirst(weights);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const limits = batchLimits(target.kind, workers, { total, tasks: table.length, known });
  const cutting = { order, weights, limits, timeout: batchTimeout(config) };
  const batches = await writeBatches(store, table, cutting, keys ?? below(config.dataBucket));
  const plan = planOf(table, batches.length, findings, expectedWork(order, weights, known));
  await store.write(layout.plan, JSON.stringify(plan));
  return plan;
}

async function writeBatches(
  store: Store,
  table: TaskTable,
  cutting: Cutting,
  keys: KeysOfData,
): Promise<Batch[]> {
  const batches: Batch[] = [];
  await store.write(layout.batchTasks, batchLines(table, cutting, keys, batches));
  await store.write(layout.batches, batches.map((batch) => `${JSON.stringify(batch)}\n`).join(''));
  return batches;
}

const planOf = (
  table: TaskTable,
  batches: number,
  { skipped, kinds, keywords, passed }: Findings,
  expected: Plan['expected'],
): Plan => ({
  files: table.files,
  tasks: table.length,
  batches,
  skipped: { count: skipped.count, first: skipped.first(skippedShown) },
  kinds: kinds.kinds,
  notes: kinds.notes,
  unused: keywords.unused(),
  mixed: keywords.mixed(),
  ...passed.found,
  expected,
});

/** Keys below data_bucket: its prefix and the file's key. */
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
  // A byte of text may take six in JSON.
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

/** The line with the `BatchTables` of these tasks; undefined if none of their files is a table. */
function tablesOf(table: TaskTable, tasks: Uint32Array, keys: KeysOfData): Buffer | undefined {
  const places = new Map<number, number>();
  // Any key is possible, also `__proto__`.
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

/** The error if no file has a task: why, file by file, and what to change. */
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
