/** The execution of a run in this process, for whoever follows the run. */
import type { LocalEnvironments } from '../../../adapters/local/environments/local-environments.ts';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import type { FollowOptions, StopRequested } from '../../../ports/runs.ts';
import type { PreparedRun } from '../../prepare-run.ts';
import { LocalExecution, type LocalOutcome } from './local-execution.ts';

/** The live line is redrawn as often. */
const snapshotMs = 100;

export interface OwnExecutionOptions {
  environments: LocalEnvironments;
  credentials: AwsAccess;
  retryFailed: boolean;
}

export type Settled = { outcome: LocalOutcome } | { error: unknown };

export class OwnExecution {
  readonly prepared: PreparedRun;
  /** How it ended; never rejects. */
  readonly settled: Promise<Settled>;
  readonly #execution: LocalExecution;
  readonly #environments: LocalEnvironments;
  #onChange = () => {};
  #onNotice: ((line: string) => void) | undefined;
  /** Notices from before anybody followed. */
  readonly #notices: string[] = [];

  /** Starts it. */
  constructor(prepared: PreparedRun, options: OwnExecutionOptions) {
    this.prepared = prepared;
    this.#environments = options.environments;
    this.#execution = new LocalExecution({
      ...prepared,
      ...options,
      onEvent: () => this.#onChange(),
      onDetail: () => this.#onChange(),
      onNotice: (notice) => this.#notify(notice),
      onStopRequested: (how) =>
        this.#notify(
          how === 'now' ? 'asked to stop now' : 'asked to stop: running tasks end first, no other starts',
        ),
    });
    this.settled = this.#execution.execute().then(
      (outcome) => ({ outcome }),
      (error: unknown) => ({ error }),
    );
  }

  #notify(line: string): void {
    if (this.#onNotice) this.#onNotice(line);
    else this.#notices.push(line);
  }

  /** @returns false when the signal was aborted before the execution ended */
  async follow({ signal, onSnapshot, onNotice }: FollowOptions): Promise<boolean> {
    const emit = () =>
      onSnapshot({ ...this.#execution.live(), stopping: this.#execution.isStopping, dollars: null });
    this.#onNotice = onNotice;
    for (const line of this.#notices.splice(0)) onNotice(line);
    this.#onChange = emit;
    const timer = setInterval(emit, snapshotMs);
    const aborted = Promise.withResolvers<void>();
    const abort = () => aborted.resolve();
    signal.addEventListener('abort', abort);
    try {
      emit();
      await Promise.race([this.settled, aborted.promise]);
      emit();
      return !signal.aborted;
    } finally {
      clearInterval(timer);
      signal.removeEventListener('abort', abort);
      this.#onChange = () => {};
      this.#onNotice = undefined;
    }
  }

  /** `drain` lets running tasks end, `now` kills them; what is done is gathered. */
  stop(how: 'drain' | 'now'): StopRequested {
    const { run } = this.prepared.request;
    const isBusy = (this.#execution.progress()?.busy ?? 0) > 0;
    this.#execution.stop(how);
    if (how === 'drain' && isBusy) return { how, lines: [`stopping ${run}: running tasks end first`] };
    return {
      how: 'now',
      lines: [how === 'now' ? `stopping ${run} now` : `stopping ${run}: no task is running`],
    };
  }

  /** Unlocks the run, and removes environments that no run needs. */
  async close(): Promise<void> {
    const settled = await this.settled;
    this.prepared.held.release();
    if ('outcome' in settled && !settled.outcome.interrupted) await this.#environments.tidy();
  }
}
