/** What the rest of the product takes from here; a bundle of its own, because it brings the AWS SDK. */
export { OpenBucket } from './data-bucket.ts';
export { newS3Client } from './s3-client.ts';
export { S3Store } from './s3-store.ts';
