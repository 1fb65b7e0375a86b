/** CPU and memory of each pod, as last published by the pod. */

import type { WorkerState } from '../../../core/run-store/status/live.ts';
import { isAtWork, type UsageSample, type WorkerUsage } from '../../../core/run-store/status/run-status.ts';
import type { UsageSampler } from '../../../ports/runs.ts';
import type { RunPoller } from './run-poller.ts';

const everyMs = 10_000;

export class AwsUsage implements UsageSampler {
  readonly every = everyMs;
  readonly #poller: RunPoller;

  constructor(poller: RunPoller) {
    this.#poller = poller;
  }

  close(): void {}

  async take(): Promise<UsageSample | undefined> {
    const status = await this.#poller.poll();
    const { run, at, live, tasks, execution } = status;
    if (!isAtWork(status)) return undefined;
    return {
      ...{ run, at, state: live?.state ?? '', detail: live?.detail ?? '', tasks },
      ...{ workers: this.#poller.pods.map(usageOf), machine: null, execution: execution ?? null },
    };
  }
}

const usageOf = ({
  worker,
  node,
  succeeded,
  failed,
  task,
  since,
  state,
  ...pod
}: WorkerState): WorkerUsage => ({
  ...{ worker, node, succeeded, failed, task, since, state, pid: null, processes: null },
  ...{ cpu: 100 * pod.cpu, memory: pod.memory, memoryLimit: pod.memoryLimit, at: pod.at },
});
