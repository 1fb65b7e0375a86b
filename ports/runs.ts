/** The runs of a project, on this machine or on AWS. Commands use runs only through these interfaces. */
import type { DraftRequest } from '../core/run-store/request/draft.ts';
import type { RunRequest } from '../core/run-store/request/request.ts';
import type {
  Outcome,
  RunDetails,
  RunSnapshot,
  RunStatus,
  UsageSample,
} from '../core/run-store/status/run-status.ts';
import type { Store } from '../core/store.ts';

/** A file of the project that differs from the run's copy. */
export interface CodeChange {
  path: string;
  what: 'changed' | 'new' | 'deleted';
}

/** Which code a run resumes with when the project was edited since it started. */
export type CodeChoice = 'frozen' | 'edited';

/** What of a project is in the image of a run on a cluster. */
export interface PackedCode {
  files: number;
  bytes: number;
  /** Paths; folders end with a slash. */
  leftOut: { path: string; why: 'secret' | 'ignored' }[];
  /** Taken because .gcdignore says so, although they look like secrets. */
  takenBack: string[];
  /** Links out of the project that `follow_links` names. */
  outside: { path: string; target: string; files: number; bytes: number }[];
  /** Copies of the licence file that are left out. */
  licences: string[];
}

/** What starting or resuming a run reports to the user. */
export interface StartReport {
  /** Paths that are not in the run's copy of the code because they cannot be read. */
  onUnreadable(paths: string[]): void;
  /** The content of an image that `resume` has to build. */
  onPacked(code: PackedCode): void;
  onNotice(line: string): void;
}

/** A stack on AWS. */
export interface StackPlace {
  stack: string;
  /** Null: that of the user's credentials. */
  region: string | null;
}

export interface StartOptions {
  /** For a run on a cluster. */
  stack?: StackPlace;
  report: StartReport;
}

export interface ResumeOptions {
  /** Also runs the tasks that failed. */
  retryFailed: boolean;
  /** The user asked for the edited code: an error where the project's code cannot be used. */
  useEdited: boolean;
  /** Called when the project was edited. */
  chooseCode(changes: CodeChange[]): Promise<CodeChoice>;
  /** Absolute path of the solver's licence file, for a run on AWS that was started elsewhere. */
  licence: string | undefined;
  /** Reinstalls the Python packages of a run on this machine. */
  renewPackages: boolean;
  /** The run must go on without this process. */
  detach: boolean;
  report: StartReport;
}

/** A run with a new execution. */
export interface StartedRun {
  run: Run;
  /** The execution on AWS; null: the run works in this process, and ends with it. */
  remote: { execution: string; stack: string; region: string; console: string } | null;
  /** Unlocks the run; called when it has ended and its results were fetched. */
  close(): Promise<void>;
}

/** A run whose tasks have all ended: resuming it would only cost. */
export interface CompleteRun {
  complete: RunStatus;
}

export interface FollowOptions {
  /** Ends the following, not the run. */
  signal: AbortSignal;
  /** Called at each poll. */
  onSnapshot(snapshot: RunSnapshot & { stopping: boolean; dollars: number | null }): void;
  /** A line for the user, such as that AWS cannot be reached and is polled again. */
  onNotice(line: string): void;
}

/** How a run that was followed has ended. */
export interface RunEnd {
  outcome: Outcome;
  /** Null: no task had ended, and the run was removed. */
  status: RunStatus | null;
  /** What made the run fail, if it worked in this process. */
  cause?: unknown;
}

export interface StopRequested {
  /** `drain`: running tasks end first. `now`: they are killed; also when no task was running. */
  how: 'drain' | 'now';
  /** What was requested and what follows from it, for people. */
  lines: string[];
}

/** What the tasks of a run have printed. */
export interface LogSource {
  /** Folder with the logs, and the run's store. */
  folder: string;
  store: Store;
  /** Fetches new lines. @returns whether the run was at work before that */
  refresh(): Promise<boolean>;
  /** Milliseconds between two refreshes. */
  every: number;
}

export interface UsageSampler {
  /** Milliseconds between two samples. */
  every: number;
  /** @returns undefined when nobody works on the run (any more) */
  take(): Promise<UsageSample | undefined>;
  close(): void;
}

/** What an execution of a run has cost. */
export interface ExecutionCost {
  execution: string;
  /** Seconds since 1970; `to` is null while it costs. */
  from: number;
  to: number | null;
  /** Seconds so far. */
  seconds: number;
  /** US dollars: an hour, once per execution, and so far. */
  perHour: number;
  once: number;
  dollars: number;
  /** Date of the prices, `2026-11-22`. */
  pricesOf: string;
}

export interface CopiedResults {
  folder: string;
  /** Names of the tables and pages in it. */
  files: string[];
  /** Paths of files that tasks had written and that are missing. */
  missing: string[];
  /** Where `saved_bucket` has a copy, or why it has none; null when none is wanted. */
  copy: { location: string } | { error: Error } | null;
}

export interface FetchedResults extends CopiedResults {
  /** Whether they were rebuilt first. */
  rebuilt: boolean;
}

export interface Run {
  readonly name: string;
  /** Absolute path of the project. */
  readonly project: string;
  /** The run's files. @throws NotFound when the stack of a run on AWS was deleted; AccessDenied, Unreachable */
  store(): Promise<Store>;
  /** @throws NotFound when it has none (yet), RequestInvalid when that is damaged */
  request(): Promise<RunRequest>;
  /**
   * How it is doing now. For a run on this machine, nothing in the run's folder makes it throw.
   * @param how `quick`: within about a second, with the last known figures if counting takes longer; `exact`: counts
   * @throws AccessDenied, Throttled, Unreachable for a run on AWS
   */
  status(how: 'quick' | 'exact'): Promise<RunStatus>;
  details(status: RunStatus): Promise<RunDetails>;
  /**
   * Starts the next execution: tasks with a record are not run again.
   * @throws RunLocked when somebody works on it; UsageError for an option that such a run does not have; ProjectInvalid
   * when neither the run's copy of the code nor the project is what it was; for a run on AWS also LimitExceeded,
   * VersionMismatch, NotFound
   */
  resume(options: ResumeOptions): Promise<StartedRun | CompleteRun>;
  /** @returns how it ended; undefined when the signal was aborted before */
  follow(options: FollowOptions): Promise<RunEnd | undefined>;
  /**
   * Requests a stop; resolves when the request is certain to be read, not when the run has ended.
   * @returns undefined when nobody works on it, or when the signal was aborted before
   * @throws RunLocked when it is at work on another machine
   */
  stop(
    how: 'drain' | 'now',
    options: Pick<FollowOptions, 'signal' | 'onNotice'>,
  ): Promise<StopRequested | undefined>;
  logs(): Promise<LogSource>;
  /** @throws UsageError when its workers cannot be seen from here */
  usage(): Promise<UsageSampler>;
  /**
   * Writes the result files to a folder; builds them first when they are missing.
   * @param to absolute path of the folder @param rebuild also when they exist
   * @throws NothingToDo when no task has been planned, or the run is at work
   */
  results(options: { to: string; rebuild: boolean }): Promise<FetchedResults>;
  /** Copies the existing result files to a folder; builds none. @returns undefined when none exist */
  copyResults(to: string): Promise<CopiedResults | undefined>;
  /** By execution, the oldest first. @returns null for a run on this machine, which costs nothing */
  costs(): Promise<ExecutionCost[] | null>;
}

export interface Runs {
  readonly project: string;
  /** Newest first, without a request to AWS: for runs there, what was polled last. */
  list(): Promise<RunStatus[]>;
  /**
   * Freezes the project's code and starts a new run.
   * @throws UsageError when the name is taken; nothing is left then, nor after any other error
   */
  start(draft: DraftRequest, options: StartOptions): Promise<StartedRun>;
  /**
   * Makes a run of the stack known to this project; does nothing when it is.
   * @throws RunNotFound when the stack has no such run, RequestInvalid when its request cannot be used
   */
  import(name: string, from: StackPlace, onNotice: (line: string) => void): Promise<void>;
  /**
   * @param name default: the newest run; with `atWork`, the newest that is at work, if any is
   * @throws RunNotFound; it names those that are there
   */
  open(name: string | undefined, options?: { atWork?: boolean }): Promise<Run>;
}
