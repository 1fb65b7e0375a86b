/** Deletes objects: at once, after the objects that they own, or after their grace period. */

import type { Pod, Thing } from '../types.ts';
import { type Resource, resourceOf, resources } from './resources.ts';
import { now, type Store } from './store.ts';

export interface DeleteOptions {
  propagationPolicy?: string;
  gracePeriodSeconds?: number;
}

const foreground = 'foregroundDeletion';
const defaultGrace = 30;

export function deleteThing(store: Store, resource: Resource, thing: Thing, options: DeleteOptions): void {
  if (resource.name === 'pods') deletePod(store, thing as Pod, options.gracePeriodSeconds);
  else if (resource.name === 'jobs') deleteJob(store, thing, options);
  else store.remove(resource, thing);
  if (resource.name !== 'namespaces') return;
  for (const one of resources.filter(({ namespaced }) => namespaced))
    for (const inner of store.list(one, thing.metadata.name))
      deleteThing(store, one, inner, { gracePeriodSeconds: 0 });
}

export function deletePod(store: Store, pod: Pod, gracePeriodSeconds?: number): void {
  const ended = ['Succeeded', 'Failed'].includes(pod.status?.phase ?? '');
  const own = pod.spec?.terminationGracePeriodSeconds ?? defaultGrace;
  const before = pod.metadata.deletionGracePeriodSeconds;
  const grace = Math.min(gracePeriodSeconds ?? own, before ?? Number.POSITIVE_INFINITY);
  if (grace === 0 || ended || !pod.spec?.nodeName) {
    store.remove(resourceOf('pods'), pod);
    return;
  }
  store.change<Pod>(resourceOf('pods'), pod, ({ metadata }) => {
    metadata.deletionTimestamp ??= now();
    metadata.deletionGracePeriodSeconds = grace;
  });
}

/** The default policy of Jobs is Orphan, as in Kubernetes: their pods stay. */
function deleteJob(store: Store, job: Thing, { propagationPolicy = 'Orphan' }: DeleteOptions): void {
  if (propagationPolicy === 'Foreground') {
    store.change(resourceOf('jobs'), job, ({ metadata }) => {
      metadata.deletionTimestamp ??= now();
      metadata.finalizers = [foreground];
    });
    return;
  }
  store.remove(resourceOf('jobs'), job);
  for (const pod of podsOf(store, job))
    if (propagationPolicy === 'Background') deletePod(store, pod);
    else store.change(resourceOf('pods'), pod, ({ metadata }) => delete metadata.ownerReferences);
}

/** Removes a Job, and then the service accounts that it owns. */
export function removeWithOwned(store: Store, job: Thing): void {
  store.remove(resourceOf('jobs'), job);
  for (const account of store.list(resourceOf('serviceaccounts'), job.metadata.namespace))
    if (account.metadata.ownerReferences?.some(({ uid }) => uid === job.metadata.uid))
      store.remove(resourceOf('serviceaccounts'), account);
}

/** The pods that a Job owns. */
export const podsOf = (store: Store, { metadata }: Thing): Pod[] =>
  (store.list(resourceOf('pods'), metadata.namespace) as Pod[]).filter((pod) =>
    pod.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid),
  );
