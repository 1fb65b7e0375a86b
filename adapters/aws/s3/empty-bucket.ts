/** Removes everything in a bucket: objects, their earlier versions, and marks of what was removed. */
import { DeleteObjectsCommand, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import { AccessDenied, NotFound } from '../../../core/errors/errors.ts';
import { translated } from '../client/errors.ts';

/** @throws AccessDenied when S3 keeps an object; one that is not there is no error, nor a bucket */
export async function emptyBucket(client: S3Client, bucket: string): Promise<void> {
  const ask = async <Answer>(action: string, send: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await send();
    } catch (error) {
      const arn = `arn:aws:s3:::${bucket}${action === 's3:ListBucketVersions' ? '' : '/*'}`;
      throw translated(error, { action, arn, what: `bucket ${bucket}`, bucket });
    }
  };
  try {
    for (;;) {
      // What was listed is gone after it: the first page is always the next one.
      const page = await ask('s3:ListBucketVersions', () =>
        client.send(new ListObjectVersionsCommand({ Bucket: bucket, MaxKeys: 1000 })),
      );
      const listed = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
      if (listed.length === 0) return;
      // `null` is a version, too: without it, a bucket with versions would keep the object under a mark.
      const Objects = listed.map(({ Key, VersionId = 'null' }) => ({ Key, VersionId }));
      const { Errors = [] } = await ask('s3:DeleteObjectVersion', () =>
        client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } })),
      );
      const [first] = Errors;
      if (first)
        throw new AccessDenied(
          `${first.Key} cannot be removed from bucket ${bucket}: ${first.Message ?? first.Code}`,
          { hint: 'Whoever manages the AWS account must allow s3:DeleteObject and s3:DeleteObjectVersion.' },
        );
    }
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
  }
}
