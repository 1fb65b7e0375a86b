/** Checks that a cluster can read the data. */

import { UsageError } from '../errors/errors.ts';
import type { Config, DataBucket } from './config.ts';

type OfData = Pick<Config, 'dataBucket' | 'dataAccess'>;

const hint = 'Copy the data to S3 (aws s3 sync), and name it in config.yaml: data_bucket: s3://bucket/prefix';

/**
 * Accepts data in S3, and a folder, which is copied there first.
 * @throws UsageError for an S3-compatible service
 */
export function refuseOtherServices({ dataAccess }: Pick<Config, 'dataAccess'>): void {
  if (dataAccess?.endpoint)
    throw new UsageError(`a cluster reads data from S3 only, not from endpoint_url: ${dataAccess.endpoint}`, {
      hint,
    });
}

/** @throws UsageError for data that only this machine can read: a folder, or an S3-compatible service */
export function clusterData({ dataBucket, dataAccess }: OfData): Extract<DataBucket, { kind: 's3' }> {
  if (dataBucket.kind === 'folder')
    throw new UsageError(`a cluster cannot read ${dataBucket.path}, a folder of your machine`, { hint });
  refuseOtherServices({ dataAccess });
  return dataBucket;
}
