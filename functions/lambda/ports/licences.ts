import { S3Licences } from '../../../adapters/aws/s3/licences.ts';
import { once } from '../once.ts';
import { setting } from '../settings.ts';
import { bucketClient } from './bucket.ts';

export const licences = once(
  async () => new S3Licences({ client: await bucketClient(), bucket: setting('bucketName') }),
);
