/** Starts and ends the pods of all nodes. A sidecar is restarted in place. */
import { resourceOf } from '../api-server/resources.ts';
import { now, type Store } from '../api-server/store.ts';
import type { Json, Pod, Run, Running } from '../types.ts';

const pods = resourceOf('pods');

export class Kubelet {
  readonly #store: Store;
  readonly #run: Run;
  readonly #delay: number;
  readonly #started = new Map<string, PodRun>();

  /** @param delayMs pause before the second restart of a container; each further pause is twice as long */
  constructor(store: Store, run: Run, delayMs: number) {
    this.#store = store;
    this.#run = run;
    this.#delay = delayMs;
  }

  tick(): void {
    const there = new Map((this.#store.list(pods) as Pod[]).map((pod) => [pod.metadata.uid ?? '', pod]));
    for (const [uid, started] of this.#started) {
      if (there.has(uid)) continue;
      started.end(0);
      this.#started.delete(uid);
    }
    for (const [uid, pod] of there) {
      const started = this.#started.get(uid);
      const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = pod.metadata;
      if (deletionTimestamp && (!started || started.ended)) this.#store.remove(pods, pod);
      else if (deletionTimestamp && started) started.end(deletionGracePeriodSeconds);
      else if (pod.spec?.nodeName && !started && pod.status?.phase === 'Pending')
        this.#started.set(uid, new PodRun(this.#store, this.#run, this.#delay, pod));
    }
  }

  /** Output of a pod. */
  log({ metadata }: Pod): string {
    return this.#started.get(metadata.uid ?? '')?.log() ?? '';
  }

  stop(): void {
    for (const started of this.#started.values()) started.end(0);
  }
}

type Status = NonNullable<Json<Pod['status']>>;
type ContainerStatus = NonNullable<Status['containerStatuses']>[number];
type State = NonNullable<ContainerStatus['state']>;

const longestDelayMs = 300_000;

class PodRun {
  readonly #store: Store;
  readonly #run: Run;
  readonly #delay: number;
  readonly #pod: Pod;
  /** The pod as `run` gets it: with the one container that is run. */
  readonly #runnable: Pod;
  readonly #isSidecar: boolean;
  #running: Running | undefined;
  #restarts = 0;
  #last: State | undefined;
  /** Grace period in seconds. */
  #grace = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  /** Whether all its containers have ended. */
  ended = false;

  /** @param delayMs as for Kubelet */
  constructor(store: Store, run: Run, delayMs: number, pod: Pod) {
    this.#store = store;
    this.#run = run;
    this.#delay = delayMs;
    this.#pod = pod;
    const sidecars = pod.spec?.initContainers ?? [];
    this.#isSidecar = sidecars.length > 0;
    const containers = this.#isSidecar ? sidecars : (pod.spec?.containers ?? []);
    const { initContainers: _, ...spec } = pod.spec ?? {};
    this.#runnable = { ...pod, spec: { ...spec, containers } };
    this.#start();
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  log(): string {
    return this.#running?.log?.() ?? '';
  }

  /** Ends the pod. A second call counts only if its grace period is shorter. */
  end(grace: number): void {
    if (this.ended || grace >= this.#grace) return;
    this.#grace = grace;
    clearTimeout(this.#timer);
    if (this.#running) this.#running.terminate(grace);
    else this.#finish('Failed', this.#last ?? {});
  }

  #start(): void {
    const result = this.#run1();
    if ('waiting' in result) {
      this.#setStatus('Pending', { waiting: result.waiting }, false);
      return;
    }
    this.#running = result;
    const running = { startedAt: now() };
    this.#setStatus('Running', { running }, false);
    result.ready
      .then(() => {
        if (this.#running === result) this.#setStatus('Running', { running }, true);
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
      if (!this.#isSidecar) this.#finish(code === 0 ? 'Succeeded' : 'Failed', { terminated });
      // The keeper beside it exits with 1 on SIGTERM.
      else if (this.#grace < Number.POSITIVE_INFINITY) this.#finish('Failed', { terminated });
      else this.#restart({ terminated });
    });
  }

  #run1(): ReturnType<Run> {
    try {
      return this.#run(structuredClone(this.#runnable));
    } catch (error) {
      return { waiting: { reason: 'CreateContainerError', message: (error as Error).message } };
    }
  }

  /**
   * Restarts the container: the first time without a pause. During the pause its state is `terminated`, and `lastState` is
   * empty: with `restartPolicy: Never`, the kubelet reports no CrashLoopBackOff of a sidecar (seen with 1.34.4).
   */
  #restart(ended: State): void {
    this.#last = undefined;
    const delay =
      this.#restarts === 0 ? 0 : Math.min(longestDelayMs, this.#delay * 2 ** (this.#restarts - 1));
    this.#setStatus('Running', ended, false);
    this.#timer = setTimeout(() => {
      this.#restarts++;
      this.#last = ended;
      this.#start();
    }, delay);
  }

  #finish(phase: string, state: State): void {
    this.ended = true;
    this.#setStatus(phase, state, false);
  }

  #setStatus(phase: string, state: State, ready: boolean): void {
    const { spec } = this.#pod;
    const statusOf = (name: string, image = ''): ContainerStatus => ({
      ...{ name, image, imageID: '', ready, restartCount: this.#restarts, state },
      ...(this.#last && { lastState: this.#last }),
    });
    const [own] = this.#runnable.spec?.containers ?? [];
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
