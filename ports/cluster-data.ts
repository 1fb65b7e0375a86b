/** Data that a cluster can read. */
import type { Config, DataBucket } from './config.ts';
import { UsageError } from './errors.ts';

const mend = 'Copy the data to S3 (aws s3 sync), and name it in config.yaml: data_bucket: s3://bucket/prefix';

/** @throws UsageError for what only this machine may reach: a folder, or a service that is not AWS's */
export function clusterData({
  dataBucket,
  dataAccess,
}: Pick<Config, 'dataBucket' | 'dataAccess'>): Extract<DataBucket, { kind: 's3' }> {
  if (dataBucket.kind === 'folder')
    throw new UsageError(`a cluster cannot read ${dataBucket.path}, a folder of your machine`, { mend });
  if (dataAccess?.endpoint)
    throw new UsageError(`a cluster reads data from S3 only, not from endpoint_url: ${dataAccess.endpoint}`, {
      mend,
    });
  return dataBucket;
}
