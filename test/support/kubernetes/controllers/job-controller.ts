/** The controller of Indexed Jobs. */
import { randomBytes } from 'node:crypto';
import { admit } from '../api-server/admission.ts';
import { deletePod, podsOf, removeWithOwned } from '../api-server/deletion.ts';
import { resourceOf } from '../api-server/resources.ts';
import { now, type Store } from '../api-server/store.ts';
import type { Job, Json, Pod, Thing } from '../types.ts';

const indexKey = 'batch.kubernetes.io/job-completion-index';
const failuresKey = 'batch.kubernetes.io/job-index-failure-count';
const ignoredKey = 'batch.kubernetes.io/job-index-ignored-failure-count';
const longestDelayMs = 600_000;

/** State of a Job that is not in its status. */
interface Memory {
  counted: Set<string>;
  /** By index: failures that count for its limit, and those that the podFailurePolicy ignores. Both lengthen its pauses. */
  failures: Map<number, number>;
  ignored: Map<number, number>;
  succeeded: Set<number>;
  /** Earliest time of an index's next pod, in milliseconds. */
  notBefore: Map<number, number>;
  timers: Set<NodeJS.Timeout>;
}

export class JobController {
  readonly #store: Store;
  readonly #delay: number;
  readonly #again: () => void;
  readonly #memories = new Map<string, Memory>();

  /** @param again requests another round of reconciliation */
  constructor(store: Store, delayMs: number, again: () => void) {
    this.#store = store;
    this.#delay = delayMs;
    this.#again = again;
  }

  tick(): void {
    const jobs = this.#store.list(resourceOf('jobs')) as Job[];
    for (const job of jobs) this.#reconcile(job);
    for (const [uid, { timers }] of this.#memories)
      if (!jobs.some(({ metadata }) => metadata.uid === uid)) {
        for (const timer of timers) clearTimeout(timer);
        this.#memories.delete(uid);
      }
  }

  stop(): void {
    for (const { timers } of this.#memories.values()) for (const timer of timers) clearTimeout(timer);
  }

  #reconcile(job: Job): void {
    const { spec, metadata, status } = job;
    const pods = podsOf(this.#store, job);
    const memory = this.#memoryOf(metadata.uid ?? '');
    if (metadata.deletionTimestamp) {
      if (pods.length === 0) removeWithOwned(this.#store, job);
      for (const pod of pods)
        if (!pod.metadata.deletionTimestamp || hasEnded(pod)) deletePod(this.#store, pod);
      return;
    }
    if (status?.conditions?.some(({ type, status: is }) => type !== 'Suspended' && is === 'True')) return;
    this.#count(job, pods, memory);
    const completions = spec?.completions ?? 1;
    const failed = [...Array(completions).keys()].filter(
      (index) => (memory.failures.get(index) ?? 0) > (spec?.backoffLimitPerIndex ?? Number.POSITIVE_INFINITY),
    );
    const going = pods.filter((pod) => !hasEnded(pod));
    if (spec?.suspend) {
      for (const pod of going) if (!pod.metadata.deletionTimestamp) deletePod(this.#store, pod);
    } else if (memory.succeeded.size + failed.length < completions) {
      const busy = new Set([...going.map(indexOf), ...memory.succeeded, ...failed]);
      for (
        let index = 0, room = (spec?.parallelism ?? 1) - going.length;
        index < completions && room > 0;
        index++
      )
        if (!busy.has(index) && (memory.notBefore.get(index) ?? 0) <= Date.now()) {
          this.#start(job, index, memory);
          room--;
        }
    }
    this.#report(job, memory, failed, completions);
  }

  /** Counts each finished pod once. A pod that the podFailurePolicy ignores is no failure of its index. */
  #count({ spec }: Job, pods: Pod[], memory: Memory): void {
    for (const pod of pods.filter(hasEnded)) {
      const { uid = '' } = pod.metadata;
      if (memory.counted.has(uid)) continue;
      memory.counted.add(uid);
      const index = indexOf(pod);
      if (pod.status?.phase === 'Succeeded') memory.succeeded.add(index);
      else if (!spec?.suspend) {
        const counts = isIgnored(spec, pod) ? memory.ignored : memory.failures;
        counts.set(index, (counts.get(index) ?? 0) + 1);
        const ends = (memory.failures.get(index) ?? 0) + (memory.ignored.get(index) ?? 0);
        const delay = Math.min(longestDelayMs, this.#delay * 2 ** (ends - 1));
        memory.notBefore.set(index, Date.now() + delay);
        const timer = setTimeout(this.#again, delay + 1);
        memory.timers.add(timer);
      }
    }
  }

  #start(job: Job, index: number, { failures, ignored }: Memory): void {
    const { name, namespace, uid = '' } = job.metadata;
    const template = structuredClone(job.spec?.template);
    const of = { [indexKey]: String(index) };
    const counts = {
      [failuresKey]: String(failures.get(index) ?? 0),
      ...(ignored.has(index) && { [ignoredKey]: String(ignored.get(index)) }),
    };
    const jobLabels = { 'batch.kubernetes.io/job-name': name, 'job-name': name };
    const pod: Pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${name}-${index}-${randomBytes(4).toString('hex').slice(0, 5)}`,
        namespace,
        labels: { ...template?.metadata?.labels, ...jobLabels, ...of },
        annotations: { ...template?.metadata?.annotations, ...of, ...counts },
        ownerReferences: [
          { apiVersion: 'batch/v1', kind: 'Job', name, uid, controller: true, blockOwnerDeletion: true },
        ],
      },
      spec: template?.spec,
      status: { phase: 'Pending' },
    };
    for (const { env = [] } of [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])])
      env.push({ name: 'JOB_COMPLETION_INDEX', value: String(index) });
    try {
      admit(this.#store, pod);
      this.#store.create(resourceOf('pods'), pod);
    } catch (error) {
      recordEvent(this.#store, job, 'FailedCreate', `Error creating: ${(error as Error).message}`);
    }
  }

  #report(job: Job, memory: Memory, failed: number[], completions: number): void {
    const pods = podsOf(this.#store, job);
    const ended = memory.succeeded.size + failed.length === completions;
    const suspended = job.spec?.suspend === true;
    this.#store.change<Job>(resourceOf('jobs'), job, (there) => {
      there.status = {
        ...(!suspended && { startTime: there.status?.startTime ?? now() }),
        active: pods.filter((pod) => !hasEnded(pod) && !pod.metadata.deletionTimestamp).length,
        ready: pods.filter((pod) => !hasEnded(pod) && !pod.metadata.deletionTimestamp && isReady(pod)).length,
        terminating: pods.filter((pod) => !hasEnded(pod) && pod.metadata.deletionTimestamp).length,
        succeeded: memory.succeeded.size,
        failed: [...memory.failures.values()].reduce((sum, count) => sum + count, 0),
        completedIndexes: [...memory.succeeded].sort((a, b) => a - b).join(','),
        ...(failed.length > 0 && { failedIndexes: failed.join(',') }),
        conditions: [
          ...(suspended ? [condition('Suspended', 'JobSuspended')] : []),
          ...(ended
            ? [failed.length > 0 ? condition('Failed', 'FailedIndexes') : condition('Complete', '')]
            : []),
        ],
      };
    });
    const ttl = job.spec?.ttlSecondsAfterFinished;
    if (ended && ttl !== undefined)
      memory.timers.add(setTimeout(() => this.#store.remove(resourceOf('jobs'), job), ttl * 1000).unref());
  }

  #memoryOf(uid: string): Memory {
    const found = this.#memories.get(uid) ?? {
      counted: new Set<string>(),
      failures: new Map<number, number>(),
      ignored: new Map<number, number>(),
      succeeded: new Set<number>(),
      notBefore: new Map<number, number>(),
      timers: new Set<NodeJS.Timeout>(),
    };
    this.#memories.set(uid, found);
    return found;
  }
}

const condition = (type: string, reason: string) => ({ type, status: 'True', reason });
const hasEnded = ({ status }: Pod) => status?.phase === 'Succeeded' || status?.phase === 'Failed';
const isReady = ({ status }: Pod) =>
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
const indexOf = ({ metadata }: Pod) => Number(metadata.annotations?.[indexKey]);

/** The first matching rule decides. Without one, the failure counts. */
function isIgnored(spec: Json<Job['spec']>, { status }: Pod): boolean {
  const code = status?.containerStatuses?.[0]?.state?.terminated?.exitCode;
  const rule = spec?.podFailurePolicy?.rules?.find(({ onPodConditions, onExitCodes }) => {
    if (onExitCodes)
      return code !== undefined && onExitCodes.values?.includes(code) === (onExitCodes.operator === 'In');
    return onPodConditions?.some((wanted) =>
      status?.conditions?.some(
        ({ type, status: is }) => type === wanted.type && is === (wanted.status ?? 'True'),
      ),
    );
  });
  return rule?.action === 'Ignore';
}

/** Creates an event about an object, each message once. */
function recordEvent(store: Store, of: Thing, reason: string, message: string): void {
  const { name, namespace, uid } = of.metadata;
  const events = store.list(resourceOf('events'), namespace);
  const exists = events.some(
    (one) => (one.involvedObject as { uid?: string }).uid === uid && one.message === message,
  );
  if (exists) return;
  store.create(resourceOf('events'), {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${randomBytes(6).toString('hex')}`, namespace },
    involvedObject: { apiVersion: of.apiVersion, kind: of.kind, name, namespace, uid },
    ...{ reason, message, type: 'Warning', firstTimestamp: now(), count: 1 },
  });
}
