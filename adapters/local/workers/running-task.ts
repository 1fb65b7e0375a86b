/** Which task a worker is running, from counts alone: supervisors report ends only, and run the tasks of a piece in order. */
import type { BatchTask } from '../../../core/run-store/records/records.ts';
import type { OutputScanner } from './output-scanner.ts';
import type { Piece, SentTask } from './pieces.ts';

type Counts = Pick<OutputScanner, 'succeeded' | 'failed'>;

export class RunningTask {
  /** Records before the current piece. */
  #before = 0;
  /** Tasks of the piece whose attempt failed: they run again after the others. */
  #retried: number[] = [];
  /** When the task started, in seconds since 1970. */
  since = 0;

  /** The worker starts its next piece. */
  pieceStarts({ succeeded, failed }: Counts): void {
    this.#before = succeeded + failed;
    this.#retried = [];
    this.touch();
  }

  /** An attempt of the task with this index failed; the task runs again. */
  attemptFailed(index: number): void {
    this.#retried.push(index);
  }

  /** A task has ended just now. */
  touch(): void {
    this.since = Date.now() / 1000;
  }

  /** The task that is running; undefined when that is unknown. */
  current({ line }: Piece, { succeeded, failed }: Counts): BatchTask | undefined {
    const tasks = JSON.parse(line) as SentTask[];
    const ended = succeeded + failed - this.#before + this.#retried.length;
    const again = this.#retried[ended - tasks.length];
    const task = tasks[ended] ?? tasks.find(([index]) => index === again);
    return task && [task[0], task[1], task[2], task[3]];
  }
}
