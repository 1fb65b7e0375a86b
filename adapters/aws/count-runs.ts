/** How many runs the stack's bucket holds. */
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { bucketLayout } from '../../ports/bucket-layout.ts';
import { NotFound } from '../../ports/errors.ts';
import { translated } from './errors.ts';
import { type AwsAccess, newS3Client } from './s3-client.ts';

/** @returns 0 also when the bucket is not there */
export async function countRuns(access: AwsAccess, bucket: string): Promise<number> {
  const client = await newS3Client(access);
  const Prefix = bucketLayout.run('').replace(/\/+$/, '/');
  let runs = 0;
  try {
    for (let token: string | undefined; ; ) {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix, Delimiter: '/', ContinuationToken: token }),
      );
      runs += page.CommonPrefixes?.length ?? 0;
      token = page.NextContinuationToken;
      if (!token) return runs;
    }
  } catch (error) {
    const asked = {
      action: 's3:ListBucket',
      arn: `arn:aws:s3:::${bucket}`,
      what: `bucket ${bucket}`,
      bucket,
    };
    const ours = translated(error, asked);
    if (ours instanceof NotFound) return runs;
    throw ours;
  } finally {
    client.destroy();
  }
}
