/** Which task a worker is at: supervisors tell of ends only, and work a batch off in order. */
import type { BatchTask } from '../../../core/run-store/records/records.ts';
import type { Offer, SentTask } from './offers.ts';
import type { Scanner } from './scanner.ts';

type Counts = Pick<Scanner, 'succeeded' | 'failed'>;

export class Trace {
  /** Records before the batch that it is at. */
  #before = 0;
  /** Tasks of the batch that failed and come again at its end. */
  #retried: number[] = [];
  /** When it began with the task, in seconds since 1970. */
  since = 0;

  /** It begins with its next batch. */
  batchBegins({ succeeded, failed }: Counts): void {
    this.#before = succeeded + failed;
    this.#retried = [];
    this.touch();
  }

  /** The task with this index comes again, after the others. */
  retried(index: number): void {
    this.#retried.push(index);
  }

  /** Something has ended just now. */
  touch(): void {
    this.since = Date.now() / 1000;
  }

  /** The task that it is at; undefined when that cannot be told. */
  current({ line }: Offer, { succeeded, failed }: Counts): BatchTask | undefined {
    const tasks = JSON.parse(line) as SentTask[];
    const passed = succeeded + failed - this.#before + this.#retried.length;
    const again = this.#retried[passed - tasks.length];
    const sent = tasks[passed] ?? tasks.find(([index]) => index === again);
    return sent && [sent[0], sent[1], sent[2], sent[3]];
  }
}
