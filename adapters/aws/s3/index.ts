/** What the rest of the product takes from here; a bundle of its own, because it brings the AWS SDK. */

export { newS3Client } from './client.ts';
export { OpenBucket } from './data-bucket.ts';
export { S3Store } from './store.ts';
