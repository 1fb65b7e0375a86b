/** The stack's bucket. */
import { ownRole } from '../../../adapters/aws/client/settings.ts';
import { newS3Client, S3Store } from '../../../adapters/aws/s3/index.ts';
import { once } from '../once.ts';
import { setting } from '../settings.ts';

export const bucketClient = once(() => newS3Client(ownRole));

/** Gives the store of what lies below a prefix; the prefix is empty, or ends with a slash. */
export const bucketStores = once(async () => {
  const client = await bucketClient();
  return (prefix: string) => new S3Store({ client, bucket: setting('bucketName'), prefix });
});
