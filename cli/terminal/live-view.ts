/** The live view of a run: one line that is rewritten on a terminal, a line now and then elsewhere. */

import { formatDollars, formatDuration } from '../../core/format/numbers.ts';
import { taskAt, taskName } from '../../core/run-store/plan/manifest.ts';
import type { Plan } from '../../core/run-store/plan/plan.ts';
import type { Task } from '../../core/run-store/records/records.ts';
import type { RunRequest } from '../../core/run-store/request/request.ts';
import type { Progress } from '../../core/run-store/status/run-status.ts';
import type { Store } from '../../core/store.ts';
import { escapeControlChars } from './escape-control-chars.ts';
import { LiveLine, type Output } from './live-line.ts';
import { color } from './output.ts';
import { lineOf, plainLine } from './progress-line.ts';
import { type Tracked, Tracker } from './tracker.ts';

const refreshMs = 100;
/** Without a terminal every line stays: print few of them. */
const plainEverySeconds = 10;
/** An error's message may be a page; all of it is in error.csv. */
const failureLength = 300;

/** A run to be followed: plain data and functions, whichever process it runs in. */
export interface Followed extends Tracked {
  /** Seconds without any progress after which a run is called stuck. */
  idleSeconds: number;
  progress: () => Progress | undefined;
  /** What it has cost so far, in US dollars; absent where it costs nothing. */
  dollars?: () => number | null;
  /** Name of a task, for the first failure. */
  taskAt: (index: number) => Promise<Task | undefined>;
}

export class LiveView {
  readonly #line: LiveLine | undefined;
  readonly #output: Output;
  readonly #clock: () => number;
  #timer: NodeJS.Timeout | undefined;
  #followed: Followed | undefined;
  #tracker: Tracker | undefined;
  #state = '';
  #note = '';
  /** When a detail, and progress, were printed last. */
  #printed: { detail?: number; progress?: number } = {};
  #isStuck = false;
  #failureShown: Promise<void> | undefined;
  readonly #onExit = () => this.#line?.clear();

  /** @param clock seconds, from any moment on */
  constructor(
    output: Output & { isTTY?: boolean } = process.stderr,
    clock = () => performance.now() / 1000,
    term = process.env.TERM,
  ) {
    this.#output = output;
    this.#clock = clock;
    if (output.isTTY && term !== 'dumb') this.#line = new LiveLine(output);
  }

  start(): void {
    this.#timer = setInterval(() => this.tick(), refreshMs);
    this.#timer.unref();
    process.on('exit', this.#onExit);
  }

  /** What the run is doing before and after its tasks run. */
  setState(state: string): void {
    this.#state = state;
    if (this.#line) this.tick();
  }

  /** What is being done now, where that takes its time: seen without a terminal, too, but not each time. */
  setDetail(detail: string): void {
    this.setState(detail);
    const now = this.#clock();
    const { detail: before } = this.#printed;
    if (this.#line || (before !== undefined && now - before < plainEverySeconds)) return;
    this.#printed.detail = now;
    this.print(escapeControlChars(detail));
  }

  /** What is said beside the progress from now on, in place of the time left, such as `stopping`. */
  setNote(note: string): void {
    this.#note = note;
  }

  follow(followed: Followed): void {
    this.#followed = followed;
    this.#tracker = new Tracker(followed);
  }

  /** Prints a line above the live one. */
  print(line: string): void {
    if (this.#line) this.#line.print(line);
    else this.#output.write(`${line}\n`);
  }

  /** Shows what has not been shown yet, and ends the live line. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    process.off('exit', this.#onExit);
    this.tick();
    await this.#failureShown;
    this.#line?.clear();
  }

  /** Looks at the run, and shows what has changed. */
  tick(): void {
    const progress = this.#followed?.progress();
    if (this.#followed && progress) this.#showFailure(progress, this.#followed);
    if (this.#followed && this.#tracker && progress && progress.workers > 0)
      this.#showProgress(progress, this.#tracker, this.#followed.idleSeconds);
    else if (this.#line && this.#state) this.#line.show(plainLine(this.#state, this.#line.width));
  }

  #showProgress(progress: Progress, tracker: Tracker, idleSeconds: number): void {
    const now = this.#clock();
    tracker.observe(now, progress);
    this.#warnWhenStuck(now, progress, tracker, idleSeconds);
    const spent = this.#followed?.dollars?.() ?? null;
    const data = {
      ...tracker.line(now, progress, this.#note),
      ...(spent !== null && { cost: formatDollars(spent) }),
    };
    if (this.#line) {
      this.#line.show(lineOf(data, this.#line.width, color));
      return;
    }
    this.#printed.progress ??= now;
    if (now - this.#printed.progress < plainEverySeconds) return;
    this.#printed.progress = now;
    this.print(lineOf(data, Number.POSITIVE_INFINITY, color));
  }

  #showFailure({ firstFailure }: Progress, { taskAt }: Followed): void {
    if (!firstFailure || this.#failureShown) return;
    const { index, error } = firstFailure;
    this.#failureShown = taskAt(index)
      // The failure is worth telling without the task's name, too.
      .catch(() => undefined)
      .then((task) => {
        const name = task ? taskName(task) : `task ${index}`;
        const message = error.message.split('\n')[0]?.slice(0, failureLength);
        this.print(
          `${color.red('first failure:')} ${escapeControlChars(`${name}: ${error.type}: ${message}`)}`,
        );
      });
  }

  #warnWhenStuck(now: number, { busy }: Progress, tracker: Tracker, idleSeconds: number): void {
    const isStuck = busy > 0 && tracker.idle(now) >= idleSeconds;
    if (isStuck && !this.#isStuck)
      this.print(
        `${color.yellow('warning:')} no task has ended for ${formatDuration(idleSeconds)} (accepted_idle_time); task_timeout in config.yaml ends tasks that hang`,
      );
    this.#isStuck = isStuck;
  }
}

/** The work of a run, as the live line follows it. @param store the run's */
export function followedWork(
  { tasks, expected }: Plan,
  { workers, repetitions, config }: Pick<RunRequest, 'workers' | 'repetitions' | 'config'>,
  store: Store,
) {
  return {
    ...{ total: tasks, expected, workers, repetitions },
    idleSeconds: config.acceptedIdleSeconds,
    taskAt: (index: number) => taskAt(store, index),
  };
}
