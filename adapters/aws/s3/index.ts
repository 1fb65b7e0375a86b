/** S3 for the other layers, which import it when it is needed: it loads the AWS SDK. */
export { newS3Client } from './client.ts';
export { OpenBucket } from './data-bucket.ts';
export { S3Store } from './store.ts';
