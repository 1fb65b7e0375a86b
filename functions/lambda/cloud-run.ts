/** A run in the stack's bucket: its request, its store and its project's store, for handlers. */

import { bucketLayout } from '../../core/bucket/bucket-layout.ts';
import { copiedPlace } from '../../core/bucket/copied-data.ts';
import type { Config } from '../../core/config/config.ts';
import { NotFound, RunNotFound, UsageError } from '../../core/errors/errors.ts';
import type { RunRequest } from '../../core/run-store/request/request.ts';
import { readRequest } from '../../core/run-store/request/request.ts';
import type { Store } from '../../core/store.ts';
import type { EksTarget } from '../../core/target.ts';
import { bucketStores } from './ports.ts';
import { setting } from './settings.ts';

export interface CloudRun {
  request: RunRequest;
  /** Bucket and prefix of the run's store. */
  place: { bucket: string; prefix: string };
  store: Store;
  /** The project's store: what is kept beyond its runs. */
  project: Store;
}

/** @throws RunNotFound, RequestInvalid */
export async function cloudRun(run: string): Promise<CloudRun> {
  const place = { bucket: setting('bucketName'), prefix: bucketLayout.run(run) };
  const storeAt = await bucketStores();
  const store = storeAt(place.prefix);
  const request = await requestOf(store, run);
  return { request, place, store, project: storeAt(bucketLayout.project(request)) };
}

/**
 * A run with a cluster.
 * @throws RunNotFound, RequestInvalid, UsageError
 */
export async function clusterRun(
  run: string,
): Promise<CloudRun & { request: RunRequest & { target: EksTarget } }> {
  const found = await cloudRun(run);
  const { target } = found.request;
  if (target.kind !== 'eks') throw new UsageError(`run ${run} has no cluster`);
  return { ...found, request: { ...found.request, target } };
}

/** The part of a request that says where the data is. */
export type OfData = Pick<RunRequest, 'projectKey' | 'projectName'> & {
  config: Pick<Config, 'dataBucket' | 'dataAccess'>;
};

/**
 * Refuses the stack's bucket as data bucket. The workers' identity and the planner's role are granted access to the data
 * bucket of the request, so a forged request would reach other people's runs. Data copied there for this project is allowed.
 * @param own the stack's bucket
 * @throws UsageError
 */
export function refuseOwnBucket(request: OfData, own: string): void {
  const { dataBucket } = request.config;
  if (dataBucket.kind !== 's3' || dataBucket.bucket !== own) return;
  const copied = copiedPlace(dataBucket, own);
  if (copied?.data === bucketLayout.data(request)) return;
  throw new UsageError(`data_bucket is ${own}, the bucket in which gcd-sfn keeps its runs`, {
    hint: 'Copy the data to another bucket, and set it in config.yaml: data_bucket: s3://bucket/prefix',
  });
}

async function requestOf(store: Store, run: string): Promise<RunRequest> {
  try {
    return await readRequest(store, run);
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    throw new RunNotFound(`run ${run} does not exist in ${store.location}`, { cause: error });
  }
}
