/** The client for S3. */
import { S3Client } from '@aws-sdk/client-s3';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import { clientSettings } from '../client/settings.ts';

/** Without a region: S3 answers from here for a bucket of any region, and says where to go. */
const anyRegion = 'us-east-1';

/** For requests that are not signed; credentials are given so that the SDK does not look for any. */
const unsignedSettings = {
  credentials: { accessKeyId: 'nobody', secretAccessKey: 'nobody' },
  signer: { sign: async <Request>(request: Request) => request },
};

/** @param how `unsigned`: without credentials, as for public buckets; `endpoint`: of another service than AWS's */
export async function newS3Client(
  access: AwsAccess,
  { unsigned = false, endpoint = null }: { unsigned?: boolean; endpoint?: string | null } = {},
): Promise<S3Client> {
  const newClient = (region: string | null) =>
    new S3Client({
      ...clientSettings({ ...access, region }),
      ...(unsigned && unsignedSettings),
      followRegionRedirects: true,
      // Servers other than AWS seldom have a host name for each bucket.
      forcePathStyle: Boolean(endpoint || process.env.AWS_ENDPOINT_URL_S3 || process.env.AWS_ENDPOINT_URL),
      ...(endpoint !== null && { endpoint }),
    });
  const client = newClient(access.region);
  const known = await client.config.region().catch(() => undefined);
  return known === undefined ? newClient(anyRegion) : client;
}
