/** What every client of AWS is made with, but for S3's: whose credentials, which region, how it tries again. */

import type { AwsAccess } from '../s3/client.ts';
import { requestHandler } from './request-handler.ts';

/** Credentials and region of the function, or of whatever machine this runs on. */
export const ownRole: AwsAccess = {
  accessKeyId: null,
  secretAccessKey: null,
  sessionToken: null,
  region: null,
};

/** Where AWS_MAX_ATTEMPTS does not say otherwise. */
const attempts = 6;
/** A connection on which nothing comes for this long is given up; what it was for is tried again. */
const silenceMs = 30_000;
const connectMs = 10_000;

/** The settings of a client, for its constructor. */
export function clientSettings({ accessKeyId, secretAccessKey, sessionToken, region }: AwsAccess) {
  return {
    ...(region !== null && { region }),
    ...(accessKeyId !== null &&
      secretAccessKey !== null && {
        credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== null && { sessionToken }) },
      }),
    retryMode: 'adaptive',
    ...(!process.env.AWS_MAX_ATTEMPTS && { maxAttempts: attempts }),
    requestHandler: requestHandler({ connectMs, silenceMs }),
  };
}
