/** What config.yaml must say for a run on a cluster. */

import { UsageError } from '../errors/errors.ts';
import { formatBytes } from '../format/numbers.ts';
import type { Config, DataBucket } from './config.ts';

const hint = 'Copy the data to S3 (aws s3 sync), and name it in config.yaml: data_bucket: s3://bucket/prefix';

/**
 * Before a run starts, its data may be in a folder: `start` copies that to S3.
 * @throws UsageError for data behind an `endpoint_url`, which a cluster does not use
 */
export function refuseEndpoint({ dataAccess }: Pick<Config, 'dataAccess'>): void {
  if (dataAccess?.endpoint)
    throw new UsageError(`a cluster reads data from S3 only, not from endpoint_url: ${dataAccess.endpoint}`, {
      hint,
    });
}

/**
 * Where the workers of a cluster read the data.
 * @throws UsageError for a folder of the user's machine, or data behind an `endpoint_url`
 */
export function clusterData({
  dataBucket,
  dataAccess,
}: Pick<Config, 'dataBucket' | 'dataAccess'>): Extract<DataBucket, { kind: 's3' }> {
  if (dataBucket.kind === 'folder')
    throw new UsageError(`a cluster cannot read ${dataBucket.path}, a folder of your machine`, { hint });
  refuseEndpoint({ dataAccess });
  return dataBucket;
}

/** @throws UsageError for a licence file without a path on the cluster */
export function refuseLicenceWithoutTarget({
  solverLicenceFile,
  solverLicenceTarget,
}: Pick<Config, 'solverLicenceFile' | 'solverLicenceTarget'>): void {
  if (solverLicenceFile !== null && solverLicenceTarget === null)
    throw new UsageError(
      'config.yaml says where the licence file is, but not where it appears on the cluster',
      { hint: 'Add solver_lic_target_path_in_images_dest to config.yaml.' },
    );
}

/** Bytes with which an agent, its supervisor and a task that does nothing have been seen to work; with half of it they are not. */
const minimumMemory = 64 * 2 ** 20;

/** @throws UsageError for so little memory that no worker would ever be ready */
export function refuseLittleMemory({ memoryPerWorkerBytes }: Pick<Config, 'memoryPerWorkerBytes'>): void {
  if (memoryPerWorkerBytes !== null && memoryPerWorkerBytes < minimumMemory)
    throw new UsageError(
      `memory_per_worker is ${formatBytes(memoryPerWorkerBytes)}: on a cluster, a worker needs at least ${formatBytes(minimumMemory)}`,
      { hint: 'Raise memory_per_worker in config.yaml.' },
    );
}
