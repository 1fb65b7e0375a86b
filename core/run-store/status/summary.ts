/** The figures of a run that Gather writes (`gathered/summary.json`) and Report shows. */
import type { ErrorClass } from '../records/records.ts';

/** A task's duration with its name. */
export interface NamedDuration {
  seconds: number;
  /** `file` and `column` of the task. */
  file: string;
  column: string | null;
}

/** A lane of the Gantt chart: one slot that ran tasks one after the other. */
export interface WorkerSummary {
  worker: string;
  node: string;
  hostname: string;
  tasks: number;
  failed: number;
  /** Sum of its tasks' durations in seconds. */
  busySeconds: number;
}

/** The figures of one repetition. All times are seconds since 1970, all durations seconds. */
export interface RepetitionSummary {
  /** From 1. */
  repetition: number;
  tasks: number;
  succeeded: number;
  failed: number;
  /** Tasks without a record: the run was stopped before them. */
  unfinished: number;
  /** First task's start and last task's end; null when no task ended. */
  firstStart: number | null;
  lastEnd: number | null;
  /**
   * Time in which tasks were processed in parallel: lastEnd - firstStart, less the gaps in which the run lay
   * interrupted. 0 when no task ended.
   */
  parallelSeconds: number;
  /** Sum of all durations: what one worker would have needed. */
  serialSeconds: number;
  meanSeconds: number | null;
  shortest: NamedDuration | null;
  longest: NamedDuration | null;
  /** Number of failed tasks by class; classes that did not occur are absent. */
  errors: Partial<Record<ErrorClass, number>>;
  /** Sorted by node, then worker. */
  workers: WorkerSummary[];
  /**
   * Maximum number of workers, and of nodes, in one execution: a resumed run on a cluster has new ones. Absent in
   * summaries of older versions.
   */
  most?: { workers: number; nodes: number };
}

/** What Gather could not read. */
export interface Damage {
  /** Lines of parts that are no records; their tasks count as unfinished, unless they have another record. */
  lines: number;
  /** Where the first of them are: `part:line`. */
  first: string[];
  /** Tasks of the plan that are missing in the manifest: they are in no table. */
  missingTasks: number;
}

/** Returned values that a table cannot represent, and that are written as text. Of the first repetition. */
export interface TextValues {
  tasks: number;
  /** Each key with each type once: the first task that returned it. */
  first: { file: string; column: string | null; key: string; type: string }[];
}

export interface RunSummary {
  run: string;
  /** Name of the project's folder. */
  project: string;
  /** When the run was requested, seconds since 1970. */
  requestedAt: number;
  /** Seconds from the request to the first task's start (planning, environment, workers). */
  initializeSeconds: number;
  /** Seconds from the request to the end of gathering. */
  totalSeconds: number;
  /** US dollars that its executions have cost, at list prices; null or absent without nodes on AWS. */
  dollars?: number | null;
  /** Files that tasks have written, and their bytes; absent when there is none. */
  outputs?: { files: number; bytes: number };
  /** Absent when there is none. */
  texts?: TextValues;
  /** Absent if everything could be read. */
  damaged?: Damage;
  repetitions: RepetitionSummary[];
}

/**
 * A line of `timeline-<repetition>.jsonl`, in order of the manifest: lane (index into `workers` of that
 * repetition), start and end in seconds after `firstStart`, 1 when it failed, the task's index.
 */
export type TimelineEntry = [lane: number, start: number, end: number, failed: 0 | 1, index: number];
