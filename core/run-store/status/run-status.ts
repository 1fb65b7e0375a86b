/** How a run is doing, or how it ended: the same shapes for a run on this machine and on AWS. */

import type { ExitCode } from '../../errors/errors.ts';
import type { Pace, TimeRange } from '../../estimate/pace.ts';
import type { RunEvent } from '../events/events.ts';
import type { BatchTask, TaskError, TaskRecord } from '../records/records.ts';
import type { RunRequest } from '../request/request.ts';
import type { Remote } from './remote.ts';
import type { RunSummary } from './summary.ts';

/**
 * How a run that nobody works on has ended. `interrupted`: its process ended in the middle; `stopped`: somebody asked for
 * it, and what was done is gathered; `failed`: it could not go on; `done`: nothing is left to do, although tasks may have
 * failed.
 */
export type EndState = 'interrupted' | 'stopped' | 'failed' | 'done';

/**
 * Besides how a run ends: `beginning`: its folder is being made; `running`; `stopping`: somebody asked for a stop;
 * `held`: a command has it that runs no tasks (yet, or any more); `damaged`: it cannot be read; `remote`: it is on AWS, and
 * its state was never polled.
 */
export type RunState = EndState | 'beginning' | 'running' | 'stopping' | 'held' | 'damaged' | 'remote';

export interface Outcome {
  state: EndState;
  /** What its process ended with; for a process that was killed what stands for an interruption. */
  exitCode: ExitCode;
  /** Why it failed. */
  error: { name: string; message: string } | null;
}

export interface Counts {
  succeeded: number;
  failed: number;
}

/** Of all repetitions; the total is null before planning. Not `exact`: the last figures known, or an estimate. */
export interface TaskCounts extends Counts {
  total: number | null;
  exact: boolean;
}

/** What a run has been through, as its events tell. */
export interface RunHistory {
  /** When each execution began, and its last sign of life; seconds since 1970. */
  readonly executions: readonly { from: number; to: number }[];
  /** The state that was entered last. */
  readonly state: string;
  /** When the tasks of the current repetition began to be handed out. */
  readonly handedOutAt: number | undefined;
  /** Whether the gathered figures are those of all that has been done. */
  readonly gathered: boolean;
  /** How the last execution ended; undefined while it has not, or when it was killed. */
  readonly end: Extract<RunEvent, { event: 'execution-ended' }> | undefined;
  /** How long it was at work, the time between executions left out. @param until a later sign of life, if any */
  secondsAtWork(until?: number): number;
}

/** A worker of a run at work. */
export interface WorkerStatus {
  worker: string;
  node: string;
  /** Tasks that it has ended, on this machine those of this repetition. */
  succeeded: number;
  failed: number;
  /** What it is at, and since when (seconds since 1970); null when it has nothing to do. */
  task: BatchTask | null;
  since: number | null;
}

/** A run at work, at a moment. */
export interface RunSnapshot {
  /** When this was so, by the clock of whoever works on it: seconds since 1970. */
  at: number;
  /** The state of the definition that the run is in, and what that state is doing, where it says so; '' when not known. */
  state: string;
  detail: string;
  /** While tasks are run; null before and after. */
  progress: Progress | null;
  workers: WorkerStatus[];
}

export interface RunStatus {
  /** When this was read, by the clock here: seconds since 1970. */
  at: number;
  run: string;
  /** The run's folder on this machine. */
  folder: string;
  state: RunState;
  /** What it ended with; null while it is at work. */
  exitCode: ExitCode | null;
  /** Why it failed, or is damaged. */
  error: { name: string; message: string } | null;
  /** Undefined when it has none that can be read. */
  request: RunRequest | undefined;
  /** The process that works on it, and whether that is on another machine; undefined for a run on AWS. */
  owner: { pid: number; host: string } | undefined;
  elsewhere: boolean;
  history: RunHistory;
  /** Undefined when it is not at work, or says nothing yet. */
  live: RunSnapshot | undefined;
  /** Figures of what was gathered, when they are those of all that was done. */
  summary: RunSummary | undefined;
  tasks: TaskCounts;
  /** How long it was at work, the time between executions left out. */
  seconds: number;
  /** Of a run on AWS: where it is. */
  remote?: Remote | undefined;
  /** Of a run on AWS that was polled: name of its newest execution; null when it has none. */
  execution?: string | null;
  /** US dollars that its executions have cost; null before there were nodes, and on this machine. */
  dollars: number | null;
}

export interface FailedTask {
  /** The task's id, its file and its column. */
  task: string;
  file: string | null;
  column: string | null;
  error: Pick<TaskError, 'class' | 'type' | 'message'>;
}

/** What is worth knowing of one run besides its status. */
export interface RunDetails {
  /** Tasks that end in a second; null while none has. */
  rate: number | null;
  /** How long until the last task ends; null when that is not known, nothing is left, or the run is being stopped. */
  timeLeft: TimeRange | null;
  /** The first tasks that failed. */
  failures: FailedTask[];
  /** Its own result files, and whether all that is done is in them; null before there are any. */
  results: { folder: string; files: string[]; complete: boolean } | null;
  /** How many files of the project were edited since it began; null when that is not known. */
  edited: number | null;
}

export interface WorkerUsage extends WorkerStatus {
  /** `starting`, `idle`, `working`, `stopping`. */
  state: string;
  /** Its process; null while it is being started, and of a pod. */
  pid: number | null;
  /** Percent of one core, and bytes resident, with all that it has started. */
  cpu: number;
  memory: number;
  /** Bytes that it may use; null without a limit. */
  memoryLimit: number | null;
  /** Its processes; 0: none of them lives; null where nobody counts. */
  processes: number | null;
  /** When this was measured, seconds since 1970. */
  at: number;
}

/** What the workers of a run use. */
export interface UsageSample {
  run: string;
  at: number;
  state: string;
  detail: string;
  tasks: Counts | null;
  workers: WorkerUsage[];
  /** This machine; null for a run on AWS. */
  machine: MachineUsage | null;
  /** Name of the execution, of a run on AWS. */
  execution: string | null;
}

export interface MachineUsage {
  cores: number;
  /** Percent of one core that all processes of the machine use together. */
  cpu: number;
  /** Bytes that are there, and those that more processes could have, also within a container's limit. */
  memoryTotal: number;
  memoryAvailable: number;
}

/** Whether somebody works on it, or has it. */
export const isAtWork = ({ state }: Pick<RunStatus, 'state'>): boolean =>
  state === 'beginning' || state === 'running' || state === 'stopping' || state === 'held';

/** How far the current repetition is. */
export interface Progress {
  repetition: number;
  /** Tasks with a record, those of earlier executions of the run counted in. */
  succeeded: number;
  failed: number;
  /** Workers that are there, and those that have a batch. */
  workers: number;
  busy: number;
  /** How fast it goes, in this execution; absent before tasks are handed out. */
  pace?: Pace;
  /** The first task that failed in this execution. */
  firstFailure: (TaskRecord & { status: 'failed' }) | undefined;
}
