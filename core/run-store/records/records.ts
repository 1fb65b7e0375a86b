/** Lines of JSON that planner, workers and gatherer exchange: see worker/PROTOCOL.md. */
import type { ReadCsv } from '../plan/table-layout.ts';

/** One (file, column), as a line of `manifest.jsonl`. Its line number, from 0, is its index. */
export interface Task {
  /** 16 hexadecimal digits, a digest of file and column: the same in every run. */
  id: string;
  /** Object key relative to `data_bucket`: without its prefix. */
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
  /** Number of its tasks. */
  tasks: number;
  /** Offset and length in bytes, without newline, of its line in `batch-tasks.jsonl`. */
  offset: number;
  bytes: number;
  /** Length in bytes, without newline, of the next line: its `BatchTables`. Absent: none of its files is known to be a table. */
  tables?: number;
  /** Timeout on AWS: seconds from dispatching the batch until it is dispatched again. */
  timeout: number;
}

/** How pandas reads the files of a batch: those in `of` by the number in `all`, the others by the first. */
export interface BatchTables {
  all: (ReadCsv | null)[];
  of: Record<string, number>;
}

/** Output of a batch's state: counts only. */
export interface BatchOutcome {
  batch: number;
  succeeded: number;
  failed: number;
  /** Tasks that were not run because of a stop. */
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
  /** Type of the exception, name of the signal, …; never empty. */
  type: string;
  message: string;
  /** Python's traceback; may be empty. */
  traceback: string;
}

interface RecordBase {
  index: number;
  task: string;
  /** Number of the attempt, from 1. */
  attempt: number;
  /** Seconds since 1970. */
  start: number;
  end: number;
  /** CPU seconds. */
  cpu: number;
  /** Peak resident memory of the worker during the task, in bytes. */
  memory: number;
  /** The last 64 KiB of what it printed; for failed tasks, for all with `keep_output`. */
  output?: string;
}

/** Files that a task has written, in `outputs/<at>/<place in the list>` of the run's store. */
export interface OutputFiles {
  /** A folder that only this attempt of this task has. */
  at: string;
  /** The task's name of each (bytes that are not UTF-8 as lone surrogates, as in Python), and its size in bytes. */
  list: [path: string, bytes: number][];
}

const folderName = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/;

/** Whether this is a valid value of a record's `files`. */
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

/** The record of a finished task: a line of a part. Its first key is `status`, its second `index`. */
export type TaskRecord =
  | (RecordBase & {
      status: 'succeeded';
      result: Row | Row[];
      texts?: Record<string, string>;
      files?: OutputFiles;
    })
  | (RecordBase & { status: 'failed'; error: TaskError });

/** A line of a part whose first key is `event`: which process writes the records that follow. */
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
