/** The shapes that travel between planner, workers and gatherer. Lines of JSON; see worker/PROTOCOL.md. */
import type { ReadCsv } from '../plan/table-layout.ts';

/** One (file, column), as a line of `manifest.jsonl`. Its line number, from 0, is its index. */
export interface Task {
  /** 16 hexadecimal digits, made from file and column alone: the same in every run. */
  id: string;
  /** Object key, relative to the place that `data_bucket` names: without its prefix. */
  file: string;
  /** Column name; null for a file that is no table. */
  column: string | null;
  /** Size of the file in bytes. */
  size: number;
}

/** A task inside a batch: index in the manifest, id, file (its key in the bucket, with the prefix, if any), column. */
export type BatchTask = [index: number, id: string, file: string, column: string | null];

/** An item of the Distributed Map, as a line of `batches.jsonl`: where to find the batch's tasks. */
export interface Batch {
  /** Number of the batch, from 0. */
  batch: number;
  /** How many tasks it has. */
  tasks: number;
  /** Where its line begins in `batch-tasks.jsonl`, in bytes, and how long it is without its newline. */
  offset: number;
  bytes: number;
  /** Bytes, without its newline, of the line after that: its `BatchTables`. Absent: none of its files has a table, or nobody knows. */
  tables?: number;
  /** Seconds from handing it out on AWS until it counts as lost. */
  timeout: number;
}

/** How pandas reads the files of a batch: those in `of` by the number in `all`, the others by the first. */
export interface BatchTables {
  all: (ReadCsv | null)[];
  of: Record<string, number>;
}

/** What the state machine learns of a batch: nothing but counts. */
export interface BatchOutcome {
  batch: number;
  succeeded: number;
  failed: number;
  /** Tasks that were not run because the run was told to stop. */
  notRun: number;
}

/** Why a task failed (column `error_class` of error.csv). */
export const errorClasses = [
  'exception',
  'timeout',
  'crash',
  'out-of-memory',
  'lost-node',
  'bad-result',
  'no-data',
] as const;
export type ErrorClass = (typeof errorClasses)[number];

export interface TaskError {
  class: ErrorClass;
  /** The exception's type, the signal's name, …; never empty. */
  type: string;
  message: string;
  /** Python's traceback; empty where there is none. */
  traceback: string;
}

interface RecordBase {
  index: number;
  task: string;
  /** Attempts that this took, from 1. */
  attempt: number;
  /** Seconds since 1970. */
  start: number;
  end: number;
  /** CPU seconds that the task used. */
  cpu: number;
  /** Peak resident memory of the worker while it ran, in bytes. */
  memory: number;
  /** The last 64 KiB of what it printed; for failed tasks, for all with `keep_output`. */
  output?: string;
}

/** Files that a task has written, in `outputs/<at>/<place in the list>` of the run's store. */
export interface OutputFiles {
  /** A folder that only this attempt of this task has. */
  at: string;
  /** What the task calls each (bytes that are no UTF-8 are lone surrogates, as Python has them), and its bytes. */
  list: [path: string, bytes: number][];
}

const folderName = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/;

/** Whether this is what a record may say of its files. */
export function isOutputFiles(given: unknown): given is OutputFiles {
  if (typeof given !== 'object' || given === null) return false;
  const { at, list } = given as Record<string, unknown>;
  return (
    typeof at === 'string' &&
    folderName.test(at) &&
    Array.isArray(list) &&
    list.every(
      (file) =>
        Array.isArray(file) &&
        file.length === 2 &&
        typeof file[0] === 'string' &&
        Number.isSafeInteger(file[1]) &&
        (file[1] as number) >= 0,
    )
  );
}

/** What a task returned: names and values, a row of results.csv. */
export type Row = Record<string, unknown>;

/** What is left of a finished task: a line of a part. Its first key is `status`, its second `index`. */
export type TaskRecord =
  | (RecordBase & {
      status: 'succeeded';
      result: Row | Row[];
      texts?: Record<string, string>;
      files?: OutputFiles;
    })
  | (RecordBase & { status: 'failed'; error: TaskError });

/** A line of a part that is no record: its first key is `event`. Which process writes the records that follow. */
export interface WorkerEvent {
  event: 'worker';
  /** The slot's name, e.g. `local-1`; a lane of the Gantt chart. */
  worker: string;
  node: string;
  hostname: string;
  ip: string;
  pid: number;
}

/** A line of `gathered/failures.jsonl`. */
export interface Failure {
  task: string;
  file: string;
  column: string | null;
  attempt: number;
  /** Duration in seconds. */
  seconds: number;
  error: TaskError;
  output: string;
}
