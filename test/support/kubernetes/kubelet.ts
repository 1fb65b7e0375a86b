/** Starts the pods of all nodes, and ends them. */
import { PodRun } from './pod-run.ts';
import { resourceOf } from './resources.ts';
import type { Store } from './store.ts';
import type { Pod, Run } from './types.ts';

const pods = resourceOf('pods');

export class Kubelet {
  readonly #store: Store;
  readonly #run: Run;
  readonly #delay: number;
  readonly #started = new Map<string, PodRun>();

  /** @param delayMs as PodRun has it */
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

  /** What a pod has written. */
  log({ metadata }: Pod): string {
    return this.#started.get(metadata.uid ?? '')?.log() ?? '';
  }

  stop(): void {
    for (const started of this.#started.values()) started.end(0);
  }
}
