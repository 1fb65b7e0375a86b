/** A pod on its node. Its container is run; one that is a sidecar is run again in place, as its pod goes on. */
import { resourceOf } from './resources.ts';
import { now, type Store } from './store.ts';
import type { Json, Pod, Run, Running } from './types.ts';

type Status = NonNullable<Json<Pod['status']>>;
type ContainerStatus = NonNullable<Status['containerStatuses']>[number];
type State = NonNullable<ContainerStatus['state']>;

const pods = resourceOf('pods');
const longestDelayMs = 300_000;

export class PodRun {
  readonly #store: Store;
  readonly #run: Run;
  readonly #delay: number;
  readonly #pod: Pod;
  /** What hooks are shown: the pod with the one container that they run. */
  readonly #shown: Pod;
  readonly #isSidecar: boolean;
  #running: Running | undefined;
  #restarts = 0;
  #last: State | undefined;
  /** Seconds that it was given to end. */
  #grace = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  /** Whether nothing of it runs any more. */
  ended = false;

  /** @param delayMs until the second time that a sidecar is run again; each is twice as long as the one before */
  constructor(store: Store, run: Run, delayMs: number, pod: Pod) {
    this.#store = store;
    this.#run = run;
    this.#delay = delayMs;
    this.#pod = pod;
    const sidecars = pod.spec?.initContainers ?? [];
    this.#isSidecar = sidecars.length > 0;
    const containers = this.#isSidecar ? sidecars : (pod.spec?.containers ?? []);
    const { initContainers: _, ...spec } = pod.spec ?? {};
    this.#shown = { ...pod, spec: { ...spec, containers } };
    this.#start();
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  log(): string {
    return this.#running?.log?.() ?? '';
  }

  /** Ends it; asked again, only a shorter time counts. */
  end(grace: number): void {
    if (this.ended || grace >= this.#grace) return;
    this.#grace = grace;
    clearTimeout(this.#timer);
    if (this.#running) this.#running.terminate(grace);
    else this.#over('Failed', this.#last ?? {});
  }

  #start(): void {
    const result = this.#tried();
    if ('waiting' in result) {
      this.#say('Pending', { waiting: result.waiting }, false);
      return;
    }
    this.#running = result;
    const running = { startedAt: now() };
    this.#say('Running', { running }, false);
    result.ready
      .then(() => {
        if (this.#running === result) this.#say('Running', { running }, true);
      })
      .catch(() => undefined);
    result.exited.then(({ code, message, reason }) => {
      this.#running = undefined;
      const terminated = {
        exitCode: code,
        reason: reason ?? (code === 0 ? 'Completed' : 'Error'),
        ...(message !== undefined && { message }),
        ...{ startedAt: running.startedAt, finishedAt: now() },
      };
      if (!this.#isSidecar) this.#over(code === 0 ? 'Succeeded' : 'Failed', { terminated });
      // The container beside it ends with 1 when it is told to.
      else if (this.#grace < Number.POSITIVE_INFINITY) this.#over('Failed', { terminated });
      else this.#again({ terminated });
    });
  }

  #tried(): ReturnType<Run> {
    try {
      return this.#run(structuredClone(this.#shown));
    } catch (error) {
      return { waiting: { reason: 'CreateContainerError', message: (error as Error).message } };
    }
  }

  /** The first time at once. */
  #again(last: State): void {
    this.#last = last;
    const delay =
      this.#restarts === 0 ? 0 : Math.min(longestDelayMs, this.#delay * 2 ** (this.#restarts - 1));
    const message = `back-off ${delay} ms restarting failed container`;
    this.#say('Running', delay === 0 ? last : { waiting: { reason: 'CrashLoopBackOff', message } }, false);
    this.#restarts++;
    this.#timer = setTimeout(() => this.#start(), delay);
  }

  #over(phase: string, state: State): void {
    this.ended = true;
    this.#say(phase, state, false);
  }

  #say(phase: string, state: State, ready: boolean): void {
    const { spec } = this.#pod;
    const statusOf = (name: string, image = ''): ContainerStatus => ({
      ...{ name, image, imageID: '', ready, restartCount: this.#restarts, state },
      ...(this.#last && { lastState: this.#last }),
    });
    const [own] = this.#shown.spec?.containers ?? [];
    const [beside] = spec?.containers ?? [];
    this.#store.change<Pod>(pods, this.#pod, (there) => {
      const kept = there.status?.conditions?.filter(({ type }) => type !== 'Ready') ?? [];
      const status = statusOf(own?.name ?? '', own?.image);
      there.status = {
        phase,
        startTime: there.status?.startTime ?? now(),
        conditions: [...kept, { type: 'Ready', status: ready ? 'True' : 'False' }],
        containerStatuses: this.#isSidecar
          ? [{ ...statusOf(beside?.name ?? '', beside?.image), ready: true, restartCount: 0, state: {} }]
          : [status],
        ...(this.#isSidecar && { initContainerStatuses: [status] }),
      };
    });
  }
}
