/** The runs of a project, wherever each of them works: on this machine, or on AWS. Commands know runs by these interfaces alone. */
import type { RunRequest } from '../core/run-store/request/request.ts';
import type {
  Outcome,
  RunDetails,
  RunSnapshot,
  RunStatus,
  UsageSample,
} from '../core/run-store/status/run-status.ts';
import type { Store } from '../core/store.ts';

export interface FollowOptions {
  /** Ends the following, not the run. */
  signal: AbortSignal;
  /** Called at each poll. */
  onSnapshot(snapshot: RunSnapshot & { stopping: boolean; dollars: number | null }): void;
  /** Something that a person wants to know, such as that AWS cannot be reached and is polled again. */
  onNotice(line: string): void;
}

/** How a run that was followed has ended. */
export interface RunEnd {
  outcome: Outcome;
  /** Null: nothing was done in it, and it has removed itself. */
  status: RunStatus | null;
}

export interface StopRequested {
  /** `drain`: running tasks end first. `now`: they are ended; also where nothing had begun that could be drained. */
  how: 'drain' | 'now';
  /** What was asked, and what follows from it, for people. */
  lines: string[];
}

/** What the tasks of a run have printed. */
export interface LogSource {
  /** Folder with the logs, and the run's store. */
  folder: string;
  store: Store;
  /** Fetches what is new. @returns whether the run was at work before that */
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

export interface FetchedResults {
  /** Whether they were made again. */
  rebuilt: boolean;
  folder: string;
  /** Names of the tables and pages in it. */
  files: string[];
  /** Paths of files that tasks had written and that are missing. */
  missing: string[];
  /** Where `saved_bucket` has a copy, or why it has none; null when none is wanted. */
  copy: { location: string } | { error: Error } | null;
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
   * How it is doing now. Of a run on this machine it never throws because of what is in the run's folder.
   * @param how `quick`: within about a second, if need be by the last figures known; `exact`: however long that takes
   * @throws AccessDenied, Throttled, Unreachable for a run on AWS
   */
  status(how: 'quick' | 'exact'): Promise<RunStatus>;
  details(status: RunStatus): Promise<RunDetails>;
  /** @returns how it ended; undefined when the following was ended before the run */
  follow(options: FollowOptions): Promise<RunEnd | undefined>;
  /**
   * Asks for a stop; resolves when whoever works on the run will heed it, not when it has ended.
   * @returns undefined when nobody works on it (any more), or when the signal was aborted before
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
   * Writes the result files, which are made before if they are missing.
   * @param to absolute path of a folder @param rebuild make them again, also when they are there
   * @throws NothingToDo when there are none yet
   */
  results(options: { to: string; rebuild: boolean }): Promise<FetchedResults>;
}

export interface Runs {
  readonly project: string;
  /** All of them, newest first, without a request to AWS: of runs there it is what was seen last. */
  list(): Promise<RunStatus[]>;
  /**
   * @param name default: the newest run; with `atWork`, the newest that is at work, if any is
   * @throws RunNotFound; it names those that are there
   */
  open(name: string | undefined, options?: { atWork?: boolean }): Promise<Run>;
}
