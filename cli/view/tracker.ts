/** What is told of a run from moment to moment, from the progress that is seen of it. No clock inside. */
import type { ExpectedWork } from '../../core/run-store/plan/plan.ts';
import type { Progress } from '../../core/run-store/status/run-status.ts';
import { Eta } from './eta/eta.ts';
import { etaText, SteadyEta } from './eta-text.ts';
import type { LineData } from './line.ts';

export interface Tracked {
  /** All tasks of a repetition. */
  total: number;
  repetitions: number;
  /** Workers that the run was asked to have; those that are there when it is not given. */
  workers?: number | undefined;
  /** How the work is spread; evenly when it is not given. */
  expected?: ExpectedWork | undefined;
}

const evenly: ExpectedWork = { seconds: null, longest: null, curve: [0, 1] };
/** The rate is that of the last so many seconds. */
const rateSeconds = 20;
/** Rate and time left are looked at so often: more would only make the line jitter. */
const lookSeconds = 1;

export class Tracker {
  readonly #tracked: Tracked;
  readonly #steady = new SteadyEta();
  #eta: Eta | undefined;
  #looked: number | undefined;
  #rate: number | undefined;
  #recent: { at: number; done: number }[] = [];
  #repetition = 0;
  #progressed = { done: -1, at: 0 };

  constructor(tracked: Tracked) {
    this.#tracked = tracked;
  }

  /** @param now seconds */
  observe(now: number, progress: Progress): void {
    const { succeeded, failed, workers, busy, repetition, spread } = progress;
    const done = succeeded + failed;
    if (repetition !== this.#repetition) this.#recent = [];
    if (repetition !== this.#repetition || done !== this.#progressed.done)
      this.#progressed = { done, at: now };
    this.#repetition = repetition;
    this.#eta ??= this.#newEta(workers);
    this.#eta.observe({ now, done, busy, repetition, spread });
    if (this.#looked !== undefined && now - this.#looked < lookSeconds) return;
    this.#looked = now;
    this.#rate = this.#rateAt(now, done);
    this.#steady.update(now, this.#eta.left());
  }

  /** Seconds since a task has ended. */
  idle(now: number): number {
    return now - this.#progressed.at;
  }

  line(now: number, { succeeded, failed, workers, busy, repetition }: Progress, note: string): LineData {
    const { total, repetitions } = this.#tracked;
    const done = succeeded + failed;
    const left = this.#steady.at(now);
    const isStopping = note !== '';
    return {
      done,
      failed,
      total,
      running: Math.min(busy, Math.max(0, total - done)),
      workers,
      repetition,
      repetitions,
      rate: this.#rate,
      eta: left && !isStopping && (done < total || repetition < repetitions) ? etaText(left) : '',
      note,
    };
  }

  #newEta(workersNow: number): Eta {
    const { total, expected = evenly, repetitions, workers = workersNow } = this.#tracked;
    return new Eta({ tasks: total, expected, workers: Math.max(1, workers), repetitions });
  }

  #rateAt(now: number, done: number): number | undefined {
    this.#recent.push({ at: now, done });
    while (this.#recent.length > 2 && now - (this.#recent[1]?.at ?? now) >= rateSeconds) this.#recent.shift();
    const [first] = this.#recent;
    if (!first || now - first.at < lookSeconds) return undefined;
    return (done - first.done) / (now - first.at);
  }
}
