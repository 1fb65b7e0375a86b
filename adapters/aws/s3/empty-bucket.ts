/** Deletes everything in a bucket: objects, their earlier versions, and delete markers. */
import { DeleteObjectsCommand, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import { AccessDenied } from '../../../core/errors/errors.ts';
import { sendOptional } from '../client/send.ts';

/** A bucket that does not exist is no error. @throws AccessDenied when S3 keeps an object */
export async function emptyBucket(client: S3Client, bucket: string): Promise<void> {
  const context = (action: string) => ({
    action,
    arn: `arn:aws:s3:::${bucket}${action === 's3:ListBucketVersions' ? '' : '/*'}`,
    what: `bucket ${bucket}`,
    bucket,
  });
  for (;;) {
    // The listed objects are deleted, so the next page is always the first.
    const page = await sendOptional(
      context('s3:ListBucketVersions'),
      client.send(new ListObjectVersionsCommand({ Bucket: bucket, MaxKeys: 1000 })),
      'not-found',
      'parent-not-found',
    );
    const listed = [...(page?.Versions ?? []), ...(page?.DeleteMarkers ?? [])];
    if (listed.length === 0) return;
    // `null` is a version, too: without it, a bucket with versions would keep the object under a marker.
    const Objects = listed.map(({ Key, VersionId = 'null' }) => ({ Key, VersionId }));
    const deleted = await sendOptional(
      context('s3:DeleteObjectVersion'),
      client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } })),
      'not-found',
      'parent-not-found',
    );
    const [first] = deleted?.Errors ?? [];
    if (first)
      throw new AccessDenied(
        `${first.Key} cannot be removed from bucket ${bucket}: ${first.Message ?? first.Code}`,
        { hint: 'Whoever manages the AWS account must allow s3:DeleteObject and s3:DeleteObjectVersion.' },
      );
  }
}
