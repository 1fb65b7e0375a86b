/** The live view of a run: one line that is rewritten on a terminal, a line now and then elsewhere. */
import type { Task } from '../../ports/records.ts';
import type { Progress } from '../../ports/workers.ts';
import { color } from './color.ts';
import { seconds } from './units.ts';

const refreshMs = 100;
/** Without a terminal every line stays: print few of them. */
const plainEveryMs = 10_000;
/** Before so much of a run has passed, nobody can tell when it ends. */
const etaAfterSeconds = 1;

export interface Followed {
  /** All tasks of a repetition. */
  total: number;
  repetitions: number;
  /** Seconds without any progress after which a run is called stuck. */
  idleSeconds: number;
  progress: () => Progress | undefined;
  /** Name of a task, for the first failure. */
  taskAt: (index: number) => Promise<Task | undefined>;
}

export class LiveView {
  readonly #live = Boolean(process.stderr.isTTY);
  #timer: NodeJS.Timeout | undefined;
  #followed: Followed | undefined;
  #state = '';
  /** When a detail was printed last. */
  #detailAt: number | undefined;
  #last = { done: -1, at: 0, printed: 0, stuck: false };
  /** When the first tasks were seen to run, and how many were done then. */
  #since: { at: number; done: number; repetition: number } | undefined;
  #failureShown: Promise<void> | undefined;

  start(): void {
    this.#timer = setInterval(() => this.#tick(), refreshMs);
    this.#timer.unref();
  }

  /** What the run is doing before its tasks run. */
  setState(state: string): void {
    this.#state = state;
    if (this.#live) this.#tick();
  }

  /** What is being done now, where that takes its time: seen without a terminal, too, but not each time. */
  setDetail(detail: string): void {
    this.setState(detail);
    const now = performance.now();
    if (this.#live || (this.#detailAt !== undefined && now - this.#detailAt < plainEveryMs)) return;
    this.#detailAt = now;
    console.error(detail);
  }

  follow(followed: Followed): void {
    this.#followed = followed;
  }

  /** Prints a line above the live one. */
  print(line: string): void {
    this.#clear();
    console.error(line);
  }

  /** Shows what has not been shown yet, and ends the live line. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#tick();
    await this.#failureShown;
    this.#clear();
  }

  #tick(): void {
    const followed = this.#followed;
    const progress = followed?.progress();
    if (!followed || !progress) {
      if (this.#live && this.#state) this.#write(this.#state);
      return;
    }
    this.#showFailure(progress, followed);
    if (progress.workers === 0) {
      if (this.#live) this.#write(this.#state);
      return;
    }
    const done = progress.succeeded + progress.failed;
    const now = performance.now();
    if (this.#since?.repetition !== progress.repetition)
      this.#since = { at: now, done, repetition: progress.repetition };
    if (done !== this.#last.done) this.#last = { ...this.#last, done, at: now, stuck: false };
    this.#warnWhenStuck(now, progress, followed);
    const line = this.#line(progress, followed, now);
    if (this.#live) this.#write(line);
    else if (now - this.#last.printed > plainEveryMs && this.#last.printed > 0) {
      console.error(line);
      this.#last.printed = now;
    } else if (this.#last.printed === 0) this.#last.printed = now;
  }

  #line({ succeeded, failed, workers, busy, repetition }: Progress, followed: Followed, now: number): string {
    const { total, repetitions } = followed;
    const done = succeeded + failed;
    const elapsed = (now - (this.#since?.at ?? now)) / 1000;
    const rate = elapsed > 0 ? (done - (this.#since?.done ?? 0)) / elapsed : 0;
    const parts = [
      repetitions > 1 ? `repetition ${repetition}/${repetitions}` : '',
      `${done}/${total} tasks`,
      failed > 0 ? color.red(`${failed} failed`) : '',
      `${busy}/${workers} workers busy`,
      rate > 0 ? `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s` : '',
      rate > 0 && elapsed > etaAfterSeconds && done < total
        ? `about ${seconds((total - done) / rate)} left`
        : '',
    ];
    return parts.filter((part) => part !== '').join(' · ');
  }

  #showFailure({ firstFailure }: Progress, { taskAt }: Followed): void {
    if (!firstFailure || this.#failureShown) return;
    const { index, error } = firstFailure;
    this.#failureShown = taskAt(index).then((task) => {
      const name = task ? `${task.file}${task.column === null ? '' : `, ${task.column}`}` : `task ${index}`;
      this.print(
        `${color.red('first failure:')} ${name}: ${error.type}: ${error.message.split('\n')[0]?.slice(0, 300)}`,
      );
    });
  }

  #warnWhenStuck(now: number, { busy }: Progress, { idleSeconds }: Followed): void {
    if (this.#last.stuck || busy === 0 || now - this.#last.at < idleSeconds * 1000) return;
    this.#last.stuck = true;
    this.print(
      `${color.yellow('warning:')} no task has ended for ${seconds(idleSeconds)} (accepted_idle_time); task_timeout in config.yaml ends tasks that hang`,
    );
  }

  #write(line: string): void {
    // Colours take no width: cut by what is seen only when there are none.
    const width = (process.stderr.columns ?? 80) - 1;
    const plain = line.length > width && !line.includes('\u001b') ? `${line.slice(0, width - 1)}…` : line;
    process.stderr.write(`\r\u001b[2K${plain}`);
  }

  #clear(): void {
    if (this.#live) process.stderr.write('\r\u001b[2K');
  }
}
