/** Starts the pods of all nodes, ends them, and says how they are. */
import { resourceOf } from './resources.ts';
import { now, type Store } from './store.ts';
import type { Pod, Run, Running } from './types.ts';

const pods = resourceOf('pods');

interface Started {
  pod: Pod;
  running: Running | undefined;
  /** Seconds that it was given to end; undefined while it may go on. */
  grace?: number;
  ended: boolean;
}

export class Kubelet {
  readonly #store: Store;
  readonly #run: Run;
  readonly #started = new Map<string, Started>();

  constructor(store: Store, run: Run) {
    this.#store = store;
    this.#run = run;
  }

  tick(): void {
    const there = new Map((this.#store.list(pods) as Pod[]).map((pod) => [pod.metadata.uid ?? '', pod]));
    for (const [uid, started] of this.#started) {
      if (there.has(uid)) continue;
      this.#end(started, 0);
      this.#started.delete(uid);
    }
    for (const [uid, pod] of there) {
      const started = this.#started.get(uid);
      const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = pod.metadata;
      if (deletionTimestamp && (!started?.running || started.ended)) this.#store.remove(pods, pod);
      else if (deletionTimestamp && started) this.#end(started, deletionGracePeriodSeconds);
      else if (pod.spec?.nodeName && !started && pod.status?.phase === 'Pending') this.#start(uid, pod);
    }
  }

  /** What a pod has written. */
  log({ metadata }: Pod): string {
    return this.#started.get(metadata.uid ?? '')?.running?.log?.() ?? '';
  }

  stop(): void {
    for (const started of this.#started.values()) this.#end(started, 0);
  }

  #start(uid: string, pod: Pod): void {
    const result = this.#run(structuredClone(pod));
    if ('waiting' in result) {
      this.#started.set(uid, { pod, running: undefined, ended: false });
      this.#say(pod, { waiting: result.waiting }, { phase: 'Pending', ready: false });
      return;
    }
    const started: Started = { pod, running: result, ended: false };
    this.#started.set(uid, started);
    const startedAt = now();
    this.#say(pod, { running: { startedAt } }, { phase: 'Running', ready: false });
    result.ready
      .then(() => {
        if (!started.ended) this.#say(pod, { running: { startedAt } }, { phase: 'Running', ready: true });
      })
      .catch(() => undefined);
    result.exited.then(({ code, message, reason }) => {
      started.ended = true;
      const terminated = {
        exitCode: code,
        reason: reason ?? (code === 0 ? 'Completed' : 'Error'),
        ...(message !== undefined && { message }),
        startedAt,
        finishedAt: now(),
      };
      this.#say(pod, { terminated }, { phase: code === 0 ? 'Succeeded' : 'Failed', ready: false });
    });
  }

  #end(started: Started, grace: number): void {
    if (!started.running || started.ended || (started.grace ?? Number.POSITIVE_INFINITY) <= grace) return;
    started.grace = grace;
    started.running.terminate(grace);
  }

  #say(pod: Pod, state: object, { phase, ready }: { phase: string; ready: boolean }): void {
    const [container] = pod.spec?.containers ?? [];
    this.#store.change<Pod>(pods, pod, (there) => {
      const kept = there.status?.conditions?.filter(({ type }) => type !== 'Ready') ?? [];
      there.status = {
        phase,
        startTime: there.status?.startTime ?? now(),
        conditions: [...kept, { type: 'Ready', status: ready ? 'True' : 'False' }],
        containerStatuses: [
          {
            ...{ name: container?.name ?? '', image: container?.image ?? '', imageID: '' },
            ...{ ready, restartCount: 0, state },
          },
        ],
      };
    });
  }
}
