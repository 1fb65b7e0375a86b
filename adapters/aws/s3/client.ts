/** The client for S3: where its credentials and its region come from, and how it tries again. */
import { S3Client } from '@aws-sdk/client-s3';
import { requestHandler } from '../client/request-handler.ts';

/** Keys and region that were given; null leaves them to the SDK's own chain: environment, profiles, SSO, roles. */
export interface AwsAccess {
  accessKeyId: string | null;
  secretAccessKey: string | null;
  sessionToken: string | null;
  region: string | null;
}

/** S3 answers from here for a bucket of any region, and says where to go. */
const anyRegion = 'us-east-1';
/** Where AWS_MAX_ATTEMPTS does not say otherwise. */
const attempts = 6;
/** A connection on which nothing comes for this long is given up; what it was for is tried again. */
const silenceMs = 30_000;
const connectMs = 10_000;

/** What a request is signed with that is not signed; so that nobody looks for credentials. */
const nobody = { accessKeyId: 'nobody', secretAccessKey: 'nobody' };
const unsignedSettings = {
  credentials: nobody,
  signer: { sign: async <Request>(request: Request) => request },
};

/** @param how `unsigned`: without credentials, as for public buckets; `endpoint`: of another service than AWS's */
export async function newS3Client(
  access: AwsAccess,
  { unsigned = false, endpoint = null }: { unsigned?: boolean; endpoint?: string | null } = {},
): Promise<S3Client> {
  const { accessKeyId, secretAccessKey, sessionToken, region } = access;
  const make = (where: string | null) =>
    new S3Client({
      ...(where !== null && { region: where }),
      ...(accessKeyId !== null &&
        secretAccessKey !== null && {
          credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== null && { sessionToken }) },
        }),
      ...(unsigned && unsignedSettings),
      retryMode: 'adaptive',
      ...(!process.env.AWS_MAX_ATTEMPTS && { maxAttempts: attempts }),
      followRegionRedirects: true,
      // Servers other than AWS seldom have a name for each bucket.
      forcePathStyle: Boolean(endpoint || process.env.AWS_ENDPOINT_URL_S3 || process.env.AWS_ENDPOINT_URL),
      ...(endpoint !== null && { endpoint }),
      requestHandler: requestHandler({ connectMs, silenceMs }),
    });
  const client = make(region);
  const known = await client.config.region().catch(() => undefined);
  return known === undefined ? make(anyRegion) : client;
}
